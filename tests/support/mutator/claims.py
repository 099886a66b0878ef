"""Hostile and merely odd claims: what a genuine key may have signed all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mutator.draft import Catalogue, Draft, Fault, Step
from mutator.encoding import Pairs, Raw, Tagged
from mutator.world import SECONDS

CLAIMS = Catalogue()
INVALID, DAY = "content_invalid", 86_400
HOSTILE = "\x1b[2J\r\n\u202e\u200b<img onerror>=cmd()"
# What no date, text, number or map is.
NOTHING_AT_ALL: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "bytes": b"1",
    "an array": [1],
    "a map": Pairs([["a", 1]]),
    "a tag of a message": Tagged(18, 1),
    "simple(1)": Raw(b"\xe1"),
    "undefined": Raw(b"\xf7"),
}
# Items that the profile refuses wherever they stand.
REFUSED: dict[str, Raw] = {
    "a big number": Raw(b"\xc2\x49" + bytes(8) + b"\x01"),
    "a decimal fraction": Raw(b"\xc4\x82\x1a\x7f\xff\xff\xff\x01"),
    "a big float": Raw(b"\xc5\x82\x1a\x7f\xff\xff\xff\x01"),
    "a rational": Raw(b"\xd8\x1e\x82\x01\x00"),
    "a shared item": Raw(b"\xd8\x1c\x81\xd8\x1d\x00"),
    "a regular expression": Raw(b"\xd8\x23\x65(a+)+"),
    "a set": Raw(b"\xd9\x01\x02\x81\x01"),
    "an unknown tag": Raw(b"\xd9\x27\x0f\x01"),
    "a number under the tag of date texts": Raw(b"\xc0\x01"),
    "a text under the tag of date numbers": Raw(b"\xc1\x61a"),
    "a text that is no UTF-8": Raw(b"\x62\xff\xfe"),
    "a reserved length": Raw(b"\x1c"),
    "a break": Raw(b"\xff"),
    "a text in a byte string": Raw(b"\x5f\x61a\xff"),
    "a key twice": Raw(b"\xa2\x01\x02\x01\x03"),
    "a key twice in two lengths": Raw(b"\xa2\x01\x02\x18\x01\x03"),
    "a text key twice": Raw(b"\xa2\x61a\x02\x7f\x61a\xff\x03"),
    "an array as key": Raw(b"\xa1\x80\x02"),
    "a map as key": Raw(b"\xa1\xa0\x02"),
    "a tag as key": Raw(b"\xa1\xd2\x01\x02"),
    "true as key": Raw(b"\xa1\xf5\x02"),
    "null as key": Raw(b"\xa1\xf6\x02"),
    "a float as key": Raw(b"\xa1\xf9\x3c\x00\x02"),
    "NaN as key": Raw(b"\xa1\xf9\x7e\x00\x02"),
    "sixty levels": Raw(b"\x81" * 60 + b"\x01"),
    "a length without an end": Raw(b"\x9b" + b"\xff" * 8),
}


def under(place: str, key: Any, value: Any) -> Callable[[Draft], None]:
    """Puts a value under a key of one of a draft's maps."""
    return lambda draft: getattr(draft, place).put(key, value)


def without(place: str, key: Any) -> Callable[[Draft], None]:
    """Takes a key out of one of a draft's maps."""
    return lambda draft: getattr(draft, place).drop(key)


def of_kind(*kinds: str) -> Callable[[Draft], bool]:
    """Whether a draft's entry is one of some kinds."""
    return lambda draft: draft.kind in kinds


def _moments(label: int, name: str, values: dict[str, tuple[Any, Step | None, str | None]]) -> None:
    for what, (value, step, reason) in values.items():
        CLAIMS.add(f"{name}: {what}", name, under("claims", label, value), step, reason)
    for what, odd in NOTHING_AT_ALL.items():
        CLAIMS.add(f"{name}: {what}", name, under("claims", label, odd), Step.READ, INVALID)
    CLAIMS.add(f"{name}: missing", name, without("claims", label), Step.READ, INVALID)


