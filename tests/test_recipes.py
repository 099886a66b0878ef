"""The recipes of the developers' guide do what it says, as they stand there."""

import asyncio
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest

from vaxcert import Dose, Issued, Issuer, Person, SigningKey, TrustStore, Verdict, Verifier
from vaxcert.cli.demo import tamper
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind, of_uci
from vaxcert.trust.synced.sync import sync

Result = TypeVar("Result")

GUIDE = (Path(__file__).parents[1] / "docs" / "developer.md").read_text("utf-8")
RECIPES = GUIDE[GUIDE.index("\n## 8. Recipes\n") :]
SECRET, ROOT_SECRET = "publisher's secret", "root's secret"


def recipe(heading: str) -> str:
    """The one block of code under a heading of the guide."""
    (section,) = re.findall(rf"^### {heading}\n(.*?)(?=^### |\Z)", RECIPES, re.MULTILINE | re.DOTALL)
    (block,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return str(block)


def made(heading: str) -> dict[str, Any]:
    """The names that a recipe makes."""
    names: dict[str, Any] = {"__name__": "recipe"}
    exec(recipe(heading), names)  # noqa: S102  (our own guide)
    return names


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """In a thread of its own: a browser's tests may leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class World:
    """A folder with a synced `store` in it, a card that the store accepts, and the publisher behind both."""

    def __init__(self, folder: Path, person: Person) -> None:
        now = datetime.now(UTC)
        self._folder = folder
        key = SigningKey.generate("VN", now=now - timedelta(days=1))
        issuer = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=30))
        self.issued: Issued = issuer.issue(
            person, Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
        )
        self.text = self.issued.text
        self._publisher = Publisher.create(
            folder / "workspace", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET
        )
        self._publisher.add(key.certificate)
        self._publish(root=(folder / "workspace" / "root.json").read_bytes())

    def revoke(self) -> None:
        """Withdraw the card, and sync that."""
        self._publisher.withdrawals.revoke(Kind.UCI, [of_uci(self.issued.certificate_id)])
        self._publish()

    def _publish(self, root: bytes | None = None) -> None:
        self._publisher.publish(self._folder / "published", passphrase=SECRET)
        sync(self._folder / "published", self._folder / "store", root=root)

    def said(self, text: str) -> Any:
        """What the library says of a text, as it comes out of JSON."""
        return json.loads(json.dumps(Verifier(TrustStore.load(self._folder / "store")).verify(text).to_dict()))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: Person) -> World:
    monkeypatch.chdir(tmp_path)
    return World(tmp_path, person)


@pytest.fixture
def wants(missing: Callable[[str], None]) -> Callable[..., None]:
    def say(*modules: str) -> None:
        for module in modules:
            if find_spec(module) is None:
                missing(f"no {module} (the group `recipes` of pyproject.toml)")

    return say


def test_no_recipe_is_left_untried() -> None:
    assert re.findall(r"^### (.*)$", RECIPES, re.MULTILINE) == ["FastAPI", "Django", "A process pool", "asyncio"]


@pytest.fixture
def fastapi(wants: Callable[..., None], world: World) -> Callable[[Any], Any]:
    """Posts JSON to the FastAPI recipe; the answer."""
    wants("fastapi", "httpx")
    import httpx

    app = made("FastAPI")["app"]

    def post(body: Any) -> Any:
        async def ask() -> Any:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://recipe.invalid") as client:
                return await client.post("/verify", json=body)

        return run_apart(ask())

    return post


def test_the_fastapi_endpoint_answers_with_the_verdict(fastapi: Callable[[Any], Any], world: World) -> None:
    for text, status in ((world.text, "accepted"), (tamper(world.text), "refused"), ("not a card", "undetermined")):
        answer = fastapi({"text": text})
        assert answer.status_code == 200
        assert answer.json()["status"] == status
        assert answer.json() == world.said(text)


def test_the_fastapi_endpoint_follows_what_is_synced(fastapi: Callable[[Any], Any], world: World) -> None:
    assert fastapi({"text": world.text}).json()["status"] == "accepted"
    world.revoke()
    assert fastapi({"text": world.text}).json()["reason"] == "revoked"


def test_the_fastapi_endpoint_takes_a_text_and_nothing_else(fastapi: Callable[[Any], Any]) -> None:
    bodies: tuple[Any, ...] = ({}, {"text": 1}, {"text": ["HC1:"]}, [], "HC1:")
    for body in bodies:
        assert fastapi(body).status_code == 422


@pytest.fixture
def django(wants: Callable[..., None], world: World) -> Iterator[dict[str, Any]]:
    """The names of the Django recipe, its view at `verify` in a site with nothing else."""
    wants("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure(SECRET_KEY="for trials", ALLOWED_HOSTS=["testserver"], MIDDLEWARE=[], USE_TZ=True)
    from django import setup
    from django.test import override_settings
    from django.urls import path

    setup()
    names = made("Django")
    site = ModuleType("site")
    site.__dict__["urlpatterns"] = [path("verify", names["verify"])]
    with override_settings(ROOT_URLCONF=site):
        yield names


def posted(text: str) -> Any:
    """The site's answer to a form with a text."""
    from django.test import Client

    return Client().post("/verify", {"text": text})


@pytest.mark.usefixtures("django")
def test_the_django_view_answers_with_the_verdict(world: World) -> None:
    for text, status in ((world.text, "accepted"), (tamper(world.text), "refused"), ("", "undetermined")):
        answer = posted(text)
        assert answer.status_code == 200
        assert answer.json()["status"] == status
        assert answer.json() == world.said(text)


@pytest.mark.usefixtures("django")
def test_the_django_view_follows_what_is_synced(world: World) -> None:
    assert posted(world.text).json()["status"] == "accepted"
    world.revoke()
    assert posted(world.text).json()["reason"] == "revoked"


def test_the_django_view_takes_posts_alone(django: dict[str, Any]) -> None:
    from django.test import RequestFactory

    assert django["verify"](RequestFactory().get("/verify", {"text": "HC1:"})).status_code == 405


def test_no_card_is_in_djangos_report_of_an_error(django: dict[str, Any], world: World) -> None:
    from django.test import RequestFactory
    from django.views.debug import ExceptionReporter

    class Broken:
        """Fails with the card's text in hand."""

        def __init__(self, trust: TrustStore) -> None:
            """Take a store, as `Verifier` does."""

        def verify(self, text: str) -> Verdict:
            raise RuntimeError("broken")

    django["Verifier"] = Broken
    request = RequestFactory().post("/verify", {"text": world.text})
    with pytest.raises(RuntimeError) as raised:
        django["verify"](request)
    assert raised.tb.tb_next is not None
    # From the view on: the frame before is this test's own.
    reporter = ExceptionReporter(request, raised.type, raised.value, raised.tb.tb_next)
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "broken" in report
        assert world.text[4:20] not in report


def test_the_process_pool_prints_a_verdict_a_text_in_their_order(world: World, tmp_path: Path) -> None:
    texts = [world.text, tamper(world.text), "not a card", world.text]
    (tmp_path / "texts.txt").write_text("\n".join(texts) + "\n", "utf-8")
    (tmp_path / "recipe.py").write_text(recipe("A process pool"), "utf-8")
    ran = subprocess.run(
        [sys.executable, "recipe.py"], cwd=tmp_path, env=dict(os.environ), capture_output=True, encoding="utf-8",
        check=True, timeout=120,
    )  # fmt: skip
    verdicts = [world.said(text) for text in texts]
    assert ran.stdout.splitlines() == [f"{verdict['status']} {verdict['reason']}" for verdict in verdicts]
    assert [verdict["status"] for verdict in verdicts] == ["accepted", "refused", "undetermined", "accepted"]


def test_what_the_guide_says_does_not_travel_between_processes_does_not(world: World, key: SigningKey) -> None:
    trust = TrustStore.load("store")
    for value in (key, trust, Verifier(trust)):
        with pytest.raises(TypeError, match="not copied between processes"):
            pickle.dumps(value)
    verdict = Verifier(trust).verify(world.text)
    assert pickle.loads(pickle.dumps(verdict)).to_dict() == verdict.to_dict()  # noqa: S301  (our own)


def test_the_asyncio_recipe_follows_what_is_synced_between_two_texts(world: World) -> None:
    verdicts = made("asyncio")["verdicts"]

    async def gate() -> list[Verdict]:
        async def texts() -> AsyncIterator[str]:
            yield world.text
            yield "not a card"
            await asyncio.to_thread(world.revoke)
            yield world.text

        async with aclosing(verdicts(texts())) as found:
            return [verdict async for verdict in found]

    assert [(verdict.status, verdict.reason) for verdict in run_apart(gate())] == [
        ("accepted", None),
        ("undetermined", "format_unknown"),
        ("refused", "revoked"),
    ]
