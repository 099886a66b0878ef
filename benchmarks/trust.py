"""Lists of many keys: to read, to load, to find one key in."""

import argparse
import base64
import json
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from measure import Cases, Peer, run, sample, table

SMALL = "verdict, 1 key"
SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


def made(count: int) -> list[tuple[bytes, bytes]]:
    """Certificates (DER) of as many keys, and their ids."""
    import hashlib

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    from vaxcert.trust.own import authority
    from vaxcert.verdict import Environment

    root, start = authority.new_key(), datetime.now(UTC) - timedelta(days=1)
    name = authority.distinguished_name("VN", "Sample CSCA", Environment.TEST)
    found = []
    for number in range(count):
        key = authority.new_key()
        certificate = (
            x509.CertificateBuilder()
            .subject_name(authority.distinguished_name("VN", f"Sample {number}", Environment.TEST))
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(number + 1)
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=700))
            .sign(root, hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )
        found.append((certificate, hashlib.sha256(certificate).digest()[:8]))
    return found


def as_gateway(entries: list[tuple[bytes, bytes]]) -> bytes:
    return json.dumps(
        [
            {"kid": b64(kid), "country": "VN", "certificateType": "DSC", "rawData": b64(certificate)}
            for certificate, kid in entries
        ]
    ).encode()


def as_who(entries: list[tuple[bytes, bytes]]) -> bytes:
    root = "did:web:example.int:v2:trustlist"
    methods = [
        {"id": f"{root}:DCC:VNM:DSC#{b64(kid)}", "publicKeyJwk": {"kty": "EC", "x5c": [b64(certificate)]}}
        for certificate, kid in entries
    ]
    return json.dumps({"id": root, "verificationMethod": methods}).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def say(what: str, value: str) -> None:
    print(f"  {what:<58} {value:>16}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how fast")
    parser.add_argument("--keys", type=int, default=100_000)
    arguments = parser.parse_args()
    count = 2_000 if arguments.quick else arguments.keys

    from vaxcert import Issuer, TrustStore, Verifier
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.synced.sync import sync

    key, person, dose = sample()
    text = Issuer(key, country="VN", authority="SYT Vĩnh Phúc", valid_for=timedelta(days=365)).issue(person, dose).text
    entries = [*made(count - 1), (key.certificate, key.kid)]
    print(f"{count:,} keys")
    stores = {}
    for name, data in (("EU gateway", as_gateway(entries)), ("WHO, version 2", as_who(entries))):
        took = [
            timed(lambda data=data: TrustStore.from_published(data, unsigned=True))  # type: ignore[misc]
            for _ in range(3)
        ]
        say(f"{name}, {len(data) / 1e6:.0f} MB: to read (median of 3)", f"{statistics.median(took):.2f} s")
        stores[name] = TrustStore.from_published(data, unsigned=True)
        assert len(stores[name]) == count
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        publisher = Publisher.create(place / "workspace", environment="test", **SECRETS)
        from vaxcert.trust import lists
        from vaxcert.trust.synced.listing import Origin

        keys = lists.read(as_gateway(entries)).keys
        origin = Origin(source="sample", sha256="0" * 64, date="2026-06-15")
        say("imported into our own", f"{timed(lambda: publisher.keys.take(keys, origin)):.1f} s")
        say("published", f"{timed(lambda: publisher.publish(place / 'out', passphrase=SECRETS['passphrase'])):.1f} s")
        root = (place / "workspace" / "root.json").read_bytes()
        say("synced", f"{timed(lambda: sync(place / 'out', place / 'store', root=root)):.1f} s")
        took = [timed(lambda: TrustStore.load(place / "store")) for _ in range(3)]
        say("the synced store opened (median of 3)", f"{statistics.median(took):.2f} s")
    large = f"verdict, {count:,} keys"
    verifiers = {SMALL: Verifier(TrustStore([key.trusted()])), large: Verifier(stores["EU gateway"])}
    assert {str(verifier.verify(text).status) for verifier in verifiers.values()} == {"accepted"}
    cases: Cases = {name: lambda verifier=verifier: verifier.verify(text) for name, verifier in verifiers.items()}  # type: ignore[misc]
    print()
    table(run(cases, Peer.none(), rounds=100 if arguments.quick else 1_500), [(SMALL, ""), (large, SMALL)])


if __name__ == "__main__":
    main()
