"""Record to signed picture, many at once: the usual packages one by one, and ours by blocks.

    python benchmarks/batch.py [--rows 20000] [--quick]

The usual way draws with `qrcode` (best of eight masks) and saves with Pillow, one process; ours is the whole
command: reading, checking, signing, drawing, archive. Both sign with the same code.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import perf_counter

from measure import ROOT

from vaxcert import Environment, Issuer, SigningKey, batch
from vaxcert.batch.records import record
from vaxcert.trust import authority

PASSPHRASE = "benchmark-passphrase"  # noqa: S105  (of a key that lives for seconds)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rows", type=int, default=20_000, help="of the table  [default: 20000]")
    options.add_argument("--naive", type=int, default=100, help="cards made the usual way  [default: 100]")
    options.add_argument("--quick", action="store_true", help="few of each")
    given = options.parse_args()
    rows, naive = (2_000, 20) if given.quick else (given.rows, given.naive)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        key = folder / "key"
        authority.create(
            key,
            country="VN",
            name="Benchmark",
            passphrase=PASSPHRASE,
            csca_passphrase=PASSPHRASE + "-csca",
            environment=Environment("test"),
            now=datetime.now(UTC),
            usages=("vaccination",),
        )
        table = folder / "doses.csv"
        with table.open("wb") as stream:
            make = [sys.executable, str(ROOT / "examples" / "make_doses.py"), str(rows)]
            subprocess.run(make, stdout=stream, check=True)
        usual = _naively(key, table, naive)
        print(f"{'way':34s}{'cards':>8s}{'seconds':>10s}{'ms a card':>11s}{'times':>8s}")
        print(f"{'qrcode + Pillow, 1 process':34s}{naive:8d}{usual * naive:10.2f}{1000 * usual:11.2f}{1:8.0f}")
        each = 0.0
        for size in sorted({rows // 10, rows}):
            part = folder / f"{size}.csv"
            with table.open("rb") as source:
                part.write_bytes(b"".join(source.readline() for _ in range(size + 1)))
            for workers in (1, 2):
                took = _whole(key, part, folder / f"{size}-{workers}.zip", workers)
                each = took / size
                label = f"vaxcert batch, {workers} process{'es' * (workers > 1)}"
                print(f"{label:34s}{size:8d}{took:10.2f}{1000 * each:11.3f}{usual / each:8.0f}")
        print(f"\n100 million cards at the last rate: {100e6 * each / 3600:.1f} hours on this machine's two cores,")
        print("if its disk keeps up with the archive and the rate does not change with the size of the table")
        for who, name in ((resource.RUSAGE_SELF, "parent"), (resource.RUSAGE_CHILDREN, "a worker")):
            print(f"most memory, {name}: {resource.getrusage(who).ru_maxrss / 1024:.0f} MB")


def _naively(key: Path, table: Path, count: int) -> float:
    """Seconds a card."""
    import qrcode

    signer = SigningKey.load(key, password=PASSPHRASE)
    issuer = Issuer(signer, country="VN", authority="Sở Y tế Mẫu", valid_for=timedelta(days=365))
    opened = batch.open_table(table)
    rows = [opened.values(row) for _, row in zip(range(count), opened, strict=False)]
    start = perf_counter()
    for values in rows:
        text = issuer.issue(*record(values, today=datetime.now(UTC).date())).text
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=4)
        code.add_data(text)
        code.make(fit=True)
        code.make_image().save(BytesIO(), "PNG")
    return (perf_counter() - start) / count


def _whole(key: Path, table: Path, out: Path, workers: int) -> float:
    """Seconds of the whole run, the processes' start included."""
    start = perf_counter()
    order = batch.Order(table=table, out=out, key=key, password=PASSPHRASE, authority="Sở Y tế Mẫu", workers=workers)
    batch.run(order)
    return perf_counter() - start


if __name__ == "__main__":
    main()
