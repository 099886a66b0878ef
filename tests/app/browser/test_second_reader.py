"""The second reader in a real browser: what the camera sees and cannot read, and what is sent of it."""

import time
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import films
import pytest
from PIL import Image

from vaxcert.qr import Found

NAME = "Nguyễn Mẫu Thử"
ON = {"VAXCERT_APP_SECOND_READER": "1"}
# The page's own decoder sees that there is a code, and the server reads it.
LOST = films.Take("small and moved", 1.3, motion=1.0)
SHOWN = "!document.getElementById('stage').hidden"
# Seconds: a reader's process may have to start first, on a machine that others use.
PATIENT = 45


class Looks:
    """What the app was given to look at, and when."""

    def __init__(self, app: Any, *, blind: bool = False) -> None:
        self.pictures: list[bytes] = []
        self.times: list[float] = []
        self.desk, self.read, self.blind = app.extensions["desk"], app.extensions["desk"].read, blind
        self.at_once = self.most_at_once = 0
        self.desk.read = self.look

    def look(self, picture: bytes, sender: str = "") -> Found:
        self.pictures.append(picture)
        self.times.append(time.monotonic())
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.blind:
                time.sleep(0.5)
                return Found()
            found: Found = self.read(picture, sender)
            return found
        finally:
            self.at_once -= 1


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., Path]:
    """A film of some frames, each with noise of its own."""

    def made(text: str | None, take: films.Take = LOST, *, beside: Image.Image | None = None, **options: int) -> Path:
        frames = [films.frame(text, take, seed) for seed in range(3)]
        if beside is not None:
            for one in frames:
                one.paste(beside.resize((260, 260)), (250, 230))
        return films.film(tmp_path / "lost.y4m", frames, rate=5, **options)

    return made


def test_a_code_that_the_camera_loses_is_cut_out_sent_and_shown_as_if_it_had_been_read(
    site: Any, text: str, browsers: Any, serve: Any, shown: Any
) -> None:
    app = site.app(**ON)
    looks = Looks(app)
    page = browsers.page(serve(app), film=shown(text, hue=0x90))
    page.until(SHOWN, PATIENT)
    seen = page.verdict()
    assert NAME in seen["text"]
    assert seen["colour"] == "test"
    # The verdict has come with what was read.
    assert not any(url.endswith("/check") for url in page.asked)
    for sent in looks.pictures:
        picture = Image.open(BytesIO(sent))
        assert len(sent) < 300_000
        # The code's 111 pixels and what is around it, enlarged.
        assert max(picture.size) < 450
        # The film has a hue, and what is sent has none.
        red, green, blue = (channel.tobytes() for channel in picture.convert("RGB").split())
        assert red == green == blue
    # It stays in view, and has had its verdict.
    page.next()
    page.until("document.getElementById('hint').textContent.startsWith('Checked.')")
    page.page.wait_for_timeout(2_500)
    assert page.page.evaluate("document.getElementById('stage').hidden")
    assert page.faults == []


def test_another_code_that_is_read_beside_it_hides_no_card(
    site: Any, text: str, browsers: Any, serve: Any, shown: Any, picture: Any
) -> None:
    link = Image.open(BytesIO(picture("https://example.org/a-poster-at-the-gate"))).convert("L")
    page = browsers.page(serve(site.app(**ON)), film=shown(text, beside=link))
    page.until(SHOWN, PATIENT)
    assert NAME in page.verdict()["text"]


# What frames hold of a card on the left and a link on the right, which the camera reads or not; and what is followed.
FOLLOWING = """async ([address, frames]) => {
  const { SecondReader } = await import(address);
  const reader = new SecondReader("/look");
  const places = { card: [100, 200], link: [500, 600], both: [90, 610], patch: [110, 390], between: [240, 440] };
  const code = (name, text) => {
    const [left, right] = places[name];
    return { text, version: 9, corners: [[left, 0], [right, 0], [right, 100], [left, 100]] };
  };
  const name = (x) => ({ 150: "card", 250: "patch", 340: "between", 350: "both", 550: "link" })[x];
  const tracks = []; // a code that is another one waits from its own beginning
  return frames.map(([read, unread, failed]) => {
    if (reader.track?.at.x === 550 && !reader.track.text) reader.track.text = "a link"; // as the server would say
    const found = { read: read.map((name) => code(name, `a ${name}`)), unread: unread.map((name) => code(name, "")) };
    if (failed) reader.track.failed = true; // as where the server could not read it
    reader.saw({ texts: read.map((name) => `a ${name}`), ...found }, false, null);
    if (reader.track && !tracks.includes(reader.track)) tracks.push(reader.track);
    if (tracks.length > 1 && reader.track) return tracks.length + ". " + name(reader.track.at.x);
    return reader.track && name(reader.track.at.x);
  });
}"""