_NO_MOMENT = {
    "text": "2027-01-01", "NaN": float("nan"), "infinite": float("inf"), "infinitely long ago": float("-inf"),
    "huge": 1e300, "in milliseconds": SECONDS * 1000, "the largest integer": 2**64 - 1, "the smallest": -(2**64),
    "a date under tag 0": Tagged(0, "2027-01-01T00:00:00Z"), "text under tag 1": Tagged(1, "1"),
    "one second past the year 9999": 253_402_300_800, "before the year 1": -62_135_596_801,
}  # fmt: skip
_no_moment = {what: (value, Step.READ, INVALID) for what, value in _NO_MOMENT.items()}
_moments(4, "exp", _no_moment | {
    "now": (SECONDS, None, None),
    "a float": (SECONDS + 0.5, None, None),
    "under tag 1": (Tagged(1, SECONDS + DAY), None, None),
    "the last there is": (253_402_300_799, None, None),
    "a second ago": (SECONDS - 1, Step.VALIDITY, "expired"),
    "half a second ago": (SECONDS - 0.5, Step.VALIDITY, "expired"),
    "1970": (0, Step.VALIDITY, "expired"),
    "before 1970": (-SECONDS, Step.VALIDITY, "expired"),
    "the year 1": (-62_135_596_800, Step.VALIDITY, "expired"),
})  # fmt: skip
_moments(6, "iat", _no_moment | {
    "five minutes ahead": (SECONDS + 300, None, None),
    "a float": (SECONDS - 0.5, None, None),
    "under tag 1": (Tagged(1, SECONDS - DAY), None, None),
    "too far ahead": (SECONDS + 301, Step.VALIDITY, "not_yet_valid"),
    "the last there is": (253_402_300_799, Step.VALIDITY, "not_yet_valid"),
    "before its key": (SECONDS - 31 * DAY, Step.VALIDITY, "issued_outside_signer_validity"),
    "1970": (0, Step.VALIDITY, "issued_outside_signer_validity"),
    "the year 1": (-62_135_596_800, Step.VALIDITY, "issued_outside_signer_validity"),
})  # fmt: skip

for _what, _value in {
    "France": "FR",
    "nothing": "",
    "a ministry": "Ministry of Health",
    "null": None,
    "long": "x" * 300,
}.items():
    CLAIMS.add(f"iss: {_what}", "iss", under("claims", 1, _value))
CLAIMS.add("iss: missing", "iss", without("claims", 1))
for _what, _value in NOTHING_AT_ALL.items():
    if _value is not None:
        CLAIMS.add(f"iss: {_what}", "iss", under("claims", 1, _value), Step.READ, INVALID)

# The container of certificates. What it holds else is lost with it, so it takes all their slots.
_ALL = "hcert version name dob entry number day ci country extra"
UNKNOWN = "content_unknown"


def _contents(change: Callable[[Pairs], Any]) -> Callable[[Draft], None]:
    return lambda draft: draft.claims.put(-260, change(draft.dcc))


for _name, _change, _reason in (
    ("null", lambda dcc: None, UNKNOWN),
    ("a text", lambda dcc: "HC1:", UNKNOWN),
    ("an array", lambda dcc: [0, dcc], UNKNOWN),
    ("a map of another kind", lambda dcc: Pairs([[7, dcc]]), UNKNOWN),
    ("a text as kind", lambda dcc: Pairs([["1", dcc]]), UNKNOWN),
    ("bytes as kind", lambda dcc: Pairs([[b"\x01", dcc]]), UNKNOWN),
    ("an empty map", lambda dcc: Pairs(), UNKNOWN),
    ("under a tag", lambda dcc: Tagged(18, Pairs([[1, dcc]])), UNKNOWN),
    ("true as kind", lambda dcc: Pairs([[True, dcc]]), INVALID),
    ("a float as kind", lambda dcc: Pairs([[1.0, dcc]]), INVALID),
    ("two of a kind", lambda dcc: Pairs([[1, dcc], [1, dcc]]), INVALID),
    ("nothing in it", lambda dcc: Pairs([[1, None]]), INVALID),
    ("a list of certificates", lambda dcc: Pairs([[1, [dcc]]]), INVALID),
    ("a certificate as bytes", lambda dcc: Pairs([[1, b"\xa0"]]), INVALID),
    ("no certificate", lambda dcc: Pairs([[1, Pairs()]]), INVALID),
):
    CLAIMS.add(f"hcert: {_name}", _ALL, _contents(_change), Step.READ, _reason)
