"""The verifier app: what staff see, what programs get, and what neither may."""

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError, TrustStore
from vaxcert.cli.demo import tamper
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Kind
from vaxcert.wording import PHOTOS

NAME, BORN = "Nguyễn Mẫu Thử", "1990-05-17"


def page(client: Any, text: str, lang: str = "en") -> str:
    client.set_cookie("lang", lang)
    answer = client.post("/check", data={"text": text})
    assert answer.status_code == 200
    return str(answer.data.decode())


def test_a_genuine_card_says_so_with_name_and_birth_date_large_and_test_across_it(client: Any, text: str) -> None:
    shown = page(client, text)
    assert "<h1>Genuine certificate</h1>" in shown
    assert '<p class="large">Dose 2/2</p>' in shown
    assert f'<p class="name">{NAME}</p>' in shown
    assert '<p class="born">17 May 1990</p>' in shown
    assert "Compare name and date of birth" in shown
    assert 'class="verdict test"' in shown
    assert '<p class="banner">TEST</p>' in shown
    assert "verdict accepted" not in shown
    vietnamese = page(client, text, "vi")
    assert "<h1>Chứng nhận thật</h1>" in vietnamese
    assert '<p class="born">17/05/1990</p>' in vietnamese
    assert '<html lang="vi">' in vietnamese
    assert '<p class="banner">THỬ NGHIỆM · TEST</p>' in vietnamese


def test_nothing_of_a_card_is_shown_whose_signature_did_not_open(client: Any, text: str) -> None:
    shown = page(client, tamper(text))
    assert 'class="verdict refused"' in shown
    assert "signature_invalid" in shown
    assert NAME not in shown
    assert "VP" not in shown.split("<main", 1)[1].replace("vaxcert", "")


def test_each_state_has_its_own_words_and_only_an_accepted_card_may_look_good(
    site: Any, text: str, forge: Any, key: Any
) -> None:
    client = site.app().test_client()
    shown = {
        "expired": page(client, forge.card(exp=int(site.now.timestamp()) - 1)),
        "format_unknown": page(client, "Hello"),
        "key_unknown": page(client, text_of_another()),
    }
    site.now += timedelta(days=9)
    shown["trust_list_stale"] = page(client, text)
    site.now -= timedelta(days=10)
    shown["clock_rolled_back"] = page(client, forge.card(iat=int(site.now.timestamp()) - 3600))
    headlines = {reason: html.split("<h1>")[1].split("</h1>")[0] for reason, html in shown.items()}
    assert headlines == {
        "expired": "Refused",
        "format_unknown": "Not a code that is known here",
        "key_unknown": "Not verified: do not admit on this code",
        "trust_list_stale": "This device must be updated before it can check",
        "clock_rolled_back": "The clock of this device must be set before it can check",
    }
    for reason, html in shown.items():
        assert f"<code>{reason}</code>" in html
        assert 'class="verdict accepted"' not in html
        assert 'class="verdict test"' not in html
        assert "Compare name" not in html


@pytest.mark.parametrize(("away", "shows"), [(-45, "08:45"), (60 * 24 * 730, "14 Jun 2028 09:30")])
def test_a_wrong_clock_is_said_with_its_time_and_the_lists(site: Any, text: str, away: int, shows: str) -> None:
    client = site.app().test_client()
    site.now += timedelta(minutes=away)
    english, vietnamese = page(client, text), page(client, text, "vi")
    assert "Clock wrong: this device shows" in english
    assert "Sai giờ: thiết bị này chỉ" in vietnamese
    assert shows in english and "the list is from 15 Jun 2026 09:30 UTC" in english
    assert 'class="verdict undetermined"' in english
    status = client.get("/status?lang=en").text
    assert '<p class="state state-clock">Clock wrong</p>' in status
    assert "Clock wrong: this device shows" in status
    assert client.get("/state").json["state"] == "clock"
    assert client.get("/readyz").status_code == 503


def test_the_status_page_has_the_times_of_server_and_list_for_the_phone_to_compare(site: Any, client: Any) -> None:
    status = client.get("/status?lang=en").text
    assert "Clock of the server" in status
    assert f'data-server="{site.now.isoformat()}" data-published="{site.now.isoformat()}"' in status
    assert "Clock wrong" not in status


def text_of_another() -> str:
    from datetime import UTC, date, datetime

    from vaxcert import Dose, Issuer, Person, SigningKey

    now = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
    key = SigningKey.generate("LA", now=now - timedelta(days=30))
    issuer = Issuer(key, country="LA", authority="TEST", valid_for=timedelta(days=9), clock=lambda: now)
    person = Person(family_name="Nobody", given_name="At All", date_of_birth="1990")
    return issuer.issue(person, Dose(product="EU/1/20/1528", number=1, series=2, date=date(2026, 6, 1))).text


def test_a_sync_is_used_by_the_next_request(site: Any, text: str) -> None:
    client = site.app().test_client()
    verdict = client.post("/verify", json={"text": text}).json
    assert verdict["status"] == "accepted"
    site.publisher.withdrawals.revoke(
        Kind.UCI, [revocation.of_uci(verdict["certificate"]["entries"][0]["certificate_id"])]
    )
    site.publish()
    assert client.post("/verify", json={"text": text}).json["reason"] == "revoked"
    assert b"<dd>1</dd>" in client.get("/status").data


