"""Each format that is issued, from a key to a verifier that follows the published list, and to its withdrawal."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

HEALTH = "https://health.example/issuer"
YELLOW_FEVER = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
PRODUCTS = {"shc": "EU/1/20/1528", "icvp": YELLOW_FEVER}
OPTIONS = {"shc": ("--format", "shc", "--address", HEALTH), "icvp": ("--format", "icvp")}
AUTHORITY = ("--authority", "Sở Y tế (TEST)")


@pytest.fixture
def home(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key for all formats, what is published of it, and a store that follows that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
    monkeypatch.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")
    for step in (
        ("keys", "new", "keys", "--country", "VN", "--name", "Sample TEST", "--environment", "test",
         "--format", "hcert", "--format", "icvp"),
        ("trust", "publish", "published", "--new", "--environment", "test", "--add", "keys", "--address", HEALTH),
        ("trust", "sync", "published", "--into", "store", "--root", "publisher/root.json"),
    ):  # fmt: skip
        ran = run(*step)
        assert ran.status == 0, ran.err
    return tmp_path


@pytest.fixture
def told(run: Any, home: Path) -> Any:
    """What a verifier in step with the list says of a text: format, status, reason, and the product that was given."""

    def told(text: str) -> tuple[str, str, str | None, str | None]:
        said = json.loads(run("verify", "--trust", "store", "--json", text).out)
        given = said["certificate"]["entries"][0]["product"] if said["certificate"] else None
        return said["format"], said["status"], said["reason"], given

    return told


@pytest.fixture
def publish(run: Any, home: Path) -> Any:
    def publish() -> None:
        assert run("trust", "publish", "published").status == 0
        assert run("trust", "sync", "published", "--into", "store").status == 0

    return publish


def table(*people: str, product: str) -> str:
    heading = "full_name,date_of_birth,phone,district,priority_group,product,dose,date,site,lot"
    rows = (
        f"{one},1990-05-1{at},010000000{at},Tam Đảo,1,{product},1/1,2026-03-01,VP01,L1" for at, one in enumerate(people)
    )
    return "\n".join((heading, *rows, ""))


def texts(archive: Path) -> dict[str, str]:
    """The texts of an archive's codes, by their certificates' ids."""
    from vaxcert.qr import read

    with zipfile.ZipFile(archive) as found:
        lines = found.read("manifest.csv").decode().splitlines()
        names = [line.split(",") for line in lines[1:]]
        pictures = {name: found.read(name) for name in found.namelist() if name.endswith(".png")}
    made = {}
    for line in names:
        (name,) = set(line) & pictures.keys()
        (identity,) = (cell for cell in line if cell.startswith("URN:UVCI:"))
        (symbol,) = read(pictures[name])
        made[identity] = symbol.text
    return made


@pytest.mark.parametrize("language", ["shc", "icvp"])
def test_a_batch_is_accepted_by_the_published_list_and_one_of_it_refused_once_it_is_withdrawn(
    run: Any, home: Path, told: Any, publish: Any, language: str
) -> None:
    product = PRODUCTS[language]
    (home / "people.csv").write_text(table("Nguyễn Mẫu Thử", "Trần Ví Dụ", product=product), "utf-8")
    ran = run(
        "batch", "people.csv", "--key", "keys", *AUTHORITY, *OPTIONS[language], "--out", "codes.zip", "--level", "L"
    )
    assert ran.status == 0, ran.err + ran.out
    (withdrawn, text), (_, other) = texts(home / "codes.zip").items()
    assert told(text) == told(other) == (language, "accepted", None, product)
    assert run("revoke", withdrawn).status == 0
    publish()
    assert told(text) == (language, "refused", "revoked", product)
    assert told(other) == (language, "accepted", None, product)


@pytest.mark.parametrize("language", ["shc", "icvp"])
def test_what_the_registry_issues_is_accepted_and_refused_once_the_dose_was_corrected(
    run: Any, home: Path, told: Any, publish: Any, language: str
) -> None:
    product = PRODUCTS[language]
    (home / "unit.csv").write_text(table("Nguyễn Mẫu Thử", "Trần Ví Dụ", product=product), "utf-8")
    issue = ("registry", "issue", "--signing-key", "keys", *AUTHORITY, *OPTIONS[language], "--out", "codes.zip")
    for step in (("registry", "init"), ("registry", "import", "unit.csv"), issue):
        ran = run(*step)
        assert ran.status == 0, (step, ran.err, ran.out)
    before = texts(home / "codes.zip")
    assert {told(text) for text in before.values()} == {(language, "accepted", None, product)}
    ran = run("registry", "correct", "dose", "1", "date=2026-03-02", "--reason", "misread")
    assert ran.status == 0, ran.err
    assert run(*issue[:-1], "again.zip").status == 0
    withdrawn = run("registry", "revocations").out
    assert withdrawn.split() == [one for one in before if one in withdrawn]
    assert run("revoke", "--from", "-", stdin=withdrawn).status == 0
    publish()
    assert [told(text)[1:3] for text in before.values()] == [
        ("refused", "revoked") if one in withdrawn else ("accepted", None) for one in before
    ]
    assert [told(text)[1] for text in texts(home / "again.zip").values()] == ["accepted"]


@pytest.mark.parametrize("language", ["hcert", "shc"])
def test_rows_that_a_format_cannot_state_are_rejects_of_a_batch(run: Any, home: Path, language: str) -> None:
    (home / "people.csv").write_text(table("Nguyễn Mẫu Thử", product="Stamaril"), "utf-8")
    ran = run("batch", "people.csv", "--key", "keys", *AUTHORITY, *OPTIONS.get(language, ()), "--out", "codes.zip")
    assert (ran.status, texts(home / "codes.zip")) == (1, {})
    assert "1 rows to correct" in ran.out


def test_a_key_says_whose_certificates_it_makes(run: Any, home: Path) -> None:
    ran = run("keys", "new", "other", "--country", "VN", "--name", "Other TEST", "--environment", "test")
    assert ran.status == 0
    (home / "people.csv").write_text(table("Nguyễn Mẫu Thử", product="Stamaril"), "utf-8")
    ran = run("batch", "people.csv", "--key", "other", *AUTHORITY, *OPTIONS["icvp"], "--out", "codes.zip")
    assert (ran.status, "does not allow it to sign icvp" in ran.err) == (2, True)
    assert not (home / "codes.zip").exists()
    only = run(
        "keys", "new", "who", "--country", "VN", "--name", "WHO TEST", "--environment", "test", "--format", "icvp"
    )
    assert only.status == 0
    ran = run("batch", "people.csv", "--key", "who", *AUTHORITY, "--out", "codes.zip")
    assert (ran.status, "does not allow it to sign hcert" in ran.err) == (2, True)


@pytest.mark.parametrize("address", [(), ("--address", "http://health.example"), ("--address", f"{HEALTH}/")])
def test_health_cards_need_an_address_that_names_their_issuer(run: Any, home: Path, address: tuple[str, ...]) -> None:
    (home / "people.csv").write_text(table("Nguyễn Mẫu Thử", product="Comirnaty"), "utf-8")
    asked = ("--key", "keys", *AUTHORITY, "--format", "shc", *address, "--out", "codes.zip")
    ran = run("batch", "people.csv", *asked)
    assert (ran.status, "address" in ran.err) == (2, True)
    assert not (home / "codes.zip").exists()
