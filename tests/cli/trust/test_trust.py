"""`vaxcert trust` and `vaxcert revoke`: what people type, and what they are told."""

import base64
import hashlib
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from vaxcert import uvci


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
    monkeypatch.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")
    return tmp_path


@pytest.fixture
def published(run: Any, keys: Path, place: Path) -> Path:
    """What is published with the key of `keys`, and a store in step with it."""
    ran = run("trust", "publish", "published", "--new", "--environment", "test", "--add", keys)
    assert ran.status == 0, ran.err
    assert run("trust", "sync", "published", "--into", "store", "--root", "publisher/root.json").status == 0
    return place / "published"


@pytest.fixture
def again(run: Any, published: Path) -> Any:
    """Publish and sync."""

    def again() -> None:
        assert run("trust", "publish", "published").status == 0
        assert run("trust", "sync", "published", "--into", "store").status == 0

    return again


def test_publishing_says_what_to_do_with_what_it_made(run: Any, keys: Path, place: Path) -> None:
    ran = run("trust", "publish", "published", "--new", "--environment", "test", "--add", keys / "dsc.crt")
    assert ran.status == 0
    assert "Published in published: 1 key, 0 revoked entries, test (publication 1)." in ran.out
    assert "renew it before, every day" in ran.out
    assert "publisher/root.json  for verifiers" in ran.out
    assert "move them offline now" in ran.out
    assert not [path for path in (place / "published").rglob("*") if path.is_file() and b"PRIVATE" in path.read_bytes()]


def test_a_synced_store_verifies_and_its_verdict_says_how_fresh_it_is(run: Any, published: Path, card: str) -> None:
    ran = run("verify", "--trust", "store", "--json", card)
    assert ran.status == 0
    verdict = json.loads(ran.out)
    assert verdict["status"] == "accepted"
    assert verdict["environment"] == "test"
    assert verdict["freshness"]["state"] == "signed"
    assert verdict["freshness"]["valid_until"] > verdict["freshness"]["published_at"]
    assert {"stage": "revocation", "outcome": "passed"}.items() <= next(
        check for check in verdict["checks"] if check["stage"] == "revocation"
    ).items()


def test_a_list_comes_over_http_from_this_machine(run: Any, published: Path, web: str) -> None:
    ran = run("trust", "sync", web, "--into", "other", "--root", "publisher/root.json")
    assert ran.status == 0, ran.err
    assert "a new publication is in use" in ran.out
    assert "nothing new" in run("trust", "sync", web, "--into", "other").out


@pytest.fixture
def web(published: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("arguments", "says", "status"),
    [
        (("sync", "published", "--into", "new"), "the first sync needs the publisher's root", 2),
        (("sync", "published", "--into", "store", "--root", "publisher/root.json"), "follows its own root", 2),
        (("sync", "published", "--into", "new", "--root", "publisher/root.json", "--environment", "production"), "for test", 2),
        (("sync", "nowhere", "--into", "store"), "no published repository", 66),
        (("sync", "file:///etc", "--into", "store"), "neither an https URL nor a folder", 2),
        (("sync", "published", "--into", "keys"), "neither empty nor a synced store", 2),
        (("show", "published"), "the store that `vaxcert trust sync` makes of it", 2),
        (("show", "publisher/root.json"), "not a published list of any known form", 2),
        (("publish", "published", "--renew", "--add", "keys"), "leave the other options out", 2),
        (("publish", "published", "--new"), "a publisher's workspace already", 2),
        (("publish", "published", "--workspace", "nowhere"), "no publisher's workspace", 66),
        (("publish", "published", "--add", "keys/csca"), "no signer's certificate", 2),
        (("publish", "published", "--remove", "0011223344556677"), "no key of that id", 66),
    ],
)  # fmt: skip
def test_mistakes_are_told_and_change_nothing(
    run: Any, published: Path, place: Path, arguments: tuple[str, ...], says: str, status: int
) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    ran = run("trust", *arguments)
    assert ran.status == status
    assert says in ran.err
    after = {path: path.read_bytes() for path in place.rglob("*") if path.is_file() and "new" not in path.parts}
    assert after == before


