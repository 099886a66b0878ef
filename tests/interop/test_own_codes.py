"""What we issue is read by others: another barcode reader, another COSE library, the published schema."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Dose, Issuer, Person, SigningKey
from vaxcert.wire import base45, cbor, cose, deflate

ROOT = Path(__file__).parents[2]
PEERS = Path(os.environ.get("VAXCERT_PEERS", ROOT / ".venv" / "peers" / "bin" / "python"))

# The constraints of the DCC schema 1.3.0 (draft 2020-12), in our own order.
TEXT80 = {"type": "string", "maxLength": 80}
CODE = {"type": "string"}
MRZ = {"type": "string", "pattern": "^[A-Z<]*$", "maxLength": 80}
COUNT = {"type": "integer", "minimum": 1}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["ver", "nam", "dob"],
    "oneOf": [{"required": ["v"]}, {"required": ["t"]}, {"required": ["r"]}],
    "properties": {
        "ver": {"type": "string", "pattern": r"^\d+.\d+.\d+$"},
        "nam": {
            "type": "object",
            "required": ["fnt"],
            "properties": {"fn": TEXT80, "gn": TEXT80, "fnt": MRZ, "gnt": MRZ},
        },
        "dob": {"type": "string", "pattern": r"^((19|20)\d\d(-\d\d){0,2}){0,1}$"},
        "v": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"],
                "properties": {
                    "tg": CODE,
                    "vp": CODE,
                    "mp": CODE,
                    "ma": CODE,
                    "dn": COUNT,
                    "sd": COUNT,
                    "dt": {"type": "string", "format": "date"},
                    "co": {"type": "string", "pattern": "[A-Z]{1,10}"},
                    "is": TEXT80,
                    "ci": TEXT80,
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def claims_of(text: str) -> dict[Any, Any]:
    claims: dict[Any, Any] = cbor.loads(cose.decode(deflate.inflate(base45.decode(text[4:]))).payload)
    return claims


def test_the_schema_refuses_what_it_should(forge: Any) -> None:
    assert VALIDATOR.is_valid(forge.dcc())
    for wrong in (
        forge.dcc(v=[]),
        forge.dcc(dob="1843-01-01"),
        forge.dcc(nam={"fnt": "nguyen"}),
        forge.dcc(v=[forge.vaccination(dt="2026-02-30")]),
        forge.dcc(v=[forge.vaccination(dn=0)]),
        forge.dcc(t=[]),
    ):
        assert not VALIDATOR.is_valid(wrong)


@given(
    st.text(alphabet="ABCĐEGHaăâbcdđeêghiklmnoôơpqrstuưvxyẫễộựỵ '-", min_size=1, max_size=80),
    st.dates(date(1900, 1, 1), date(2026, 6, 1)),
    st.sampled_from([4, 7, 10]),
    st.integers(1, 9),
    st.sampled_from(["EU/1/20/1528", "EU/1/21/1529", "Sputnik-V", "BBIBP-CorV", "Hayat-Vax", "Abdala"]),
)
def test_whatever_is_issued_keeps_to_the_published_schema(
    issuer: Issuer, name: str, born: date, precision: int, number: int, product: str
) -> None:
    person = Person(family_name=name, given_name=name, date_of_birth=born.isoformat()[:precision])
    if not person.family_name_transliterated:
        return
    issued = issuer.issue(person, Dose(product=product, number=number, series=2, date=date(2026, 6, 1)))
    VALIDATOR.validate(claims_of(issued.text)[-260][1])


def test_another_barcode_reader_reads_our_picture(text: str) -> None:
    from io import BytesIO

    import zxingcpp
    from PIL import Image

    from vaxcert.qr import write

    image = Image.open(BytesIO(write(text).png(scale=2)))
    assert [code.text for code in zxingcpp.read_barcodes(image.convert("L"))] == [text]


PEER = """
import json, sys, zlib
import cwt
pem, text = json.load(sys.stdin)
alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
data = bytearray()
for at in range(4, len(text), 3):
    group = [alphabet.index(character) for character in text[at : at + 3]]
    number = sum(value * 45**place for place, value in enumerate(group))
    data += number.to_bytes(len(group) - 1, "big")
key = cwt.COSEKey.from_pem(pem, alg="ES256")
key = cwt.COSEKey.new({**key.to_dict(), 2: bytes.fromhex(sys.argv[1])})
claims = cwt.decode(zlib.decompress(bytes(data)), keys=key)
print(json.dumps({str(label): value for label, value in claims.items()}))
"""


def test_another_cose_library_verifies_our_card(missing: Callable[[str], None], person: Person, dose: Dose) -> None:
    if not PEERS.is_file():
        missing(f"no environment with the cwt package at {PEERS}: run `make test`, or set VAXCERT_PEERS")
    now = datetime.now(UTC)
    key = SigningKey.generate("VN", now=now - timedelta(days=1))
    card = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=30)).issue(person, dose)
    pem = key.trusted().public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # Only the signature is changed: packed anew, so that nothing before it gives the card away.
    message = deflate.inflate(base45.decode(card.text[4:]))
    changed = "HC1:" + base45.encode(deflate.deflate(message[:-1] + bytes((message[-1] ^ 1,))))
    for text, good in ((card.text, True), (changed, False)):
        ran = subprocess.run(
            [str(PEERS), "-c", PEER, key.kid.hex()],
            input=json.dumps([pem.decode(), text]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode == 0) is good, ran.stderr
        assert good or "VerifyError" in ran.stderr
        if good:
            ours = {str(label): value for label, value in claims_of(text).items()}
            assert json.loads(ran.stdout) == json.loads(json.dumps(ours))
