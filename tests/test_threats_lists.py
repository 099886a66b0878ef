"""Recorded failures of other systems that concern published lists, each as a test that it cannot happen here.

The number in a name is the row of the project's threat table, as in `test_threats.py`.
"""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tuf.api.exceptions import DownloadError

from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore, Verdict, Verifier
from vaxcert.errors import ConfigurationError
from vaxcert.formats import hcert
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.fetch import HttpFetcher
from vaxcert.trust.synced.sync import sync
from vaxcert.wire import base45, deflate

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


class World:
    """A publisher, what it publishes, and a verifier's store."""

    def __init__(self, folder: Path, key: SigningKey, environment: str = "test") -> None:
        self.out, self.store = folder / "out", folder / "store"
        self.publisher = Publisher.create(
            folder / "workspace", environment=environment, clock=lambda: NOW,
            passphrase=SECRETS["passphrase"], root_passphrase=SECRETS["root_passphrase"],
        )  # fmt: skip
        self.publisher.add(key.certificate)
        self.root = (folder / "workspace" / "root.json").read_bytes()
        self.publish()
        sync(self.out, self.store, root=self.root, now=NOW)

    def publish(self) -> None:
        self.publisher.publish(self.out, passphrase=SECRETS["passphrase"])

    def step(self) -> None:
        """Publish and sync."""
        self.publish()
        sync(self.out, self.store, now=NOW)

    def verify(self, text: str, now: datetime = NOW) -> Verdict:
        return Verifier(TrustStore.load(self.store), clock=lambda: now).verify(text)


@pytest.fixture
def world(tmp_path: Path, key: SigningKey) -> World:
    return World(tmp_path, key)


def uci(certificate_id: str) -> list[bytes]:
    return [revocation.of_uci(certificate_id)]


def test_02_what_was_revoked_does_not_become_valid_the_next_day(world: World, issuer: Issuer, person: Person, dose: Dose) -> None:  # fmt: skip
    issued = issuer.issue(person, dose)
    world.publisher.withdrawals.revoke(Kind.UCI, uci(issued.certificate_id))
    world.step()
    assert world.verify(issued.text).reason == "revoked"
    earlier = {path: path.read_bytes() for path in world.out.rglob("*") if path.is_file()}

    # The next list lacks the entry, properly signed.
    for path in (world.publisher.workspace / "lists").iterdir():
        path.unlink()
    world.step()
    assert TrustStore.load(world.store).revocations is not None
    assert world.verify(issued.text).reason == "revoked"

    # The last one again, then the next one cut short.
    for path, content in earlier.items():
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="BadVersionNumberError"):
        sync(world.out, world.store, now=NOW)
    world.publish()
    for path in (world.out / "metadata").glob("*.targets.json"):
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ConfigurationError, match="not taken over"):
        sync(world.out, world.store, now=NOW)
    assert world.verify(issued.text).reason == "revoked"


def test_03_one_card_is_revoked_and_the_others_of_its_key_are_not(world: World, issuer: Issuer, person: Person, dose: Dose) -> None:  # fmt: skip
    cards = [issuer.issue(person, dose) for _ in range(20)]
    world.publisher.withdrawals.revoke(Kind.UCI, uci(cards[7].certificate_id))
    world.step()
    assert [world.verify(card.text).status for card in cards].count("accepted") == 19
    assert world.verify(cards[7].text).reason == "revoked"


def test_04_a_site_that_never_existed_is_withdrawn_with_a_reason_of_its_own(world: World, key: SigningKey, person: Person, dose: Dose) -> None:  # fmt: skip
    cards = {
        site: Issuer(
            key, country="VN", authority="TEST", valid_for=timedelta(days=1), site=site, clock=lambda: NOW
        ).issue(person, dose)
        for site in ("VP07", "VP0", "VP077", "")
    }
    world.publisher.withdrawals.revoke(Kind.SITE, [revocation.of_site("VN", "VP07")])
    world.step()
    verdicts = {site: world.verify(card.text) for site, card in cards.items()}
    assert verdicts.pop("VP07").reason == "site_revoked"
    assert {verdict.status for verdict in verdicts.values()} == {"accepted"}


def test_05_a_list_of_test_keys_is_never_taken_over_by_a_production_store(
    tmp_path: Path, world: World, key: SigningKey, text: str
) -> None:
    (tmp_path / "other").mkdir()
    real = SigningKey.generate("VN", now=NOW - timedelta(days=30))
    with pytest.raises(ConfigurationError, match="TEST certificate in a production list"):
        World(tmp_path / "other", real, "production")
    with pytest.raises(ConfigurationError, match="for test"):
        sync(world.out, tmp_path / "production", root=world.root, environment="production", now=NOW)
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path / "production", environment="production")
    with pytest.raises(ConfigurationError, match="a store for test"):
        TrustStore.load(world.store, environment="production")
    assert world.verify(text).environment == "test"


