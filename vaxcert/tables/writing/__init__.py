"""Tables out: rows that were not taken, as CSV or a workbook."""
