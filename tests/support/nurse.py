"""A nurse at a browser: finds or adds whoever comes, records the dose, and makes a nurse's mistakes.

Loses the server now and then. Then they do what a nurse does: open the page again, sign in where it asks, look whether
the dose is on record, and record it where it is not.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip
PASSWORD = "a long enough password"
# Seconds: on a machine that others use, a page may take a minute.
PATIENCE = 240.0


class LostError(Exception):
    """The server did not answer."""


class Desk:
    """One desk. `saved`: the doses that the screen said were saved, by who they are of; `unsigned`: without a paper."""

    def __init__(self, url: str, login: str, page: Any) -> None:
        self.url, self.login, self.page = url, login, page
        self.saved: dict[int, int] = {}
        self.unsigned: list[int] = []
        self.lost = 0
        self.seen = ""
        page.set_default_timeout(20_000)

    def begin(self) -> None:
        """Sign in, and work at the session that is open, or open it, however long that takes."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._begin()
            except LostError:
                assert time.monotonic() < deadline, f"the server stays lost: {self.seen}"

    def _begin(self) -> None:
        self.go("/desk/sessions")
        with self.asking():
            if self.page.locator("text=Work here").count():
                self.page.click("text=Work here")
            else:
                self.page.select_option("[name=lot]", index=0)
                self.page.click("form[action$='/sessions/open'] button[type=submit]")
        assert self.page.locator(".session strong").count() >= 2

    def serve(self, one: Any) -> None:
        """See to whoever comes, however often the server is lost meanwhile."""
        deadline = time.monotonic() + PATIENCE * 2
        while one.number not in self.saved:
            assert time.monotonic() < deadline, f"the server stays lost: {self.seen}"
            try:
                self._serve(one)
            except LostError:
                self.lost += 1
                time.sleep(0.5)

    def _serve(self, one: Any) -> None:
        mistake = one.number % 20
        self.find(one, wrong_date=mistake == 17)
        people = self.page.locator("#candidates a.person")
        if people.count():
            # On record: of before, or saved when the server was lost.
            with self.asking():
                people.first.click()
            if self.recorded_already(one):
                return
        else:
            with self.asking():
                self.page.click("#candidates button.second")
            self.page.fill("#district", "Tam Đảo")
            if mistake == 4:
                # Who is at the keyboard is one field too far.
                self.page.fill("#phone", one.full_name)
                with self.asking():
                    self.page.click("button[value=dose]")
                assert self.page.locator("#phone-wrong").count() == 1
                self.page.fill("#phone", one.phone)
        save = self.page.locator("button[value=dose], form.main button[type=submit]").first
        with self.asking():
            if mistake == 7:
                save.dblclick(no_wait_after=True)
            else:
                save.click()
            self.page.wait_for_url(re.compile(r"/doses/\d+"))
        if mistake in (10, 11):
            self.take_back()
            self._serve_again(one)
        else:
            self.note_saved(one)

    def _serve_again(self, one: Any) -> None:
        """The same without a mistake."""
        self.find(one)
        with self.asking():
            if self.page.locator("#candidates a.person").count():
                self.page.locator("#candidates a.person").first.click()
            else:
                self.page.click("#candidates button.second")
        if "/new" in self.page.url:
            self.page.fill("#district", "Tam Đảo")
        with self.asking():
            self.page.locator("button[value=dose], form.main button[type=submit]").first.click()
            self.page.wait_for_url(re.compile(r"/doses/\d+"))
        self.note_saved(one)

    def find(self, one: Any, *, wrong_date: bool = False) -> None:
        self.go("/desk/find")
        self.page.fill("#full_name", one.full_name)
        self.page.fill("#phone", one.phone)
        if wrong_date:
            self.page.fill("#date_of_birth", "31/02/1990")
            with self.asking():
                self.page.press("#date_of_birth", "Enter")
            assert self.page.locator("#date_of_birth-wrong").count() == 1
            assert self.page.input_value("#full_name") == one.full_name
        year, month, day = one.date_of_birth.split("-")
        self.page.fill("#date_of_birth", f"{day}/{month}/{year}")
        with self.asking():
            self.page.press("#date_of_birth", "Enter")
            self.page.wait_for_selector("#candidates h2")

    def recorded_already(self, one: Any) -> bool:
        """Whether the dose of today was saved before the server was lost."""
        today = self.page.locator("table tbody tr").filter(has_text=time.strftime("%d/%m/%Y"))
        for row in range(today.count()):
            if "taken back" not in today.nth(row).inner_text().lower() and one.number not in self.saved:
                with self.asking():
                    today.nth(row).locator("th a").click()
                    self.page.wait_for_url(re.compile(r"/doses/\d+"))
                self.note_saved(one)
                return True
        return False

    def take_back(self) -> None:
        with self.asking():
            self.page.click("a[href$='/undo']")
        self.page.fill("#reason", "the wrong person's record was open")
        if self.page.locator("[name=withdraw]").count():
            self.page.check("[name=withdraw]")
        with self.asking():
            self.page.click("button.danger")
            self.page.wait_for_url("**/find")

    def note_saved(self, one: Any) -> None:
        """What the screen says counts."""
        found = re.search(r"/doses/(\d+)", self.page.url)
        assert found is not None
        assert "saved" in self.page.locator(".lead").inner_text()
        if not self.page.locator("a[href*='/paper']").count():
            self.unsigned.append(one.number)
        self.saved[one.number] = int(found[1])

    def paper(self, one: Any) -> None:
        """Open the paper of whoever's certificate was late."""
        deadline = time.monotonic() + PATIENCE
        while True:
            told = self.page.locator("main").inner_text()
            assert time.monotonic() < deadline, f"no certificate came: {told}"
            try:
                self.go(f"/desk/doses/{self.saved[one.number]}")
                if self.page.locator("a[href*='/paper']").count():
                    return
                with self.asking():
                    self.page.click("form[action$='/certificate'] button")
            except LostError:
                time.sleep(0.5)

    def go(self, path: str) -> None:
        with self.asking():
            self.page.goto(self.url + path)
            if "/sign-in" in self.page.url:
                self.page.fill("#username", self.login)
                self.page.fill("#password", PASSWORD)
                self.page.press("#password", "Enter")
                self.page.wait_for_load_state()
                self.page.goto(self.url + path)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Whatever waits for the server. Raises `LostError` where it is not there."""
        from playwright.sync_api import Error
        from playwright.sync_api import TimeoutError as WaitedError

        try:
            yield
            self.page.wait_for_load_state()
        except WaitedError:
            # A server that stands still, or a machine that is busy, looks the same as a server that is gone.
            self.seen = self.page.url
            with suppress(Error):
                self.seen += f": {self.page.locator('body').inner_text(timeout=1_000)[:400]}"
            raise LostError from None
        except Error as error:
            if (
                "net::ERR" not in error.message
                and "interrupted" not in error.message
                and "chrome-error" not in error.message
            ):
                raise
            raise LostError from None
        if self.page.url.startswith("chrome-error"):
            raise LostError


def kept_from(program: str, url: str, login: str, paths: list[str]) -> dict[str, bytes]:
    """What somebody signed in gets to keep from these addresses, each by its path."""
    from playwright.sync_api import sync_playwright

    def keep() -> dict[str, bytes]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
            one = Desk(url, login, browser.new_page())
            one.go("/numbers")
            kept = {}
            for path in paths:
                answer = one.page.request.get(url + path)
                assert answer.status == 200, path
                kept[path] = answer.body()
            browser.close()
            return kept

    # A thread takes one driver alone, and the session's own may be at work in this one.
    with ThreadPoolExecutor(1) as own:
        return own.submit(keep).result()


class DeskThread(threading.Thread):
    """A desk with a browser of its own. `error`: what ended it, if anything did."""

    def __init__(self, program: str, url: str, login: str, people: list[Any], seen: threading.Semaphore) -> None:
        super().__init__(name=login, daemon=True)
        self._program, self._url, self._login, self._people, self._seen = program, url, login, people, seen
        self.saved: dict[int, int] = {}
        self.lost = self.unsigned = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        from playwright.sync_api import sync_playwright

        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=self._program, args=[*QUIET])
                desk = Desk(self._url, self._login, browser.new_page())
                desk.begin()
                for one in self._people:
                    desk.serve(one)
                    self._seen.release()
                for one in self._people:
                    if one.number in desk.unsigned:
                        desk.paper(one)
                self.saved, self.lost, self.unsigned = desk.saved, desk.lost, len(desk.unsigned)
                browser.close()
        except BaseException as error:  # told by the test
            self.error = error
            self._seen.release(1_000)
