"""The engine's parts beside the library's, over thousands of generated inputs each: the same answers, and the same refusals."""

from __future__ import annotations

import json
import os
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from both import FORMATS
from foreign_codes import OTHERS, SYSTEMS
from mutator.encoding import Style, encode

from vaxcert import uvci
from vaxcert.errors import CardError, ConfigurationError, EvaluationError
from vaxcert.formats import bare, eudcc, recognise
from vaxcert.formats.recognise import format_of
from vaxcert.names import normalise, transliterate
from vaxcert.rules.certlogic import OPERATORS, Moment, compile_logic
from vaxcert.wire import base45, base64url, cbor, deflate, jsontext

Ask = Callable[[str, list[Any]], list[Any]]
MANY = 5_000


def answers(asked: list[Any], step: Callable[[Any], Any], *, detail: bool = True) -> list[Any]:
    """What the library says of each."""
    found: list[Any] = []
    for one in asked:
        try:
            found.append({"value": step(one)})
        except CardError as error:
            found.append({"error": str(error.reason), "detail": error.detail})
    return found


def the_same(asked: list[Any], expected: list[Any], said: list[Any]) -> None:
    wrong = [
        (one, by_library, by_page)
        for one, by_library, by_page in zip(asked, expected, said, strict=True)
        if by_library != by_page
    ]
    assert wrong[:5] == []


@pytest.fixture
def rng() -> random.Random:
    return random.Random(int(os.environ.get("VAXCERT_MUTATOR_SEED", "27")))


