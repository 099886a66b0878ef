"""Languages: what the texts of the various certificate systems look like, and what they say."""

from vaxcert.formats.base import Format
from vaxcert.formats.hcert import HCERT

FORMATS: tuple[Format, ...] = (HCERT,)

__all__ = ["FORMATS", "Format"]