def test_show_tells_what_a_store_holds(run: Any, published: Path, keys: Path, again: Any) -> None:
    run("revoke", "--key", keys / "dsc.crt", "--yes")
    run("revoke", "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#M")
    again()
    shown = run("trust", "show", "store")
    assert shown.status == 0
    assert "REVOKED" in shown.out
    assert "revoked: 1 by uci, 2 by key" in shown.out
    facts = json.loads(run("trust", "show", "store", "--json").out)
    assert facts["revocations"] == {"uci": 1, "country_uci": 0, "signature": 0, "site": 0, "key": 2}
    assert facts["publication"] == 2
    assert [key["revoked"] for key in facts["keys"]] == [True]


def test_each_way_to_revoke_refuses_the_card_and_its_reinstatement_accepts_it(
    run: Any, published: Path, keys: Path, card: str, place: Path, again: Any
) -> None:
    issued = json.loads((keys / "issued.jsonl").read_text())
    name = issued["certificate_id"]
    (place / "ids.txt").write_text(f"\n{name}\n", "utf-8")
    (place / "card.txt").write_text(card + "\n", "utf-8")
    hashed = base64.b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode()
    batch = {"country": "VN", "expires": "2030-01-01T00:00:00Z", "kid": "UNKNOWN_KID", "hashType": "UCI"}
    (place / "batch.json").write_text(json.dumps(batch | {"entries": [{"hash": hashed}]}), "utf-8")
    ways: list[tuple[str, ...]] = [
        (name,),
        ("--from", "ids.txt"),
        ("--log", str(keys / "issued.jsonl")),
        ("--log", str(keys / "issued.jsonl"), "--kid", issued["kid"], "--since", "2026-01-01T00:00:00Z"),
        ("--card", card),
        ("--card", "card.txt"),
        ("--batch", "batch.json"),
        ("--key", str(keys / "dsc.crt"), "--yes"),
    ]
    for way in ways:
        assert "1 entry noted, revoked" in run("revoke", *way).out
        # Not before it is published.
        assert run("verify", "--trust", "store", card).status == 0
        again()
        refused = run("verify", "--trust", "store", "--json", card)
        reason = "key_revoked" if "--key" in way else "revoked"
        assert (refused.status, json.loads(refused.out)["reason"]) == (1, reason), way
        assert "1 entry noted, reinstated" in run("revoke", *way, "--reinstate").out
        again()
        assert run("verify", "--trust", "store", card).status == 0, way


def test_a_whole_site_is_revoked_only_on_purpose(run: Any, published: Path, keys: Path, again: Any) -> None:
    texts = []
    for site in ("VP01", "VP02"):
        ran = run(
            "issue", "--key", keys, "--authority", "Sở Y tế (TEST)", "--family-name", "Nguyễn", "--given-name",
            "Mẫu Thử", "--born", "1990-05-17", "--product", "EU/1/20/1528", "--date", "2026-06-01", "--dose", "2/2",
            "--site", site,
        )  # fmt: skip
        texts.append(ran.out.strip())
    asked = run("revoke", "--site", "VN/VP01")
    assert asked.status == 2
    assert "Every certificate of a site at once: say --yes" in asked.err
    assert run("revoke", "--site", "VN/VP01", "--yes").status == 0
    again()
    first, second = (json.loads(run("verify", "--trust", "store", "--json", text).out) for text in texts)
    assert (first["status"], first["reason"]) == ("refused", "site_revoked")
    assert second["status"] == "accepted"


