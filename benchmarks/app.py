"""The verifier app under gunicorn: requests a second, photos, twice what goes, bad clients, a soak, a cold page;
and the page that needs no server."""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import crowd
import lost
import shift
import urllib3
from measure import ROOT

WORKERS = 2
# So many at once on the server's own machine: a phone asks for one verdict at a time.
CONNECTIONS = 8
SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


def store(folder: Path) -> str:
    """A signed list in `folder`/store; returns a card of its key."""
    from vaxcert import Dose, Issuer, Person, SigningKey
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.synced.sync import sync

    key = SigningKey.generate("VN", now=datetime.now(UTC) - timedelta(days=1))
    publisher = Publisher.create(folder / "publisher", environment="test", **SECRETS)
    publisher.add(key.certificate)
    publisher.publish(folder / "published", passphrase=SECRETS["passphrase"])
    sync(folder / "published", folder / "store", root=(folder / "publisher" / "root.json").read_bytes())
    issuer = Issuer(key, country="VN", authority="Sample (TEST)", valid_for=timedelta(days=365))
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    return issuer.issue(person, Dose(product="EU/1/20/1528", number=2, series=2, date=date.today())).text  # noqa: DTZ011


class Server:
    """gunicorn with the app, limits on and above the load."""

    def __init__(self, folder: Path, **variables: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-P", "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--config", "python:verifier_app.server"]
        command += ["--workers", str(WORKERS), "verifier_app:create_app()"]
        environ = {**os.environ, "VAXCERT_TRUST": str(folder / "store"), "VAXCERT_APP_RATE": "1000000", **variables}
        environ["PYTHONPATH"] = str(ROOT)
        self.process = subprocess.Popen(command, env=environ, cwd=folder)
        self.pool = urllib3.PoolManager(retries=False)
        for _ in range(200):
            try:
                if self.pool.request("GET", f"{self.url}/readyz").status == 200:
                    # That was the first worker; a load that began now would stay with it alone.
                    time.sleep(3)
                    return
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
        raise SystemExit("the app did not start")

    def verify(self, card: str) -> tuple[int, str]:
        answer = self.pool.request("POST", f"{self.url}/verify", json={"text": card})
        return answer.status, answer.json().get("status", "")

    def memory(self) -> float:
        """MB of the server, its workers and their readers, each with its share of what they have in common."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                with suppress(FileNotFoundError):  # the thread has ended since
                    found += [int(child) for child in (task / "children").read_text().split()]
        return sum(_proportional(pid) for pid in found) / 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def _proportional(pid: int) -> int:
    return int(re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[0])


@contextmanager
def served() -> Iterator[tuple[Server, str, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        card = store(folder)
        (folder / "card.json").write_text(json.dumps({"text": card}))
        (folder / "post.lua").write_text(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
            f'wrk.body = io.open("{folder / "card.json"}"):read("*a")\n'
        )
        from io import BytesIO

        from PIL import Image, ImageFilter

        from vaxcert.qr import write

        code = Image.open(BytesIO(write(card).png())).convert("L").resize((760, 760))
        photo = Image.new("L", (1920, 1080), 190)
        photo.paste(code, (580, 160))
        photo.rotate(4, fillcolor=190).filter(ImageFilter.GaussianBlur(0.8)).save(folder / "photo.jpg", quality=85)
        server = Server(folder)
        try:
            yield server, card, folder
        finally:
            server.stop()


def wrk(server: Server, folder: Path, seconds: int) -> tuple[float, float]:
    """Requests a second at most, and the 99th percentile's milliseconds."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(folder / "post.lua")]
    said = subprocess.run([*command, f"{server.url}/verify"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    late, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", said)[0]
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]), float(late) * {"us": 0.001, "ms": 1, "s": 1000}[
        unit
    ]


class Load:
    """What `hey` says of a load of a set rate: milliseconds by percentile, answers by status, and faults."""

    def __init__(self, server: Server, folder: Path, *, rate: float, at_once: int, seconds: float, photo: bool = False):
        body, kind = ("photo.jpg", "image/jpeg") if photo else ("card.json", "application/json")
        command = ["hey", "-z", f"{seconds}s", "-c", str(at_once), "-q", f"{rate / at_once:g}", "-m", "POST"]
        command += ["-t", "20", "-T", kind, "-D", str(folder / body), f"{server.url}/verify"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        self.late = {int(part): float(took) * 1000 for part, took in re.findall(r"(\d+)% in ([\d.]+) secs", said)}
        self.answers = {int(code): int(number) for code, number in re.findall(r"\[(\d{3})\]\s+(\d+) responses", said)}
        self.rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
        self.faults = said.partition("Error distribution:")[2].strip()


def speed(server: Server, folder: Path, seconds: int) -> float:
    most, late = wrk(server, folder, seconds)
    rows = [[f"text, as many as go, {CONNECTIONS} at once", f"{most:,.0f} a second", f"p99 {late:.1f} ms"]]
    if shutil.which("hey"):
        half = Load(server, folder, rate=most / 2, at_once=CONNECTIONS, seconds=seconds)
        rows.append(["text, at half of that", f"{half.rate:,.0f} a second", f"p99 {half.late.get(99, 0):.1f} ms"])
        photos = Load(server, folder, rate=10, at_once=2, seconds=seconds, photo=True)
        assert set(photos.answers) == {200}, photos.answers
        rows.append(
            ["photos of 1920×1080, 2 at once", f"{photos.rate:,.0f} a second", f"p95 {photos.late.get(95, 0):.0f} ms"]
        )
    table("POST /verify", ["what", "rate", "late"], rows)
    return most


def overload(server: Server, card: str, folder: Path, most: float, seconds: int) -> None:
    before = Load(server, folder, rate=most / 4, at_once=CONNECTIONS, seconds=seconds)
    # Meanwhile somebody asks one by one, as the page does: four times where it is told to come again.
    answered, lost, stop = [0], [0], threading.Event()

    def staff() -> None:
        while not stop.is_set():
            for pause in (0.3, 0.8, 2, 0):
                status, verdict = server.verify(card)
                if status != 503:
                    break
                time.sleep(pause)
            answered[0] += verdict == "accepted"
            lost[0] += verdict != "accepted"

    thread = threading.Thread(target=staff)
    thread.start()
    twice = Load(server, folder, rate=2 * most, at_once=200, seconds=seconds)
    stop.set()
    thread.join()
    after = Load(server, folder, rate=most / 4, at_once=CONNECTIONS, seconds=seconds)
    rows = [
        [name, f"{load.rate:,.0f}", f"{load.answers.get(200, 0):,}", f"{load.answers.get(503, 0):,}",
         f"{sum(load.answers.values()) - load.answers.get(200, 0) - load.answers.get(503, 0)}", load.faults or "none",
         f"{load.late[50]:.1f}", f"{load.late.get(99, 0):.0f}"]
        for name, load in (("a quarter, before", before), ("twice, by 200 at once", twice), ("a quarter, after", after))
    ]  # fmt: skip
    table("Twice as much as goes", ["load", "a second", "200", "503", "others", "faults", "p50 ms", "p99 ms"], rows)
    print(f"one of the staff meanwhile: {answered[0]} verdicts, {lost[0]} of them after four tries not to be had")


def soak(server: Server, folder: Path, most: float, seconds: int) -> None:
    samples: list[float] = []
    loads: list[Load] = []

    def run(**options: Any) -> None:
        loads.append(Load(server, folder, seconds=seconds, **options))

    text = threading.Thread(target=run, kwargs={"rate": most / 4, "at_once": 4})
    photo = threading.Thread(target=run, kwargs={"rate": 4, "at_once": 2, "photo": True})
    for thread in (text, photo):
        thread.start()
    while text.is_alive() or photo.is_alive():
        time.sleep(max(0.5, seconds / 120))
        samples.append(server.memory())
    part = max(1, len(samples) // 5)
    rows = [
        ["requests", f"{sum(sum(load.answers.values()) for load in loads):,}"],
        ["other answers than 200", f"{sum(n for load in loads for code, n in load.answers.items() if code != 200)}"],
        ["faults", "; ".join(load.faults for load in loads if load.faults) or "none"],
        ["MB, second fifth of the time (median)", f"{statistics.median(samples[part : 2 * part]):.1f}"],
        ["MB, last fifth of the time (median)", f"{statistics.median(samples[-part:]):.1f}"],
        ["MB at most", f"{max(samples):.1f}"],
    ]
    table(f"A soak of {seconds} seconds: a quarter of what goes, and 4 photos a second", ["what", "measured"], rows)


def film(folder: Path, card: str) -> Path:
    """What the browser takes for its camera: one frame, over and over."""
    from io import BytesIO

    from PIL import Image

    from vaxcert.qr import write

    picture = Image.new("L", (1280, 720), 150)
    picture.paste(Image.open(BytesIO(write(card).png())).convert("L").resize((560, 560)), (360, 80))
    return lost.films.film(folder / "card.y4m", [picture], rate=30)


def table(title: str, head: list[str], rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    print(f"\n{title}")
    for row in [head, *rows]:
        print("  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def cold(server: Server, card: str, folder: Path, times: int) -> None:
    """A browser that has never been there: from the address to the verdict, by the camera."""
    from playwright.sync_api import sync_playwright

    flags = [
        *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-ui-for-media-stream"),
        *("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film(folder, card)}"),
    ]
    took = []
    with sync_playwright() as playwright:
        for _ in range(times):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(server.url)
            while page.evaluate("document.getElementById('stage').hidden"):
                page.wait_for_timeout(10)
            took.append((time.perf_counter() - start) * 1000)
            browser.close()
    rows = [[f"{statistics.median(took):.0f} ms", f"{max(took):.0f} ms", f"{times}"]]
    table("A cold page, from the address to the verdict by the camera", ["median", "longest", "of"], rows)


def gap(server: Server, card: str, folder: Path, quick: bool) -> None:
    """What the page's own decoder loses, and the server reads."""
    second = Server(folder, VAXCERT_APP_SECOND_READER="1")
    try:
        rows = lost.rows((server.url, second.url), card, folder, quick)
    finally:
        second.stop()
    table("Films of a camera, from first view to the verdict", ["film", "the page alone", "second reader"], rows)


def device(quick: bool) -> None:
    """The page on a phone that asks nobody."""
    for title, head, rows in shift.rows(quick):
        table(title, head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how fast")
    parser.add_argument("--soak", type=int, default=0, metavar="SECONDS", help="soak for so long too (600)")
    parser.add_argument("--device", action="store_true", help="the page that needs no server, alone")
    arguments = parser.parse_args()
    if arguments.device:
        device(arguments.quick)
        return
    if not shutil.which("wrk"):
        print("wrk is not there (a package of Debian's): nothing to measure with")
        return
    seconds = 2 if arguments.quick else 15
    with served() as (server, card, folder):
        assert server.verify(card) == (200, "accepted")
        most = speed(server, folder, seconds)
        if shutil.which("hey"):
            overload(server, card, folder, most, seconds)
            if arguments.soak:
                soak(server, folder, most, arguments.soak)
        else:
            print("hey is not there (a package of Debian's): no set rates, no overload, no soak")
        rows = crowd.rows(
            server.port, seconds, (folder / "card.json").read_bytes(), (folder / "photo.jpg").read_bytes()
        )
        table("Good clients beside bad ones", ["what", "answered", "median", "p95"], rows)
        if shutil.which("chromium") and (ROOT / "verifier_app" / "static" / "vendor").is_dir():
            cold(server, card, folder, 2 if arguments.quick else 9)
            gap(server, card, folder, arguments.quick)
            device(arguments.quick)
        else:
            print("chromium or the decoder (`make assets`) is not there: no cold page")


if __name__ == "__main__":
    main()
