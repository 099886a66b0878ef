"""What programs put around and into a text is taken off, and nothing that could be of the text."""

import pytest

from vaxcert import Dose, Issuer, Person, Verifier
from vaxcert.formats.lines import Assembler
from vaxcert.formats.recognise import bare, unframed
from vaxcert.sorting import cards_in

UNSEEN = ("\u200b", "\u200e", "\u202a", "\u2060", "\xad", "\x1d", "\x04", "\x1a", "\x0c", "\x85", "\u2028")
# What stands before each line of a text that was sent on, and where its lines end.
QUOTED = (
    ("> ", "\n"),
    (">", "\r\n"),
    (">> ", "\n"),
    ("> > ", "\n"),
    ("", "\u2028"),
    ("", "\x85"),
    ("  ", "\n"),
    ("\t", "\n"),
    ("", " \n"),
)


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
def test_what_nobody_sees_around_a_text_is_taken_off(verifier: Verifier, text: str, mark: str) -> None:
    assert verifier.verify(f"{mark}{text}")
    assert verifier.verify(f"{text}{mark}\n")
    assert verifier.verify(f"]Q3{mark}{text}")


@pytest.mark.parametrize("quote", ['"{}"', "'{}'", "\u201c{}\u201d", "> {}", '"{}"\r\n'])
def test_marks_that_a_text_was_quoted_by_are_taken_off(verifier: Verifier, text: str, quote: str) -> None:
    assert verifier.verify(quote.format(text))
    assert verifier.verify(quote.format(text[:-1])).status == "refused"


@pytest.mark.parametrize(("before", "end"), QUOTED, ids=ascii)
@pytest.mark.parametrize("width", [60, 64, 72, 76, 80])
def test_lines_that_were_wrapped_and_quoted_make_one_text_at_every_door(
    text: str, width: int, before: str, end: str
) -> None:
    assert put_together(text, width, before, end) == [text] * 3


@pytest.mark.parametrize(("before", "end"), QUOTED, ids=ascii)
def test_a_blank_beside_which_a_line_was_cut_stays_at_every_door(
    issuer: Issuer, person: Person, dose: Dose, before: str, end: str
) -> None:
    texts = (issuer.issue(person, dose).text for _ in range(100))
    text, at = next((text, at) for text in texts for at in range(20, 200) if text[at] == " " and is_alone(text, at))
    for width in (at, at + 1):
        assert put_together(text, width, before, end) == [text] * 3


def is_alone(text: str, at: int) -> bool:
    """Whether beside the second cut there is no blank: one that all lines have could be a program's."""
    return " " not in text[2 * at - 1 : 2 * at + 4]


def put_together(text: str, width: int, before: str, end: str) -> list[str]:
    """What comes of a text in lines of a width: taken whole, line by line, and out of a mail."""
    wrapped = end.join(before + text[at : at + width] for at in range(0, len(text), width))
    assembler = Assembler()
    by_line = [one for line in wrapped.split("\n") for one in assembler.feed(line)] + list(assembler.flush())
    return [bare(wrapped), *by_line, *cards_in(f"Xin chào,\n\n{wrapped}\n\nTrân trọng")]


def test_a_further_line_that_begins_like_another_card_keeps_its_blanks() -> None:
    for line in ("EYJ A B ", "EYJ-9 C ", "9 X ", "SHC:/ 1 "):
        assert unframed(line) == line
    # Alone it goes on nothing, and blanks around it are nobody's.
    assert bare("9 X ") == "9 X"


def test_blanks_that_a_page_made_wide_are_blanks_again(verifier: Verifier, text: str) -> None:
    assert " " in text
    assert verifier.verify(text.replace(" ", "\u00a0"))


def test_cards_of_one_text_are_told_apart_and_what_holds_none_is_left(text: str) -> None:
    broken = text[:-3] + "AAA"
    assert cards_in(f"{text}\n{broken}\r\n") == [text, broken]
    for alone in ("", broken, "Xin chào\nHC1:", "BEGIN:VCARD\nTEL:0", text + "\n" * 1000 + "x"):
        assert cards_in(alone) == [alone]