CLAIMS.add("hcert: missing", _ALL, without("claims", -260), Step.READ, UNKNOWN)
CLAIMS.add("hcert: under its label as text", _ALL, lambda draft: (draft.claims.drop(-260), draft.claims.put("-260", draft.contents))[0], Step.READ, UNKNOWN)  # fmt: skip
CLAIMS.add("hcert: another kind beside it", "hcert", lambda draft: draft.contents.append([2, Pairs()]))
CLAIMS.add("hcert: twice", _ALL, lambda draft: draft.claims.append([-260, draft.contents]), Step.READ, INVALID)


def _payload(change: Callable[[bytes], bytes]) -> Callable[[Draft], None]:
    return lambda draft: draft.on_payload.append(change)


for _name, _change in {
    "bytes behind it": lambda data: data + b"\0",
    "cut short": lambda data: data[:-1],
    "nothing": lambda data: b"",
    "under the tag of a CWT": lambda data: b"\xd8\x3d" + data,
    "under the tag of a message": lambda data: b"\xd2" + data,
    "under the tag of CBOR itself": lambda data: b"\xd9\xd9\xf7" + data,
    "in an array": lambda data: b"\x81" + data,
    "in a byte string": lambda data: b"\x59" + len(data).to_bytes(2, "big") + data,
    "twice": lambda data: data + data,
}.items():
    CLAIMS.add(f"payload: {_name}", "payload", _payload(_change), Step.READ, INVALID)

# Additional claims and keys.
for _what, _value in REFUSED.items():
    for _place, _key in (("claims", 1000), ("dcc", "x"), ("entry", "x"), ("name", "x")):
        CLAIMS.add(f"extra in {_place}: {_what}", "extra", under(_place, _key, _value), Step.READ, INVALID)
for _what, _value in (NOTHING_AT_ALL | {"a text": HOSTILE, "a float": 1.5, "NaN": float("nan")}).items():
    for _place, _key in (("claims", 1000), ("claims", "x"), ("dcc", "x"), ("entry", "x"), ("name", "x")):
        CLAIMS.add(f"extra in {_place} under {_key}: {_what}", "extra", under(_place, _key, _value))

# The certificate.
CLAIMS.add("version: unheard of", "version", under("dcc", "ver", "99.0.0"))
CLAIMS.add("version: missing", "version", without("dcc", "ver"), Step.READ, INVALID)
CLAIMS.add("version: a number", "version", under("dcc", "ver", 1.3), Step.READ, INVALID)
for _what, _value in {"missing": ..., "null": None, "a text": "Nguyễn", "an array": [], "empty": Pairs()}.items():
    CLAIMS.add(f"name: {_what}", "name extra", without("dcc", "nam") if _value is ... else under("dcc", "nam", _value), Step.READ, INVALID)  # fmt: skip


def _named(*texts: Any) -> Callable[[Draft], None]:
    def apply(draft: Draft) -> None:
        draft.name[:] = [
            [key, text] for key, text in zip(("fn", "fnt", "gn", "gnt"), texts, strict=False) if text is not ...
        ]

    return apply


for _what, _texts, _step in (
    ("hostile", (HOSTILE, HOSTILE), None),
    ("long", ("N" * 400, "N" * 400), None),
    ("of another script", ("李明", "LI<MING"), None),
    ("transliterated alone", (..., "NGUYEN"), None),
    ("blank", (" ", " \t"), Step.READ),
    ("of letters that nobody sees", ("\u3164", "\u2800", "\u115f", "\u200b"), Step.READ),
    ("a number", (1, "NGUYEN"), Step.READ),
    ("bytes", (b"Nguyen", "NGUYEN"), Step.READ),
    ("a list of names", (["Nguyen"], "NGUYEN"), Step.READ),
):
    CLAIMS.add(f"name: {_what}", "name extra", _named(*_texts), _step, _step and INVALID)