def test_14_the_malleated_twin_of_a_revoked_card_is_revoked_too(world: World, text: str) -> None:
    sealed = hcert.HCERT.unwrap(text)
    signature = sealed.signature
    flipped = ORDER - int.from_bytes(signature[32:], "big")
    twin = hcert.PREFIX + _reseal(text, signature, signature[:32] + flipped.to_bytes(32, "big"))
    assert twin != text
    assert world.verify(twin).status == world.verify(text).status == "accepted"
    algorithm = next(iter(TrustStore.load(world.store))).algorithm
    world.publisher.withdrawals.revoke(Kind.SIGNATURE, [revocation.of_signature(sealed, algorithm)])
    world.step()
    assert world.verify(text).reason == "revoked"
    assert world.verify(twin).reason == "revoked"


def _reseal(text: str, old: bytes, new: bytes) -> str:
    message = deflate.inflate(base45.decode(text.removeprefix(hcert.PREFIX)))
    assert message.count(old) == 1
    return base45.encode(deflate.deflate(message.replace(old, new)))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
                "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_17_a_name_that_leads_into_a_private_network_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", 443))
    answers: list[Any] = [(family, socket.SOCK_STREAM, 6, "", (address, 443)), public]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    url = "https://keys.example/"
    with pytest.raises(DownloadError, match="private network"):
        list(HttpFetcher(url).fetch(url + "metadata/timestamp.json"))


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "ftp://keys.example/", "gopher://keys.example/", "https:///x"]
)
def test_17_nothing_but_https_is_ever_fetched(tmp_path: Path, source: str) -> None:
    with pytest.raises(ConfigurationError, match="neither an https URL nor a folder"):
        sync(source, tmp_path / "store", root=b"", now=NOW)
    with pytest.raises(DownloadError, match="http is for this machine alone"):
        answer = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", 80))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", lambda *_, **__: [answer])
            list(HttpFetcher("http://keys.example/").fetch("http://keys.example/x"))


def test_17_no_socket_is_opened_while_verifying_with_a_synced_store(
    world: World, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert world.verify(text)
    assert world.verify(text, NOW + timedelta(days=9)).reason == "trust_list_stale"


def test_26_a_clock_that_is_set_back_revives_nothing(world: World, text: str, forge: Any) -> None:
    yesterday = int((NOW - timedelta(days=1)).timestamp())
    expired = forge.card(iat=yesterday - 86400, exp=yesterday)
    assert world.verify(expired).reason == "expired"
    back = world.verify(expired, NOW - timedelta(days=1, minutes=1))
    assert (back.status, back.reason) == ("undetermined", "clock_rolled_back")
    assert world.verify(text, NOW - timedelta(days=365)).status != "accepted"
    # What a clock said meanwhile is not remembered: forward, and back again.
    assert world.verify(text, NOW + timedelta(days=300)).reason == "clock_suspect"
    assert world.verify(text, NOW).status == "accepted"


ID = "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#M"
SPELLINGS = [
    ID.lower(), ID.removeprefix("URN:UVCI:"), ID.removeprefix("URN:UVCI:").lower(), f" {ID} ", "urn:uvci:" + ID[9:],
    ID[:20] + " " + ID[20:], f"{ID}\u00a0",
]  # fmt: skip


@pytest.mark.parametrize("by_country", [False, True])
@pytest.mark.parametrize("spelling", [ID, *SPELLINGS])
def test_36_a_card_is_revoked_in_whatever_spelling_it_carries_its_id(
    world: World, forge: Any, spelling: str, by_country: bool
) -> None:
    if by_country:
        world.publisher.withdrawals.revoke(Kind.COUNTRY_UCI, [revocation.of_country_uci("VN", ID)])
    else:
        world.publisher.withdrawals.revoke(Kind.UCI, uci(ID))
    world.step()
    assert world.verify(forge.card(forge.dcc(v=[forge.vaccination(ci=spelling)]))).reason == "revoked"
    other = ID.replace("AAAA", "AAAB")
    assert world.verify(forge.card(forge.dcc(v=[forge.vaccination(ci=other)]))).status == "accepted"


@pytest.mark.parametrize("spelling", [ID.lower(), ID[9:], ID[9:].lower(), "urn:uvci:" + ID[9:]])
def test_36_a_card_is_revoked_in_whatever_spelling_its_id_was_noted(world: World, forge: Any, spelling: str) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, uci(spelling))
    world.step()
    assert world.verify(forge.card(forge.dcc(v=[forge.vaccination(ci=ID)]))).reason == "revoked"


@pytest.mark.parametrize(("noted", "claimed"), [("EL", "GR"), ("GR", "EL"), ("UK", "GB"), ("GB", "UK"), ("GR", "el")])
@pytest.mark.parametrize("kind", [Kind.COUNTRY_UCI, Kind.SITE])
def test_36_both_codes_of_a_country_are_one_country(
    world: World, forge: Any, noted: str, claimed: str, kind: Kind
) -> None:
    hashed = revocation.of_site(noted, "VP01") if kind is Kind.SITE else revocation.of_country_uci(noted, ID)
    world.publisher.withdrawals.revoke(kind, [hashed])
    world.step()
    card = forge.card(forge.dcc(v=[forge.vaccination(ci=ID, co=claimed)]), iss=claimed)
    assert world.verify(card).reason == ("site_revoked" if kind is Kind.SITE else "revoked")
    other = forge.card(forge.dcc(v=[forge.vaccination(ci=ID, co="FR")]), iss="FR")
    assert world.verify(other).status == "accepted"


