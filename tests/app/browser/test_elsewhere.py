"""A real browser where the app is not alone: under a path of another server, and asked by pages of other origins."""

from pathlib import Path
from typing import Any

import pytest

NAME = "Nguyễn Mẫu Thử"
PREFIX = "/checks/east"


def in_front(app: Any) -> Any:
    """A server in front, which has the app under a path and something else beside it."""

    def asked(environ: Any, start: Any) -> Any:
        path = environ["PATH_INFO"]
        if not path.startswith(f"{PREFIX}/"):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"something else"]
        environ |= {"PATH_INFO": path.removeprefix(PREFIX), "HTTP_X_FORWARDED_PREFIX": PREFIX}
        return app(environ, start)

    return asked


def test_under_a_path_all_of_the_page_works(site: Any, text: str, browsers: Any, serve: Any, film: Any) -> None:
    url = serve(in_front(site.app(VAXCERT_APP_PROXIES="1"))) + PREFIX
    page = browsers.page(url, film=Path(film(text)))
    # The camera's worker and its decoder, the check, and the state.
    assert NAME in page.verdict()["text"]
    page.leave()
    page.page.click("#language")
    page.until("document.documentElement.lang === 'vi'")
    assert page.page.get_attribute("#language", "href") == "?lang=en"
    page.page.wait_for_timeout(300)
    page.go("/")
    assert page.page.get_attribute("html", "lang") == "vi"
    page.page.click("#state")
    page.until("document.querySelector('#panel time')")
    page.go("/status")
    page.page.click("a.next")
    page.page.wait_for_url(f"{url}/")
    assert all(address.startswith((url, "data:", "blob:")) for address in page.asked), page.asked
    assert page.faults == []


ASK = """async ([url, text, token]) => {
  try {
    const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${url}/verify`, { method: "POST", headers, body: JSON.stringify({ text }) });
    return [answer.status, await answer.json(), answer.headers.get("RateLimit")];
  } catch (error) {
    return [0, error.message, null];
  }
}"""


@pytest.fixture
def other(serve: Any) -> str:
    """A page of somebody else's, at an origin of its own."""

    def plain(_: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<!doctype html><link rel=icon href='data:,'><title>elsewhere</title>"]

    return str(serve(plain))


def test_a_page_of_a_listed_origin_reads_the_verdict_and_the_problem(
    site: Any, text: str, browsers: Any, serve: Any, other: str
) -> None:
    token = "sixteen characters"
    url = serve(site.app(VAXCERT_APP_CORS=other, VAXCERT_APP_TOKEN=token))
    page = browsers.page(other, camera=False).page
    status, verdict, left = page.evaluate(ASK, [url, text, token])
    assert (status, verdict["status"]) == (200, "accepted")
    assert left.startswith('"address";r=')
    status, problem, _ = page.evaluate(ASK, [url, text, "another one, and wrong"])
    assert (status, problem["type"]) == (401, "urn:vaxcert:problem:no_token")


def test_a_page_of_another_origin_reads_nothing(site: Any, text: str, browsers: Any, serve: Any, other: str) -> None:
    for url in (serve(site.app()), serve(site.app(VAXCERT_APP_CORS="https://clinic.example"))):
        page = browsers.page(other, camera=False).page
        assert page.evaluate(ASK, [url, text, ""]) == [0, "Failed to fetch", None]
