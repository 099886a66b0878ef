"""Texts that people wrote: in UTF-8, with a byte order mark or without, or in UTF-16 with one."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import files
from vaxcert.errors import DamagedError, NotFoundError
from vaxcert.registry.intake.lists import read_groups
from vaxcert.tables.headings import load_mapping
from vaxcert.trust.own import passphrase

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "mark": lambda text: text.encode("utf-8-sig"),
    "little endian": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "big endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}
BROKEN = [b"\xff", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"caf\xe9", b"\xfe\xff\xd8\x00"]


@pytest.fixture(params=ENCODINGS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "text").write_bytes(ENCODINGS[request.param](text))
        return tmp_path / "text"

    return write


def test_a_text_is_read_as_it_was_written(written: Callable[[str], Path]) -> None:
    assert files.read_text(written("Mẫu\r\nThử ")) == "Mẫu\r\nThử "
    assert files.read_text(written("")) == ""


def test_of_a_passphrase_the_line_end_alone_goes(written: Callable[[str], Path]) -> None:
    assert passphrase.read(written(" bí mật \u2028\x0b \r\nmore")) == " bí mật \u2028\x0b "
    assert passphrase.read(written("\n")) == ""


def test_mappings_and_lists_of_names_are_read(written: Callable[[str], Path]) -> None:
    assert load_mapping(written(json.dumps({"Họ": "family_name"}, ensure_ascii=False))) == {"ho": "family_name"}
    assert read_groups(written("code,name_vi,name_en\r\n1,Y tế,Health\r\n"))[0].name_vi == "Y tế"


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_no_text_is_named_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.txt").write_bytes(content)
    with pytest.raises(DamagedError) as raised:
        files.read_text(tmp_path / "broken.txt")
    assert str(raised.value) == f"{tmp_path / 'broken.txt'}: not a text in UTF-8 or UTF-16"
    with pytest.raises(NotFoundError, match=r"none\.txt"):
        files.read_text(tmp_path / "none.txt")


@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=40), max_size=6),
    st.sampled_from(list(ENCODINGS)),
    st.integers(1, 9),
    st.integers(5, 30),
)
def test_lines_are_the_same_in_whatever_pieces_their_bytes_come(
    lines: list[str], encoding: str, size: int, most: int
) -> None:
    # At the very start these would be a mark; one that was written stands before them.
    text = "\n".join(lines).lstrip("\ufeff\ufffe")
    stream = io.BytesIO(ENCODINGS[encoding](text))
    found = list(files.text_lines(lambda _: stream.read(size), most))
    assert "".join(found) == text
    assert all(len(line) <= most for line in found)
    assert all(line.endswith("\n") or len(line) == most for line in found[:-1])


def test_a_line_is_told_once_it_has_ended() -> None:
    typed = iter([b"one\nt", AssertionError()])

    def read(_: int) -> bytes:
        given = next(typed)
        if isinstance(given, AssertionError):
            raise given
        return given

    lines = files.text_lines(read, 100)
    assert next(lines) == "one\n"
