"""The second reader: what a page's camera saw and could not read, by the app's own ladder, where the settings allow it."""

import io
import logging
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import films
import pytest
from PIL import Image

from vaxcert import ConfigurationError
from verifier_app.config import Settings

ON = {"VAXCERT_APP_SECOND_READER": "1"}
NAME, BORN = "Nguyễn Mẫu Thử", "1990-05-17"


@pytest.fixture
def on(site: Any) -> Any:
    return site.app(**ON).test_client()


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def look(client: Any, picture: bytes, kind: str = "image/jpeg") -> Any:
    return client.post("/look", data=picture, content_type=kind, headers={"Accept": "application/problem+json"})


@pytest.fixture
def seen(text: str) -> bytes:
    """What a page cuts out of a frame: a code that a plain attempt does not read."""
    return jpeg(films.frame(text, films.Take("blurred", 3.0, blur=1.8)).crop((440, 160, 840, 560)))


def test_what_was_cut_out_of_a_frame_is_judged_and_its_text_given_to_the_page(on: Any, seen: bytes, text: str) -> None:
    answer = look(on, seen)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'<data id="read" value="{text}">' in unescape(answer.text)
    assert answer.text.count('<section class="verdict') == 1
    # In both languages, as a card that the camera has read.
    for wanted in (NAME, "17 May 1990", "17/05/1990", 'class="verdict test"'):
        assert wanted in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_setting_there_is_no_such_address_and_the_page_knows_of_none(client: Any, seen: bytes) -> None:
    answer = look(client, seen)
    assert (answer.status_code, answer.json["type"]) == (404, "urn:vaxcert:problem:not_found")
    assert 'data-look=""' in client.get("/").text


def test_with_the_setting_the_page_knows_the_address_under_a_prefix_too(site: Any) -> None:
    client = site.app(**ON, VAXCERT_APP_PROXIES="1").test_client()
    assert 'data-look="/look"' in client.get("/").text
    assert 'data-look="/checks/look"' in client.get("/", headers={"X-Forwarded-Prefix": "/checks"}).text


@pytest.mark.parametrize("value", ["yes", "2", "true"])
def test_another_value_of_the_setting_ends_the_start(value: str) -> None:
    with pytest.raises(ConfigurationError, match="VAXCERT_APP_SECOND_READER: neither 0 nor 1"):
        Settings.from_variables({"VAXCERT_TRUST": "x", "VAXCERT_APP_SECOND_READER": value})


def test_the_setting_may_stand_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "app.toml").write_text('trust = "x"\nsecond_reader = true\n')
    assert Settings.from_variables({"VAXCERT_APP_CONFIG": str(tmp_path / "app.toml")}).second_reader
    assert not Settings.from_variables({"VAXCERT_TRUST": "x"}).second_reader


def test_what_is_no_cut_out_code_is_a_problem_of_the_sender(
    on: Any, text: str, picture: Callable[[str], bytes]
) -> None:
    code = Image.open(io.BytesIO(picture(text))).convert("L")
    link = Image.open(io.BytesIO(picture(text[:-9] + "AAAAAAAAA"))).convert("L")
    both = Image.new("L", (code.width + link.width + 80, max(code.height, link.height) + 80), 255)
    both.paste(code, (20, 20))
    both.paste(link, (code.width + 60, 20))
    for sent, kind, status, name in (
        (jpeg(Image.new("L", (300, 300), 255)), "image/jpeg", 422, "no_code"),
        (b"no picture", "image/jpeg", 422, "no_picture"),
        (b"", "image/png", 422, "no_picture"),
        (jpeg(both), "image/jpeg", 422, "several"),
        (b"x" * 300_001, "image/jpeg", 413, "too_large"),
        (picture(text), "multipart/form-data; boundary=b", 415, "wrong_type"),
        (text.encode(), "application/json", 415, "wrong_type"),
    ):
        answer = look(on, sent, kind)
        assert (answer.status_code, answer.json["type"]) == (status, f"urn:vaxcert:problem:{name}")


def test_a_code_of_another_kind_is_none_that_a_camera_is_searched_for(on: Any, text: str) -> None:
    import zxingcpp

    barcode = zxingcpp.create_barcode("https://example.org/a", zxingcpp.BarcodeFormat.Aztec)
    aztec = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6))
    stream = io.BytesIO()
    aztec.convert("L").save(stream, "PNG")
    assert on.post("/verify", data=stream.getvalue(), content_type="image/png").status_code == 200
    assert look(on, stream.getvalue(), "image/png").json["type"] == "urn:vaxcert:problem:no_code"


def test_a_look_takes_the_turn_of_its_sender_as_every_picture_does(site: Any, seen: bytes) -> None:
    app = site.app(**ON)
    desk, senders = app.extensions["desk"], []
    read = desk.read
    desk.read = lambda picture, sender: senders.append(sender) or read(picture, sender)
    client = app.test_client()
    look(client, seen)
    client.post("/verify", data=seen, content_type="image/jpeg")
    assert len(senders) == 2
    assert len(set(senders)) == 1


def test_looks_count_against_the_limit_of_requests(site: Any) -> None:
    client = site.app(**ON, VAXCERT_APP_RATE="2").test_client()
    answers = [look(client, b"x") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_verdict_is_counted_as_come_by_the_second_reader(site: Any, seen: bytes) -> None:
    from prometheus_client import CollectorRegistry

    from verifier_app.watching.counts import PrometheusCounts

    app, registry = site.app(**ON), CollectorRegistry()
    app.extensions["counts"] = PrometheusCounts(registry)
    look(app.test_client(), seen)
    labels = {"status": "accepted", "reason": "none", "came": "second reader"}
    assert registry.get_sample_value("vaxcert_verdicts_total", labels) == 1
    assert registry.get_sample_value("vaxcert_pictures_total", {"codes": "one"}) == 1


def test_nothing_of_what_is_looked_at_is_in_a_log_or_a_file(
    site: Any, seen: bytes, text: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, fail)
    caplog.set_level(logging.DEBUG)
    client = site.app(**ON, VAXCERT_APP_LOG="json").test_client()
    assert look(client, seen).status_code == 200
    client.application.extensions["desk"].verify = lambda *_: 1 / 0
    assert look(client, seen).status_code == 500
    assert "ZeroDivisionError" in caplog.text
    for secret in (NAME, "NGUYEN", BORN, text[:20], "JFIF"):
        assert secret not in caplog.text


def test_the_setting_changes_no_header_of_the_page(client: Any, on: Any) -> None:
    def protecting(answer: Any) -> dict[str, str]:
        return {
            name: value for name, value in answer.headers.items() if not name.startswith(("RateLimit", "Content-L"))
        }

    assert protecting(on.get("/")) == protecting(client.get("/"))
