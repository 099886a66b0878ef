"""A gate with a phone: a publisher whose list has something for pages, the app over it, and a browser that lasts."""

from __future__ import annotations

import contextlib
import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Error
from werkzeug.serving import WSGIRequestHandler, make_server

from vaxcert import Dose, Issuer, Person, SigningKey
from vaxcert.rules import bundle
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}
POLICY = """title = { en = "Ward", vi = "Khoa" }
diseases = ["COVID-19"]
doses = 2
"""
# Debian's Chromium with a camera, and nothing that looks for its maker's servers.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream")  # fmt: skip
PHONE = {"width": 412, "height": 915}


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: Any, **__: Any) -> None: ...


class Server:
    """Serves an app at an address of this machine, until it is killed; and again at the same one."""

    def __init__(self, app: Any) -> None:
        self.app, self.port = app, 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=_Silent)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def kill(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Gate:
    """The publisher, the store, the app and its server. `now`: of the publisher and the app, and of pages."""

    def __init__(self, folder: Path, now: datetime, environment: str = "test", **variables: str) -> None:
        self.folder, self.now, self.variables = folder, now, variables
        self.key = SigningKey.generate("VN", now=now - timedelta(days=30))
        self.publisher = Publisher.create(
            folder / "workspace", environment=environment, clock=lambda: self.now,
            passphrase=SECRETS["passphrase"], root_passphrase=SECRETS["root_passphrase"],
        )  # fmt: skip
        self.publisher.add(self.key.certificate)
        self.publisher.rules.replace({"ward.toml": POLICY.encode()})
        self.revoked = self.card(number=2, opaque="REVOKED")
        self.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(self.ids["REVOKED"])])
        self.publish((folder / "workspace" / "root.json").read_bytes())
        self.desks: list[Any] = []

    def publish(self, root: bytes | None = None) -> None:
        self.publisher.publish(self.folder / "out", passphrase=SECRETS["passphrase"], page=bundle.listed)
        sync(self.folder / "out", self.folder / "store", root=root, now=self.now)

    def app(self, **variables: str) -> Any:
        from verifier_app import create_app
        from verifier_app.config import Settings
        from verifier_app.desk import Desk

        given = {"VAXCERT_TRUST": str(self.folder / "store"), "VAXCERT_APP_RATE": "100000", **self.variables}
        settings = Settings.from_variables(given | variables)
        self.desks.append(Desk(settings, clock=lambda: self.now))
        return create_app(settings, desk=self.desks[-1])

    ids: dict[str, str] = {}  # noqa: RUF012  (ids of cards, by what they were called)

    def card(
        self, *, key: SigningKey | None = None, number: int = 2, days: int = 365, opaque: str = "", ago: int = 5
    ) -> str:
        """A card's text, issued some days ago and good for so many."""
        then = self.now - timedelta(days=ago)
        issuer = Issuer(
            key or self.key,
            country=(key or self.key).country or "",
            authority="Sở Y tế (TEST)",
            valid_for=timedelta(days=days),
            clock=lambda: then,
        )
        day = date.fromordinal(then.date().toordinal() - 1)
        person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
        issued = issuer.issue(person, Dose(product="EU/1/20/1528", number=number, series=2, date=day))
        self.ids[opaque] = issued.certificate_id
        return str(issued.text)

    def close(self) -> None:
        for desk in self.desks:
            desk.close()


class Phone:
    """A browser with a profile on the disk: closed and opened again, it is the same phone."""

    def __init__(
        self,
        playwright: Any,
        program: str,
        profile: Path,
        url: str,
        now: datetime,
        film: Path | None,
        *,
        zone: str = "Asia/Ho_Chi_Minh",
        language: str = "en",
    ) -> None:
        self.url, self.now, self.faults = url, now, []
        flags = [*FLAGS, *([] if film is None else [f"--use-file-for-fake-video-capture={film}"])]
        self.context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=program, args=flags, viewport=PHONE, has_touch=True, locale="en-GB",
            timezone_id=zone,
        )  # fmt: skip
        self.context.add_cookies([{"name": "lang", "value": language, "url": url}])
        self.page = self.context.pages[0]
        self._watch(self.page)

    def _watch(self, page: Any) -> None:
        page.clock.set_fixed_time(self.now)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def tab(self) -> Any:
        """Another tab; it becomes the one that is looked at."""
        self.page = self.context.new_page()
        self._watch(self.page)
        return self.page

    def go(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def at(self, now: datetime) -> None:
        """Have another time on the phone's clock."""
        self.now = now
        self.page.clock.set_fixed_time(now)

    def until(self, script: str, seconds: float = 30) -> Any:
        for _ in range(int(seconds * 20)):
            # Whoever opens the page anew meanwhile is waited for too.
            with contextlib.suppress(Error):
                if value := self.page.evaluate(script):
                    return value
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{script} did not come true; {self.faults}; {self.standing()}; {self.text('#hint')}")

    def text(self, selector: str) -> str:
        found = self.page.query_selector(selector)
        return "" if found is None else str(found.inner_text())

    def standing(self) -> str:
        return self.text("#standing")

    def ready(self) -> None:
        """Until it holds a list and is kept."""
        self.until("document.getElementById('standing')?.dataset.t === 'device_checks'")
        self.until("navigator.serviceWorker.getRegistration().then(one => Boolean(one?.active))")

    def scanned(self, text: str) -> dict[str, str]:
        """The verdict on a text that a hand scanner types."""
        self.until("document.activeElement.id === 'wedge'")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        told = self.verdict()
        self.page.wait_for_timeout(750)
        self.page.keyboard.press("Escape")
        self.until("document.getElementById('stage').hidden")
        return told

    def verdict(self) -> dict[str, str]:
        """What stands on the screen: its colour, code, and who judged; `all` of what is seen."""
        self.until("!document.getElementById('stage').hidden")
        section = self.page.query_selector("#stage section.verdict")
        return {
            "colour": section.get_attribute("data-colour") or "",
            "code": section.get_attribute("data-code") or "",
            "who": next((one.inner_text() for one in section.query_selector_all(".who") if one.is_visible()), ""),
            "all": section.inner_text(),
        }

    def cut_off(self) -> None:
        self.context.set_offline(True)

    def close(self) -> None:
        self.context.close()
