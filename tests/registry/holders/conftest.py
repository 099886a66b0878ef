"""A holder with a certificate and a code, on both databases."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from vaxcert import typed
from vaxcert.registry.holders import asking


class Holder(NamedTuple):
    """What a holder knows, and who they are in the registry."""

    person: int
    code: str
    place: Any

    def find(self, **other: str) -> Any:
        """What they find, with some of what they type being otherwise."""
        typed_in = {
            "name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "number": "0100000001", "code": self.code, **other
        }  # fmt: skip
        return asking.find(self.place.registry, **typed_in, actor="holder (test)")


@pytest.fixture
def issued(place: Any, issuer: Any) -> Callable[[], Any]:
    """The nightly run."""
    from vaxcert.registry.certificates import issuing

    return lambda: issuing.run(place.registry, issuer, actor="night")


@pytest.fixture
def holder(place: Any, issued: Callable[[], Any]) -> Holder:
    from vaxcert.registry.holders import codes

    place.take({"national_id": "001090000001"}, {"full_name": "Trần Ví Dụ", "phone": "0100000002"})
    issued()
    (one, _) = place.people()
    return Holder(one.person_id, typed.read(codes.hand_out(place.registry, one.person_id, actor="lan").text), place)
