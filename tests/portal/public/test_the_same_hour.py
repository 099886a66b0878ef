"""Who was vaccinated at a desk finds the certificate the same hour: desk, signer, slip, look-up, each as it runs."""

from typing import Any
from uuid import UUID

from vaxcert import Person
from vaxcert.registry.certificates.one import Asker, issue
from vaxcert.registry.desk import entering
from vaxcert.registry.holders import codes
from vaxcert.registry.records import people
from vaxcert.registry.records.doses import RecordedDose


def test_a_dose_recorded_at_a_desk_is_found_by_the_slip_that_was_printed_with_it(citizen: Any) -> None:
    registry, today = citizen.place.registry, citizen.place.registry.today()
    person = Person(family_name="Phạm", given_name="Mẫu Mới", date_of_birth="1985-02-03")
    profile = people.profile(person, {"phone": "0100000077"}, groups=frozenset(), keeper=registry.secrets)
    given = RecordedDose(product="EU/1/20/1528", number=1, series=2, date=today, site="VP01", lot="L1")
    recorded = entering.record(registry, profile=profile, dose=given, actor="account:lan", request_id=UUID(int=7))
    slip = codes.of_dose(registry, recorded.dose_id, actor="account:lan")
    visitor = citizen.visit()
    asked = {"name": "pham mau moi", "born": "3/2/1985", "number": "0100 000 077", "code": slip.text.lower()}
    # Not signed yet: one answer, and it closes no code however often it is asked for.
    for _ in range(codes.MOST_FAILURES + 1):
        assert visitor.post("/find", asked).status_code == 404
    made = issue(registry, citizen.issuer, recorded.dose_id, asker=Asker("account:lan", site="VP01"))
    page = visitor.post("/find", asked)
    assert page.status_code == 200 and "Phạm Mẫu Mới" in page.text
    assert made.certificate_id in page.text and f"{today:%d/%m/%Y}" in page.text
