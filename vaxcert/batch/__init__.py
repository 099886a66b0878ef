"""Many at once: a table of doses in, an archive of signed codes out.

table ─rows→ checked, all of them ─blocks→ workers: signed, drawn, packed ─blocks→ one archive

    from vaxcert import batch
    report = batch.run(batch.Order(table=…, out=…, key=…, authority=…))

With several workers a script has to guard its main part (`if __name__ == "__main__":`): the workers import it.
"""

from vaxcert.batch.order import Order, Report
from vaxcert.batch.runner import check, run
from vaxcert.tables import Row, Table, open_table

__all__ = ["Order", "Report", "Row", "Table", "check", "open_table", "run"]