def test_many_at_once_are_revoked_only_on_purpose(run: Any, published: Path, place: Path) -> None:
    bodies = [f"URN:UVCI:01:VN:VP01/{number}" for number in range(101)]
    (place / "ids").write_text("".join(f"{body}#{uvci.check_character(body)}\n" for body in bodies))
    assert "101 certificates at once: say --yes" in run("revoke", "--from", "ids").err
    assert "101 entries noted" in run("revoke", "--from", "ids", "--yes").out
    assert (
        "100 entries noted" in run("revoke", "--from", "-", stdin=(place / "ids").read_text().rpartition("URN")[0]).out
    )


@pytest.mark.parametrize(
    ("arguments", "says", "status"),
    [
        ((), "nothing to revoke", 2),
        (("--kid", "00"), "give --log", 2),
        (("HC1:ABC",), "this is a card", 2),
        ((" ",), "an id that no card carries", 2),
        (("U" * 81,), "an id that no card carries", 2),
        (("--site", "VP01"), "not as VN/VP01", 2),
        (("--site", "VN/vp 1"), "site: not 1 to 16", 2),
        (("--card", "HC1:abc"), "cannot be read (base45_invalid)", 65),
        (("--card", "nowhere"), "neither a certificate's text nor a file", 2),
        (("--batch", "ids"), "not a gateway's batch", 65),
        (("--batch", "short.json"), "another length than 16 bytes", 65),
        (("--from", "nowhere"), "cannot be read", 66),
        (("--from", "ids"), "line 2: an id that no card carries", 2),
        (("--log", "ids"), "line 1 is no entry", 65),
        (("--workspace", "nowhere", "URN:UVCI:01:VN:A#7"), "no publisher's workspace", 66),
    ],
)  # fmt: skip
def test_what_no_card_can_carry_is_never_noted(
    run: Any, published: Path, place: Path, arguments: tuple[str, ...], says: str, status: int
) -> None:
    (place / "ids").write_text("URN:UVCI:01:VN:A#7\n" + "U" * 81 + "\n")
    (place / "short.json").write_text(json.dumps({"hashType": "UCI", "entries": [{"hash": "AAAA"}]}))
    ran = run("revoke", *arguments)
    assert ran.status == status
    assert says in ran.err
    assert not list((place / "publisher" / "pending").iterdir())


def test_rotating_and_extending_is_followed_by_a_store_in_use(run: Any, published: Path, card: str) -> None:
    for options in (("--rotate", "timestamp"), ("--rotate", "root", "--rotate", "targets"), ("--extend",)):
        assert run("trust", "publish", "published", *options).status == 0
        assert run("trust", "sync", "published", "--into", "store").status == 0
        assert run("verify", "--trust", "store", card).status == 0


def test_a_key_that_is_published_no_more_is_unknown(run: Any, published: Path, keys: Path, card: str) -> None:
    from vaxcert import SigningKey

    kid = SigningKey.load(keys, password="signer's secret").kid.hex()
    assert run("trust", "publish", "published", "--remove", kid).status == 0
    assert run("trust", "sync", "published", "--into", "store").status == 0
    ran = run("verify", "--trust", "store", card)
    assert ran.status == 3
    assert "key_unknown" in ran.out


