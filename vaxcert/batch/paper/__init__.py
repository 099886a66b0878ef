"""Certificates on paper: A4 sheets or cards, as PDF through typst, from a template that a clinic may change."""

from vaxcert.batch.paper.pages import TEMPLATE, Paper, Printed, pdf, ready, told

__all__ = ["TEMPLATE", "Paper", "Printed", "pdf", "ready", "told"]
