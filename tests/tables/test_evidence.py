"""What a whole table shows is found before anything of it is taken, and says nothing of anybody."""

from pathlib import Path

import pytest

from vaxcert import ConfigurationError
from vaxcert.tables import open_table, survey
from vaxcert.tables.evidence import Evidence
from vaxcert.tables.spellings import FIELDS, RECORDED
from vaxcert.tables.values.reading import Reading

HEAD = "name,born,vaccine,dose,date,phone,national id\n"


def looked(tmp_path: Path, *rows: str, **options: object) -> tuple[Evidence, list[str]]:
    path = tmp_path / "unit.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    table = open_table(path, None, FIELDS | RECORDED, **options)  # type: ignore[arg-type]
    evidence = Evidence(table)
    return evidence, [words.en for words in survey(table, evidence).evidence]


def test_dates_numbers_and_damage_are_told_without_anybodys_data(tmp_path: Path) -> None:
    evidence, told = looked(
        tmp_path,
        "Lê Mẫu,17/05/1990,Comirnaty,1/2,01/02/2026,0100000003/0100000004,99000000005",
        "Ng?y?n M?u,1990,Comirnaty,1/2,2026-02-01,,",
        "NguyÔn MÉu,1990,Comirnaty,1/2,2026-02-01,,",
        "TrÇn MÉu,1990,Comirnaty,1/2,2026-02-01,,",
    )
    evidence.decide()
    assert told[0] == "dates: 1 can only have the day first, 0 only the month, 1 either"
    assert "most names were typed for a tcvn3 font, see --legacy-font" in told
    assert "1 × letters were lost (? or \ufffd stands for them): write it anew" in told
    assert [line[:4] for line in told[-2:]] == ["1 × ", "1 × "]
    assert "several telephone numbers" in told[-2]
    assert "leading zeros" in told[-1]
    assert not any(secret in line for line in told for secret in ("Lê", "Ng", "0100", "99000"))


def test_dates_that_contradict_one_another_are_refused_unless_somebody_says_how_they_are_meant(tmp_path: Path) -> None:
    rows = ("Lê Mẫu,17/05/1990,Comirnaty,1/2,01/02/2026,,", "Lê Thử,05/17/1990,Comirnaty,1/2,01/02/2026,,")
    evidence, told = looked(tmp_path, *rows)
    assert "the month first in row 3" in told
    with pytest.raises(ConfigurationError, match="line 2 has a date with the day first, line 3 one with the month"):
        evidence.decide()
    looked(tmp_path, *rows, reading=Reading(dates="mdy"))[0].decide()


def test_a_table_that_only_a_font_explains_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "unit.csv"
    path.write_bytes(
        "Hä vµ tªn,Ngµy sinh,V¾c xin,Mòi,Ngµy tiªm\nTrÇn MÉu,1990,Comirnaty,1/2,01/02/2026\n".encode("cp1252")
    )
    with pytest.raises(ConfigurationError, match=r"typed for a TCVN3 font: .* --legacy-font tcvn3"):
        open_table(path)
    table = open_table(path, reading=Reading(legacy_font="tcvn3"))
    assert [table.values(row)["full_name"] for row in table] == ["Trần Mẫu"]


def test_what_a_named_font_makes_of_cells_is_shown_as_it_stands_and_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "unit.csv"
    rows = "NguyÔn MÉu,1990,Comirnaty,1/2,01/02/2026\n" * 2 + "Le Thu,1990,Comirnaty,1/2,01/02/2026\n"
    path.write_bytes(f"name,born,vaccine,dose,date\n{rows}TrÇn MÉu,1990,Comirnaty,1/2,01/02/2026\n".encode("cp1252"))
    found = survey(open_table(path, reading=Reading(legacy_font="tcvn3"))).converted
    assert [tuple(cell) for cell in found] == [
        ("2", "NguyÔn MÉu", "Nguyễn Mẫu"),
        ("5", "TrÇn MÉu", "Trần Mẫu"),
    ]
    assert "Mẫu" not in repr(found)
    assert not survey(open_table(path)).converted
