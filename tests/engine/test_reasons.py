"""Every reason that a card can meet, at every stage: the same verdict by the library and by the page."""

from __future__ import annotations

import pytest
from both import Engine, differences
from reasons import FILES, Table, judged, table

from vaxcert.errors import Reason
from vaxcert.rules import bundle
from vaxcert.verdict import Outcome, Stage

# Of VDS-NC, which the engine does not have, and of what a page alone may lack, which `test_following` asks for.
NOT_MET = {Reason.SEAL_INVALID, Reason.REVOCATION_NOT_HELD}


@pytest.fixture(scope="module", name="table")
def _table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return table(tmp_path_factory.mktemp("table"))


def test_every_card_of_the_table_has_the_same_verdict_in_the_page(table: Table, engine: Engine) -> None:
    wrong, met = [], set()
    for setting, keys, rows in table.rows.values():
        verifier, options = judged(setting, keys)
        engine.trusting(bundle.of(verifier.trust, FILES, signed=True))
        cases = [case._replace(options=options) for case in rows]
        verdicts = engine.verdicts(cases)
        wrong += differences(verifier, cases, verdicts, lambda one, case, at=setting.at: one.verify(case.text, at))  # type: ignore[misc]
        for said in verdicts:
            met |= {(check["stage"], check["outcome"], check["reason"]) for check in said["checks"]}
            met |= {("warning", "", reason) for reason in said["warnings"]}
    assert not wrong, "\n".join(wrong)
    # Nothing is compared that does not happen: each reason that a card can meet was met, and each way of a stage to end.
    reasons = list(Reason)
    of_cards = set(reasons[: reasons.index(Reason.CERTIFICATE_INVALID)])
    assert of_cards - {reason for _, _, reason in met} == NOT_MET
    assert {stage for stage, _, _ in met} == {*map(str, Stage), "warning"}
    assert {outcome for _, outcome, _ in met} - {""} == set(map(str, Outcome))


def test_rules_that_a_page_does_not_hold_are_never_met(table: Table, engine: Engine) -> None:
    setting, keys, rows = table.rows["each kind"]
    verifier, options = judged(setting, keys)
    engine.trusting(bundle.of(verifier.trust))
    for said in engine.verdicts(case._replace(options=options | {"mode": "gate"}) for case in rows):
        assert (said["status"], said["reason"], said["card"]) == ("undetermined", "rule_not_evaluable", "accepted")
        assert said["rules"]["mode"] == "gate"
        assert said["checks"][-1]["stage"] == "rules"
