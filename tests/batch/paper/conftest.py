"""Certificates to print, and fonts of a machine's to print them with."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vaxcert import Dose, Issuer, Person, SigningKey
from vaxcert.batch.paper import Printed, letters

# In Vietnam it is the second of June already.
MOMENT = datetime(2026, 6, 1, 20, tzinfo=UTC)


@pytest.fixture(scope="session")
def printed() -> Callable[..., list[Printed]]:
    """Certificates of people, given by their names and perhaps these in A–Z; more is said of their doses."""
    key = SigningKey.generate(country="VN", now=MOMENT - timedelta(days=1))
    issuer = Issuer(
        key, country="VN", authority="Sở Y tế Mẫu", valid_for=timedelta(days=365), site="VP01", clock=lambda: MOMENT
    )

    def make(names: Iterable[tuple[str, ...]], **more: str) -> list[Printed]:
        made = []
        for family, given, *latin in names:
            person = Person(
                family_name=family,
                given_name=given,
                date_of_birth="1990-05-17",
                **dict(zip(("family_name_transliterated", "given_name_transliterated"), latin, strict=False)),
            )
            dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 5, 1), **({"lot": "MAU123"} | more))
            issued = issuer.issue(person, dose)
            made.append(Printed(person, dose, issued, issued.qr()))
        return made

    return make


@pytest.fixture
def use_fonts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None], None]:
    """Have the fonts that typst brings and those of a folder alone, and nothing remembered of others."""

    def use(folder: Path | None) -> None:
        import typst

        held = typst.Fonts(include_system_fonts=False, font_paths=[folder] if folder else [])
        monkeypatch.setattr(letters, "fonts", lambda: held)
        monkeypatch.setattr(letters, "_known", {})

    return use
