"""Many at once: a table of doses in, an archive of signed codes out.

table ─rows→ checked, all of them ─blocks→ workers: signed, drawn, packed ─blocks→ one archive

    >>> from pathlib import Path
    >>> from vaxcert import batch
    >>> order = batch.Order(table=Path("doses.csv"), out=Path("certificates.zip"), key=Path("keys"),
    ...                     password="signer's secret", authority="Sở Y tế (TEST)")
    >>> report = batch.run(order)
    >>> report.issued, report.rejected
    (3, 0)

With several workers a script has to guard its main part (`if __name__ == "__main__":`): the workers import it.
"""

from vaxcert.batch.order import Order, Report
from vaxcert.batch.runner import check, run
from vaxcert.tables import Row, Table, open_table

__all__ = ["Order", "Report", "Row", "Table", "check", "open_table", "run"]
