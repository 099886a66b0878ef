"""By what a row is known again: keyed hashes of its texts by field, as this version reads them and as earlier ones did.

What a row says is read otherwise with each version that knows more headings or cleans its cells more, and once somebody
says which font it was typed for. A registry keeps the hashes that it was given, of rows taken and of people deleted
since, so every way of reading that ever made one stays here as it was: a row is asked for by all of them, and noted by
the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from vaxcert.names import plain
from vaxcert.registry.secrets import Secrets
from vaxcert.tables.cells import Cells, Changed, meant, stood
from vaxcert.tables.delimited import PAGE
from vaxcert.tables.layout import Layout
from vaxcert.tables.parts import Part, Row
from vaxcert.tables.table import Table
from vaxcert.tables.typed import page_for

# Each changed when rows are understood otherwise: then the same row is another one.
_NOW, _FIRST = "row 2", "row 1"


class Digests:
    """Makes the digests of a table's rows, the newest first."""

    def __init__(self, table: Table, keeper: Secrets) -> None:
        self._keeper = keeper
        self._mapping = table.mapping
        self._page = page_for(table.reading.legacy_font)
        self._fields: Callable[[Layout], dict[int, str]] = lru_cache(maxsize=64)(self._first_fields)

    def of(self, part: Part, row: Row, values: Mapping[str, str]) -> tuple[str, ...]:
        """The digests of a row of a table. `values`: its texts by field, as read now."""
        digests = [self._keeper.hash(_NOW, _joined(values))]
        changed = any(isinstance(cell, Changed) for cell in row.cells)
        cells = tuple(map(stood, row.cells)) if changed else row.cells
        if changed:
            # As it is read where nobody says for which font it was typed.
            digests.append(self._keeper.hash(_NOW, _joined(part.values(row._replace(cells=cells)))))
        if fields := self._fields(part.layout):
            digests += [self._keeper.hash(_FIRST, _joined(said)) for said in self._first_said(fields, cells)]
        return tuple(dict.fromkeys(digests))

    def _first_said(self, fields: Mapping[int, str], cells: Cells) -> Iterator[Mapping[str, str]]:
        """A row's texts as the first version had them: it took what is no UTF-8 for Vietnamese Windows' code page."""
        for page in dict.fromkeys((self._page, PAGE)):
            found = ((field, cells[number]) for number, field in fields.items() if number < len(cells))
            said = ((field, meant(_in_page(text, self._page, page).strip())) for field, text in found)
            yield {field: text for field, text in said if text}

    def _first_fields(self, layout: Layout) -> dict[int, str]:
        """The field of each column as the first version had it; none where it refused the table."""
        fields: dict[int, str] = {}
        for number, heading in enumerate(map(stood, layout.head)):
            name = plain(heading)
            field = self._mapping.get(name) or _FIRST_HEADINGS.get(name)
            if field in fields.values():
                return {}
            if field is not None:
                fields[number] = field
        # Without these it took no table: then somebody told it which columns they are.
        lacking = _FIRST_NEEDED - set(fields.values())
        if not _FIRST_NAMES & set(fields.values()):
            lacking |= _FIRST_NAMES
        return fields | {number: field for number, field in layout.doses[0].read if field in lacking}


def _in_page(text: str, page: str, other: str) -> str:
    """A text of one code page as its bytes look in another; as it is, where it is not of the first."""
    if page == other or text.isascii():
        return text
    try:
        return text.encode(page).decode(other)
    except UnicodeError:
        return text


def _joined(values: Mapping[str, str]) -> str:
    return "\x1f".join(f"{name}={values[name]}" for name in sorted(values))


_FIRST_NEEDED = frozenset(("date_of_birth", "product", "number", "date"))
_FIRST_NAMES = frozenset(("full_name", "family_name"))
# The headings that the first version knew, word for word.
_FIRST_HEADINGS = {
    heading: field
    for field, headings in {
        "full_name": "full name|name|ho ten|ho va ten|ho ten nguoi tiem|ten nguoi tiem",
        "family_name": "family name|surname|last name|ho",
        "given_name": "given name|given names|first name|ten|ten dem va ten|chu dem va ten",
        "family_name_transliterated": "family name transliterated",
        "given_name_transliterated": "given name transliterated",
        "date_of_birth": "date of birth|born|birth date|dob|ngay sinh|ngay thang nam sinh|nam sinh",
        "product": "product|vaccine|vac xin|vacxin|loai vac xin|ten vac xin|ma vac xin",
        "number": "number|dose|dose number|mui|mui so|mui tiem|lan tiem",
        "series": "series|doses in series|tong so mui|so mui|so mui can tiem",
        "date": "date|vaccination date|date of vaccination|ngay tiem|ngay tiem chung",
        "site": "site|site id|ma co so|co so|co so tiem|co so tiem chung|diem tiem",
        "lot": "lot|batch|lot number|so lo|lo vac xin|so lo vac xin",
        "disease": "disease|benh|ma benh",
        "prophylaxis": "prophylaxis",
        "holder": "holder|manufacturer|nha san xuat",
        "country": "country|nuoc|quoc gia",
        "issuer": "issuer|authority|co quan cap",
        "national_id": "national id|id number|identity number|cccd|so cccd|cmnd|so cmnd|cmnd cccd|cccd cmnd|"
        "so cmnd cccd|so dinh danh|so dinh danh ca nhan|ma dinh danh|can cuoc|so can cuoc",
        "phone": "phone|telephone|phone number|dien thoai|so dien thoai|sdt",
        "district": "district|huyen|quan huyen|huyen thanh pho|dia ban|quan",
        "priority_group": "priority group|group|nhom uu tien|nhom doi tuong|doi tuong|nhom",
    }.items()
    for heading in headings.split("|")
}
