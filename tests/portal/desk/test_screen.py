"""The desk in a real browser: the keyboard alone, keystrokes counted, axe on each page, paper, and hostile names."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from seen import SEEN_AS, until

PASSWORD = "a long enough password"
# What whoever types a name may have put there, and writings that a screen has to hold.
MARKED = ("Nguyễn <script>alert(1)</script>", "Lê \u202ecilbup Mẫu")
HOSTILE = (
    f"{'Ng' * 40} {'Th' * 40}",
    "កុក សំណាក គំរូ",
    "นาย ตัวอย่าง ทดสอบ",
    "陈 样本",
    "محمد عينة",
    "Công Tằng Tôn Nữ Thị Mẫu Thử Rất Dài Dòng Không Có Thật Ở Đâu Cả",
)


class Keys:
    """The keyboard, which counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def type(self, text: str) -> None:
        self.count += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)


@pytest.fixture
def nurse(desk: Any, house: Any, screen: Any) -> Any:
    """A page of a browser at which the vaccinator is signed in."""

    def opened(language: str = "vi", width: int = 1024, login: str = "vaccinator", **more: Any) -> Any:
        app = house.app()
        app.extensions["signer"] = desk.signer
        page = screen(app, language, width, **more)
        # Instead of the system's own window.
        page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
        page.goto("/sign-in")
        page.fill("#username", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector(".tiles")
        return page

    return opened


@pytest.mark.parametrize("scripts", [True, False])
def test_from_an_empty_screen_to_the_printed_certificate_in_25_keystrokes(desk: Any, nurse: Any, scripts: bool) -> None:
    desk.person("Nguyễn Mẫu Thử", "17/05/1990")
    desk.person("Nguyễn Mẫu Khác", "17/05/1991")
    page = nurse(java_script_enabled=scripts)
    page.goto("/desk/find")
    page.wait_for_selector("#full_name:focus")
    keys = Keys(page)
    keys.type("mau thu")
    keys.press("Tab")
    keys.type("1990")
    keys.press("Enter")
    page.wait_for_selector("li a.person:focus")
    keys.press("Enter")
    page.wait_for_url("**/dose")
    page.wait_for_selector("form.main button:focus")
    keys.press("Enter")
    page.wait_for_url("**/desk/doses/*")
    page.wait_for_selector("button.next:focus")
    keys.press("Enter")
    page.wait_for_selector("article.a4")
    if scripts:
        until(page, "window.printed === 1")
    assert "Nguyễn Mẫu Thử" in page.inner_text("article")
    assert keys.count <= 25, keys.count
    if scripts:
        page.keyboard.press("Enter")
        assert page.evaluate("window.printed") == 2


def test_candidates_appear_while_somebody_types_and_arrows_lead_to_them(desk: Any, nurse: Any) -> None:
    desk.person("Nguyễn Mẫu Thử", "17/05/1990")
    page = nurse("en")
    page.goto("/desk/find")
    page.wait_for_selector("#full_name:focus")
    page.keyboard.type("mau thu")
    page.keyboard.press("Tab")
    page.keyboard.type("1990")
    page.wait_for_selector("#candidates li")
    assert page.evaluate("document.activeElement.id") == "date_of_birth"
    page.keyboard.press("ArrowDown")
    assert "Nguyễn Mẫu Thử" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dose")
    assert page.faults == []


def test_a_dose_that_is_sent_twice_by_an_impatient_hand_is_one(desk: Any, nurse: Any) -> None:
    person = desk.person()
    page = nurse()
    page.goto(f"/desk/people/{person}/dose")
    page.evaluate("const f = document.querySelector('form.main'); f.requestSubmit(); f.requestSubmit();")
    page.wait_for_url("**/desk/doses/*")
    assert len(desk.doses(person)) == 2
    page.go_back()
    page.wait_for_selector("form.main")


def walk(page: Any, desk: Any, look: Any) -> None:
    """Every page of the desk, with people whose names are as bad as can be."""
    from vaxcert.registry.desk import sessions

    marked = [desk.hostile(name, f"1990-06-{day:02}") for day, name in enumerate(MARKED, 1)]
    numbers = [desk.hostile(name, f"1990-05-{day:02}") for day, name in enumerate(HOSTILE, 1)]
    early = desk.dose("Lê Mẫu Sớm", "17/05/2015", days=5, phone="0900000007").person_id
    far = desk.dose("Hoàng Mẫu Xa", "17/05/1990", site="VP02").person_id
    desk.dose("Lê Mẫu Sớm Hai", "17/05/2015", site="VP02")
    sessions.expect(desk.registry, desk.session, [*marked, *numbers[:3], early], actor="chief")
    page.goto("/desk/sessions")
    look("sessions")
    page.goto("/desk/find")
    look("find")
    page.fill("#full_name", "mau")
    page.click("#find button[type=submit]")
    look("find-too-little")
    page.fill("#date_of_birth", "1990")
    page.click("#find button[type=submit]")
    look("find-found")
    page.goto("/desk/find")
    page.fill("#full_name", "khong ai")
    page.fill("#date_of_birth", "1990")
    page.click("#find button[type=submit]")
    look("find-none")
    for at, number in enumerate(numbers):
        page.goto(f"/desk/people/{number}")
        look(f"person-{at}")
    for at, number in enumerate(marked):
        page.goto(f"/desk/people/{number}")
        look(f"marked-{at}")
        page.goto(f"/desk/people/{number}/dose")
        page.click("form.main button[type=submit]")
        look(f"marked-refused-{at}")
    page.goto(f"/desk/people/{far}")
    look("masked")
    page.goto("/desk/today")
    look("today")
    page.goto(f"/desk/people/{early}/dose")
    look("warned")
    page.click("form.main button[type=submit]")
    look("warned-silent")
    page.goto("/desk/new")
    look("new")
    page.fill("#full_name", "Lê Mẫu Sớm")
    page.fill("#date_of_birth", "17/05/2015")
    page.fill("#phone", "x")
    page.click("button[value=dose]")
    look("new-wrong")
    page.fill("#phone", "")
    page.click("button[value=dose]")
    look("new-candidates")
    page.check("input[name=person][value='0']")
    page.click("button[value=dose]")
    look("new-warned")
    for at, number in enumerate(numbers):
        page.goto(f"/desk/people/{number}/dose")
        look(f"known-{at}")
        page.click("form.main button[type=submit]")
        page.wait_for_url("**/desk/doses/*")
        look(f"saved-{at}")
        url = page.url.split("?")[0]
        for layout in ("a4", "card"):
            page.goto(f"{url}/paper?layout={layout}")
            look(f"paper-{layout}-{at}")
        if not at:
            page.goto(url)
            page.click("button[value=a4]")
            look("paper-with-slip")
            page.goto(f"/desk/people/{number}")
            look("person-record")
            page.click("form[action$='/code'] button")
            look("slip")
    desk.signer.away = True
    page.goto(f"/desk/people/{early}/dose")
    page.fill("#reason", "đi xa ngày mai")
    page.click("form.main button[type=submit]")
    page.wait_for_url("**/desk/doses/*")
    look("saved-away")
    url = page.url.split("?")[0]
    page.goto(f"{url}/event")
    look("event")
    page.click("main button[type=submit]")
    look("event-wrong")
    page.goto(f"{url}/undo")
    look("undo")
    page.click("main button[type=submit]")
    look("undo-why")


@pytest.mark.nightly
@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off_on_any_page_whatever_people_are_called(
    desk: Any, nurse: Any, seen: Any, language: str, width: int
) -> None:
    page = nurse(language, width)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.wait_for_load_state()
        found[name] = seen(page, f"desk-{name}-{language}-{width}")
        # No name runs as a script, and none turns the words around it.
        assert "alert(1)" not in page.eval_on_selector_all("script", "all => all.map(one => one.textContent).join()")

    walk(page, desk, look)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [fault for fault in page.faults if "status of 4" not in fault] == []


@pytest.mark.parametrize("layout", ["a4", "card"])
def test_every_name_is_printed_on_one_page_and_its_code_is_read_back(
    desk: Any, nurse: Any, layout: str, tmp_path: Any
) -> None:
    from vaxcert.qr import read

    page = nurse()
    for at, name in enumerate(HOSTILE, 1):
        person = desk.hostile(name, f"1990-05-{at:02}")
        page.goto(f"/desk/people/{person}/dose")
        page.click("form.main button[type=submit]")
        page.wait_for_url("**/desk/doses/*")
        page.goto(page.url.split("?")[0] + f"/paper?layout={layout}")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, name
        picture = tmp_path / f"{at}.png"
        page.emulate_media(media="print")
        page.screenshot(path=str(picture), full_page=True, scale="css")
        assert [one.text[:4] for one in read(picture)] == ["HC1:"], name
        page.emulate_media(media="null")


@pytest.mark.parametrize("layout", ["a4", "card"])
def test_a_slip_is_printed_with_the_certificate_whole_and_both_codes_are_read(
    desk: Any, nurse: Any, layout: str, tmp_path: Any
) -> None:
    from vaxcert.qr import read

    page = nurse()
    for at, name in enumerate(("Nguyễn Mẫu Thử", max(HOSTILE, key=len)), 1):
        person = desk.hostile(name, f"1990-05-{at:02}")
        page.goto(f"/desk/people/{person}/dose")
        page.click("form.main button[type=submit]")
        page.wait_for_url("**/desk/doses/*")
        page.click(f"button[value={layout}]")
        page.wait_for_selector(".slip-code")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        if folder := os.environ.get("VAXCERT_SCREENS"):
            Path(folder, f"slip-{layout}-{at}.pdf").write_bytes(printed)
        # A card has its slip on a piece of its own.
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == (1 if layout == "a4" else 2), name
        picture = tmp_path / f"{at}.png"
        page.emulate_media(media="print")
        hidden = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.className)"
        assert page.eval_on_selector_all(".paper, .slip", hidden) == [], name
        page.screenshot(path=str(picture), full_page=True, scale="css")
        assert [one.text[:4] for one in read(picture)] == ["HC1:"], name
        page.emulate_media(media="null")


@pytest.mark.parametrize(("language", "width"), [("vi", 1024), ("en", 320)])
def test_a_form_that_is_sent_too_late_comes_back_and_is_sent_by_the_keyboard(
    desk: Any, nurse: Any, seen: Any, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    import time

    page, real, gone = nurse(language, width), time.time, [0]
    monkeypatch.setattr(time, "time", lambda: real() + gone[0])
    page.goto("/own")
    page.fill("#pin", "2580")
    page.click("main button[type=submit]")
    page.goto("/desk/new")
    page.fill("#full_name", "Công Tằng Tôn Nữ Thị Mẫu Thử Rất Dài Dòng")
    page.fill("#date_of_birth", "01/02/1980")
    page.fill("#address", "N" * 200)
    gone[0] = 31 * 60
    page.click("button[value=dose]")
    page.wait_for_selector("#pin:focus")
    faults = seen(page, f"late-asked-{language}-{width}")
    page.keyboard.type("2580")
    page.keyboard.press("Enter")
    page.wait_for_selector("main button:focus")
    faults += seen(page, f"late-back-{language}-{width}")
    assert faults == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/doses/*")
    assert desk.everybody() == 1
