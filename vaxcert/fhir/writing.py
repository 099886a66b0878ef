"""A person and a dose as a FHIR bundle, in the few members that the profile of SMART Health Cards leaves.

(SMART Health Cards: Vaccination and Testing Implementation Guide 1.0, profile "data minimization".)
"""

from __future__ import annotations

from typing import Any

from vaxcert.codes import cvx
from vaxcert.errors import InputError, Reason
from vaxcert.model import Dose, Person


def bundle(person: Person, dose: Dose) -> dict[str, Any]:
    """The bundle of one dose. Raises `InputError` (`product_unknown`) for a vaccine that CVX has no code for."""
    code = cvx.WRITTEN.get(dose.product)
    if code is None:
        raise InputError("product", Reason.PRODUCT_UNKNOWN)
    name: dict[str, Any] = {"family": person.family_name}
    if person.given_name:
        name["given"] = person.given_name.split(" ")
    given: dict[str, Any] = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": cvx.SYSTEM, "code": code}]},
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": dose.date.isoformat(),
    }
    if dose.issuer:
        given["performer"] = [{"actor": {"display": dose.issuer}}]
    if dose.lot:
        given["lotNumber"] = dose.lot
    # The number is what the one dose of a card cannot be counted by.
    given["protocolApplied"] = [{"doseNumberPositiveInt": dose.number, "seriesDosesPositiveInt": dose.series}]
    patient = {"resourceType": "Patient", "name": [name], "birthDate": person.date_of_birth}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "resource:0", "resource": patient},
            {"fullUrl": "resource:1", "resource": given},
        ],
    }