def test_pictures_are_read_for_people_and_programs(client: Any, text: str, picture: Callable[[str], bytes]) -> None:
    data = picture(text)
    answer = client.post("/verify", data=data, content_type="image/png")
    assert answer.json["status"] == "accepted"
    shown = client.post(
        "/check", data={"picture": (io.BytesIO(data), "a.png")}, content_type="multipart/form-data"
    ).data.decode()
    assert NAME in shown


def test_the_verdicts_json_is_the_librarys(site: Any, client: Any, text: str) -> None:
    from vaxcert import Verifier

    expected = Verifier(TrustStore.load(site.folder / "store"), clock=lambda: site.now).verify(text).to_dict()
    answer = client.post("/verify", json={"text": text})
    assert answer.json["status"] == expected["status"]
    assert answer.json["checks"] == expected["checks"]
    assert answer.json["certificate"] == expected["certificate"]
    assert NAME.split()[0].encode() in answer.data or b"Nguy\\u1ec5n" in answer.data


@pytest.mark.parametrize(
    ("request_of", "status", "code"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400, "bad_request"),
        ({"json": {}}, 400, "bad_request"),
        ({"json": {"text": 5}}, 400, "bad_request"),
        ({"json": {"text": "x", "at": "2020-01-01T00:00:00Z"}}, 400, "bad_request"),
        ({"json": {"text": "A" * 80_000}}, 413, "too_large"),
        ({"data": b"x", "content_type": "text/plain"}, 415, "wrong_type"),
        ({"data": b"x", "content_type": "image/svg+xml"}, 415, "wrong_type"),
        ({"data": b"no picture", "content_type": "image/png"}, 422, "no_picture"),
        ({"data": b"", "content_type": "image/png"}, 422, "no_picture"),
        ({"data": b"x" * 11_000_000, "content_type": "image/png"}, 413, "too_large"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem_of_the_sender(client: Any, request_of: Any, status: int, code: str) -> None:
    answer = client.post("/verify", **request_of)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:vaxcert:problem:{code}"
    assert answer.json["status"] == status


def test_a_picture_without_a_code_and_one_with_two_are_told(
    client: Any, text: str, picture: Callable[[str], bytes]
) -> None:
    from PIL import Image

    def png(image: Any) -> bytes:
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()

    empty = client.post("/verify", data=png(Image.new("L", (300, 300), 255)), content_type="image/png")
    assert (empty.status_code, empty.json["type"]) == (422, "urn:vaxcert:problem:no_code")
    # What to do follows from what is the matter with the picture.
    dark = client.post("/verify", data=png(Image.new("L", (300, 300), 20)), content_type="image/png")
    assert (dark.status_code, dark.json["title"]) == (422, empty.json["title"])
    assert dark.json["detail"] == PHOTOS["too_dark"].en != empty.json["detail"] == PHOTOS["no_code"].en
    browser = {"Accept": "text/html"}
    sent = {"picture": (io.BytesIO(png(Image.new("L", (300, 300), 20))), "dark.png")}
    dark_page = client.post("/check", data=sent, headers=browser)
    assert (dark_page.status_code, PHOTOS["too_dark"].vi in dark_page.data.decode()) == (422, True)
    heic = {"picture": (io.BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "IMG_1.heic")}
    told = client.post("/check", data=heic, headers=browser)
    assert (told.status_code, "JPEG" in told.data.decode()) == (422, True)
    codes = [Image.open(io.BytesIO(picture(one))).convert("L") for one in (text, text_of_another())]
    both = Image.new("L", (codes[0].width + codes[1].width + 80, max(code.height for code in codes) + 80), 255)
    both.paste(codes[0], (20, 20))
    both.paste(codes[1], (codes[0].width + 60, 20))
    several = client.post("/verify", data=png(both), content_type="image/png")
    assert (several.status_code, several.json["type"]) == (422, "urn:vaxcert:problem:several")
    shown = client.post(
        "/check", data={"picture": (io.BytesIO(png(both)), "two.png")}, content_type="multipart/form-data"
    ).data.decode()
    assert shown.count('<section class="verdict') == 2


def test_every_answer_is_protected_and_none_is_kept(client: Any, text: str) -> None:
    for answer in (
        client.get("/"), client.get("/status"), client.get("/nowhere"), client.get("/healthz"), client.get("/verify"),
        client.post("/check", data={"text": text}), client.post("/verify", json={"text": text}), client.post("/check"),
    ):  # fmt: skip
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.status_code < 500
        html = answer.data.decode()
        # Scripts and styles are files of the app alone.
        assert all(' src="/static/' in script for script in re.findall("<script[^>]*>", html))
        assert re.findall("<script[^>]*>(?!</script>)", html) == []
        assert not re.search(r"<style|javascript:|\son[a-z]+=", html)
        assert " style=" not in html


def test_names_that_act_on_the_page_are_shown_as_text(client: Any, forge: Any) -> None:
    name = {"fn": '<img src=x onerror="alert(1)">', "fnt": "IMG", "gn": "\u202eevil", "gnt": "EVIL"}
    shown = page(client, forge.card(forge.dcc(nam=name)))
    assert "<img" not in shown
    assert "&lt;img src=x" in shown
    assert "\u202e" not in shown


def test_nothing_of_anybody_is_logged(
    site: Any, text: str, forge: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    app = site.app()
    client = app.test_client()
    page(client, text)
    client.post("/verify", json={"text": text})
    client.post("/verify", json={"text": NAME})

    def fail(_: str, mode: str) -> None:
        raise ValueError(NAME)

    monkeypatch.setattr(app.extensions["desk"], "verify", fail)
    answer = client.post("/verify", json={"text": text})
    assert (answer.status_code, answer.json["type"]) == (500, "urn:vaxcert:problem:fault")
    logged = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    assert "fault: ValueError at" in logged
    for secret in (NAME, "Nguyễn", "Mẫu", BORN, "URN:UVCI", text[:40]):
        assert secret not in logged
        assert secret.encode() not in answer.data


def test_the_api_wants_its_token_and_the_page_does_not(site: Any, text: str) -> None:
    client = site.app(VAXCERT_APP_TOKEN="sixteen characters").test_client()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic sixteen characters"}):
        assert client.post("/verify", json={"text": text}, headers=headers).status_code == 401
    good = {"Authorization": "Bearer sixteen characters"}
    assert client.post("/verify", json={"text": text}, headers=good).json["status"] == "accepted"
    assert "Genuine" in page(client, text)


def test_who_asks_too_often_waits(site: Any, text: str) -> None:
    client = site.app(VAXCERT_APP_RATE="3").test_client()
    answers = [client.post("/verify", json={"text": text}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json["type"] == "urn:vaxcert:problem:too_many"
    assert client.get("/healthz").status_code == 200


def test_busy_readers_shed_what_they_cannot_do(
    site: Any, text: str, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verifier_app import desk as module

    monkeypatch.setattr(module, "WAIT", 0.05)
    app = site.app(VAXCERT_APP_READERS="1")
    reader = app.extensions["desk"]._readers.get()
    client = app.test_client()
    answer = client.post("/verify", data=picture(text), content_type="image/png")
    assert (answer.status_code, answer.json["type"]) == (503, "urn:vaxcert:problem:busy")
    assert answer.headers["Retry-After"] == "5"
    app.extensions["desk"]._readers.put(reader)
    assert client.post("/verify", data=picture(text), content_type="image/png").status_code == 200


def test_readiness_follows_the_list(site: Any) -> None:
    client = site.app().test_client()
    assert client.get("/readyz").status_code == 200
    assert b"state-ready" in client.get("/").data
    site.now += timedelta(hours=65)
    assert b"state-soon" in client.get("/").data
    site.now += timedelta(hours=10)
    assert client.get("/readyz").status_code == 503
    assert b"state-stale" in client.get("/").data
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "VAXCERT_TRUST is not set"),
        ({"VAXCERT_TRUST": "nowhere"}, "nowhere: No such file or directory"),
        ({"VAXCERT_TRUST": "keys"}, "not a signed list"),
        ({"VAXCERT_TRUST": "keys", "VAXCERT_APP_TRIAL": "yes"}, "VAXCERT_APP_TRIAL"),
        ({"VAXCERT_TRUST": "keys", "VAXCERT_APP_LANGUAGE": "fr"}, "VAXCERT_APP_LANGUAGE"),
        ({"VAXCERT_TRUST": "keys", "VAXCERT_APP_TOKEN": "short"}, "VAXCERT_APP_TOKEN"),
        ({"VAXCERT_TRUST": "keys", "VAXCERT_APP_RETURN": "-1"}, "VAXCERT_APP_RETURN"),
        ({"VAXCERT_TRUST": "keys", "VAXCERT_APP_RATE": "٣"}, "VAXCERT_APP_RATE"),
    ],
)
def test_it_does_not_start_where_it_could_not_judge_rightly(
    tmp_path: Path, key: Any, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
) -> None:
    from verifier_app import create_app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "dsc.crt").write_bytes(key.certificate)
    with pytest.raises(ConfigurationError, match=says):
        create_app(variables)


def test_a_trial_may_use_a_plain_folder_and_says_that_it_is_not_signed(tmp_path: Path, key: Any) -> None:
    from verifier_app import create_app

    (tmp_path / "dsc.crt").write_bytes(key.certificate)
    client = create_app({"VAXCERT_TRUST": str(tmp_path), "VAXCERT_APP_TRIAL": "1"}).test_client()
    assert "Danh sách không có chữ ký" in client.get("/").data.decode()


def test_the_language_is_chosen_with_one_tap_and_kept(client: Any) -> None:
    assert '<html lang="vi">' in client.get("/").data.decode()
    answer = client.get("/?lang=en")
    assert answer.status_code == 302
    assert '<html lang="en">' in client.get("/").data.decode()
