"""What is typed or scanned of somebody, by the fields of a unit's table."""

from __future__ import annotations

from collections.abc import Mapping

from vaxcert.errors import InputError
from vaxcert.registry import Registry
from vaxcert.registry.desk import people
from vaxcert.registry.intake.rows import Said
from vaxcert.tables.values.cards import identity_card
from vaxcert.tables.values.days import birth_date

# Of the form by which somebody is found.
SOUGHT = ("full_name", "date_of_birth", "phone", "national_id")
# What is asked of somebody new beside.
MORE = (
    "sex", "guardian", "district", "commune", "address", "priority_group", "occupation", "insurance_number",
    "nationality",
)  # fmt: skip
FIELDS = (*SOUGHT, *MORE)
# A scanner types into whatever field has the focus; nobody's name has so many bars.
_BARS = 6


def texts(form: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """What stands in the form's fields, filled in by an identity card's code where that was scanned; and what was
    scanned, where it is no such code."""
    said = {name: form.get(name, "").strip() for name in FIELDS}
    card = form.get("card", "").strip()
    for name in FIELDS:
        if said[name].count("|") >= _BARS:
            card, said[name] = said[name], ""
    if not card:
        return said, ""
    try:
        on_card = identity_card(card)
    except InputError:
        return said, card
    if on_card.get("date_of_birth"):
        on_card["date_of_birth"] = "/".join(reversed(on_card["date_of_birth"].split("-")))
    before = (said["national_id"], said["full_name"])
    if (
        any(before)
        and on_card.get("national_id") != said["national_id"]
        and on_card.get("full_name") != said["full_name"]
    ):
        # The next person's card, scanned while the last one's data stood there.
        said = dict.fromkeys(FIELDS, "")
    return said | on_card, ""


def read(registry: Registry, said: Mapping[str, str], card: str = "") -> Said:
    """What it says of a person, and all that is wrong with it."""
    if card:
        return people.read(registry, {"card": card})
    return people.read(registry, said)


def sought(said: Mapping[str, str]) -> dict[str, str]:
    """What somebody is looked for by: the birth date as it is kept, "" where it is none (yet)."""
    try:
        born = birth_date(said.get("date_of_birth", "")) if said.get("date_of_birth") else ""
    except InputError:
        born = ""
    return {name: said.get(name, "") for name in SOUGHT} | {"date_of_birth": born}
