"""From a person and a dose to the card's text: how far above one bare signature, how far below `cwt`."""

import sys
import tempfile
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from measure import Cases, Peer, goal, our_base45, rounds_from, run, sample, serve, table

BARE = "bare ECDSA P-256 signature"
OURS = "vaxcert: person + dose → text"
ONE = "vaxcert: with one deflate candidate"
LOGGED = "vaxcert: with an issue log, not synced"
DURABLE = "vaxcert: with a durable issue log"
PEER_BARE = "bare signature, peer's interpreter"
CWT = "cwt: encode_and_sign + zlib + our base45"
CWT_ALONE = "cwt: encode_and_sign alone"
CWT_BASE45 = "cwt: encode_and_sign + zlib + base45 package"


def ours(folder: str) -> tuple[Cases, Cases, dict[str, Any]]:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    from vaxcert import Dose, IssueLog, Issuer, Person
    from vaxcert.wire import base45, cbor, cose, deflate

    key, _, _ = sample()

    def issuer(log: IssueLog | None = None) -> Issuer:
        return Issuer(key, country="VN", authority="SYT Vĩnh Phúc", valid_for=timedelta(days=365), log=log)

    def issue(by: Issuer) -> str:
        person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
        dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
        return by.issue(person, dose).text

    plain = issuer()
    logged = issuer(IssueLog(Path(folder) / "plain.jsonl", durable=False))
    durable = issuer(IssueLog(Path(folder) / "durable.jsonl"))
    both = deflate._text_block

    def huffman_alone(text: bytes, strategy: int) -> tuple[int, int]:
        return both(text, strategy) if strategy == zlib.Z_HUFFMAN_ONLY else (0, 1 << 30)

    def one_candidate() -> str:
        deflate._text_block = huffman_alone
        try:
            return issue(plain)
        finally:
            deflate._text_block = both

    text = issue(plain)
    message = deflate.inflate(base45.decode(text[4:]))
    data = cose.decode(message).signing_input
    private, es256 = key._private_key, ec.ECDSA(hashes.SHA256())
    # Steps, each on what the step before it gave
    payload = cose.decode(message).payload
    claims = cbor.loads(payload)
    at = message.index(payload) + payload.index(b"\x39\x01\x03\xa1\x01") + 5
    end = len(message) - 66
    before, middle, after = message[:at], message[at:end], message[end:]
    compressed = deflate.deflate(middle, before=before, after=after)
    cases = {
        BARE: lambda: private.sign(data, es256),
        OURS: lambda: issue(plain),
        ONE: one_candidate,
        LOGGED: lambda: issue(logged),
        "  cbor": lambda: cbor.dumps(claims),
        "  signature": lambda: key.sign(data),
        "  deflate": lambda: deflate.deflate(middle, before=before, after=after),
        "  base45": lambda: base45.encode(compressed),
    }
    setup = {
        "private": private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        "kid": key.kid.hex(),
        "payload": payload.hex(),
        "data": data.hex(),
        "text": text,
        "one": one_candidate(),
        "stock": "HC1:" + base45.encode(zlib.compress(message, 9)),
    }
    return cases, {BARE: cases[BARE], DURABLE: lambda: issue(durable)}, setup


def theirs(setup: dict[str, Any]) -> tuple[Cases, Any]:
    import cbor2
    import cwt
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    base45 = our_base45()
    private = serialization.load_pem_private_key(setup["private"].encode(), None)
    es256, data = ec.ECDSA(hashes.SHA256()), bytes.fromhex(setup["data"])
    key = cwt.COSEKey.from_pem(setup["private"], kid=bytes.fromhex(setup["kid"]))
    claims = cbor2.loads(bytes.fromhex(setup["payload"]))
    maker = cwt.CWT.new()

    def encode() -> bytes:
        return maker.encode_and_sign(claims, key)

    cases = {
        PEER_BARE: lambda: private.sign(data, es256),
        CWT: lambda: "HC1:" + base45.encode(zlib.compress(encode(), 9)),
        CWT_ALONE: encode,
    }
    try:
        from base45 import b45encode
    except ImportError:
        pass
    else:
        cases[CWT_BASE45] = lambda: "HC1:" + b45encode(zlib.compress(encode(), 9)).decode()
    return cases, {"cwt": cwt.__version__, "text": str(cases[CWT]())}


def qr_version(text: str) -> int:
    """The smallest QR version that holds the text at level Q."""
    from qrcode.constants import ERROR_CORRECT_Q
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_Q)
    code.add_data(text)
    return int(code.best_fit(start=1))


def main() -> None:
    rounds = rounds_from(__doc__ or "")
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        cases, durable, setup = ours(folder)
        peer = Peer(__file__, setup)
        times = run(cases, peer, rounds=rounds)
        # A disk's rounds are apart: waiting for one lets the processor slow down and forget its caches.
        slow = run(durable, Peer.none(), rounds=max(rounds // 50, 3), calls=3)
    print(f"One card, {rounds} rounds of 10 calls")
    steps = [(name, BARE) for name in cases if name.startswith("  ")]
    table(
        times,
        [
            (BARE, ""),
            (OURS, BARE),
            *steps,
            (ONE, BARE),
            (LOGGED, BARE),
            (PEER_BARE, ""),
            (CWT, PEER_BARE),
            (CWT_ALONE, PEER_BARE),
            (CWT_BASE45, PEER_BARE),
        ],
    )
    rest = [statistic(OURS) - sum(statistic(name) for name, _ in steps) for statistic in (times.median, times.minimum)]
    print(f"  values, checks, id and frame: the rest, {rest[0]:.1f} (medians) {rest[1]:.1f} (minima)")
    table(slow, [(DURABLE, "")])
    goal("vaxcert ÷ bare signature", "≤ 4.2", *times.ratios(OURS, BARE))
    if peer.missing:
        print(f"cwt was not measured: {peer.missing}; see benchmarks/README.md")
    else:
        if CWT_BASE45 in times:
            goal("cwt with the base45 package ÷ vaxcert", "≥ 1.8", *times.ratios(CWT_BASE45, OURS))
        goal("cwt with our base45 ÷ vaxcert", "≥ 1.8", *times.ratios(CWT, OURS))
    print("Characters, and the QR version at level Q (to reach: at most 531, version 17)")
    texts = {"vaxcert": setup["text"], "one candidate": setup["one"], "stock zlib, level 9": setup["stock"]}
    if not peer.missing:
        texts[f"cwt {peer.says['cwt']}, stock zlib"] = peer.says["text"]
    for name, text in texts.items():
        print(f"  {name:<24} {len(text)}  version {qr_version(text)}")


if __name__ == "__main__":
    if "--peer" in sys.argv:
        serve(theirs)
    else:
        main()
