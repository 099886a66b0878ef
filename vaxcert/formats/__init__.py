"""Languages: what the texts of the various certificate systems look like, and what they say."""

from vaxcert.formats.base import Format
from vaxcert.formats.recognise import FORMATS, bare, format_of, recognise

__all__ = ["FORMATS", "Format", "bare", "format_of", "recognise"]
