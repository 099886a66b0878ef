"""Workbooks: read by a child process under a bound on its memory, and what their reader leaves out."""
