"""Ten million revocations: what it costs to publish, fetch, open and ask them, and what they cost a verdict."""

import argparse
import hashlib
import re
import statistics
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter, perf_counter_ns
from typing import Any

from measure import Cases, Peer, run, sample, table

SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
A_DAY = 1_000
OFF, SMALL, LARGE = "verdict, revocation off", "verdict, 1,000 revoked", "verdict, all revoked entries"

# In a process of its own, for the memory that it takes: of its own, and of the file's pages that it has touched.
LOAD = """
import re, sys, time
from vaxcert import TrustStore
def taken():
    with open("/proc/self/status") as lines:
        return [int(kb) / 1e3 for kb in re.findall(r"Rss(?:Anon|File):\\s+(\\d+)", lines.read())]
import vaxcert.trust.synced.repository, tuf.api.metadata
before, began = taken(), time.perf_counter()
store = TrustStore.load(sys.argv[1])
took, after = time.perf_counter() - began, taken()
print(took, after[0] - before[0], after[1] - before[1], len(store.revocations))
"""


def hashes(count: int, seed: str) -> Iterator[bytes]:
    """What ids would give, for none of which there is a card."""
    for number in range(count):
        yield hashlib.sha256(f"{seed} {number}".encode()).digest()[:16]


def timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def measured(what: str, work: Callable[[], Any]) -> None:
    """Seconds, and the most memory that the process held meanwhile: all of it, what it had before included."""
    Path("/proc/self/clear_refs").write_text("5")  # The peak is counted anew.
    took = timed(work)
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak is not None
    say(what, f"{took:.2f} s, {int(peak[1]) / 1e3:.0f} MB")


def sha256(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def opened(store: Path) -> list[float]:
    """Seconds, megabytes of its own and of files, and entries."""
    ran = subprocess.run([sys.executable, "-c", LOAD, str(store)], capture_output=True, text=True, check=True)
    return [float(word) for word in ran.stdout.split()]


def say(what: str, value: str) -> None:
    print(f"  {what:<58} {value:>16}", flush=True)


def lists(folder: Path, count: int, key: Any) -> Any:
    """Publish, sync and ask `count` entries; the publisher."""
    from vaxcert import TrustStore
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.revocation import Hashes, Kind
    from vaxcert.trust.synced.sync import sync

    out, store = folder / "out", folder / "store"
    publisher = Publisher.create(folder / "workspace", environment="test", **SECRETS)  # type: ignore[arg-type]
    publisher.add(key.certificate)

    def publish() -> None:
        publisher.publish(out, passphrase=SECRETS["passphrase"])

    print(f"{count:,} entries")
    say("to make the hashes, SHA-256 one by one", f"{timed(lambda: deque(hashes(count, 'first'), maxlen=0)):.1f} s")
    measured("to make and note them, and most memory", lambda: publisher.withdrawals.revoke(Kind.UCI, hashes(count, "first")))  # fmt: skip  # noqa: E501
    measured("to publish them, and most memory", publish)
    say("published, all of it", f"{size(out) / 1e6:.1f} MB")
    root = (folder / "workspace" / "root.json").read_bytes()
    measured("first sync, from a folder, and most memory", lambda: sync(out, store, root=root))

    before = {path.name for path in out.rglob("*")}
    publisher.withdrawals.revoke(Kind.UCI, hashes(A_DAY, "a day"))
    measured(f"a day's {A_DAY:,} more: to publish them, and most memory", publish)
    added = sum(path.stat().st_size for path in out.rglob("*") if path.is_file() and path.name not in before)
    added += (out / "metadata" / "timestamp.json").stat().st_size
    say("  what a verifier fetches", f"{added / 1e3:.1f} kB")
    measured("  to sync them, and most memory", lambda: sync(out, store))

    took = [opened(store) for _ in range(5)]
    assert took[0][3] == count + A_DAY
    say("to open the store, all of it checked (median of 5)", f"{statistics.median(one[0] for one in took):.2f} s")
    say("  memory of its own, and pages of the lists", f"{took[0][1]:.0f} + {took[0][2]:.0f} MB")

    path = next((store / "current" / "targets" / "revoked").glob("uci-00000001-*.bin"))
    say("  of that, to open the list (median of 101)", f"{1e6 * statistics.median(timed(lambda: Hashes(path)) for _ in range(101)):.0f} µs")  # fmt: skip  # noqa: E501
    say("  of that, its SHA-256 (median of 5)", f"{statistics.median(timed(lambda: sha256(path)) for _ in range(5)):.2f} s")  # fmt: skip  # noqa: E501

    revocations = TrustStore.load(store).revocations
    assert revocations is not None
    for name, seed, expected in (("that is listed", "first", True), ("that is not", "no card", False)):
        asked = list(hashes(min(count, 20_000), seed))
        single = []
        for one in asked:
            start = perf_counter_ns()
            found = (Kind.UCI, one) in revocations
            single.append(perf_counter_ns() - start)
            assert found is expected
        say(f"to look up a hash {name} (median of {len(asked):,})", f"{statistics.median(single) / 1e3:.1f} µs")

    for day in range(29):
        publisher.withdrawals.revoke(Kind.UCI, hashes(A_DAY, f"day {day}"))
        publish()
    sync(out, store)
    revocations = TrustStore.load(store).revocations
    assert revocations is not None
    asked = list(hashes(2_000, "no card"))
    many = timed(lambda: [(Kind.UCI, one) in revocations for one in asked]) / len(asked)
    say("  after a month of days, one that is not", f"{many * 1e6:.1f} µs")
    return publisher


def one_of_many(folder: Path, publisher: Any, key: Any, cards: int) -> None:
    """Revoke one card by its id and one by its signature; the others stay accepted, and no twin comes through."""
    from vaxcert import Dose, Issuer, Person, TrustStore, Verifier
    from vaxcert.formats.hcert import HCERT, PREFIX
    from vaxcert.trust import revocation
    from vaxcert.trust.revocation import Kind
    from vaxcert.trust.synced.sync import sync
    from vaxcert.wire import base45, deflate

    _, person, dose = sample()
    assert isinstance(person, Person)
    assert isinstance(dose, Dose)
    issuer = Issuer(key, country="VN", authority="SYT Vĩnh Phúc", valid_for=timedelta(days=365))
    issued = [issuer.issue(person, dose) for _ in range(cards)]
    by_id, by_signature = issued[cards // 3], issued[cards // 2]
    sealed = HCERT.unwrap(by_signature.text)
    publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(by_id.certificate_id)])
    publisher.withdrawals.revoke(Kind.SIGNATURE, [revocation.of_signature(sealed, key.trusted().algorithm)])
    publisher.publish(folder / "out", passphrase=SECRETS["passphrase"])
    sync(folder / "out", folder / "store")
    verifier = Verifier(TrustStore.load(folder / "store"))
    began = perf_counter()
    verdicts = [verifier.verify(card.text) for card in issued]
    took = perf_counter() - began
    refused = [card for card, verdict in zip(issued, verdicts, strict=True) if verdict.reason == "revoked"]
    accepted = sum(verdict.status == "accepted" for verdict in verdicts)
    assert refused == [by_id, by_signature]
    assert accepted == cards - 2

    s = ORDER - int.from_bytes(sealed.signature[32:], "big")
    message = deflate.inflate(base45.decode(by_signature.text.removeprefix(PREFIX)))
    twin = message.replace(sealed.signature, sealed.signature[:32] + s.to_bytes(32, "big"))
    text = PREFIX + base45.encode(deflate.deflate(twin))
    off = Verifier(TrustStore([key.trusted()])).verify(text)
    on = verifier.verify(text)
    assert text != by_signature.text
    assert off.status == "accepted"
    print(f"\n2 of {cards:,} cards revoked, one by its id and one by its signature")
    say("still accepted", f"{accepted:,}")
    say("all of them verified in", f"{took:.1f} s")
    say("the twin (s → n − s) of the second, without the list", str(off.status))
    say("  with it", f"{on.status}: {on.reason}")
    assert on.reason == "revoked"


