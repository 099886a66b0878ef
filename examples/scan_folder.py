"""Read every picture in a folder and verify the codes in it, one line each. No picture and no name is kept.

python examples/scan_folder.py examples/codes keys/examples
"""

import sys
from pathlib import Path

from vaxcert import ImageError, TrustStore, Verifier
from vaxcert.qr.isolated import IsolatedReader


def main(pictures: Path, published: Path) -> None:
    """Print file, verdict and reason for each code."""
    verifier = Verifier(TrustStore.load(published))
    with IsolatedReader() as reader:  # a decoder that dies costs one picture, not the program
        for picture in sorted(pictures.iterdir()):
            try:
                symbols = reader.read(picture)
            except ImageError as error:
                print(f"{picture.name}: unreadable ({error})")
                continue
            for symbol in symbols:
                verdict = verifier.verify(symbol.text)
                print(f"{picture.name}: {verdict.status}{f' ({verdict.reason})' if verdict.reason else ''}")
            if not symbols:
                print(f"{picture.name}: no code found")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
