"""What a run leaves: one archive or several, pictures of either kind, ZIP or Parquet."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from vaxcert import ConfigurationError, InputError, batch
from vaxcert.batch import Order, archive
from vaxcert.cli import cli
from vaxcert.qr import read, write

Orders = Callable[..., Order]
Tables = Callable[..., Path]


def rows_of(path: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        return list(csv.DictReader(io.StringIO(opened.read("manifest.csv").decode("utf-8-sig"))))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaxcert.batch.runner.BLOCK", 10)


@pytest.mark.parametrize("workers", [1, 2])
def test_shards_have_every_row_once_between_them_and_each_a_manifest_of_its_own(
    order: Orders, table: Tables, workers: int
) -> None:
    report = batch.run(order(table(good=45), shards=3, workers=workers))
    assert [path.name for path in report.outputs] == [f"certificates-0000{i}-of-00003.zip" for i in (1, 2, 3)]
    lines = [[int(row["row"]) for row in rows_of(path)] for path in report.outputs]
    assert [line for some in lines for line in some] == list(range(2, 47))
    for path in report.outputs:
        with zipfile.ZipFile(path) as opened:
            assert {name for name in opened.namelist() if name != "manifest.csv"} == {
                row["file"] for row in rows_of(path)
            }


def test_a_run_stopped_between_two_shards_keeps_the_first(
    order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = order(table(good=40), shards=2)
    made = archive._PACKERS[".zip"]
    packed: list[Path] = []

    def stop_at_the_second(folder: Path, numbers: range, out: Path) -> None:
        packed.append(out)
        if len(packed) == 2:
            raise KeyboardInterrupt
        made(folder, numbers, out)

    with monkeypatch.context() as patched:
        patched.setitem(archive._PACKERS, ".zip", stop_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            batch.run(given)
    first = given.out.with_name("certificates-00001-of-00002.zip")
    before = first.read_bytes()
    report = batch.run(given)
    assert first.read_bytes() == before
    assert sum(len(rows_of(path)) for path in report.outputs) == 40
    with pytest.raises(ConfigurationError, match="twice"):
        batch.run(given)


def test_an_archive_that_came_from_elsewhere_is_not_taken_for_this_runs(
    order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = order(table(good=5))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setitem(archive._PACKERS, ".zip", stop)
        with pytest.raises(KeyboardInterrupt):
            batch.run(given)
    given.out.write_bytes(b"somebody else's")
    with pytest.raises(ConfigurationError, match="there already"):
        batch.run(given)
    assert given.out.read_bytes() == b"somebody else's"


def test_parquet_holds_manifest_and_pictures_that_a_second_command_accepts(
    order: Orders, table: Tables, tmp_path: Path, key_folder: Path
) -> None:
    from pyarrow import parquet

    out = tmp_path / "certificates.parquet"
    batch.run(order(table(good=25), out=out))
    rows = parquet.read_table(out).to_pylist()
    assert [row["row"] for row in rows] == list(range(2, 27))
    for row in rows[::8]:
        (symbol,) = read(row["image"])
        assert symbol.text == row["text"]
        assert row["expires_at"].tzinfo is not None
    verified = CliRunner().invoke(cli, ["verify", str(out), "--trust", str(key_folder)])
    assert verified.exit_code == 0, verified.output
    assert "25 codes: 25 accepted" in verified.output


def test_a_parquet_table_without_pictures_is_unreadable(table: Tables, tmp_path: Path, key_folder: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"image": [1]}), tmp_path / "t.parquet")
    (tmp_path / "no.parquet").write_bytes(b"PAR1")
    for name in ("t.parquet", "no.parquet"):
        verified = CliRunner().invoke(cli, ["verify", str(tmp_path / name), "--trust", str(key_folder)])
        assert verified.exit_code == 4, verified.output


def test_svg_pictures_are_those_of_the_same_texts(order: Orders, table: Tables) -> None:
    given = order(table(good=3), pictures="svg", mask=None)
    batch.run(given)
    with zipfile.ZipFile(given.out) as opened:
        for row in rows_of(given.out):
            assert row["file"].endswith(".svg")
            assert opened.read(row["file"]).decode() == write(row["text"]).svg()


def test_pictures_of_any_scale_are_read_back(order: Orders, table: Tables) -> None:
    given = order(table(good=2), scale=3, level="L")
    batch.run(given)
    with zipfile.ZipFile(given.out) as opened:
        for row in rows_of(given.out):
            (symbol,) = read(opened.read(row["file"]))
            assert symbol.text == row["text"]


def test_a_folder_of_tables_is_one_run_whose_rejects_name_the_file(
    order: Orders, table: Tables, tmp_path: Path
) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    table(good=12).replace(folder / "a.csv")
    table("Lê Mẫu;1890;Comirnaty;1/2;01/06/2026;VP01", good=3).replace(folder / "b.csv")
    report = batch.run(order(folder))
    assert (report.rows, report.issued, report.rejected) == (16, 12, 4)
    assert report.rejects is not None
    rejects = list(csv.DictReader(io.StringIO(report.rejects.read_text("utf-8-sig"))))
    assert [(row["line"], row["reason_en"]) for row in rejects] == [
        ("b.csv:5", "date_of_birth: not of 1900 to 2099"),
        *((f"b.csv:{i}", f"row: the same dose as in row a.csv:{i}") for i in (2, 3, 4)),
    ]


def test_a_table_that_changes_while_it_is_signed_leaves_no_archive(order: Orders, table: Tables) -> None:
    path = table(good=30)

    def change(part: str, done: int, total: int) -> None:
        if part == "sign" and done == 10:
            path.write_text(path.read_text("utf-8").replace("17/05/1990", "18/05/1990"), "utf-8")

    given = order(path)
    with pytest.raises(ConfigurationError, match="changed"):
        batch.run(given, progress=change)
    assert not given.out.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shards": 0}, "shards"),
        ({"workers": 0}, "workers"),
        ({"pictures": "jpeg"}, "pictures"),
        ({"engine": "spark"}, "engine"),
        ({"sheets": "a3"}, "sheets"),
        ({"names": "phone"}, "names"),
        ({"level": "X"}, "level"),
        ({"mask": 8}, "mask"),
        ({"scale": 65}, "scale"),
    ],
)
def test_what_cannot_be_ordered_is_said_before_anything_is_written(
    order: Orders, table: Tables, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    given = order(table(good=1), **change)
    with pytest.raises(InputError, match=says):
        batch.run(given)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doses.csv"]


def test_an_archive_of_another_kind_is_refused(order: Orders, table: Tables, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"neither \.zip nor \.parquet"):
        batch.run(order(table(good=1), out=tmp_path / "c.tar"))


@pytest.mark.parametrize(("mask", "status"), [("best", 0), ("7", 0), ("8", 2), ("x", 2)])
def test_the_mask_is_chosen_on_the_command_line(
    table: Tables, tmp_path: Path, key_folder: Path, monkeypatch: pytest.MonkeyPatch, mask: str, status: int
) -> None:
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "mau-thu-mau-thu")
    out = tmp_path / "c.zip"
    given = ["batch", str(table(good=1)), "--key", str(key_folder), "--authority", "Mẫu", "--out", str(out)]
    ran = CliRunner().invoke(cli, [*given, "--workers", "1", "--mask", mask, "--log", str(tmp_path / "l")])
    assert ran.exit_code == status, ran.output
