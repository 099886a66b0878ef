"""Which column of a clinic's table is which field, by its heading in Vietnamese or English."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.names import plain

# Headings as `plain` makes them. The first of each is the field's own name.
_HEADINGS = {
    "full_name": ("full name", "name", "ho ten", "ho va ten", "ho ten nguoi tiem", "ten nguoi tiem"),
    "family_name": ("family name", "surname", "last name", "ho"),
    "given_name": ("given name", "given names", "first name", "ten", "ten dem va ten", "chu dem va ten"),
    "family_name_transliterated": ("family name transliterated",),
    "given_name_transliterated": ("given name transliterated",),
    "date_of_birth": ("date of birth", "born", "birth date", "dob", "ngay sinh", "ngay thang nam sinh", "nam sinh"),
    "product": ("product", "vaccine", "vac xin", "vacxin", "loai vac xin", "ten vac xin", "ma vac xin"),
    "number": ("number", "dose", "dose number", "mui", "mui so", "mui tiem", "lan tiem"),
    "series": ("series", "doses in series", "tong so mui", "so mui", "so mui can tiem"),
    "date": ("date", "vaccination date", "date of vaccination", "ngay tiem", "ngay tiem chung"),
    "site": ("site", "site id", "ma co so", "co so", "co so tiem", "co so tiem chung", "diem tiem"),
    "lot": ("lot", "batch", "lot number", "so lo", "lo vac xin", "so lo vac xin"),
    "disease": ("disease", "benh", "ma benh"),
    "prophylaxis": ("prophylaxis",),
    "holder": ("holder", "manufacturer", "nha san xuat"),
    "country": ("country", "nuoc", "quoc gia"),
    "issuer": ("issuer", "authority", "co quan cap"),
}
FIELDS = frozenset(_HEADINGS)
_BY_HEADING = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_REQUIRED = ("date_of_birth", "product", "number", "date")


def load_mapping(path: Path, fields: Set[str] = FIELDS) -> dict[str, str]:
    """A file that names columns: a JSON object, heading → field. Raises `ConfigurationError`."""
    try:
        mapping = json.loads(files.read_text(path))
    except ValueError:
        raise DamagedError(f"{path}: not a JSON object of headings and fields") from None
    if not isinstance(mapping, dict) or not all(isinstance(field, str) for field in mapping.values()):
        raise DamagedError(f"{path}: not a JSON object of headings and fields")
    for field in mapping.values():
        if field not in fields:
            raise ConfigurationError(
                f"{path}: no such field: {field}; there are {', '.join(sorted(fields))}", Reason.COLUMNS_UNCLEAR
            )
    return {plain(heading): field for heading, field in mapping.items()}


def match(
    columns: Sequence[str], mapping: Mapping[str, str], extra: Mapping[str, Sequence[str]] | None = None
) -> dict[int, str]:
    """The field of each column that has one, by its number. Raises `ConfigurationError`.

    `extra`: further fields that somebody understands, each with its headings as `plain` makes them.

    A mapping comes first. Two columns for one field, or a needed field without a column, are errors that name the
    headings.
    """
    more = {heading: field for field, headings in (extra or {}).items() for heading in headings}
    matched: dict[int, str] = {}
    named = {plain(heading) for heading in columns}
    for heading in mapping:
        if heading not in named:
            raise ConfigurationError(
                f"the mapping names a column that the table does not have: {heading}", Reason.COLUMNS_UNCLEAR
            )
    for number, column in enumerate(columns):
        heading = plain(column)
        field = mapping.get(heading) or _BY_HEADING.get(heading) or more.get(heading)
        if field is None:
            continue
        if field in matched.values():
            other = columns[next(i for i, taken in matched.items() if taken == field)]
            raise ConfigurationError(
                f"two columns for {field}: {other!r} and {column!r}; say which with --map", Reason.COLUMNS_UNCLEAR
            )
        matched[number] = field
    fields = set(matched.values())
    missing = [field for field in _REQUIRED if field not in fields]
    if not fields & {"full_name", "family_name"}:
        missing.insert(0, "family_name")
    if missing:
        have = ", ".join(repr(column) for column in columns[:40])
        raise ConfigurationError(
            f"no column for {', '.join(missing)} among {have}; name them with --map", Reason.COLUMNS_UNCLEAR
        )
    return matched
