"""Tables of offices in, rows of texts by field out: CSV, workbooks, Parquet, or a folder of them.

file ─delimited, workbooks, parquet→ rows of cells ─layout, headings→ its columns ─cells.said→ texts by field ─records→
a person and a dose

Nothing is held in memory, and each part of a table can be read by another process.
"""

from vaxcert.tables.parts import Part, Row
from vaxcert.tables.survey import Survey, survey
from vaxcert.tables.table import Table, open_table

__all__ = ["Part", "Row", "Survey", "Table", "open_table", "survey"]