def test_a_store_that_is_too_old_says_so(run: Any, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = sys.modules["vaxcert.cli.trust.show"]

    class Later(module.datetime):  # type: ignore[misc]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            from datetime import timedelta

            return super().now(tz) + timedelta(days=9)

    monkeypatch.setattr(module, "datetime", Later)
    ran = run("trust", "show", "store")
    assert ran.status == 3
    assert "TOO OLD" in ran.out


@pytest.fixture
def theirs(place: Path) -> Path:
    """Somebody else's list, in the gateway's form: two signers of LA, one that is broken, one marked for nobody."""
    from vaxcert import SigningKey

    keys = [SigningKey.generate("LA") for _ in range(2)]
    entries = [
        {
            "kid": base64.b64encode(key.kid).decode(),
            "rawData": base64.b64encode(key.certificate).decode(),
            "country": "LA",
        }
        for key in keys
    ]
    path = place / "theirs.json"
    path.write_text(json.dumps([*entries, {"kid": "AAAA", "rawData": "AAAA", "country": "LA"}]))
    return path


def test_a_list_is_imported_again_and_again_and_each_key_keeps_where_it_came_from(
    run: Any, published: Path, theirs: Path, again: Any
) -> None:
    first = run("trust", "import", theirs, "--unverified")
    assert first.status == 0
    assert "theirs.json: list of certificates, NOT VERIFIED, 2 usable keys" in first.out
    assert "2 added, 0 there before, 0 gone from it and removed" in first.out
    assert "left out: 1 certificate_invalid (entry 3" in first.out
    assert "0 added, 2 there before" in run("trust", "import", theirs, "--unverified").out
    again()
    facts = json.loads(run("trust", "show", "store", "--json").out)
    assert facts["countries"] == {"LA": 2, "VN": 1}
    origins = [key.get("origin") for key in facts["keys"]]
    assert sorted(origin["source"] for origin in origins if origin) == ["theirs.json"] * 2
    assert {origin["sha256"] for origin in origins if origin} == {hashlib.sha256(theirs.read_bytes()).hexdigest()}
    assert "2 from theirs.json, taken" in run("trust", "show", "store").out

    # One is gone from it, and our own stays.
    entries = json.loads(theirs.read_text())
    theirs.write_text(json.dumps(entries[:1]))
    assert "0 added, 1 there before, 1 gone from it and removed" in run("trust", "import", theirs, "--unverified").out
    again()
    assert json.loads(run("trust", "show", "store", "--json").out)["countries"] == {"VN": 1, "LA": 1}


def test_a_list_is_believed_only_on_somebodys_word(run: Any, published: Path, theirs: Path, keys: Path) -> None:
    assert "give --signed-by KEY, or say --unverified" in run("trust", "import", theirs).err
    ran = run("trust", "import", theirs, "--signed-by", keys / "dsc.crt")
    assert ran.status == 2
    assert "the list is not signed" in ran.err
    dry = run("trust", "import", theirs, "--unverified", "--dry-run", "--workspace", "nowhere")
    assert dry.status == 0
    assert "2 usable keys" in dry.out
    assert "by the next" not in dry.out


def test_only_signers_under_an_authority_are_imported_if_that_is_wanted(
    run: Any, published: Path, keys: Path, place: Path
) -> None:
    bundle = place / "bundle.pem"
    bundle.write_bytes((keys / "dsc.crt").read_bytes())
    for how in ("lenient", "strict"):
        assert "0 usable keys" in run("trust", "import", bundle, "--unverified", "--chain", how, "--dry-run").out
        ran = run(
            "trust", "import", bundle, "--unverified", "--chain", how, "--authority", keys / "csca.crt", "--dry-run"
        )
        assert "1 usable keys" in ran.out


def test_test_keys_are_not_imported_into_a_production_list(run: Any, place: Path, theirs: Path) -> None:
    assert run("trust", "publish", "real", "--new").status == 0
    ran = run("trust", "import", theirs, "--unverified")
    assert "0 added" in ran.out
    assert "left out: 2 environment_differs" in ran.out


def test_show_tells_what_differs_between_two_lists(run: Any, published: Path, theirs: Path, place: Path) -> None:
    entries = json.loads(theirs.read_text())
    other = place / "other.json"
    other.write_text(json.dumps([{**entries[0], "country": "VN"}]))
    ran = run("trust", "show", theirs, other)
    assert "~ " in ran.out
    assert "country: LA → VN" in ran.out
    assert "0 added, 1 removed, 1 changed, 0 as before" in ran.out
    said = json.loads(run("trust", "show", theirs, "store", "--json").out)
    assert (len(said["added"]), len(said["removed"]), said["unchanged"]) == (1, 2, 0)
    shown = run("trust", "show", theirs)
    assert "2 keys (list of certificates, signature not checked)" in shown.out
    assert "left out: 1 certificate_invalid" in shown.out


def test_revoking_a_key_names_the_certificates_that_fall_with_it_and_asks(
    run: Any, published: Path, keys: Path, place: Path, again: Any
) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    from vaxcert import SigningKey
    from vaxcert.trust.own import authority
    from vaxcert.verdict import Environment

    key = SigningKey.load(keys, password="signer's secret")
    made = authority.make_dsc(
        key._private_key, authority.distinguished_name("VN", "Renewed\x1b[32m", Environment.TEST), key.not_before,
        issuer=x509.load_der_x509_certificate(key.certificate), issuer_key=authority.new_key(),
    )  # type: ignore[arg-type]  # fmt: skip
    (place / "renewed.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    assert run("trust", "publish", "published", "--add", "renewed.crt").status == 0

    asked = run("revoke", "--key", keys / "dsc.crt")
    assert asked.status == 2
    assert "Every certificate that a key has signed at once: say --yes" in asked.err
    assert not list((place / "publisher" / "pending").iterdir())
    done = run("revoke", "--key", keys / "dsc.crt", "--yes")
    for said in (asked.out, done.out):
        assert key.kid.hex() in said
        assert "Renewed" in said
        assert "\x1b" not in said
    assert "1 entry noted, revoked" in done.out
    again()
    assert run("trust", "show", "store").out.count("REVOKED") == 2
    facts = json.loads(run("trust", "show", "store", "--json").out)
    assert [one["revoked"] for one in facts["keys"]] == [True, True]
    assert len({one["fingerprint"] for one in facts["keys"]}) == 1
    # One taking back is enough as well.
    assert "1 entry noted, reinstated" in run("revoke", "--key", "renewed.crt", "--reinstate", "--yes").out
    again()
    assert "REVOKED" not in run("trust", "show", "store").out


def test_a_workspace_from_a_backup_is_told_how_to_recover_and_does(
    run: Any, published: Path, place: Path, again: Any
) -> None:
    shutil.copytree(place / "publisher", place / "copy")
    run("revoke", "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#M", "--yes")
    again()
    shutil.rmtree(place / "publisher")
    shutil.copytree(place / "copy", place / "publisher")
    for options in ((), ("--renew",), ("--rotate", "timestamp")):
        refused = run("trust", "publish", "published", *options)
        assert refused.status == 65
        assert "--recover" in refused.err
    done = run("trust", "publish", "published", "--recover")
    assert done.status == 0, done.err
    assert "Taken over from publication 2: 1 revoked entries; keys: 0 added, 0 removed." in done.out
    assert "(publication 3)" in done.out
    again()
    assert run("trust", "publish", "published", "--recover").status == 2
    assert run("trust", "publish", "published", "--renew", "--recover").status == 2


def test_a_new_workspace_is_not_made_where_it_would_be_served(run: Any, place: Path, keys: Path) -> None:
    for out, workspace in (
        (".", "publisher"),
        ("publisher/out", "publisher"),
        ("publisher", "publisher"),
        ("keys", "w"),
    ):
        ran = run("trust", "publish", out, "--new", "--environment", "test", "--workspace", workspace)
        assert ran.status == 2
        assert not (place / workspace).exists()


GOOD = "URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#4"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (GOOD[:-1] + "R", "id 1: its check character is wrong"),
        (GOOD.replace("Q5", "Q6"), "id 1: its check character is wrong"),
        (GOOD.lower(), "id 1: not of the form URN:UVCI:"),
        (GOOD[9:], "id 1: not of the form"),
        (GOOD[:-2], "id 1: not of the form"),
    ],
)
def test_36_an_id_that_looks_wrong_is_asked_about_and_never_silently_noted(
    run: Any, published: Path, place: Path, name: str, says: str
) -> None:
    asked = run("revoke", name)
    assert asked.status == 2
    assert says in asked.err
    assert "say --yes" in asked.err
    assert name not in asked.err
    assert not list((place / "publisher" / "pending").iterdir())
    assert "1 entry noted, revoked" in run("revoke", name, "--yes").out
    assert "1 entry noted, revoked" in run("revoke", GOOD).out