def test_base45_is_read_alike(ask: Ask, rng: random.Random) -> None:
    alphabet = base45.ALPHABET.decode()
    texts = ["", "0", ":::", "GGW", "000V5", "a", "\u0410", "\U0001f489"]
    texts += ["".join(rng.choices(alphabet, k=rng.randrange(12))) for _ in range(MANY)]
    texts += [base45.encode(rng.randbytes(rng.randrange(200))) for _ in range(MANY // 10)]
    texts += [text[:-1] + rng.choice("aé\n:") for text in texts[-200:]]
    expected = answers(texts, lambda text: base45.decode(text).hex())
    the_same(texts, expected, ask("base45", texts))
    assert {tuple(one) for one in expected} == {("value",), ("error", "detail")}


def test_streams_are_inflated_alike_whole_bounded_or_not_at_all(ask: Ask, rng: random.Random) -> None:
    streams = [
        b"",
        b"\x78",
        b"\x78\x9c",
        zlib.compress(b""),
        zlib.compress(bytes(65_536)),
        zlib.compress(bytes(65_537)),
    ]
    for _ in range(600):
        content = rng.randbytes(rng.randrange(40)) * rng.choice((1, 3, 50))
        packed = zlib.compress(content, rng.randrange(10))
        streams += [packed, packed[:-1], packed[: len(packed) // 2], packed + b"\0", packed + packed]
        place = rng.randrange(len(packed))
        streams.append(packed[:place] + rng.randbytes(1) + packed[place + 1 :])
    given = [stream.hex() for stream in streams]
    expected = answers(given, lambda stream: deflate.inflate(bytes.fromhex(stream)).hex())
    told = "not one whole zlib stream"
    expected = [one | {"detail": told} if one.get("error") == "compression_invalid" else one for one in expected]
    the_same(given, expected, ask("inflate", given))


def test_streams_without_a_header_are_inflated_alike(ask: Ask, rng: random.Random) -> None:
    streams = [b"", b"\x03\0", b"\x03\0\0", raw(bytes(65_536)), raw(bytes(65_537)), raw(bytes(50_000_000))[:20_000]]
    for _ in range(300):
        packed = raw(rng.randbytes(rng.randrange(40)) * rng.choice((1, 3, 50)))
        streams += [packed, packed[:-1], packed + b"\0", zlib.compress(packed)]
    given = [stream.hex() for stream in streams]
    expected = answers(given, lambda stream: deflate.inflate(bytes.fromhex(stream), raw=True).hex())
    told = "not one whole deflate-raw stream"
    expected = [one | {"detail": told} if one.get("error") == "compression_invalid" else one for one in expected]
    the_same(given, expected, ask("inflateRaw", given))


def raw(content: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()


def test_base64url_is_read_alike(ask: Ask, rng: random.Random) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    texts = ["", "A", "AA", "AB", "AA==", "A+A", "\u0410A", "AAA\n"]
    texts += ["".join(rng.choices(alphabet, k=rng.randrange(14))) for _ in range(MANY)]
    texts += [base64url.encode(rng.randbytes(rng.randrange(60))) for _ in range(MANY // 10)]
    expected: list[Any] = []
    for text in texts:
        try:
            expected.append({"value": base64url.decode(text).hex()})
        except ValueError:
            expected.append({"value": None})
    the_same(texts, expected, ask("base64url", texts))
    assert {"value": None} in expected


def plain_json(value: Any) -> Any:
    """A value of JSON as the page tells it."""
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:
        return ["int", str(value)]
    if type(value) is float:
        return ["float", struct.pack(">d", value).hex()]
    if type(value) is list:
        return ["array", [plain_json(one) for one in value]]
    return ["map", [[name, plain_json(one)] for name, one in value.items()]]


def a_value(rng: random.Random, left: int = 4) -> Any:
    kind = rng.randrange(6 if left else 4)
    if kind < 2:
        return rng.choice((None, True, False, 0, -1, 2**53 + 1, 10**40, 1.0, -0.0, 1.5e300, 0.1, 1e-7))
    if kind < 4:
        return rng.choice(("", "a", "Nguyễn", "\ufeffx", "\U0001f489", "\0\t", '"\\/', "\u2028"))
    if kind == 4:
        return [a_value(rng, left - 1) for _ in range(rng.randrange(4))]
    return {rng.choice(("a", "b", "__proto__", "", "ễ")): a_value(rng, left - 1) for _ in range(rng.randrange(4))}


ODD_JSON = (
    "", " ", "1 2", "01", "-", "-0", "+1", "1.", ".5", "1e5", "1E+05", "1e400", "-1e400", "NaN", "-Infinity", "[NaN]",
    "[1,]", "{,}", '{"a":1,}', '{"a" 1}', '{"a":1 "b":2}', '{"a":1,"a":2}', '{"a":{"b":1,"b":1},', "{1:2}", "'a'", '"a', '"\\x"',
    '"\\u12"', '"\\ud83d\\udc89"', '"\\ud83d"', '"\\udc89\\ud83d"', '"\\\\ud83d"', '{"\\udc00":1}', '"\t"', '"\x7f"', "\ufeff1", "\xa01", "[1]\n",
    "truex", "nul", "9" * 1_000, "9" * 1_001, "[" * 20 + "]" * 20, "[" * 5_000, "/*a*/1", '{"a":tru}', "\x0c1", "1_0", "\uff11",
)  # fmt: skip


def test_json_is_read_alike_and_what_two_readers_could_read_otherwise_is_refused(ask: Ask, rng: random.Random) -> None:
    texts = [text.encode() for text in ODD_JSON] + [b"\xff", b'"\xed\xa0\x80"', b'"\xc0\x80"']
    for _ in range(MANY):
        text = json.dumps(a_value(rng), ensure_ascii=rng.random() < 0.3, indent=rng.choice((None, 1))).encode()
        texts.append(text)
        place = rng.randrange(len(text))
        texts.append(
            text[:place] + rng.choice((b"", b",", b'"', b"0", b"\\", b"}", b"e")) + text[place + rng.randrange(2) :]
        )
    given = [text.hex() for text in texts]
    expected: list[Any] = []
    for text in texts:
        try:
            expected.append({"value": plain_json(jsontext.loads(text))})
        except ValueError as error:
            expected.append({"error": "not_json", "detail": str(error) if type(error) is ValueError else ""})
    the_same(given, expected, ask("json", given))
    assert {"", "a name twice in one object", "nested too deeply"} <= {one.get("detail") for one in expected}


def test_a_bomb_is_told_while_it_is_inflated(ask: Ask) -> None:
    bomb = zlib.compress(bytes(100_000_000), 9)
    (said,) = ask("inflate", [bomb[: len(bomb) // 2].hex()])
    assert said == {"error": "inflated_too_large", "detail": "more than 65536 bytes"}


def plain(item: Any) -> Any:
    """An item of CBOR as the page tells it."""
    if item is None or type(item) in (bool, str):
        return item
    if type(item) is int:
        return ["int", str(item)]
    if type(item) is float:
        return ["float", "nan" if item != item else struct.pack(">d", item).hex()]
    if type(item) is bytes:
        return ["bytes", item.hex()]
    if type(item) in (list, tuple):
        return ["array", [plain(one) for one in item]]
    if type(item) is cbor2.CBORTag:
        return ["tag", item.tag, plain(item.value)]
    if type(item) is cbor2.CBORSimpleValue:
        return ["simple", item.value]
    if item is cbor2.undefined:
        return ["undefined"]
    return ["map", [[plain(key), plain(value)] for key, value in item.items()]]


def an_item(rng: random.Random, left: int = 4) -> Any:
    kind = rng.randrange(8 if left else 5)
    if kind == 0:
        return rng.choice((None, True, False, 1.5, float("nan"), float("inf"), -0.0, 1e300))
    if kind == 1:
        return rng.choice((0, -1, 23, 24, 255, 256, 2**32, 2**53, 2**53 + 1, 2**64 - 1, -(2**64), rng.getrandbits(64)))
    if kind in (2, 3):
        return rng.choice(("", "a", "Nguyễn", "\ufeffx", "\U0001f489", "\0"))
    if kind == 4:
        return rng.randbytes(rng.randrange(30))
    if kind == 5:
        return [an_item(rng, left - 1) for _ in range(rng.randrange(5))]
    return {rng.choice((1, -7, "a", "b", b"k", 2**64 - 1)): an_item(rng, left - 1) for _ in range(rng.randrange(4))}


def test_cbor_is_read_alike_in_every_writing_and_damaged(ask: Ask, rng: random.Random) -> None:
    written = []
    for _ in range(MANY):
        data = encode(an_item(rng), rng, Style(rng.random(), rng.random()))
        written.append(data)
        place = rng.randrange(len(data))
        written.append(data[:place] + rng.randbytes(rng.randrange(3)) + data[place + rng.randrange(3) :])
    written += [bytes((first, second)) for first in range(256) for second in (0, 1, 0x18, 0x20, 0x61, 0xF5, 0xFF)]
    written += [
        head + bytes((0x18, 0x20, 0)) for head in (b"\xf9", b"\xfa\0", b"\xf8", b"\xd8", b"\x39", b"\x3b" + b"\xff" * 5)
    ]
    for levels in range(13, 19):
        for opening, closing in ((b"\x81", b""), (b"\x9f", b"\xff"), (b"\xa1\1", b""), (b"\xd2", b""), (b"\xc1", b"")):
            written += [
                opening * levels + inner + closing * levels
                for inner in (b"\1", b"\x80", b"\xa0", b"\x9f\xff", b"\xc1\1", b"\xd2\1")
            ]
    given = [data.hex() for data in written]
    expected = answers(given, lambda data: plain(cbor.loads(bytes.fromhex(data))))
    the_same(given, expected, ask("cbor", given))
    assert sum("value" in one for one in expected) > MANY // 2 < sum("error" in one for one in expected) * 3


def test_names_are_normalised_and_transliterated_alike(ask: Ask, rng: random.Random) -> None:
    """All letters of the alphabets that people are named in, alone and together, and what nobody sees."""
    ranges = [(0, 0x600), (0x1D00, 0x2070), (0x2C60, 0x2C80), (0x3040, 0x3100), (0xA720, 0xA7C0), (0xAC00, 0xAC40), (0xFB00, 0xFB07), (0xFF00, 0xFFA1), (0x1F488, 0x1F490), (0xE0000, 0xE0100)]  # fmt: skip
    letters = [chr(code) for first, last in ranges for code in range(first, last)]
    # What a later Unicode has a letter for, one browser knows and one Python does not.
    letters = [one for one in letters if not (0xA7C0 > ord(one) > 0xA7BF)]
    texts = [*letters, *("".join(rng.choices(letters, k=rng.randrange(1, 12))) for _ in range(MANY))]
    texts += ["ΟΥ", "ΫΎ", "ÄÖ\u0308Å", "Nguyễn  Mẫu\tThử ", "ß", "ŉ", "Đỗ", "x" * 90, "-".join("ab" * 50)]
    expected = [{"value": [normalise(text), transliterate(text)]} for text in texts]
    the_same(texts, expected, ask("names", texts))


def test_ids_have_the_same_spellings_and_sites(ask: Ask, rng: random.Random) -> None:
    pieces = [
        "URN:UVCI:",
        "urn:uvci:",
        "01",
        ":",
        "VN",
        "VP01",
        "/",
        "#",
        " ",
        "\u00a0",
        "A",
        "ı",
        "ß",
        "Σ",
        "\U0001f489",
    ]
    ids = ["".join(rng.choices(pieces, k=rng.randrange(10))) for _ in range(MANY)]
    expected = []
    for one in ids:
        names = uvci.spellings(one)
        # As JavaScript sorts: by halves of characters.
        by_units: Callable[[str], bytes] = lambda text: text.encode("utf-16-be", "surrogatepass")  # noqa: E731
        expected.append({"value": [sorted(names, key=by_units), sorted(uvci.sites_of(names), key=by_units)]})
    the_same(ids, expected, ask("spellings", ids))


def test_moments_are_read_alike(ask: Ask, rng: random.Random) -> None:
    signs = "0123456789-:TZ+., W"
    good = ["2026-06-14T10:00:00+07:00", "2026-06-14 10:00", "0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59.999999-12:00",
            "2026-06-14T10", "2026-06-14T", "2026-06-14", "2024-02-29T00:00Z", "2026-06-14T100000,123+0700"]  # fmt: skip
    texts = [*good, "", "2026-02-29T00:00", "2026-06-14\U0001f48910:00", "２０２６-06-14T10:00"]
    for _ in range(MANY):
        text = list(rng.choice(good))
        for _ in range(rng.randrange(1, 3)):
            place = rng.randrange(len(text))
            text[place : place + rng.randrange(2)] = rng.choices(signs, k=rng.randrange(2))
        texts.append("".join(text))
    expected = []
    for text in texts:
        try:
            moment = eudcc._moment(text)
        except ValueError:
            expected.append({"value": None})
            continue
        expected.append({"value": _moment(moment)})
    the_same(texts, expected, ask("moment", texts))
    assert sum(one["value"] is not None for one in expected) > 500


def _moment(moment: Any) -> list[str]:
    from datetime import UTC, datetime, timedelta

    import msgspec

    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return [str(micros), msgspec.to_builtins(moment), moment.date().isoformat()]


def test_texts_are_bared_and_told_alike(ask: Ask, rng: random.Random, text: str) -> None:
    around = [
        "{}\r\n",
        "\ufeff{}",
        " {} ",
        '"{}"',
        "> {}",
        "]Q1{}",
        "QR-Code:{}\n",
        "\x02{}\x03",
        "\u200b{}",
        "{}\n\n",
        "\u00a0{}",
    ]
    codes = [one for table in (SYSTEMS, OTHERS) for some in table.values() for one in some]
    codes += [
        text,
        text[:-3],
        text.lower(),
        text.swapcase(),
        "HC1",
        "",
        "x" * 70_001,
        "HC1:" + "é" * 70,
        "HCĂ" + text[3:],
        "РС1Ж" + text[4:],
        "ХЦ1:" + text[4:],
    ]
    texts = [form.format(code) for code in codes for form in ("{}", *around)]
    texts += [code[:place] + rng.choice(" \n\x85:|") + code[place:] for code in codes for place in (1, 3, 12, 40)]
    texts += [f"{code}\n" for code in codes] + [f"{code}\n\n" for code in codes] + [code.upper() for code in codes]
    for before, end in (
        ("> ", "\n"),
        (">> ", "\n"),
        ("  ", "\n"),
        ("", " \n"),
        ("", "\u2028"),
        ("\t", "\r\n"),
        ("", "\n\n"),
    ):
        texts += [end.join(before + text[at : at + width] for at in range(0, len(text), width)) for width in (60, 76)]
    # What only the library has a reader for (VDS-NC) the engine tells by its name.
    texts = [one for one in texts if (known := format_of(bare(one))) is None or known.name in FORMATS]
    expected = answers(texts, _recognised)
    the_same(texts, expected, ask("recognise", texts))
    assert {*SYSTEMS, *OTHERS} <= {one.get("detail") for one in expected}


def _recognised(text: str) -> str:
    found = bare(text)
    recognise(found)
    return found


PATHS = ["", "payload", "payload.v", "payload.v.0.dt", "payload.v.0.dn", "payload.v.1", "payload.dob", "payload.v.0.ci",
         "current", "accumulator", "current.dt", "current.length", "payload.constructor", "payload.__proto__", "x.0",
         "external.codes", "external.clock", "payload.v.00"]  # fmt: skip
TEXTS = [
    "",
    "2021",
    "2020-02-29",
    "2021-02-30",
    "2021-06",
    "2021-06-01T10:00:00Z",
    "2021-06-01T24:00:00",
    "day",
    "a",
    "URN:UVCI:01:VN:A#B",
]
DATA = {
    "payload": {"dob": "1990-05", "v": [{"dt": "2021-06-01", "dn": 1, "sd": 2, "mp": "a", "ci": "URN:UVCI:01:VN:A#B"}], "t": []},
    "external": {"clock": "2021-07-01T00:00:00Z", "codes": ["a", "b"], "odd": 1.5, "none": None},
}  # fmt: skip


def an_expression(rng: random.Random, left: int = 4) -> Any:
    kind = rng.randrange(8)
    if kind < 2 or not left:
        return rng.choice((rng.choice(TEXTS), rng.randrange(-3, 4), 2**53 - 1, True, False))
    if kind < 4:
        return {"var": rng.choice(PATHS)}
    if kind == 4:
        return [an_expression(rng, left - 1) for _ in range(rng.randrange(4))]
    name = rng.choice(sorted(OPERATORS - {"var"}))
    operand = lambda: an_expression(rng, left - 1)  # noqa: E731
    if name == "plusTime":
        return {
            name: [operand(), rng.choice((0, 1, -18, 400, 10_000_000)), rng.choice(("day", "month", "year", "hour"))]
        }
    if name == "extractFromUVCI":
        return {name: [operand(), rng.randrange(-1, 5)]}
    count = {"if": 3, "!": 1, "===": 2, "in": 2, "+": 2, "reduce": 3, "dccDateOfBirth": 1}.get(name) or rng.choice(
        (2, 3)
    )
    return {name: [operand() for _ in range(count)]}


def test_certlogic_gives_the_same_answers_and_gives_none_alike(ask: Ask, rng: random.Random) -> None:
    asked, expected = [], []
    while len(asked) < 2 * MANY:
        expression = an_expression(rng)
        try:
            logic = compile_logic(expression)
        except ConfigurationError:
            continue
        asked.append([expression, DATA])
        try:
            found = logic.evaluate(DATA)
        except EvaluationError as error:
            expected.append({"error": str(error.reason)})
            continue
        expected.append(
            {
                "value": json.loads(json.dumps(found, default=str))
                if not isinstance(found, Moment)
                else {"time": int(found)}
            }
        )
    said = ask("logic", asked)
    # Arrays of date-times are no answer of any rule.
    kept = [place for place, one in enumerate(expected) if not isinstance(one.get("value"), list)]
    the_same([asked[place] for place in kept], [expected[place] for place in kept], [said[place] for place in kept])
    assert {"error", "value"} == {next(iter(expected[place])) for place in kept}
