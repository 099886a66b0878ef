"""Certificates on paper: every code in a rendered page is read back."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from vaxcert import ConfigurationError, batch
from vaxcert.batch import Order
from vaxcert.qr import read


def rendered(pdf: Path, dpi: int) -> list[list[str]]:
    """The texts of each page's codes."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return [[symbol.text for symbol in read(page.render(scale=dpi / 72).to_pil())] for page in document]


def words(pdf: Path) -> str:
    import pypdfium2

    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize(("layout", "a_page"), [("a4", 1), ("cards", 8)])
@pytest.mark.parametrize("dpi", [150, 300])
def test_every_code_of_the_sheets_is_read_back(
    order: Callable[..., Order], table: Callable[..., Path], layout: str, a_page: int, dpi: int
) -> None:
    given = order(table(good=10), sheets=layout)
    report = batch.run(given)
    assert report.sheets is not None
    (pdf,) = sorted(report.sheets.iterdir())
    pages = rendered(pdf, dpi)
    assert [len(page) for page in pages] == ([1] * 10 if a_page == 1 else [8, 2])
    with zipfile.ZipFile(given.out) as opened:
        manifest = opened.read("manifest.csv").decode()
    found = [text for page in pages for text in page]
    assert len(set(found)) == 10
    assert all(text.replace('"', '""') in manifest for text in found)
    assert "TEST" in words(pdf)


def test_a_sheet_says_what_the_holder_needs_in_both_languages(
    order: Callable[..., Order], table: Callable[..., Path]
) -> None:
    report = batch.run(order(table(good=1), sheets="a4"))
    assert report.sheets is not None
    said = words(next(report.sheets.iterdir()))
    for part in ("Nguyễn Mẫu Thử A", "NGUYEN MAU THU A", "17/05/1990", "Comirnaty", "1/2", "01/06/2026", "Sở Y tế Mẫu",
                 "Họ và tên", "Date of birth", "URN:UVCI:01:VN:VP01/"):  # fmt: skip
        assert part in said


def test_what_is_typed_into_a_name_is_printed_and_not_run(
    order: Callable[..., Order], table: Callable[..., Path]
) -> None:
    hostile = "Nguyễn #panic() \u202e*x* <img onerror>"
    report = batch.run(order(table(f"{hostile};17/05/1990;Comirnaty;1/2;01/06/2026;VP01"), sheets="a4"))
    assert report.sheets is not None
    assert "Nguyễn #panic() *x* <img onerror>" in words(next(report.sheets.iterdir()))


def test_a_template_of_ones_own_is_used_and_its_faults_are_said(
    order: Callable[..., Order], table: Callable[..., Path], tmp_path: Path
) -> None:
    own = tmp_path / "own.typ"
    own.write_text("#let data = json(bytes(sys.inputs.data))\nMẫu riêng #data.certificates.at(0).name", "utf-8")
    report = batch.run(order(table(good=1), sheets="a4", template=own))
    assert report.sheets is not None
    assert "Mẫu riêng Nguyễn Mẫu Thử A" in words(next(report.sheets.iterdir()))
    own.write_text("#nothing", "utf-8")
    with pytest.raises(ConfigurationError, match=r"own\.typ: unknown variable: nothing"):
        batch.run(order(table(good=1), sheets="a4", template=own, out=tmp_path / "second.zip"))


def test_one_dose_is_issued_as_a_page(tmp_path: Path, key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from vaxcert.cli import cli

    monkeypatch.setenv("VAXCERT_PASSPHRASE", "mau-thu-mau-thu")
    out = tmp_path / "card.pdf"
    made = CliRunner().invoke(
        cli,
        ["issue", "--key", str(key_folder), "--authority", "Sở Y tế Mẫu", "--family-name", "Nguyễn", "--given-name",
         "Mẫu Thử", "--born", "1990-05-17", "--product", "EU/1/20/1528", "--dose", "2/2", "--date", "2026-06-01",
         "--out", str(out), "--log", str(tmp_path / "log")],
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    ((text,),) = rendered(out, 150)
    assert text.startswith("HC1:")


def test_where_typst_is_missing_nothing_is_signed_for_paper(
    order: Callable[..., Order], table: Callable[..., Path], tmp_path: Path, key_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from click.testing import CliRunner

    from vaxcert.cli import cli

    monkeypatch.setitem(sys.modules, "typst", None)
    path = table(good=2)
    with pytest.raises(ConfigurationError, match="typst"):
        batch.run(order(path, sheets="cards"))
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "mau-thu-mau-thu")
    asked = [
        "issue", "--key", str(key_folder), "--authority", "Mẫu", "--family-name", "Nguyễn", "--born", "1990", "--product",
        "EU/1/20/1528", "--dose", "2/2", "--date", "2026-06-01", "--out", str(tmp_path / "card.pdf"),
        "--log", str(tmp_path / "log"),
    ]  # fmt: skip
    said = CliRunner().invoke(cli, asked)
    assert isinstance(said.exception, ConfigurationError)
    assert list(tmp_path.iterdir()) == [path]


def test_rows_whose_letters_no_font_has_are_told_by_their_places_and_not_by_their_letters(
    order: Callable[..., Order], tmp_path: Path, key_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst
    from click.testing import CliRunner

    from vaxcert.batch.paper import letters
    from vaxcert.cli import cli

    held = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(letters, "fonts", lambda: held)
    monkeypatch.setattr(letters, "_known", {})
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "mau-thu-mau-thu")
    path = tmp_path / "doses.csv"
    head = "family_name;family_name_transliterated;date_of_birth;product;number;series;date"
    people = [f"{name};;1990;EU/1/20/1528;1;2;2026-06-01" for name in ("Mẫu", "Thử")]
    path.write_text("\n".join((head, people[0], "សុខ;SOK;1990;EU/1/20/1528;1;2;2026-06-01", people[1])), "utf-8")
    asked = ["batch", str(path), "--key", str(key_folder), "--authority", "Mẫu", "--sheets", "a4", "--workers", "1"]
    for lang, words in (("en", "3  full_name: has letters"), ("vi", "3  họ và tên: có chữ")):
        outs = ["--out", str(tmp_path / f"{lang}.zip"), "--log", str(tmp_path / "log"), "--lang", lang]
        said = CliRunner().invoke(cli, [*asked, *outs])
        assert said.exit_code == 0, said.output
        assert words in said.output
        assert "សុខ" not in said.output
        assert said.output.count("SOK") == 0