@pytest.mark.parametrize(
    ("frames", "followed"),
    [
        # The link is read in most frames: where it is not, it is no code that somebody else has to read.
        ([(["link"], ["card"]), ([], ["link"]), (["link"], ["card"])], ["card", "card", "card"]),
        # It was asked about before it could be read: then the card beside it is.
        ([([], ["link"]), ([], ["link"]), (["link"], []), (["link"], ["card"])], ["link", "link", "link", "2. card"]),
        # Both are lost, and the link is read later.
        ([([], ["link", "card"]), (["link"], ["card"])], ["link", "2. card"]),
        # The page reads the card by itself.
        ([(["link"], ["card"]), (["link", "card"], [])], ["card", None]),
        # The patterns of both are taken for one large code in every other frame, and the card is lost in the others.
        (
            [(["link"], []), ([], ["both", "card"]), (["link"], []), ([], ["both", "card"])],
            [None, "card", "card", "card"],
        ),
        # A part of its pattern with what is beside it is found in every other frame: it is one code that waits.
        (
            [(["link"], ["card"]), ([], ["patch"]), (["link"], ["card"]), ([], ["patch"])],
            ["card", "patch", "card", "patch"],
        ),
        # Patterns of both make a code beside them, and the card is lost in that frame.
        ([(["link"], ["card"]), ([], ["between"]), (["link"], ["card"]), ([], ["between"])], ["card"] * 4),
        # Where that was sent first and nobody could read it, the card is next.
        (
            [([], ["between"]), ([], ["card"]), ([], ["between"]), ([], ["between", "card"], True), ([], ["between"])],
            ["between", "between", "between", "2. card", "2. card"],
        ),
        # They were, before the link was read.
        (
            [([], ["both", "card"]), (["link"], []), ([], ["both", "card"]), (["link"], [])],
            ["both", None, "2. card", "2. card"],
        ),
        # What was read is gone for so long that another code may be there.
        ([(["link"], []), *[([], [])] * 12, ([], ["link"])], [None] * 13 + ["link"]),
    ],
)
def test_what_is_read_in_some_frames_takes_no_place_of_a_card_that_is_not(
    site: Any, browsers: Any, serve: Any, shown: Any, frames: Any, followed: list[str | None]
) -> None:
    page = browsers.page(serve(site.app(**ON)), film=shown(None))
    address = page.page.evaluate("new URL('seeing/looking.js', document.querySelector('script[type=module]').src).href")
    assert page.page.evaluate(FOLLOWING, [address, frames]) == followed


def test_without_the_setting_nothing_of_what_the_camera_sees_is_sent(
    site: Any, text: str, browsers: Any, serve: Any, shown: Any
) -> None:
    app = site.app()
    looks = Looks(app)
    page = browsers.page(serve(app), film=shown(text))
    page.until("document.getElementById('video').srcObject?.active")
    page.page.wait_for_timeout(2_800)
    assert looks.pictures == []
    assert not any(url.endswith(("/look", "/check")) for url in page.asked)
    assert page.page.evaluate("document.getElementById('stage').hidden")


def test_where_nothing_like_a_code_is_in_view_nothing_is_sent(site: Any, browsers: Any, serve: Any, shown: Any) -> None:
    app = site.app(**ON)
    looks = Looks(app)
    page = browsers.page(serve(app), film=shown(None))
    page.until("document.getElementById('video').srcObject?.active")
    page.page.wait_for_timeout(2_800)
    assert looks.pictures == []
    assert page.text("#hint") == "Hold the code before the camera"


@pytest.mark.nightly
def test_what_the_server_cannot_read_changes_the_advice_alone_and_is_asked_one_at_a_time_and_once_a_second(
    site: Any, text: str, browsers: Any, serve: Any, shown: Any
) -> None:
    app = site.app(**ON)
    looks = Looks(app, blind=True)
    page = browsers.page(serve(app), film=shown(text), language="vi")
    page.until("document.getElementById('hint').textContent === 'Đang xem kỹ hơn …'")
    page.until("document.getElementById('hint').textContent.startsWith('Chưa đọc được')")
    for _ in range(200):
        if len(looks.times) >= 3:
            break
        page.page.wait_for_timeout(50)
    assert min(b - a for a, b in pairwise(looks.times)) > 0.8  # a request takes its time to get there
    assert len(looks.times) >= 3
    assert looks.most_at_once == 1
    assert page.page.evaluate("document.getElementById('stage').hidden")


def test_a_photo_may_be_taken_beside_the_camera(
    site: Any, text: str, browsers: Any, serve: Any, shown: Any, picture: Any
) -> None:
    page = browsers.page(serve(site.app()), film=shown(None), language="vi")
    assert page.text("#shoot") == "Chụp ảnh"
    box = page.page.query_selector("#shoot").bounding_box()
    assert box["height"] >= 60
    assert box["width"] >= 300
    assert box["y"] + box["height"] <= 915
    with page.page.expect_file_chooser() as chosen:
        page.page.click("#shoot")
    chosen.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": picture(text)})
    assert NAME in page.verdict()["text"]
