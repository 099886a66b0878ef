"""Print a province's worth of made-up doses, as CSV: `make_sample.py` at any size.

python examples/make_doses.py 73600 > doses.csv
vaxcert batch doses.csv --key DIR --authority "…" --out certificates.zip
"""

import argparse

from make_sample import write


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print a table of made-up people and their doses, as CSV.")
    parser.add_argument("count", type=int, help="doses")
    parser.add_argument("--seed", type=int, default=1, help="another table for each (default: 1)")
    options = parser.parse_args()
    write(options.count, options.seed)


if __name__ == "__main__":
    main()