def test_36_an_id_that_no_issue_log_knows_is_asked_about(
    run: Any, published: Path, keys: Path, card: str, again: Any
) -> None:
    log = keys / "issued.jsonl"
    asked = run("revoke", "--issued", log, "--from", "-", stdin=f"\n{GOOD}\n")
    assert asked.status == 2
    assert "line 2: in none of the issue logs" in asked.err
    name = json.loads(log.read_text())["certificate_id"]
    # As it was issued, however it is written here.
    assert "1 entry noted" in run("revoke", "--issued", log, name.lower().removeprefix("urn:uvci:")).out
    again()
    hashed = hashlib.sha256(name.encode()).digest()[:16]
    (listed,) = (published / "targets" / "revoked").glob("*.uci-*")
    assert listed.read_bytes() == hashed
    assert run("verify", "--trust", "store", card).status == 1


@pytest.mark.parametrize("noted", ["lower", "bare"])
def test_what_was_revoked_in_one_spelling_is_reinstated_in_any(
    run: Any, published: Path, keys: Path, card: str, again: Any, noted: str
) -> None:
    name = json.loads((keys / "issued.jsonl").read_text())["certificate_id"]
    assert run("revoke", name.lower() if noted == "lower" else name[9:], "--yes").status == 0
    again()
    assert run("verify", "--trust", "store", card).status == 1
    assert "1 entry noted, reinstated" in run("revoke", name, "--reinstate").out
    again()
    assert run("verify", "--trust", "store", card).status == 0


