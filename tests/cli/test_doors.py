"""The table door × kind → answer: one answer to a code, at whatever door it comes in."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from vaxcert import qr
from vaxcert.cli.demo import tamper
from verifier_app import create_app

Answer = tuple[str, str | None, str | None]


class Door(NamedTuple):
    """A way in: what takes a code's text and gives status, reason and name of what it is."""

    run: Any
    keys: Path
    folder: Path
    client: Any

    def file(self, text: str) -> Path:
        path = self.folder / "code.txt"
        path.write_bytes(text.encode())
        return path

    def picture(self, text: str) -> Path:
        path = self.folder / "code.png"
        qr.write(text).save(path)
        return path

    def told(self, *arguments: object, stdin: str = "") -> Answer:
        ran = self.run(*arguments[:1], "--trust", self.keys, "--json", *arguments[1:], stdin=stdin)
        (line,) = ran.out.splitlines()
        said = json.loads(line)
        if arguments[0] == "verify":
            assert ran.status == {"accepted": 0, "refused": 1, "undetermined": 3}[said["status"]]
        return said["status"], said["reason"], said["recognised"]

    def asked(self, data: Any, kind: str) -> Answer:
        answer = self.client.post("/verify", data=data, content_type=kind)
        assert answer.status_code == 200, answer.text
        return answer.json["status"], answer.json["reason"], answer.json["recognised"]


def page(door: Door, **form: Any) -> Answer:
    html = door.client.post("/check?lang=en", data=form, headers={"Accept": "text/html"}).text
    kind = re.search(r'class="verdict (\w+)', html)
    code = re.search(r"<code>(\w+)</code>", html)
    assert kind is not None, html
    status = {"test": "accepted", "other": "undetermined"}.get(kind[1], kind[1])
    return status, code[1] if code else None, None


DOORS: dict[str, Callable[[Door, str], Answer]] = {
    "verify TEXT": lambda door, text: door.told("verify", text),
    "verify FILE": lambda door, text: door.told("verify", door.file(text + "\r\n")),
    "verify IMAGE": lambda door, text: door.told("verify", door.picture(text)),
    "verify -": lambda door, text: door.told("verify", "-", stdin=text + "\n"),
    "scan": lambda door, text: door.told("scan", stdin=text + "\r\n"),
    "scan FILE": lambda door, text: door.told("scan", door.picture(text)),
    "API, text": lambda door, text: door.asked(json.dumps({"text": text}), "application/json"),
    "API, picture": lambda door, text: door.asked(door.picture(text).read_bytes(), "image/png"),
    "page, text": lambda door, text: page(door, text=text),
    "page, picture": lambda door, text: page(door, picture=(door.picture(text).open("rb"), "photo.png")),
}
KINDS: dict[str, tuple[Callable[[str], str], Answer]] = {
    "a genuine card": (str, ("accepted", None, None)),
    "behind an AIM identifier": (lambda card: "]Q1" + card, ("accepted", None, None)),
    "wrapped": (lambda card: "\n".join(re.findall(".{1,76}", card)), ("accepted", None, None)),
    "a forged one": (tamper, ("refused", "signature_invalid", None)),
    "one with a letter gone": (lambda card: card[:40] + card[41:], ("refused", "*", None)),
    "a keyboard's fault": (lambda card: card.swapcase(), ("undetermined", "keyboard_layout", None)),
    "a typing aid's": (
        lambda card: card.replace("A", "Â").replace("E", "Ê"),
        ("undetermined", "keyboard_layout", None),
    ),
    "a part of a SMART Health Card": (lambda card: "shc:/2/3/" + "56" * 120, ("undetermined", "parts_missing", None)),
    "DIVOC": (lambda card: "B64:UEsDB" + "Q" * 120, ("undetermined", "format_unsupported", "divoc")),
    "a health link": (lambda card: "vhlink:/eyJ1cmwiOiJ4In0", ("undetermined", "format_unsupported", "vhl")),
    "a link": (lambda card: "https://health.example/x", ("undetermined", "not_a_certificate", "link")),
    "VietQR": (
        lambda card: "00020101021138570010A000000727012700069704030112001101234567802",
        ("undetermined", "not_a_certificate", "vietqr"),
    ),
    "an identity card": (
        lambda card: "001099000001|123456789|Người Mẫu|17051990|Nam|Thôn Mẫu|01012021",
        ("undetermined", "not_a_certificate", "identity_card"),
    ),
    "Wi-Fi": (lambda card: "WIFI:S:quan;P:x;;", ("undetermined", "not_a_certificate", "wifi")),
}


@pytest.fixture
def door(run: Any, keys: Path, tmp_path: Path) -> Any:
    app = create_app({"VAXCERT_TRUST": str(keys), "VAXCERT_APP_TRIAL": "1"})
    made = Door(run, keys, tmp_path, app.test_client())
    yield made
    app.extensions["desk"].close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_gets_the_same_answer_at_every_door(door: Door, card: str, kind: str) -> None:
    make, (status, reason, recognised) = KINDS[kind]
    text = make(card)
    for name, ask in DOORS.items():
        found = ask(door, text)
        if reason == "*":
            assert found[0] == status and found[1] in ("base45_invalid", "compression_invalid"), name
        else:
            wanted = (status, reason, None if name.startswith("page") else recognised)
            assert found == wanted, name


def test_of_an_identity_card_nothing_is_shown(run: Any, keys: Path, door: Door) -> None:
    text = "001099000001|123456789|Người Mẫu|17051990|Nam|Thôn Mẫu|01012021"
    said = [run("verify", "--trust", keys, *more, text) for more in ((), ("--json",))]
    said += [run("scan", "--trust", keys, *more, stdin=text + "\n") for more in ((), ("--json",))]
    shown = "".join(ran.out + ran.err for ran in said) + door.client.post("/check", data={"text": text}).text
    for part in text.split("|"):
        assert part == "Nam" or part not in shown
    assert "Thẻ căn cước" in shown


def test_an_argument_that_is_nothing_known_is_unreadable_and_one_that_is_known_is_judged(run: Any, keys: Path) -> None:
    for text, status in (("photo.png", 4), ("no such file", 4), ("https://health.example/x", 3), ("shc:/5676", 1)):
        assert run("verify", "--trust", keys, text).status == status, text
