"""What an earlier version left on a disk opens: nothing is lost, asked twice or judged otherwise."""

import hashlib
import json
import re
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.registry import Registry, audit
from vaxcert.registry.care import privacy, reviewing
from vaxcert.registry.certificates import lookup
from vaxcert.registry.intake import importing
from vaxcert.registry.records.everybody import everybody
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync
from vaxcert.wording.questions import told as worded

KEPT = Path(__file__).parent / "kept" / "first-version.tar.xz"
PASSPHRASE = "mau-thu-mau-thu"
THEN = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    with tarfile.open(KEPT) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def registry(kept: Path) -> Registry:
    folder = kept / "registry"
    return Registry.open(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key", clock=lambda: THEN)


def told(registry: Registry) -> list[tuple[str, str, list[str]]]:
    with registry.reading() as connection:
        return [
            (
                f"{somebody.profile.person.family_name} {somebody.profile.person.given_name}",
                somebody.profile.person.date_of_birth,
                [
                    f"{dose.number}/{dose.series} {dose.date} {dose.site} {dose.lot}".rstrip()
                    for dose in (given.dose for given in somebody.doses)
                ],
            )
            for somebody in everybody(connection)
        ]


PEOPLE = [
    ("Nguyễn Mẫu Thử", "1990-05-17", ["1/2 2026-03-01 VP01 L1", "2/2 2026-05-01 VP01 L2"]),
    ("Trần Thị Mẫu", "1985-02-03", ["1/2 2026-03-02 VP01 L1"]),
    ("Lê Văn Thử", "1975", ["1/2 2026-03-03 VP01 L3"]),
    ("Tran Thi Mau", "1985-02-03", ["2/2 2026-05-04 VP02"]),
    ("Nguyen Thu Mau", "1990-05-17", ["3/3 2026-06-01 VP02"]),
    ("Hồ Mẫu", "1960-01-01", ["1/2 2026-06-02 VP02"]),
]


def test_a_registry_holds_whom_it_held_and_its_audit_log_is_whole(registry: Registry) -> None:
    assert told(registry) == PEOPLE
    count, _ = audit.check(registry)
    assert count == 3


def test_open_questions_of_a_registry_read_the_same(registry: Registry) -> None:
    questions = reviewing.questions(registry)
    assert [(question.id, question.kind) for question in questions] == [(1, "person"), (2, "person")]
    assert [worded(question.reasons).en for question in questions] == [
        "name, birth date and district agree; two telephone numbers",
        "telephone agrees; the same words in another order",
    ]
    assert worded(questions[0].reasons).vi == "khớp họ tên, ngày sinh và huyện; hai số điện thoại khác nhau"
    assert (questions[0].first.phone, questions[0].second.phone) == ("0100000002", "0100000009")


def test_a_question_of_a_registry_is_decided_and_taken_back(registry: Registry) -> None:
    from vaxcert.registry import runs

    run = reviewing.decide_all(registry, [(1, "same")], actor="clerk")
    assert ("Trần Thị Mẫu", "1985-02-03", ["1/2 2026-03-02 VP01 L1", "2/2 2026-05-04 VP02"]) in told(registry)
    runs.undo(registry, run, actor="clerk")
    assert told(registry) == PEOPLE


def test_rows_that_a_registry_took_over_are_known_again(registry: Registry, kept: Path) -> None:
    for name, rows, rejected in (("unit-01.csv", 4, 1), ("unit-02.csv", 3, 0)):
        report = importing.run(registry, kept / "registry" / name, actor="clerk")
        assert report.counts == {"again": rows, "rejected": rejected}
    assert told(registry) == PEOPLE


def test_who_is_deleted_from_a_registry_does_not_return_with_the_tables_that_it_took(
    registry: Registry, kept: Path
) -> None:
    privacy.delete_person(registry, 1, actor="chief", reason="asked")
    for name, counts in (
        ("unit-01.csv", {"again": 2, "deleted": 2, "rejected": 1}), ("unit-02.csv", {"again": 3, "rejected": 0}),
    ):  # fmt: skip
        assert importing.run(registry, kept / "registry" / name, actor="clerk").counts == counts
    assert told(registry) == PEOPLE[1:]


def test_a_holder_is_found_in_a_registry_with_a_certificate_that_verifies(registry: Registry, kept: Path) -> None:
    found = lookup.look_up(
        registry, name="ho mau", date_of_birth="1960-01-01", phone="0100000001", actor="desk", sleep=lambda _: None
    )
    assert found is None
    held = lookup.of_person(registry, 6)
    assert held is not None
    verdict = Verifier(TrustStore.load(kept / "keys"), clock=lambda: THEN).verify(held.text)
    assert verdict.require().person.full_name == "Hồ Mẫu"


def test_a_store_opens_and_judges_as_it_did(kept: Path) -> None:
    trust = TrustStore.load(kept / "store")
    assert (str(trust.environment), len(trust), trust.freshness.state) == ("test", 1, "signed")
    assert trust.freshness.valid_until == THEN + timedelta(days=1, hours=48)
    text = (kept / "card.txt").read_text("ascii").strip()
    assert Verifier(trust, clock=lambda: THEN).verify(text)
    assert Verifier(trust, clock=lambda: THEN + timedelta(days=4)).verify(text).reason == "trust_list_stale"
    assert trust.revocations is not None
    assert trust.revocations.counts() == {"uci": 0, "country_uci": 0, "signature": 0, "site": 1, "key": 0}
    assert (Kind.SITE, revocation.of_site("VN", "VP99")) in trust.revocations


def test_a_workspace_publishes_what_was_waiting_and_its_verifiers_follow(kept: Path) -> None:
    publisher = Publisher(kept / "publisher", clock=lambda: THEN + timedelta(hours=1))
    assert publisher.withdrawals.waiting() == 1
    published = publisher.publish(kept / "published", passphrase=PASSPHRASE)
    assert (published.version, published.keys, published.revoked) == (3, 1, 3)
    synced = sync(kept / "published", kept / "store", now=THEN + timedelta(hours=2))
    assert synced.changed
    waited_for = Kind.UCI, revocation.of_uci("URN:UVCI:01:VN:VP01/CCCCCCCCCCCCCCCC#D")
    taken_back = Kind.UCI, revocation.of_uci("URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#B")
    assert waited_for in synced.loaded.revocations
    assert taken_back not in synced.loaded.revocations


def test_a_store_follows_to_a_list_that_withdraws_a_public_key_and_its_own_version_would_too(kept: Path) -> None:
    publisher = Publisher(kept / "publisher", clock=lambda: THEN + timedelta(hours=1))
    (held,) = publisher.keys.usable()
    publisher.withdrawals.revoke(Kind.KEY, [revocation.of_public_key(held.spki())])
    publisher.publish(kept / "published", passphrase=PASSPHRASE)
    assert sync(kept / "published", kept / "store", now=THEN + timedelta(hours=2)).changed
    verifier = Verifier(TrustStore.load(kept / "store"), clock=lambda: THEN + timedelta(hours=2))
    assert verifier.verify((kept / "card.txt").read_text("ascii").strip()).reason == "key_revoked"
    # What the first version looks at: names and sizes of files, hashes of certificates, fields of the list.
    targets = kept / "store" / "current" / "targets"
    (listed,) = (targets / "revoked").glob("key-*")
    assert re.fullmatch(r"(uci|country_uci|signature|site|key)-(\d{8})-(base|more)\.bin", listed.name)
    content = listed.read_bytes()
    hashes = [content[at : at + 16] for at in range(0, len(content), 16)]
    assert hashes == sorted(set(hashes))
    assert hashlib.sha256(held.certificate).digest()[:16] in hashes
    assert json.loads((targets / "trust.json").read_bytes()).keys() <= {
        "environment", "max_offline_hours", "keys", "reinstated",
    }  # fmt: skip


def test_a_workspace_rotates_its_keys(kept: Path) -> None:
    publisher = Publisher(kept / "publisher", clock=lambda: THEN + timedelta(hours=1))
    publisher.rotate(("timestamp",), passphrase=PASSPHRASE, root_passphrase=f"{PASSPHRASE}-root")
    publisher.publish(kept / "published", passphrase=PASSPHRASE)
    assert sync(kept / "published", kept / "store", now=THEN + timedelta(hours=2)).changed


def test_a_signers_key_opens(kept: Path) -> None:
    shutil.rmtree(kept / "keys" / "csca")
    assert SigningKey.load(kept / "keys", password=PASSPHRASE).country == "VN"
