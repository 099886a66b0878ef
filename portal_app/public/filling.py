"""What a holder types, as the look-up takes it, or what is wrong with it in words beside the field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from portal_app.words import say
from vaxcert import typed
from vaxcert.errors import InputError, Reason
from vaxcert.tables.values import days

MOST = 200
_FEWEST_DIGITS = 6


class Filled:
    """A form as it was filled in: `typed` to be shown again, and `wrong` by field, in this request's language."""

    def __init__(self, form: Mapping[str, str], fields: tuple[str, ...]) -> None:
        self.typed: dict[str, str] = {name: form.get(name, "")[:MOST] for name in fields}
        self.wrong: dict[str, str] = {}

    def text(self, name: str) -> str:
        """A text that has to be there."""
        found = " ".join(self.typed[name].split())
        if not found:
            self.wrong[name] = say(f"holder_fill_{name}")
        return found

    def born(self) -> str:
        """A birth date, as `Person` has it."""
        if not self.typed["born"].strip():
            self.wrong["born"] = say("holder_fill_born")
            return ""
        try:
            return days.birth_date(self.typed["born"])
        except InputError:
            self.wrong["born"] = say("holder_born_wrong")
            return ""

    def number(self) -> str:
        """A telephone or identity number: which, the look-up finds out."""
        found = unicodedata.normalize("NFKC", self.typed["number"]).strip()
        if not found:
            self.wrong["number"] = say("holder_fill_number")
        elif sum(map(str.isdigit, found)) < _FEWEST_DIGITS:
            self.wrong["number"] = say("holder_number_wrong")
        return found

    def code(self, name: str) -> str:
        """A code in the form that is printed; the sign at its end tells most errors before anybody is asked."""
        try:
            return typed.read(self.typed[name], name)
        except InputError as error:
            self.wrong[name] = say(f"holder_fill_{name}" if error.reason is Reason.MISSING else "holder_code_wrong")
            return ""
