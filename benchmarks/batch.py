"""Record to signed picture, many at once: the usual packages one by one, and ours by blocks.

    python benchmarks/batch.py [--rows 20000] [--memory] [--quick]

The usual way draws with `qrcode` (best of eight masks) and saves with Pillow, one process; ours is the whole
command: reading, checking, signing, drawing, archive. Both sign with the same code. `--memory` goes on to tables of
10,000, 100,000 and 1,000,000 rows, which takes some minutes and 3 GB of disk.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import perf_counter

from measure import ROOT

from vaxcert import Environment, Issuer, SigningKey, batch
from vaxcert.batch import block, checking
from vaxcert.qr import plan, png
from vaxcert.tables.records import person_and_dose
from vaxcert.trust.own import authority

PASSPHRASE = "benchmark-passphrase"  # noqa: S105  (of a key that lives for seconds)
_LINE = "{:26s}{:>10s}{:>10s}{:>11s}{:>7s}{:>9s}{:>9s}"
SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rows", type=int, default=20_000, help="of the table  [default: 20000]")
    options.add_argument("--naive", type=int, default=100, help="cards made the usual way  [default: 100]")
    options.add_argument("--memory", action="store_true", help="larger and larger tables too")
    options.add_argument("--quick", action="store_true", help="few of each")
    options.add_argument("--one", nargs=4, metavar=("TABLE", "KEY", "OUT", "WORKERS"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        table, key, out, workers = given.one
        _one(Path(table), Path(key), Path(out), int(workers))
        return
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
        table = _doses(folder, rows)
        usual = _naively(key, table, naive)
        _by_stage(key, table, folder)
        print("\n" + _LINE.format("whole command", "cards", "seconds", "ms a card", "times", "parent", "worker"))
        print(_line("qrcode + Pillow, 1 process", naive, usual * naive, usual))
        each = 0.0
        for size in sorted({rows // 10, rows}):
            for workers in (1, 2):
                each = _whole(key, _doses(folder, size), folder, workers, usual)
        for size in SIZES if given.memory else ():
            each = _whole(key, _doses(folder, size), folder, 2, usual)
        hours = 100e6 * each / 3600
        times = f"{hours:.1f} hours on two cores of this machine, {hours / 8:.1f} on sixteen"
        print(f"\n100 million cards at the last rate: {times}, if the")
        print("rate grows with the cores (parts share nothing but the disk) and stays as tables grow (see above).")
        print("The disk takes twice the size of the archives: the parts, and what is packed of them.")


def _doses(folder: Path, count: int) -> Path:
    path = folder / f"{count}.csv"
    if not path.exists():
        with path.open("wb") as stream:
            make = [sys.executable, str(ROOT / "examples" / "make_doses.py"), str(count)]
            subprocess.run(make, stdout=stream, check=True)
    return path


def _naively(key: Path, table: Path, count: int) -> float:
    """Seconds a card."""
    import qrcode

    signer = SigningKey.load(key, password=PASSPHRASE)
    issuer = Issuer(signer, country="VN", authority="Sở Y tế Mẫu", valid_for=timedelta(days=365))
    opened = batch.open_table(table)
    rows = [opened.values(row) for _, row in zip(range(count), opened, strict=False)]
    start = perf_counter()
    for values in rows:
        text = issuer.issue(*person_and_dose(values)).text
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=4)
        code.add_data(text)
        code.make(fit=True)
        code.make_image().save(BytesIO(), "PNG")
    return (perf_counter() - start) / count


def _by_stage(key: Path, table: Path, folder: Path) -> None:
    """What a card costs in each stage, one process, blocks of 1,000; medians of five."""
    part = next(batch.open_table(table).parts())
    rows = list(part.rows())
    issuer = Issuer(
        SigningKey.load(key, password=PASSPHRASE), country="VN", authority="Sở Y tế Mẫu", valid_for=timedelta(days=365)
    )
    made = [person_and_dose(part.values(row)) for row in rows]
    texts = [issuer.issue(*one).text for one in made]
    drawn = list(plan.draw(texts))
    pictures = [picture for some in drawn for picture in png.pngs(some.modules)]
    files = [(f"codes/{i:08d}.png", picture) for i, picture in enumerate(pictures)]
    now = datetime.now(UTC)
    stages: dict[str, Callable[[], object]] = {
        "read": lambda: [part.values(row) for row in part.rows()],
        "read and check": lambda: checking.check_part(part, now.date(), None),
        "understand": lambda: [person_and_dose(part.values(row)) for row in rows],
        "sign": lambda: [issuer.issue(*one) for one in made],
        "draw": lambda: list(plan.draw(texts)),
        "PNG": lambda: [png.pngs(some.modules) for some in drawn],
        "PNG, at another scale": lambda: [png.pngs(some.modules, scale=3) for some in drawn],
        "block on disk": lambda: block.write(
            folder, 0, pictures=files, manifest=b"", log=b"", sheets=None, lacking={}, failed={}, moment=now
        ),
    }
    print(f"{'stage':26s}{'µs a card':>10s}")
    for name, stage in stages.items():
        times = []
        for _ in range(5):
            start = perf_counter()
            stage()
            times.append(perf_counter() - start)
        print(f"{name:26s}{1e6 * statistics.median(times) / len(rows):10.1f}")


def _whole(key: Path, table: Path, folder: Path, workers: int, usual: float) -> float:
    """Seconds a card of the whole run, the processes' start included; its line is printed."""
    out = folder / "certificates.zip"
    command = [sys.executable, __file__, "--one", str(table), str(key), str(out), str(workers)]
    start = perf_counter()
    said = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    took = perf_counter() - start
    out.unlink()
    each = took / said["cards"]
    worker = f"{said['worker']:.0f} MB" if workers > 1 else ""
    label = f"vaxcert, {workers} process{'es' * (workers > 1)}"
    print(_line(label, said["cards"], took, usual, f"{said['parent']:.0f} MB", worker))
    return each


def _line(label: str, cards: int, seconds: float, usual: float, parent: str = "", worker: str = "") -> str:
    each = seconds / cards
    numbers = (f"{cards:,d}", f"{seconds:.2f}", f"{1000 * each:.3f}", f"{usual / each:.0f}")
    return _LINE.format(label, *numbers, parent, worker)


def _one(table: Path, key: Path, out: Path, workers: int) -> None:
    """One run in a process of its own, so that its memory is its own."""
    order = batch.Order(table=table, out=out, key=key, password=PASSPHRASE, authority="Sở Y tế Mẫu", workers=workers)
    report = batch.run(order)
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    parent, worker = (resource.getrusage(one).ru_maxrss / 1024 for one in who)
    print(json.dumps({"cards": report.issued, "parent": parent, "worker": worker}))


if __name__ == "__main__":
    main()
