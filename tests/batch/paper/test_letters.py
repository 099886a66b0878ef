"""Which texts can be set: told before anything is printed, whatever fonts the machine has."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paper import font

from vaxcert.batch.paper import letters

Fonts = Callable[[Path | None], None]
KHMER = "សុខ"


def test_texts_that_no_font_has_are_found_among_many_that_can_be_set(use_fonts: Fonts) -> None:
    use_fonts(None)
    usual = [f"Nguyễn Văn {number}" for number in range(300)]
    assert letters.lacking([*usual, KHMER, "王 Mẫu"]) == {KHMER, "王 Mẫu"}


def test_a_mark_that_a_font_lacks_is_found_though_its_letters_are_there(use_fonts: Fonts, tmp_path: Path) -> None:
    use_fonts(font(tmp_path, "សខ"))
    assert letters.lacking(["សខ", KHMER]) == {KHMER}


def test_a_text_keeps_what_can_be_set_of_it(use_fonts: Fonts) -> None:
    use_fonts(None)
    assert letters.drawable(f"Sở Y tế {KHMER} Mẫu") == "Sở Y tế Mẫu"
    assert letters.drawable(KHMER) == ""


def test_letters_are_looked_for_once(use_fonts: Fonts, monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    use_fonts(None)
    assert not letters.lacking(["Nguyễn Mẫu"])
    monkeypatch.setattr(typst, "compile", None)
    assert not letters.lacking(["Mẫu Nguyễn"])


@pytest.mark.skipif(sys.platform != "linux", reason="a person's own fonts are elsewhere on other systems")
def test_the_fonts_of_the_machine_are_used(tmp_path: Path) -> None:
    told = "from vaxcert.batch.paper import letters; print(len(letters.lacking(['\\u17d4\\ue000'])))"
    there = font(tmp_path / "there" / "fonts", "\u17d4\ue000").parent
    said = [
        subprocess.run(
            [sys.executable, "-c", told],
            env=os.environ | {"XDG_DATA_HOME": str(place), "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout.strip()
        for place in (tmp_path, there)
    ]
    assert said == ["1", "0"]