for _born, _step, _reason in (
    ("1990", None, None), ("1990-05", None, None), ("1990-05-17T00:00:00", None, None), ("1990-00-00", None, None),
    ("", None, None), ("17/05/1990", Step.READ, INVALID), ("1990-13", Step.READ, INVALID),
    ("1990-02-30", Step.READ, INVALID), ("1990-5-17", Step.READ, INVALID), ("HC1:", Step.READ, INVALID),
    ("１９９０", Step.READ, INVALID), ("19900517", Step.READ, INVALID), ("1843-12-11", Step.CONTENT, INVALID),
    ("0001-01-01", Step.CONTENT, INVALID), ("2150-01-01", Step.CONTENT, INVALID), ("9999-12-31", Step.CONTENT, INVALID),
    ("2099-01-01", Step.RULES, "event_before_birth"), (None, Step.READ, INVALID), (1990, Step.READ, INVALID),
    (Tagged(1, 0), Step.READ, INVALID), (["1990"], Step.READ, INVALID),
):  # fmt: skip
    CLAIMS.add(f"dob: {_born!r}", "dob day", under("dcc", "dob", _born), _step, _reason)
CLAIMS.add("dob: missing", "dob", without("dcc", "dob"), Step.READ, INVALID)


def _entries(change: Callable[[Draft], Any]) -> Callable[[Draft], None]:
    return lambda draft: draft.dcc.put(draft.kind, change(draft))


_ENTRY = "entry number day ci country extra"
for _name, _change, _reason in (
    ("none", lambda draft: [], "content_empty"),
    ("null for all", lambda draft: None, "content_empty"),
    ("no list", lambda draft: draft.entry, INVALID),
    ("a text", lambda draft: "x", INVALID),
    ("of nothing", lambda draft: [None], INVALID),
    ("a list of lists", lambda draft: [[draft.entry]], INVALID),
    ("an empty map", lambda draft: [Pairs()], INVALID),
):
    CLAIMS.add(f"entries: {_name}", _ENTRY, _entries(_change), Step.READ, _reason)
CLAIMS.add("entries: no list at all", _ENTRY, lambda draft: draft.dcc.drop(draft.kind), Step.READ, "content_empty")
CLAIMS.add("entries: an empty list of another kind", "entry", lambda draft: draft.dcc.put("r" if draft.kind != "r" else "t", []))  # fmt: skip
CLAIMS.add("entries: null of another kind", "entry", lambda draft: draft.dcc.put("r" if draft.kind != "r" else "t", None))  # fmt: skip
CLAIMS.add("entries: two", _ENTRY, _entries(lambda draft: [draft.entry, draft.entry]))


def _beside(draft: Draft, kind: str, entry: Pairs) -> None:
    draft.dcc.put(kind, [draft.entry, entry] if kind == draft.kind else [entry])
    allowed = draft.signer.trusted.usages
    if allowed and {"v": "vaccination", "t": "test", "r": "recovery"}[kind] not in allowed:
        draft.faults.append(Fault(Step.USAGE, "usage_not_allowed"))


CLAIMS.add("entries: one of another kind too", _ENTRY, lambda draft: _beside(draft, "v" if draft.kind != "v" else "r", _another(draft)))  # fmt: skip
_POSITIVE = dict.fromkeys(("tg", "tt", "is", "ci"), "x") | {"sc": "2026-06-01T10:00:00Z", "tr": "260373001"}
CLAIMS.add("entries: a positive test too", f"{_ENTRY} result", lambda draft: _beside(draft, "t", Pairs.of(_POSITIVE)), Step.RULES, "test_positive")  # fmt: skip


def _another(draft: Draft) -> Pairs:
    given: dict[str, Any] = dict.fromkeys(("tg", "vp", "mp", "ma", "co", "is", "ci"), "x")
    if draft.kind == "v":
        return Pairs.of(given | dict.fromkeys(("fr", "df", "du"), "2026-06-01"))
    return Pairs.of(given | {"dn": 1, "sd": 1, "dt": "2026-06-01"})


def _fields(kind: str, required: Iterable[str]) -> None:
    for field in required:
        slots = f"entry {'ci' if field == 'ci' else 'number' if field in ('dn', 'sd') else 'day'}"
        CLAIMS.add(f"{kind} {field}: missing", slots, without("entry", field), Step.READ, INVALID, of_kind(kind))
        for what, odd in NOTHING_AT_ALL.items():
            CLAIMS.add(f"{kind} {field}: {what}", slots, under("entry", field, odd), Step.READ, INVALID, of_kind(kind))


_fields("v", ("tg", "vp", "mp", "ma", "dn", "sd", "dt", "is", "ci"))
_fields("t", ("tg", "tt", "sc", "tr", "is", "ci"))
_fields("r", ("tg", "fr", "df", "du", "is", "ci"))
