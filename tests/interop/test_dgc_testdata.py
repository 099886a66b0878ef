"""The member states' own test cases: every expectation of every step, scored one by one."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from vaxcert import ImageError, KeyMaterialError, TrustedKey, TrustStore, Verdict, Verifier
from vaxcert.errors import CardError
from vaxcert.qr import read
from vaxcert.wire import base45, cbor, cose, deflate

# What can only be said once the signature was checked.
AFTER_KEY = {"VERIFY", "KEYUSAGE", "EXPIRATIONCHECK", "SCHEMAVALIDATION", "VALIDOBJECT"}
SCHEMA_STEPS = {"SCHEMAVALIDATION", "VALIDOBJECT"}

# What no correct reader reproduces, each with its reason. Nothing else is left out.
EXCEPTIONS: dict[str, tuple[Callable[["Case", str], bool], str]] = {
    "P-384": (
        lambda case, step: case.key_reason == "key_type_unsupported" and step in AFTER_KEY,
        "ES256 is for P-256: the key is refused, so only the steps before it can be asked",
    ),
    "NL": (
        lambda case, step: case.country == "NL" and step in SCHEMA_STEPS,
        "its schema flags contradict one another: objects are called valid that the schema is said to refuse",
    ),
    "FR": (
        lambda case, step: (case.country, case.name, step) == ("FR", "test_pcr_ok.json", "VALIDJSON"),
        "its JSON text has both of the test's times two hours before the card's",
    ),
}


class Case(NamedTuple):
    country: str
    name: str
    data: dict[str, Any]
    verdict: Verdict
    key_reason: str | None


def clock(text: str) -> datetime:
    """Fourteen ways to write a time; without a zone it is UTC."""
    moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def load(path: Path) -> Case:
    data = json.loads(path.read_text("utf-8"))
    context = data.get("TESTCTX", {})
    keys, reason = [], None
    if context.get("CERTIFICATE"):
        try:
            keys = [TrustedKey.from_certificate(base64.b64decode(context["CERTIFICATE"]))]
        except KeyMaterialError as error:
            reason = str(error.reason)
    verifier = Verifier(TrustStore(keys))
    text = data.get("PREFIX", "")
    if context.get("VALIDATIONCLOCK"):
        at = clock(context["VALIDATIONCLOCK"])
    else:
        probe = verifier.verify(text, at=datetime(2021, 6, 1, tzinfo=UTC)).certificate
        at = probe.issued_at + timedelta(hours=1) if probe and probe.issued_at else datetime(2021, 6, 1, tzinfo=UTC)
    return Case(path.parent.name, path.name, data, verifier.verify(text, at=at), reason)


def outcome(case: Case, stage: str) -> str:
    return next((str(check.outcome) for check in case.verdict.checks if check.stage == stage), "absent")


def as_written(value: Any) -> Any:
    """JSON and CBOR write times and whole floats differently; what they mean is compared."""
    if isinstance(value, dict):
        return {key: as_written(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [as_written(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", value):
        try:
            return clock(value)
        except ValueError:
            return value
    return value


def dcc_in(payload: bytes) -> Any:
    """The certificate in claims, or alone."""
    found = cbor.loads(payload)
    return found[-260][1] if isinstance(found, dict) and -260 in found else found


def compressed_of(case: Case) -> bytes:
    return base45.decode(case.data["PREFIX"][4:])


def dcc_of(case: Case) -> Any:
    return dcc_in(cose.decode(deflate.inflate(compressed_of(case))).payload)


def states(case: Case, field: str, ours: str) -> bool:
    """Whether an intermediate form is the one that the case states, if it states one."""
    return not case.data.get(field) or ours.lower() == case.data[field].lower()


def json_matches(case: Case) -> bool:
    expected = case.data["JSON"]
    if isinstance(expected, str):
        expected = json.loads(expected)
    return bool(as_written(dcc_of(case)) == as_written(expected))


def picture_matches(case: Case) -> bool:
    try:
        found = read(base64.b64decode(case.data["2DCODE"]))
    except ImageError:
        return False
    return [symbol.text for symbol in found] == [case.data["PREFIX"]]


def unprefixed_matches(case: Case) -> bool:
    return outcome(case, "format") == "passed" and states(case, "BASE45", case.data["PREFIX"][4:])


def encoding_matches(case: Case) -> bool:
    return outcome(case, "encoding") == "passed" and states(case, "COMPRESSED", compressed_of(case).hex())


def compressed_matches(case: Case) -> bool:
    return outcome(case, "compression") == "passed" and states(case, "COSE", deflate.inflate(compressed_of(case)).hex())


def decoded_matches(case: Case) -> bool:
    if outcome(case, "envelope") != "passed":
        return False
    dcc = dcc_of(case)
    return isinstance(dcc, dict) and (not case.data.get("CBOR") or dcc == dcc_in(bytes.fromhex(case.data["CBOR"])))


def encoded_matches(case: Case) -> bool:
    """Maps may be encoded in any order, so bytes differ between writers; what they say must not."""
    stated = dcc_in(bytes.fromhex(case.data["CBOR"]))
    sealed = dcc_in(cose.decode(bytes.fromhex(case.data["COSE"])).payload)
    return bool(stated == sealed == cbor.loads(cbor.dumps(stated)))


STEPS: dict[str, tuple[Callable[[Case], bool], str]] = {
    # step: is it reproduced as true; the fields that it needs
    "UNPREFIX": (unprefixed_matches, "PREFIX"),
    "B45DECODE": (encoding_matches, "PREFIX"),
    "COMPRESSION": (compressed_matches, "PREFIX"),
    "DECODE": (decoded_matches, "PREFIX"),
    "ENCODE": (encoded_matches, "COSE CBOR"),
    "VERIFY": (lambda case: outcome(case, "signature") == "passed", "PREFIX"),
    "KEYUSAGE": (lambda case: outcome(case, "usage") == "passed", "PREFIX"),
    "EXPIRATIONCHECK": (lambda case: outcome(case, "validity") == "passed", "PREFIX"),
    "SCHEMAVALIDATION": (lambda case: outcome(case, "content") == "passed", "PREFIX"),
    "VALIDOBJECT": (lambda case: outcome(case, "content") == "passed", "PREFIX"),
    "VALIDJSON": (json_matches, "PREFIX JSON"),
    "PICTUREDECODE": (picture_matches, "PREFIX 2DCODE"),
}

# Where a step that must fail is seen by us. A card without a COSE message fails at the envelope, claims that are
# no certificate are seen after the signature, at content; an unknown key cannot verify anything.
FAILS_AT = {
    "UNPREFIX": {"format"},
    "B45DECODE": {"encoding"},
    "COMPRESSION": {"compression"},
    "DECODE": {"envelope", "content"},
    "VERIFY": {"envelope", "key", "signature"},
    "KEYUSAGE": {"usage"},
    "EXPIRATIONCHECK": {"validity"},
    "SCHEMAVALIDATION": {"content"},
}


def expectations(case: Case) -> Iterator[tuple[str, bool, bool]]:
    """(step, expected, reproduced) for each step that the case states and that can be asked of it."""
    for name, expected in case.data.get("EXPECTEDRESULTS", {}).items():
        step = name.removeprefix("EXPECTED")
        if step not in STEPS or any(excused(case, step) for excused, _ in EXCEPTIONS.values()):
            continue
        reproduce, needs = STEPS[step]
        if any(not case.data.get(field) for field in needs.split()):
            continue
        if expected or step not in FAILS_AT:
            yield step, expected, succeeds(reproduce, case) is expected
        else:
            # An earlier fault that the case does not speak of hides the later one: that is no reproduction.
            failed = {str(check.stage) for check in case.verdict.checks if check.outcome in ("failed", "unknown")}
            yield step, False, bool(failed & FAILS_AT[step])


def succeeds(reproduce: Callable[[Case], bool], case: Case) -> bool:
    try:
        return reproduce(case)
    except (CardError, ValueError, LookupError, TypeError):
        return False


def test_every_expectation_of_a_countrys_cases_is_reproduced(
    vectors: Path, country: str, record_property: Callable[[str, object], None]
) -> None:
    wrong, asserted = [], 0
    for path in sorted((vectors / country).glob("*.json")):
        case = load(path)
        for name in case.data.get("EXPECTEDRESULTS", {}):
            if name.removeprefix("EXPECTED") not in STEPS:
                record_property("score", ("dgc-testdata: flags that name no step, ignored", case.country, name, 1))
        for step, expected, reproduced in expectations(case):
            asserted += 1
            record_property(
                "score", ("dgc-testdata: reproduced / asserted", case.country, step.lower(), int(reproduced))
            )
            if not reproduced:
                wrong.append(f"{case.country}/{case.name}: {step} is {expected}; ours: {case.verdict!r}")
    assert asserted > 0
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_has_its_reason(name: str) -> None:
    assert len(EXCEPTIONS[name][1]) > 20
