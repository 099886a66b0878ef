"""Other systems' certificates, keys and rules through the library and through the page: verdict by verdict the same."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from both import Case, Engine, differences, milliseconds
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vaxcert import KeyMaterialError, TrustedKey, TrustStore, Verifier
from vaxcert.errors import CardError, ConfigurationError, EvaluationError
from vaxcert.formats.chunks import joined
from vaxcert.qr import read
from vaxcert.rules import bundle, modes
from vaxcert.rules.certlogic import Moment, compile_logic
from vaxcert.sorting import cards_in
from vaxcert.trust.algorithms import algorithm_of
from vaxcert.wire import base45, cbor, cose, deflate

TESTDATA = "rules/dgc-business-rules-testdata"
AT = datetime(2021, 7, 1, tzinfo=UTC)
# A day on which the small inputs of the field are good.
WINTER = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 6, 15, tzinfo=UTC)
# When health cards, passes and certificates of vaccination of others are good.
LATE = datetime(2025, 1, 1, tzinfo=UTC)
# Published lists of keys, and of those that do not say it whose keys they are.
LISTS = {
    "hcert/trust/german-demo-dsc-list.json": "",
    "who/trust/tng-cdn-prod-v2-did.json": "",
    "who/trust/tng-cdn-dev-v1-did-part.json": "",
    "shc/hl7/issuer.jwks.json": "https://spec.smarthealth.cards/examples/issuer",
    "nzcp/valid/did.json": "",
}


def clock(text: str) -> datetime:
    """The moment that a case is to be judged at; without a zone it is UTC."""
    moment = datetime.fromisoformat(re.sub(r"(\.\d{3})\d+", r"\1", text))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def state_cases(vectors: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((vectors / "hcert/dgc-testdata").rglob("*.json")):
        yield f"{path.parent.name}/{path.name}", json.loads(path.read_text("utf-8"))


def believed(vectors: Path) -> TrustStore:
    """Every key that stands anywhere among the vectors."""
    keys: list[TrustedKey] = []
    for name, issuer in LISTS.items():
        content = (vectors / name).read_bytes()
        keys += TrustStore.from_published(content, unsigned=True, environment="test", issuer=issuer)
    for _, case in state_cases(vectors):
        try:
            keys.append(TrustedKey.from_certificate(base64.b64decode(case["TESTCTX"]["CERTIFICATE"])))
        except (KeyError, TypeError, KeyMaterialError):
            continue
    return TrustStore(keys, environment="test")


def judged(engine: Engine, trust: TrustStore, cases: list[tuple[str, str, datetime | None]]) -> Counter[str]:
    """Judge texts by both, each at its moment; what came of them."""
    verifier = Verifier(trust, clock=lambda: LATER)
    moments = [at for _, _, at in cases]
    asked = [
        Case(text, told, {"now": milliseconds(LATER)} | ({} if at is None else {"at": milliseconds(at)}))
        for told, text, at in cases
    ]
    engine.trusting(bundle.of(trust))
    verdicts = engine.verdicts(asked)
    by_case = dict(zip(map(id, asked), moments, strict=True))
    wrong = differences(verifier, asked, verdicts, lambda one, case: one.verify(case.text, by_case[id(case)]))
    assert not wrong, "\n".join(wrong)
    return Counter(f"{said['status']} {said['reason']}" for said in verdicts)


def test_the_member_states_cards_have_the_same_verdicts(engine: Engine, vectors: Path) -> None:
    cases: list[tuple[str, str, datetime | None]] = []
    for name, case in state_cases(vectors):
        text = case.get("PREFIX", "")
        said = (case.get("TESTCTX") or {}).get("VALIDATIONCLOCK")
        cases += [(name, text, clock(said) if said else AT), (name, text, None)]
    met = judged(engine, believed(vectors), cases)
    assert met["accepted None"] > 100 and len(met) > 10


def test_texts_of_every_system_have_the_same_verdicts(engine: Engine, vectors: Path) -> None:
    cases: list[tuple[str, str, datetime | None]] = []
    for path in sorted(vectors.rglob("*")):
        if path.suffix in (".txt", ".json", ".md", ".smart-health-card") and path.stat().st_size < 100_000:
            text = path.read_text("utf-8", errors="replace")
            cases.append((str(path.relative_to(vectors)), text, AT))
            cases += [(f"{path.name}, line {number}", line, AT) for number, line in enumerate(text.splitlines()[:3])]
            if path.relative_to(vectors).parts[0] in ("shc", "nzcp", "who"):
                cases += [(f"{path.name}, today", one, None) for one in cards_in(text)]
                cases += [(f"{path.name}, later", one, LATE) for one in cards_in(text)]
    parts = [path.read_text("utf-8") for path in sorted((vectors / "shc").rglob("*chunk_too_small*"))]
    cases += [("parts", whole, LATE) for whole in joined(parts)]
    met = judged(engine, believed(vectors), cases)
    assert met["undetermined format_unsupported"] > 20 and met["undetermined format_unknown"] > 100
    assert met["accepted None"] > 10 and met["undetermined parts_missing"] > 15
    assert any(what.startswith("refused") for what in met)


def test_pictures_of_forty_countries_have_the_same_verdicts(engine: Engine, vectors: Path) -> None:
    cases: list[tuple[str, str, datetime | None]] = []
    for path in sorted((vectors / "hcert/quality-assurance").rglob("*.png")):
        for symbol in read(path):
            claims = cbor.loads(cose.decode(deflate.inflate(base45.decode(symbol.text[4:]))).payload)
            # A day of the card's own, by whole seconds as a page is told them.
            at = datetime.fromtimestamp(int(min(claims[6] + 8 * 86_400, claims[4])), UTC)
            cases += [(str(path.relative_to(vectors)), symbol.text, at), (path.name, symbol.text, None)]
    met = judged(engine, believed(vectors), cases)
    assert len(cases) > 300 and met["accepted None"] > 50


def test_small_inputs_of_the_field_have_the_same_verdicts(engine: Engine, cases: Path) -> None:
    texts = [(path.name, path.read_bytes().decode("utf-8"), WINTER) for path in sorted(cases.glob("*.txt"))]
    met = judged(engine, TrustStore.load(cases / "trust"), [*texts])
    assert met["accepted None"] >= 2 and met["undetermined keyboard_layout"] == 1


def test_the_languages_own_suite_has_the_same_answers(ask: Callable[..., list[Any]], vectors: Path) -> None:
    given = []
    for path in sorted((vectors / "rules/certlogic").glob("*.json")):
        for case in json.loads(path.read_text("utf-8"))["cases"]:
            shared = case.get("certLogicExpression")
            given += [[one.get("certLogicExpression", shared), one["data"]] for one in case["assertions"]]
    assert len(answered(ask, given)) > 100


def test_countries_rules_have_the_same_answers_to_their_own_tests(ask: Callable[..., list[Any]], vectors: Path) -> None:
    given = []
    for path in sorted((vectors / TESTDATA).rglob("rule.json")):
        logic = json.loads(path.read_text("utf-8"))["Logic"]
        for test in sorted((path.parent / "tests").glob("*.json")):
            said = json.loads(test.read_text("utf-8"))
            given.append([logic, {"payload": said.get("payload"), "external": said.get("external")}])
    assert {True, False} <= {found for found in answered(ask, given) if isinstance(found, bool)}


def answered(ask: Callable[..., list[Any]], given: list[Any]) -> list[Any]:
    """The answers of both to expressions over data, of those expressions that can be rules."""
    compiled, asked = [], []
    for expression, data in given:
        try:
            compiled.append((compile_logic(expression), data))
        except ConfigurationError:
            continue
        asked.append([expression, data])
    expected = []
    for logic, data in compiled:
        try:
            found = logic.evaluate(data)
        except EvaluationError as error:
            expected.append({"error": str(error.reason)})
            continue
        expected.append({"value": {"time": int(found)} if isinstance(found, Moment) else found})
    said = ask("logic", asked)
    wrong = [
        (one, by_page, one_asked)
        for one, by_page, one_asked in zip(expected, said, asked, strict=True)
        if one != by_page
    ]
    assert wrong == []
    return [one.get("value") for one in expected]


@pytest.mark.nightly
def test_countries_sets_say_the_same_of_real_cards(engine: Engine, vectors: Path) -> None:
    """All rules of a country, over the cards of all, which are judged by days of which their rules were in force."""
    from vaxcert.rules.sets import sources

    value_sets = (vectors / "rules/valuesets/valueSets.json").read_bytes()
    trust = believed(vectors)
    texts = [case["PREFIX"] for _, case in state_cases(vectors) if case.get("PREFIX")][::4]
    met: Counter[str] = Counter()
    for folder in sorted((vectors / TESTDATA).iterdir()):
        rules = [one for _, one in sources(folder)] if folder.is_dir() else []
        if not rules:
            continue
        files = {"set.json": json.dumps(rules).encode(), modes.VALUE_SETS: value_sets}
        engine.trusting(bundle.of(trust, files))
        verifier = Verifier(trust, clock=lambda: LATER, rules=modes.parsed(files, signed=False)["set"])
        for at in (AT, datetime(2022, 3, 1, 12, 30, 1, 500_000, tzinfo=UTC)):
            asked = [Case(text, folder.name, {"at": milliseconds(at), "mode": "set"}) for text in texts]
            asked = [case._replace(options=case.options | {"now": milliseconds(LATER)}) for case in asked]
            verdicts = engine.verdicts(asked)
            wrong = differences(verifier, asked, verdicts, lambda one, case, at=at: one.verify(case.text, at))  # type: ignore[misc]
            assert not wrong, "\n".join(wrong[:20])
            met.update(result["outcome"] for said in verdicts if said["rules"] for result in said["rules"]["results"])
    assert min(met[outcome] for outcome in ("passed", "failed", "unknown")) > 0


def test_edge_cases_of_signatures_have_the_same_answers(ask: Callable[..., list[Any]], vectors: Path) -> None:
    asked, expected = [], []
    for path in sorted((vectors / "crypto/wycheproof").glob("*.json")):
        for group in json.loads(path.read_text("utf-8"))["testGroups"]:
            der = bytes.fromhex(group.get("publicKeyDer") or group["publicKeyAsn"])
            entry = {"kid": "01", "spki": base64.b64encode(der).decode(), "country": "VN", "usages": [], "formats": [],
                     "notBefore": "2000-01-01T00:00:00Z", "notAfter": "2100-01-01T00:00:00Z", "withdrawn": False,
                     "subject": "", "algorithm": "PS256" if "Rsassa" in group["type"] else "ES256"}  # fmt: skip
            try:
                loaded: Any = load_der_public_key(der)
                key = TrustedKey(
                    kid=b"\1", public_key=loaded, algorithm=algorithm_of(loaded), not_before=AT, not_after=AT
                )
            except KeyMaterialError:
                key = None
            for case in group["tests"]:
                asked.append([entry, case["sig"], case["msg"]])
                verified = key and key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                expected.append({"error": "refused"} if verified is None else {"value": verified})
    assert ask("signature", asked) == expected
    assert {"value": True} in expected and {"value": False} in expected


def test_the_working_groups_messages_are_read_alike(ask: Callable[..., list[Any]], vectors: Path) -> None:
    messages = [
        json.loads(path.read_text("utf-8"))["output"]["cbor"]
        for path in sorted((vectors / "crypto/cose").glob("*.json"))
    ]
    expected: list[Any] = []
    for message in messages:
        try:
            sealed = cose.decode(bytes.fromhex(message))
        except CardError as error:
            expected.append({"error": str(error.reason), "detail": error.detail})
            continue
        kid = None if sealed.kid is None else sealed.kid.hex()
        parts = [sealed.signing_input.hex(), sealed.payload.hex(), sealed.signature.hex()]
        expected.append({"value": [*parts, kid, sealed.alg, sealed.alg_unprotected]})
    assert ask("cose", messages) == expected
