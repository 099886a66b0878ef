"""Keys of other systems at the command line: imported, published, synced, and what a verifier then says."""

import json
from pathlib import Path
from typing import Any

import pytest
from health_cards import HealthCards
from other_cards import Seals, icvp_dose

from vaxcert import SigningKey

HEALTH = "https://health.example/issuer"


@pytest.fixture
def place(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a workspace that lists nobody yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
    monkeypatch.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")
    assert run("trust", "publish", "published", "--new", "--environment", "test").status == 0
    return tmp_path


@pytest.fixture
def told(run: Any, place: Path) -> Any:
    """Status and reason of a text by what is published now, with further options of `trust publish`."""

    def told(text: str, *options: str) -> tuple[str, str | None]:
        ran = run("trust", "publish", "published", *options)
        assert ran.status == 0, ran.err
        begun = () if (place / "store").exists() else ("--root", "publisher/root.json")
        assert run("trust", "sync", "published", "--into", "store", *begun).status == 0
        said = json.loads(run("verify", "--trust", "store", "--json", text).out)
        return said["status"], said["reason"]

    return told


@pytest.fixture
def cards(place: Path) -> HealthCards:
    """An issuer of health cards whose key set is in jwks.json, with a list of withdrawn cards."""
    made = HealthCards(SigningKey.generate("VN"))
    key = made.key
    entry = key.jwk() | {"kid": key.thumbprint, "use": "sig", "alg": "ES256", "crlVersion": 2}
    (place / "jwks.json").write_text(json.dumps({"keys": [entry]}))
    for version, rids in ((1, []), (2, ["withdrawn"])):
        (place / f"crl-{version}.json").write_text(
            json.dumps({"kid": key.thumbprint, "method": "rid", "ctr": version, "rids": rids})
        )
    return made


def test_a_key_set_is_taken_for_the_issuer_that_it_is_said_to_be_of(run: Any, told: Any, cards: HealthCards) -> None:
    plain = cards.card()
    assert "0 usable keys" in run("trust", "import", "jwks.json", "--unverified").out
    assert told(plain) == ("undetermined", "key_unknown")
    ran = run("trust", "import", "jwks.json", "--unverified", "--issuer", "https://other.example", "--source", "jwks")
    assert ran.status == 0, ran.err
    assert told(plain) == ("undetermined", "key_unknown")
    ran = run("trust", "import", "jwks.json", "--unverified", "--issuer", HEALTH, "--source", "jwks")
    assert (ran.status, "1 usable keys" in ran.out) == (0, True)
    assert told(plain) == ("accepted", None)


@pytest.mark.parametrize(
    ("held", "rid", "says"),
    [
        ((), "withdrawn", ("undetermined", "revocation_unknown")),
        (("crl-1.json",), "withdrawn", ("undetermined", "revocation_unknown")),
        (("crl-2.json",), "withdrawn", ("refused", "revoked")),
        (("crl-2.json",), "another", ("accepted", None)),
    ],
)
def test_an_issuers_own_list_counts_where_it_is_as_new_as_its_key_says(
    run: Any, told: Any, cards: HealthCards, held: tuple[str, ...], rid: str, says: tuple[str, str | None]
) -> None:
    lists = [part for path in held for part in ("--withdrawn", path)]
    assert run("trust", "import", "jwks.json", "--unverified", "--issuer", HEALTH, *lists).status == 0
    assert told(cards.card(cards.claims(vc={"rid": rid}))) == says


def test_a_signer_is_taken_for_the_systems_that_are_named(run: Any, place: Path, told: Any) -> None:
    assert run(
        "keys", "new", "keys", "--country", "VN", "--name", "Sample TEST", "--environment", "test",
        "--format", "icvp",
    ).status == 0  # fmt: skip
    dose = icvp_dose()
    ran = run(
        "issue", "--key", "keys", "--authority", "Sở Y tế (TEST)", "--family-name", "Nguyễn", "--born", "1990-05-17",
        "--product", dose.product, "--date", dose.date.isoformat(), "--dose", "1/1", "--lot", "L1", "--format", "icvp",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    text = ran.out.strip()
    for formats, says in (
        (("--format", "hcert"), ("refused", "format_not_allowed")),
        (("--format", "hcert", "--format", "icvp"), ("accepted", None)),
        (("--format", "ddcc"), ("refused", "format_not_allowed")),
        ((), ("accepted", None)),
    ):
        assert run("trust", "import", "keys/dsc.crt", "--unverified", "--source", "theirs", *formats).status == 0
        assert told(text) == says, formats


def test_a_seal_is_believed_once_its_authority_is_published(told: Any, place: Path) -> None:
    seals, others = Seals(), Seals()
    (place / "csca.der").write_bytes(seals.authority)
    text = seals.card()
    assert told(text) == ("undetermined", "key_unknown")
    assert told(text, "--authority", "csca.der") == ("accepted", None)
    assert told(text) == ("accepted", None)
    assert told(others.card()) == ("undetermined", "key_unknown")


def test_a_seals_signer_is_withdrawn_by_its_certificate(run: Any, told: Any, place: Path) -> None:
    seals = Seals()
    (place / "csca.der").write_bytes(seals.authority)
    (place / "signer.der").write_bytes(seals.signer)
    assert told(seals.card(), "--authority", "csca.der") == ("accepted", None)
    assert run("revoke", "--key", "signer.der", "--yes").status == 0
    assert told(seals.card()) == ("refused", "key_revoked")


def test_what_is_no_authority_is_told_and_nothing_is_published(run: Any, keys: Path, place: Path) -> None:
    def published() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in (place / "published").rglob("*") if path.is_file()}

    before = published()
    (place / "none.txt").write_text("nothing")
    for path, says in (
        (keys / "dsc.crt", "not an authority's certificate"),
        ("none.txt", "not a readable X.509 certificate"),
    ):
        ran = run("trust", "publish", "published", "--authority", path)
        assert (ran.status, says in ran.err) == (2, True), ran.err
    assert published() == before
