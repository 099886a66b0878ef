"""What the pictures of a run are called, and what its manifest says of people: as much as was asked for."""

from __future__ import annotations

import re

from vaxcert.batch.block import COLUMNS
from vaxcert.model import Person
from vaxcert.tables.cells import harmless
from vaxcert.tables.parts import line_and_dose

# Of people the manifest says these, and only where pictures are named by person.
PEOPLE = ("name", "date_of_birth")

_NO_LETTERS = re.compile("[^A-Z]+")
_NEITHER = re.compile("[^A-Z0-9]+")
# With folder, birth date and row far below the 255 bytes of a name, and the 260 characters of a path, of a disk.
_MOST_LETTERS = 60


def columns(names: str) -> tuple[str, ...]:
    """The headings of the manifest. `names`: see `Order`."""
    return (*COLUMNS, *PEOPLE) if names == "person" else COLUMNS


def people(names: str, person: Person) -> tuple[str, ...]:
    """What the manifest says of a person, harmless in a spreadsheet."""
    return (harmless(person.full_name), person.date_of_birth) if names == "person" else ()


def stem(names: str, key: int, person: Person, certificate_id: str) -> str:
    """What a picture is called, without its ending: A–Z, digits, hyphens and underlines, and never twice in a run.

    That of a person begins with the letters of the transliterated name, which every disk can hold and which nobody
    can make a path of, whatever the table says; the row at its end tells namesakes apart.
    """
    line, dose = line_and_dose(key)
    row = f"{line:08d}-{dose}" if dose else f"{line:08d}"
    if names == "id":
        return _NEITHER.sub("-", certificate_id.removeprefix("URN:UVCI:")).strip("-")
    if names == "person":
        latin = f"{person.family_name_transliterated} {person.given_name_transliterated}"
        letters = _NO_LETTERS.sub("-", latin.upper())[:_MOST_LETTERS].strip("-")
        return "_".join(filter(None, (letters, person.date_of_birth, row)))
    return row