@pytest.mark.parametrize("spelling", [ID.lower(), ID[9:]])
def test_36_a_site_is_banned_in_whatever_spelling_its_cards_carry_their_ids(
    world: World, forge: Any, spelling: str
) -> None:
    world.publisher.withdrawals.revoke(Kind.SITE, [revocation.of_site("VN", "VP01")])
    world.step()
    assert world.verify(forge.card(forge.dcc(v=[forge.vaccination(ci=spelling)]))).reason == "site_revoked"


def outcomes(verdict: Verdict) -> dict[str, tuple[str, str | None]]:
    return {str(check.stage): (str(check.outcome), check.reason) for check in verdict.checks}


def made(forge: Any, moment: datetime, **claims: Any) -> str:
    """A card that was issued at a moment, about a dose of that day."""
    dose = forge.vaccination(dt=moment.date().isoformat())
    return str(forge.card(forge.dcc(v=[dose]), iat=int(moment.timestamp()), **claims))


def test_42_a_clock_that_is_45_minutes_behind_accuses_no_fresh_card(world: World, forge: Any) -> None:
    verdict = world.verify(made(forge, NOW), NOW - timedelta(minutes=45))
    assert (verdict.status, verdict.reason) == ("undetermined", "clock_rolled_back")
    assert outcomes(verdict)["validity"] == ("unknown", "not_yet_valid")
    # What is wrong by any clock is wrong by this one.
    forged = forge.card(exp=int((NOW - timedelta(days=2)).timestamp()))
    assert world.verify(forged, NOW - timedelta(minutes=45)).reason == "expired"


def test_42_a_clock_that_is_years_behind_accuses_no_card_and_no_signer(world: World, text: str) -> None:
    verdict = world.verify(text, NOW - timedelta(days=800))
    assert (verdict.status, verdict.reason) == ("undetermined", "clock_rolled_back")
    assert outcomes(verdict)["validity"] == ("unknown", "not_yet_valid")
    assert outcomes(verdict)["rules"] == ("unknown", "event_in_future")


def test_42_a_clock_that_is_two_years_ahead_accuses_no_card_and_no_signer(world: World, text: str) -> None:
    verdict = world.verify(text, NOW + timedelta(days=730))
    assert (verdict.status, verdict.reason) == ("undetermined", "clock_suspect")
    assert outcomes(verdict)["key"] == ("unknown", "clock_suspect")
    assert outcomes(verdict)["validity"] == ("unknown", "expired")
    assert not verdict


def test_42_a_clock_is_suspect_when_it_is_more_than_30_days_past_the_lists_end(world: World, text: str) -> None:
    until = TrustStore.load(world.store).freshness.valid_until
    assert until is not None
    last = until + timedelta(days=30)
    assert world.verify(text, last).reason == "trust_list_stale"
    assert world.verify(text, last + timedelta(seconds=1)).reason == "clock_suspect"


def test_42_what_no_clock_can_change_is_refused_by_a_wrong_clock_too(
    world: World, forge: Any, issuer: Issuer, person: Person, dose: Dose
) -> None:
    unborn = forge.card(forge.dcc(dob="2026-06-10"))
    before_signer = forge.card(iat=int((NOW - timedelta(days=60)).timestamp()))
    positive = forge.card(forge.dcc(v=..., t=[forge.test(tr="260373001")]))
    issued = issuer.issue(person, dose)
    world.publisher.withdrawals.revoke(Kind.UCI, uci(issued.certificate_id))
    world.step()
    for moment in (NOW - timedelta(days=800), NOW + timedelta(days=800)):
        reasons = [world.verify(one, moment).reason for one in (unborn, before_signer, positive, issued.text)]
        assert reasons == ["event_before_birth", "issued_outside_signer_validity", "test_positive", "revoked"]
        assert world.verify(issued.text[:-9] + "AAAAAAAAA", moment).status == "refused"


def test_42_a_given_moment_is_judged_by_whatever_the_clock_shows(world: World, forge: Any) -> None:
    store = TrustStore.load(world.store)
    late, early = forge.card(exp=int((NOW - timedelta(days=1)).timestamp())), made(forge, NOW + timedelta(days=3))
    for clock, reason in (
        (NOW - timedelta(days=800), "clock_rolled_back"),
        (NOW + timedelta(days=9), "trust_list_stale"),
        (NOW + timedelta(days=800), "trust_list_stale"),
    ):
        verifier = Verifier(store, clock=lambda clock=clock: clock)  # type: ignore[misc]
        assert verifier.verify(late, at=NOW).reason == "expired"
        assert verifier.verify(early, at=NOW).reason == "not_yet_valid"
        good = verifier.verify(made(forge, NOW), at=NOW)
        assert (good.status, good.reason) == ("undetermined", reason)
        assert outcomes(good)["validity"] == ("passed", None)