def cost(folder: Path, key: Any, rounds: int) -> None:
    """A verdict with revocation on beside off, in turn."""
    from vaxcert import Issuer, TrustStore, Verifier
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.revocation import Kind
    from vaxcert.trust.synced.sync import sync

    few = folder / "few"
    publisher = Publisher.create(few / "workspace", environment="test", **SECRETS)  # type: ignore[arg-type]
    publisher.add(key.certificate)
    publisher.withdrawals.revoke(Kind.UCI, hashes(A_DAY, "few"))
    publisher.publish(few / "out", passphrase=SECRETS["passphrase"])
    sync(few / "out", few / "store", root=(few / "workspace" / "root.json").read_bytes())

    _, person, dose = sample()
    text = Issuer(key, country="VN", authority="SYT Vĩnh Phúc", valid_for=timedelta(days=365)).issue(person, dose).text
    verifiers = {
        OFF: Verifier(TrustStore([key.trusted()])),
        SMALL: Verifier(TrustStore.load(few / "store")),
        LARGE: Verifier(TrustStore.load(folder / "store")),
    }
    assert {str(verifier.verify(text).status) for verifier in verifiers.values()} == {"accepted"}
    cases: Cases = {name: lambda verifier=verifier: verifier.verify(text) for name, verifier in verifiers.items()}  # type: ignore[misc]
    print()
    table(run(cases, Peer.none(), rounds=rounds), [(OFF, ""), (SMALL, OFF), (LARGE, OFF)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how fast")
    parser.add_argument("--entries", type=int, default=10_000_000)
    arguments = parser.parse_args()
    key, _, _ = sample()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        publisher = lists(folder, 200_000 if arguments.quick else arguments.entries, key)
        one_of_many(folder, publisher, key, 2_000 if arguments.quick else 70_000)
        cost(folder, key, 100 if arguments.quick else 1_500)


if __name__ == "__main__":
    main()
