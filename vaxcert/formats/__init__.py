"""Languages: what the texts of the various certificate systems look like, and what they say."""

from vaxcert.formats.base import Format
from vaxcert.formats.recognise import FORMATS, PREFIXES, bare, format_of, is_known, recognise

__all__ = ["FORMATS", "Format", "PREFIXES", "bare", "format_of", "is_known", "recognise"]
