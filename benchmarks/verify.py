"""From a card's text to the full verdict: how far above one bare signature check, how far below `cwt`."""

import sys
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from measure import Cases, Peer, goal, our_base45, rounds_from, run, sample, serve, table

BARE = "bare ECDSA P-256 verification"
OURS = "vaxcert: text → verdict"
MANY = "vaxcert: 64 different cards in turn"
OTHERS = {
    "shc": "SMART Health Card: text → verdict",
    "icvp": "WHO ICVP: text → verdict",
    "nzcp": "NZ COVID Pass: text → verdict",
    "vdsnc": "ICAO VDS-NC, with its signer's chain: text → verdict",
}
PEER_BARE = "bare verification, peer's interpreter"
CWT = "cwt: our base45 + zlib + cwt.decode"
CWT_ALONE = "cwt: cwt.decode alone"
CWT_BASE45 = "cwt: base45 package + zlib + cwt.decode"


def ours() -> tuple[Cases, dict[str, Any]]:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    from vaxcert import Issuer, TrustStore, Verifier
    from vaxcert.formats.hcert import HCERT
    from vaxcert.wire import base45, cose, deflate

    key, person, dose = sample()
    issuer = Issuer(key, country="VN", authority="SYT Vĩnh Phúc", valid_for=timedelta(days=365))
    text = issuer.issue(person, dose).text
    trust = TrustStore([key.trusted()])
    verifier = Verifier(trust)

    compressed = base45.decode(text[4:])
    message = deflate.inflate(compressed)
    sealed = cose.decode(message)
    opened = trust.open(sealed, HCERT.name, HCERT.algorithms)
    signature, data = sealed.signature, sealed.signing_input
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    public, es256 = key.trusted().public_key, ec.ECDSA(hashes.SHA256())

    def verdict() -> object:
        return verifier.verify(text).status

    cards = cycle([issuer.issue(person, dose).text for _ in range(64)])

    assert verdict() == "accepted", verifier.verify(text)
    cases: Cases = {
        BARE: lambda: public.verify(der, data, es256),
        OURS: verdict,
        MANY: lambda: verifier.verify(next(cards)).status,
        **others(key, person, dose),
        "  base45": lambda: base45.decode(text[4:]),
        "  inflate": lambda: deflate.inflate(compressed),
        "  cose": lambda: cose.decode(message),
        "  signature": lambda: trust.open(sealed, HCERT.name, HCERT.algorithms),
        "  read": lambda: HCERT.read(opened),
    }
    certificate = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    return cases, {
        "text": text,
        "public": certificate,
        "kid": key.kid.hex(),
        "der": der.hex(),
        "data": data.hex(),
    }


def others(key: Any, person: Any, dose: Any) -> Cases:
    """A card of each other format, with what it is judged by; those that are not issued here the tests know to make."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    import msgspec
    from health_cards import ISSUER, trusted
    from other_cards import NZ_ISSUER, Seals, icvp_dose, nz_pass

    from vaxcert import Issuer, SigningKey, TrustStore, Verifier

    both = SigningKey.generate("VN", formats=("hcert", "icvp"))
    year, told = timedelta(days=365), {"country": "VN", "authority": "SYT Vĩnh Phúc"}
    health = Issuer(key, valid_for=year, format="shc", address=ISSUER, **told).issue(person, dose).text
    who = Issuer(both, valid_for=year, format="icvp", **told).issue(person, icvp_dose()).text
    plain = msgspec.structs.replace(trusted(key), kid=b"key-1", issuer=NZ_ISSUER, formats=frozenset(("nzcp",)))
    seals = Seals()
    made = {
        "shc": (health, TrustStore([trusted(key)])),
        "icvp": (who, TrustStore([both.trusted()])),
        "nzcp": (nz_pass(key), TrustStore([plain])),
        "vdsnc": (seals.card(), TrustStore(authorities=[seals.authority])),
    }
    cases: Cases = {}
    for name, (text, store) in made.items():
        verifier = Verifier(store)
        assert verifier.verify(text).status == "accepted", (name, verifier.verify(text))
        cases[OTHERS[name]] = lambda verifier=verifier, text=text: verifier.verify(text).status  # type: ignore[misc]
    return cases


def theirs(setup: dict[str, Any]) -> tuple[Cases, Any]:
    import zlib

    import cbor2
    import cwt
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    text, base45 = setup["text"], our_base45()
    public = serialization.load_pem_public_key(setup["public"].encode())
    es256 = ec.ECDSA(hashes.SHA256())
    der, data = bytes.fromhex(setup["der"]), bytes.fromhex(setup["data"])
    key = cwt.COSEKey.from_pem(setup["public"], kid=bytes.fromhex(setup["kid"]))
    message = zlib.decompress(base45.decode(text[4:]))

    def decode() -> Any:
        return cwt.decode(zlib.decompress(base45.decode(text[4:])), keys=[key])

    assert -260 in decode()
    cases = {
        PEER_BARE: lambda: public.verify(der, data, es256),
        CWT: decode,
        CWT_ALONE: lambda: cwt.decode(message, keys=[key]),
    }
    try:
        from base45 import b45decode
    except ImportError:
        pass
    else:
        cases[CWT_BASE45] = lambda: cwt.decode(zlib.decompress(b45decode(text[4:])), keys=[key])
    return cases, {"cwt": cwt.__version__, "cbor2": version(cbor2)}


def version(module: Any) -> str:
    from importlib.metadata import version as installed

    return installed(module.__name__)


def main() -> None:
    rounds = rounds_from(__doc__ or "")
    cases, setup = ours()
    peer = Peer(__file__, setup)
    times = run(cases, peer, rounds=rounds)
    print(f"One card of {len(setup['text'])} characters, {rounds} rounds of 10 calls")
    steps = [(name, BARE) for name in cases if name.startswith("  ")]
    table(
        times,
        [
            (BARE, ""),
            (OURS, BARE),
            *steps,
            (MANY, BARE),
            *((name, BARE) for name in OTHERS.values()),
            (PEER_BARE, ""),
            (CWT, PEER_BARE),
            (CWT_ALONE, PEER_BARE),
            (CWT_BASE45, PEER_BARE),
        ],
    )
    rest = [statistic(OURS) - sum(statistic(name) for name, _ in steps) for statistic in (times.median, times.minimum)]
    print(f"  checks, verdict and the steps' frame: the rest, {rest[0]:.1f} (medians) {rest[1]:.1f} (minima)")
    goal("vaxcert ÷ bare verification", "≤ 1.6", *times.ratios(OURS, BARE))
    if peer.missing:
        print(f"cwt was not measured: {peer.missing}; see benchmarks/README.md")
        return
    if CWT_BASE45 in times:
        goal("cwt with the base45 package ÷ vaxcert", "≥ 1.5", *times.ratios(CWT_BASE45, OURS))
    goal("cwt with our base45 ÷ vaxcert", "≥ 1.5", *times.ratios(CWT, OURS))
    print(f"cwt {peer.says['cwt']} with cbor2 {peer.says['cbor2']}")


if __name__ == "__main__":
    if "--peer" in sys.argv:
        serve(theirs)
    else:
        main()
