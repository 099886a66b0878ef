"""Codes are told once, kept as a keyed hash, and one counts at a time."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import ConfigurationError, InputError, typed
from vaxcert.registry import audit, schema
from vaxcert.registry.care import privacy
from vaxcert.registry.holders import codes


def kept(place: Any) -> list[Any]:
    with place.registry.reading() as connection:
        return list(connection.execute(select(schema.holder_code).order_by(schema.holder_code.c.id)))


def test_what_is_kept_of_a_code_is_a_keyed_hash_and_the_audit_log_has_none_of_it(place: Any) -> None:
    place.take({})
    made = codes.hand_out(place.registry, 1, actor="lan")
    (row,) = kept(place)
    assert row.code_hash == codes.hash_of(place.registry, typed.read(made.text))
    (entry,) = audit.entries(place.registry, last=1)
    assert (entry.action, entry.actor, entry.details) == ("hand out code", "lan", {"person": 1})
    plain = made.text.replace("-", "")
    everything = str(kept(place)) + str(entry) + repr(made)
    assert plain not in everything and made.text not in everything


def test_the_newest_code_closes_those_before_it(place: Any) -> None:
    place.take({})
    codes.hand_out(place.registry, 1, actor="lan")
    with place.registry.reading() as connection:
        dose = connection.scalar(select(schema.dose.c.id))
    assert codes.of_dose(place.registry, int(dose or 0), actor="lan").person == 1
    assert [row.closed_at is None for row in kept(place)] == [False, True]


def test_nobody_gets_no_code(place: Any) -> None:
    with pytest.raises(ConfigurationError):
        codes.hand_out(place.registry, 17, actor="lan")


def test_a_code_goes_to_the_telephone_on_record_by_a_command(place: Any, tmp_path: Path) -> None:
    place.take({})
    out = tmp_path / "sent"
    script = f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read())"
    codes.send(place.registry, 1, (sys.executable, "-c", script), actor="lan")
    told = json.loads(out.read_text())
    assert told["phone"] == "0100000001"
    assert kept(place)[0].code_hash == codes.hash_of(place.registry, typed.read(told["code"]))


def test_without_a_telephone_or_a_command_that_works_nothing_is_said_to_be_sent(place: Any) -> None:
    place.take({"phone": "", "national_id": "001090000001"})
    with pytest.raises(InputError) as caught:
        codes.send(place.registry, 1, ("true",), actor="lan")
    assert (caught.value.field, kept(place)) == ("phone", [])
    place.take({"full_name": "Trần Ví Dụ"})
    with pytest.raises(ConfigurationError, match="failed"):
        codes.send(place.registry, 2, ("false",), actor="lan")


def test_codes_go_with_the_person_and_are_in_what_is_kept_of_them(place: Any) -> None:
    place.take({})
    codes.hand_out(place.registry, 1, actor="lan")
    (told,) = privacy.export_person(place.registry, 1, actor="chief")["codes"]
    assert told["made_by"] == "lan" and "code_hash" not in told
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    assert kept(place) == []
