"""Pictures that a nurse finds by whose they are: on request, and safe whatever a table says."""

import csv
import io
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaxcert import ConfigurationError, Person, batch
from vaxcert.batch import Order, naming

Orders = Callable[..., Order]
Tables = Callable[..., Path]
NAMESAKES = ("Nguyễn Mẫu Thử;17/05/1990;Comirnaty;1/2;01/06/2026;VP01", "Nguyễn Mẫu Thử;17/05/1990;Comirnaty;2/2;01/07/2026;VP01")  # fmt: skip


def told(out: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The names of the pictures, and the manifest."""
    with zipfile.ZipFile(out) as opened:
        pictures = [name for name in opened.namelist() if name != "manifest.csv"]
        return pictures, list(csv.DictReader(io.StringIO(opened.read("manifest.csv").decode("utf-8-sig"))))


@pytest.mark.parametrize("names", ["row", "id", "person"])
def test_pictures_are_named_as_is_asked_for_and_the_manifest_says_of_people_only_what_is(
    order: Orders, table: Tables, names: str
) -> None:
    made = order(table(*NAMESAKES), names=names)
    batch.run(made)
    pictures, manifest = told(made.out)
    assert pictures == [row["file"] for row in manifest]
    ids = [re.sub("[^A-Z0-9]+", "-", row["certificate_id"].removeprefix("URN:UVCI:")).strip("-") for row in manifest]
    stems = {
        "row": ["00000002", "00000003"],
        "id": ids,
        "person": ["NGUYEN-MAU-THU_1990-05-17_00000002", "NGUYEN-MAU-THU_1990-05-17_00000003"],
    }
    assert pictures == [f"codes/{stem}.png" for stem in stems[names]]
    people = [(row.get("name"), row.get("date_of_birth")) for row in manifest]
    assert people == [("Nguyễn Mẫu Thử", "1990-05-17") if names == "person" else (None, None)] * 2
    assert stat.S_IMODE(made.out.stat().st_mode) == 0o600


def test_a_parquet_table_says_the_same_of_people(order: Orders, table: Tables, tmp_path: Path) -> None:
    from pyarrow import parquet

    for names in ("row", "person"):
        out = tmp_path / f"{names}.parquet"
        batch.run(order(table(*NAMESAKES), out=out, names=names))
        read = parquet.read_table(out)
        assert read.column("image").to_pylist()[0].startswith(b"\x89PNG")
        assert ("name" in read.column_names) is (names == "person")
    assert read.column("name").to_pylist() == ["Nguyễn Mẫu Thử"] * 2


def test_a_run_goes_on_under_the_names_that_it_began_with(order: Orders, table: Tables) -> None:
    path = table(good=3)

    def stop(part: str, done: int, total: int) -> None:
        if part == "pack":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(order(path), progress=stop)
    with pytest.raises(ConfigurationError, match="names"):
        batch.run(order(path, names="person"))


@given(st.text(), st.text(), st.sampled_from(["1990-05-17", "1990-05", "1990", ""]))
@example("../../ETC/PASSWD", "C:\\CON", "1990")
@example("", "\u202eGNP.\x00", "")
@example("A" * 300, "B" * 300, "1990-05-17")
def test_no_table_makes_a_path_of_a_name_or_one_too_long_for_a_disk(family: str, given_name: str, born: str) -> None:
    person = Person(family_name_transliterated=family, given_name_transliterated=given_name, date_of_birth=born)
    for key in (7, 2**40 + 7):
        stem = naming.stem("person", key, person, "")
        assert re.fullmatch(r"[A-Z0-9][A-Z0-9_-]{0,119}", stem)
        assert stem.endswith(naming.stem("row", key, person, ""))


def test_a_name_in_the_manifest_is_no_formula_of_a_spreadsheet() -> None:
    assert naming.people("person", Person(family_name="=cmd()", date_of_birth="1990")) == ("'=cmd()", "1990")
