"""A workbook out: one sheet of texts, written row by row (ECMA-376, part 1: SpreadsheetML).

Every cell is a text and has the form of one ("@"), so that no spreadsheet takes a dose for a day, drops a zero, or runs
what begins with an equals sign; also not once somebody has mended it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from vaxcert.errors import ConfigurationError, Reason

# What a sheet holds, and a cell.
MOST_ROWS, _MOST_LETTERS = 1_048_576, 32_767
_WIDTH = 18

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Text, and text in bold for headings; the two fills and one border that every workbook has.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/>'
    '<sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
    '<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats'
        '-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_FORMS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_FORMS}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_FORMS}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": _STYLES,
}  # fmt: skip
# What XML 1.0 cannot say.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a workbook with these headings and rows; what XML cannot say becomes U+FFFD. Memory stays flat.

    Raises `ConfigurationError` for more rows than a sheet holds, `OSError` where the disk does not take it.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            _sheet(part, headings, rows)


def _sheet(part: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    # All of a column is text, so that a cell that was empty is one too once somebody fills it in.
    columns = f'<col min="1" max="{max(len(headings), 1)}" width="{_WIDTH}" style="1" customWidth="1"/>'
    part.write(
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>".encode()
    )
    part.write(_row(headings, 2))
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise ConfigurationError(f"more than {MOST_ROWS - 1:,} rows: write a .csv", Reason.TOO_LARGE)
        part.write(_row(row, 1))
    part.write(b"</sheetData></worksheet>")


def _row(cells: Sequence[str], style: int) -> bytes:
    written = "".join(
        f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_said(cell)}</t></is></c>'
        if cell
        else f'<c s="{style}"/>'
        for cell in cells
    )
    return f"<row>{written}</row>".encode()


def _said(cell: str) -> str:
    return escape(_UNSAYABLE.sub("\ufffd", cell[:_MOST_LETTERS]))
