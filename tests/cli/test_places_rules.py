"""`--rules` and `--mode`: what a place asks for, beside whether a card is genuine, and how it is published."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruling import GATE, write_policies

SECRETS = {"VAXCERT_PUBLISHER_PASSPHRASE": "publisher's secret", "VAXCERT_ROOT_PASSPHRASE": "root's secret"}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    young = GATE + "doses = 9\nexempt = { under = 18 }\n"
    return write_policies(tmp_path / "policies", gate=GATE + "doses = 2\n", ward=GATE + "booster = true\n", young=young)


def test_status_and_words_tell_a_card_that_does_not_do_here_from_a_forgery(
    run: Any, keys: Path, card: str, policies: Path
) -> None:
    enough = run("verify", "--trust", keys, "--rules", policies, "--mode", "gate", card)
    assert enough.status == 0
    assert "Rules: Hospital gate (rules of this device, not signed)" in enough.out
    assert "✔ dose 2/2" in enough.out
    lacking = run("verify", "--trust", keys, "--rules", policies / "ward.toml", card)
    assert lacking.status == 1
    assert "△ Genuine, not enough here" in lacking.out
    assert "Dose 2/2: a booster is asked for here. (rule_not_met)" in lacking.out
    vietnamese = run("verify", "--trust", keys, "--rules", policies / "ward.toml", "--lang", "vi", card).out
    assert "Chứng nhận thật, chưa đủ tại đây" in vietnamese
    forged = card[:-6] + ("A" if card[-6] != "A" else "B") + card[-5:]
    refused = run("verify", "--trust", keys, "--rules", policies / "ward.toml", forged)
    assert refused.status == 1
    assert "✘ Refused" in refused.out
    assert "Genuine" not in refused.out


def test_the_json_keeps_the_status_of_the_card_and_of_the_rules_apart(
    run: Any, keys: Path, card: str, policies: Path
) -> None:
    said = json.loads(run("verify", "--json", "--trust", keys, "--rules", policies / "ward.toml", card).out)
    assert (said["status"], said["reason"], said["card"]) == ("refused", "rule_not_met", "accepted")
    assert (said["rules"]["mode"], said["rules"]["signed"], said["rules"]["outcome"]) == ("ward", False, "failed")
    assert [check["detail"] for check in said["checks"] if check["stage"] == "rules"] == ["booster"]
    late = ("--at", "2099-01-01T00:00:00Z")
    said = json.loads(run("verify", "--json", "--trust", keys, "--rules", policies / "ward.toml", *late, card).out)
    assert (said["reason"], said["card"]) == ("expired", "refused")
    without = json.loads(run("verify", "--json", "--trust", keys, card).out)
    assert (without["card"], without["rules"]) == ("accepted", None)


def test_what_cannot_be_told_is_undetermined_and_never_green(
    run: Any, keys: Path, tmp_path: Path, policies: Path
) -> None:
    # Seventeen or eighteen, by a day that the card does not say.
    record = {"family_name": "Mẫu", "date_of_birth": str(datetime.now(UTC).year - 18), "product": "EU/1/20/1528", "number": 1, "series": 2,
              "date": "2026-06-01"}  # fmt: skip
    (tmp_path / "dose.json").write_text(json.dumps(record), "utf-8")
    out = tmp_path / "card.txt"
    run("issue", "--key", keys, "--authority", "Mẫu", "--record", tmp_path / "dose.json", "--out", out)
    asked = ("--rules", policies / "young.toml")
    done = run("verify", "--trust", keys, *asked, out)
    assert done.status == 3
    assert "Genuine, cannot be judged here" in done.out
    said = json.loads(run("verify", "--json", "--trust", keys, *asked, out).out)
    assert said["rules"]["outcome"] == "unknown"


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [(("--rules", "nowhere"), 66, "yellow-fever"), (("--rules", "FOLDER"), 2, "--mode: gate, ward, young"),
     (("--rules", "FOLDER", "--mode", "gatt"), 66, "gate, ward, young"), (("--mode", "gate"), 66, "there are: none")],
)  # fmt: skip
def test_rules_that_are_not_there_are_an_error_that_names_those_there_are(
    run: Any, keys: Path, card: str, policies: Path, options: tuple[str, ...], status: int, says: str
) -> None:
    given = [policies if option == "FOLDER" else option for option in options]
    for command, rest in (("verify", (card,)), ("scan", ("-",))):
        done = run(command, "--trust", keys, *given, *rest)
        assert done.status == status
        assert says in done.err


def test_a_gate_says_its_mode_with_each_verdict_and_counts_apart(
    run: Any, keys: Path, card: str, policies: Path
) -> None:
    done = run("scan", "--trust", keys, "--rules", policies, "--mode", "ward", "--beep", stdin=f"{card}\n")
    assert "GENUINE, NOT ENOUGH HERE" in done.out
    assert "Hospital gate" in done.out
    assert "0 refused" in done.err
    assert "1 genuine but not enough here" in done.err


def test_published_policies_come_with_the_keys_and_are_signed(
    run: Any, keys: Path, card: str, policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    out, store, workspace = tmp_path / "out", tmp_path / "store", tmp_path / "ws"
    new = ("--workspace", workspace, "--new", "--environment", "test", "--add", keys / "dsc.crt")
    done = run("trust", "publish", out, *new, "--rules", policies)
    assert done.status == 0
    assert "rules: gate, ward, young" in done.out
    assert run("trust", "sync", out, "--into", store, "--root", workspace / "root.json").status == 0
    told = run("verify", "--trust", store, "--mode", "ward", card)
    assert told.status == 1
    assert "Rules: Hospital gate\n" in told.out
    # A policy that cannot be followed is never published, and what is published stays.
    (policies / "ward.toml").write_text(GATE + "dose = 3\n", "utf-8")
    assert run("trust", "publish", out, "--workspace", workspace, "--rules", policies).status == 2
    assert run("trust", "publish", out, "--workspace", workspace).status == 0
    assert run("trust", "sync", out, "--into", store).status == 0
    assert run("verify", "--trust", store, "--mode", "ward", card).status == 1
    # Fewer from now on: what is gone is not left behind.
    (policies / "ward.toml").unlink()
    assert run("trust", "publish", out, "--workspace", workspace, "--rules", policies).status == 0
    assert run("trust", "sync", out, "--into", store).status == 0
    assert run("verify", "--trust", store, "--mode", "ward", card).status == 66
    assert run("verify", "--trust", store, "--mode", "gate", card).status == 0


def test_a_policy_is_looked_over_and_tried_before_it_is_used(
    run: Any, keys: Path, card: str, policies: Path, tmp_path: Path
) -> None:
    looked = run("rules", "check", policies / "gate.toml")
    assert (looked.status, looked.out) == (0, "✔ gate: Hospital gate · Cổng bệnh viện\n")
    (tmp_path / "wrong.toml").write_text(GATE + "dose = 2\n", "utf-8")
    looked = run("rules", "check", tmp_path / "wrong.toml")
    assert looked.status == 1
    assert "no such word here: `dose`" in looked.out
    (policies / "wrong.toml").write_text(GATE + "dose = 2\n", "utf-8")
    looked = run("rules", "check", policies)
    assert looked.status == 1
    assert "✔ gate: " in looked.out
    assert "wrong.toml: line 3: " in looked.out
    assert run("rules", "try", card, "--rules", policies / "gate.toml", "--trust", keys).status == 0
    tried = run("rules", "try", card, "--rules", policies / "ward.toml", "--trust", keys)
    assert tried.status == 1
    assert "✘ dose 2/2: a booster is asked for here" in tried.out
    assert run("rules", "try", "nothing", "--rules", policies / "ward.toml", "--trust", keys).status == 4


RULE = {
    "Identifier": "GR-VN-0001", "Type": "Acceptance", "Country": "VN", "Version": "1.0.0", "SchemaVersion": "1.0.0",
    "Engine": "CERTLOGIC", "EngineVersion": "1.0.0", "CertificateType": "General", "ValidFrom": "2021-01-01T00:00:00Z",
    "ValidTo": "2099-01-01T00:00:00Z", "AffectedFields": ["v.0.dn"],
    "Description": [{"lang": "en", "desc": "Three doses have been given."}, {"lang": "vi", "desc": "Đã tiêm ba mũi."}],
    "Logic": {">=": [{"var": "payload.v.0.dn"}, 3]},
}  # fmt: skip


def test_a_countrys_rules_are_a_mode_beside_policies(run: Any, keys: Path, card: str, policies: Path) -> None:
    (policies / "vn.json").write_text(json.dumps([RULE]), "utf-8")
    (policies / "value-sets.json").write_text("{}", "utf-8")
    done = run("verify", "--trust", keys, "--rules", policies, "--mode", "vn", "--lang", "vi", card)
    assert done.status == 1
    assert "Quy định: Quy định của VN" in done.out
    assert "✘ Đã tiêm ba mũi." in done.out
    (policies / "vn.json").write_text(json.dumps([RULE | {"Logic": {">=": [{"var": "payload.v.0.dn"}, 2]}}]), "utf-8")
    assert run("verify", "--trust", keys, "--rules", policies, "--mode", "vn", card).status == 0
    (policies / "vn.json").write_text(json.dumps([RULE | {"ValidTo": "2021-02-01T00:00:00Z"}]), "utf-8")
    said = json.loads(run("verify", "--json", "--trust", keys, "--rules", policies, "--mode", "vn", card).out)
    assert (said["status"], said["reason"], said["card"]) == ("undetermined", "no_rule_applies", "accepted")
    for wrong, reason in (
        ({"Logic": {"eval": []}}, "rule_operator_unknown"),
        ({"SchemaVersion": "2.0.0"}, "rule_schema_unsupported"),
    ):
        (policies / "vn.json").write_text(json.dumps([RULE | wrong]), "utf-8")
        refused = run("verify", "--trust", keys, "--rules", policies, "--mode", "vn", card)
        assert refused.status == 2
        assert "vn.json: GR-VN-0001" in refused.err
        assert reason in refused.err
