"""Health cards that are issued here: by the issuer, in a batch, and withdrawn by their certificate's id."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from forge import NOW
from health_cards import ISSUER, trusted

from vaxcert import ConfigurationError, Dose, InputError, Issuer, Person, SigningKey, TrustStore, Verifier
from vaxcert.inspection import steps
from vaxcert.qr import read
from vaxcert.qr.plan import draw
from vaxcert.trust import lists as published
from vaxcert.trust import revocation
from vaxcert.trust.lists import jwks
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source


def issuer(key: SigningKey, **how: str) -> Issuer:
    said = {"format": "shc", "address": ISSUER} | how
    return Issuer(
        key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: NOW, **said  # type: ignore[arg-type]
    )  # fmt: skip


def test_what_is_issued_is_accepted_and_drawn_in_digits(key: SigningKey, person: Person, dose: Dose) -> None:
    issued = issuer(key).issue(person, dose)
    certificate = Verifier(TrustStore([trusted(key)]), clock=lambda: NOW).verify(issued.text).require()
    assert (certificate.entry, certificate.person) == (certificate.entries[0], person)
    (given,) = certificate.entries
    assert isinstance(given, Dose)
    assert (given.product, given.number, given.series, given.date) == (dose.product, 2, 2, dose.date)
    symbol = issued.qr(level="L")
    assert symbol.version is not None and symbol.version <= 22
    (found,) = read(symbol.image(scale=4, border=4)) if hasattr(symbol, "image") else (symbol,)
    assert found.text == issued.text
    (drawn,) = draw([issued.text], level="L")
    assert drawn.version == symbol.version


def test_a_card_is_withdrawn_by_the_id_in_the_log(key: SigningKey, person: Person, dose: Dose, tmp_path: Path) -> None:
    issued = issuer(key).issue(person, dose)
    source = Source(Kind.UCI, 1, True)
    (tmp_path / source.name).write_bytes(revocation.packed([revocation.of_uci(issued.certificate_id)]))
    store = TrustStore([trusted(key)], revocations=Revocations([(source, Hashes(tmp_path / source.name))]))
    verifier = Verifier(store, clock=lambda: NOW)
    assert verifier.verify(issued.text).reason == "revoked"
    assert verifier.verify(issuer(key).issue(person, dose).text).status == "accepted"
    assert issued.certificate_id not in "".join(content for _, content in steps(issued.text))


def test_what_has_no_code_of_the_system_is_not_issued(key: SigningKey, person: Person) -> None:
    dose = Dose(product="Abdala", number=1, series=3, date=date(2026, 5, 1))
    with pytest.raises(InputError) as caught:
        issuer(key).issue(person, dose)
    assert (caught.value.field, caught.value.reason) == ("product", "product_unknown")


@pytest.mark.parametrize("address", ["", "http://health.example", "https://health.example/", "https://h.example/?a"])
def test_an_address_that_names_nobody_is_refused_before_anything_is_signed(key: SigningKey, address: str) -> None:
    with pytest.raises(ConfigurationError):
        issuer(key, address=address)


def test_the_key_is_published_to_our_verifiers_and_as_a_key_set(key: SigningKey, tmp_path: Path) -> None:
    publisher = Publisher.create(
        tmp_path / "workspace", environment="test", passphrase="the publisher's", root_passphrase="the root's own"
    )
    publisher.keys.add(key.certificate)
    publisher.keys.add_health_card_key(key.certificate, ISSUER)
    publisher.publish(tmp_path / "out", passphrase="the publisher's")
    content = (tmp_path / "out" / ".well-known" / "jwks.json").read_bytes()
    (published,) = json.loads(content)["keys"]
    assert published == key.jwk() | {"kid": key.thumbprint, "use": "sig", "alg": "ES256"}
    assert "d" not in published
    (held,) = TrustStore.from_published(content, unsigned=True, issuer=ISSUER)
    ours = next(one for one in publisher.keys.usable() if "shc" in one.formats)
    assert (held.kid, held.issuer, held.spki()) == (ours.kid, ours.issuer, ours.spki())


def test_others_are_told_by_the_issuers_own_list_what_is_withdrawn(
    key: SigningKey, person: Person, dose: Dose, tmp_path: Path
) -> None:
    publisher = Publisher.create(
        tmp_path / "workspace", environment="test", passphrase="the publisher's", root_passphrase="the root's own"
    )
    publisher.keys.add_health_card_key(key.certificate, ISSUER)
    place = tmp_path / "out" / ".well-known"
    withdrawn, other = issuer(key).issue(person, dose), issuer(key).issue(person, dose)

    def told(*, lists: bool = True) -> list[str | None]:
        """What somebody else's verifier says of both, who fetched the key set, and the lists."""
        keys = published.read((place / "jwks.json").read_bytes(), issuer=ISSUER).keys
        if lists:
            keys = jwks.with_withdrawn_cards(keys, [path.read_bytes() for path in place.glob("crl/*.json")])
        verifier = Verifier(TrustStore(keys, environment="test"), clock=lambda: NOW)
        return [reason and str(reason) for reason in (verifier.verify(one.text).reason for one in (withdrawn, other))]

    def publish() -> tuple[int, int]:
        publisher.publish(tmp_path / "out", passphrase="the publisher's")
        (entry,) = json.loads((place / "jwks.json").read_bytes())["keys"]
        listed = place / "crl" / f"{key.thumbprint}.json"
        return entry.get("crlVersion", 0), json.loads(listed.read_bytes())["ctr"] if listed.exists() else 0

    assert (publish(), told()) == ((0, 0), [None, None])
    named = [revocation.of_uci(withdrawn.certificate_id)]
    publisher.withdrawals.revoke(Kind.UCI, named)
    publisher.withdrawals.revoke(Kind.SITE, [revocation.of_site("VN", "VP01")])
    assert (publish(), told()) == ((2, 2), ["revoked", None])
    assert told(lists=False) == ["revocation_unknown", "revocation_unknown"]
    # Its version moves where the list does.
    assert (publish(), told()) == ((2, 2), ["revoked", None])
    publisher.withdrawals.reinstate(Kind.UCI, named)
    assert (publish(), told()) == ((4, 4), [None, None])
    assert withdrawn.certificate_id.encode() not in b"".join(path.read_bytes() for path in place.rglob("*.json"))
