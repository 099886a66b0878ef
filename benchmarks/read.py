"""Reading made-up 1080p photos, graded from easy to hopeless: this ladder beside the libraries alone.

    python benchmarks/read.py [--photos 20] [--first 1000] [--quick]

Success is the right text; any other text counts as wrong, and is printed. Times are of whole reads from grey
pixels, and for the first attempt beside zxing-cpp's own decoding of the same pixels.
"""

import argparse
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter
from typing import Any

import photos
import zxingcpp
from PIL import Image

from vaxcert.qr import ladder, zbar

LEVELS = ("Q", "M")
Reader = Callable[[Image.Image], list[str]]


def _alone(image: Image.Image) -> list[str]:
    """zxing-cpp as its documentation calls it, QR codes only."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


def _doubled(image: Image.Image) -> list[str]:
    return _alone(image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC))


def _zbar(image: Image.Image) -> list[str]:
    return [symbol.text for symbol in zbar.decode(image)]


def _opencv(image: Image.Image) -> list[str]:
    import cv2
    import numpy as np

    found, texts, *_ = cv2.QRCodeDetector().detectAndDecodeMulti(np.asarray(image))
    return [text for text in texts if text] if found else []


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {"zxing-cpp alone": _alone, "zxing-cpp, 2× upscale": _doubled}
    if zbar.missing() is None:
        readers["pyzbar alone"] = _zbar
    try:
        import cv2  # noqa: F401
    except ImportError:
        return readers
    return readers | {"OpenCV alone": _opencv}


def _measured(job: tuple[int, str, int]) -> dict[str, Any]:
    number, level, seed = job
    made = photos.photo(photos.GRADES[number], level, seed)
    image = made.grey()
    _alone(image)  # the pixels are in the processor's reach for all alike
    times, texts = {}, {}
    for name, reader in _readers().items():
        start = perf_counter()
        texts[name] = reader(image)
        times[name] = perf_counter() - start
    start = perf_counter()
    ladder.climb(image, thorough=False)
    times["quick"] = perf_counter() - start
    start = perf_counter()
    symbols = ladder.climb(image)
    times["vaxcert"] = perf_counter() - start
    texts["vaxcert"] = [symbol.text for symbol in symbols]
    return {
        "job": job,
        "right": {name: made.text in found for name, found in texts.items()},
        "wrong": {name: sum(text != made.text for text in found) for name, found in texts.items()},
        "attempt": symbols[0].attempt if symbols else "none",
        "times": times,
    }


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--photos", type=int, default=20, metavar="N", help="a grade and level  [default: 20]")
    options.add_argument("--first", type=int, default=1000, metavar="SEED", help="tuned on: 0 to 14  [default: 1000]")
    options.add_argument("--quick", action="store_true", help="one photo a grade and level")
    given = options.parse_args()
    count = 1 if given.quick else given.photos
    grades = range(len(photos.GRADES))
    jobs = [(g, level, seed) for g in grades for level in LEVELS for seed in range(given.first, given.first + count)]
    results = []
    # One process, so that no reader is measured while another runs.
    with ProcessPoolExecutor(1) as pool:
        for done, result in enumerate(pool.map(_measured, jobs), 1):
            results.append(result)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)} photos", end="", file=sys.stderr)
    names = ["vaxcert", *_readers()]
    print(f"{len(jobs)} photos, seeds {given.first} to {given.first + count - 1}; read, in per cent")
    for level in LEVELS:
        print(f"\nlevel {level:18s}" + "".join(f"{grade.name:>13s}" for grade in photos.GRADES) + "     all  wrong")
        for name in names:
            rows = [r for r in results if r["job"][1] == level]
            by_grade: dict[int, list[bool]] = defaultdict(list)
            for r in rows:
                by_grade[r["job"][0]].append(r["right"][name])
            share = "".join(f"{100 * statistics.mean(by_grade[g]):13.0f}" for g in grades)
            total = 100 * statistics.mean(r["right"][name] for r in rows)
            print(f"{name:24s}{share}{total:8.1f}{sum(r['wrong'][name] for r in rows):7d}")
    print("\nmilliseconds a photo, median           read    not read")
    for name in names:
        cells = []
        for right in (True, False):
            took = [r["times"][name] for r in results if r["right"][name] is right]
            cells.append(f"{1000 * statistics.median(took):12.1f}" if took else " " * 12)
        print(f"{name:31s}" + "".join(cells))
    first = [r["times"]["vaxcert"] - r["times"]["zxing-cpp alone"] for r in results if r["attempt"] == "plain"]
    if first:
        print(f"first attempt, over zxing-cpp's decode of the same photo: {1000 * statistics.median(first):+.1f} ms")
        plain = [r["times"]["vaxcert"] for r in results if r["attempt"] == "plain"]
        print(f"first attempt in all: {1000 * statistics.median(plain):.1f} ms")
    print("read by: " + ", ".join(f"{name} {n}" for name, n in Counter(r["attempt"] for r in results).most_common()))


if __name__ == "__main__":
    main()