def test_36_a_revocation_is_not_noted_from_a_mauled_copy_of_a_card(
    run: Any, published: Path, place: Path, forge: Any
) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    from vaxcert import TrustedKey
    from vaxcert.trust.own import authority
    from vaxcert.verdict import Environment

    private = rsa.generate_private_key(65537, 2048)
    subject = authority.distinguished_name("VN", "RSA", Environment.TEST)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
        .sign(private, hashes.SHA256())
    )
    (place / "rsa.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kid = TrustedKey.from_certificate(made.public_bytes(serialization.Encoding.DER)).kid
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)

    def with_leading_zero(data: bytes) -> bytes:
        return next(made for _ in range(100_000) if (made := private.sign(data, pss, hashes.SHA256()))[0] == 0)

    signed: list[bytes] = []

    def card(change: Any) -> str:
        def sign(data: bytes) -> bytes:
            if not signed:
                signed.append(with_leading_zero(data))
            return bytes(change(signed[0]))

        return str(forge.text(forge.message(forge.claims(), protected={1: -37, 4: kid}, sign=sign)))

    genuine = card(lambda signature: signature)
    assert "its signer is not among the published keys (key_unknown)" in run("revoke", "--card", genuine).err
    assert run("trust", "publish", "published", "--add", "rsa.crt").status == 0
    for change in (
        lambda one: one[1:],
        lambda one: b"\0" + one,
        lambda one: one[:-1] + bytes((one[-1] ^ 1,)),
        lambda one: one[:64],
    ):
        ran = run("revoke", "--card", card(change))
        assert ran.status == 65
        assert "no published key made this signature (signature_invalid)" in ran.err
        assert not list((place / "publisher" / "pending").iterdir())
    assert "1 entry noted, revoked" in run("revoke", "--card", genuine).out
    (noted,) = (place / "publisher" / "pending").iterdir()
    assert noted.read_bytes() == hashlib.sha256(signed[0]).digest()[:16]
