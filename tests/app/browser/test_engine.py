"""The engine as the app serves it: in the app's own page, under its own policy, it says what the app says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from both import milliseconds
from faults import FAULTS
from forge import Forge

from vaxcert import TrustStore
from vaxcert.rules import bundle

JUDGE = """async ([value, texts, now]) => {
  const {Trust, verify} = await import('/static/vendor/engine/engine.js')
  const trust = await Trust.of(value)
  return Promise.all(texts.map(text => verify(text, trust, {now})))
}"""


def test_the_page_and_the_app_say_the_same_of_a_card(
    site: Any, browsers: Any, serve: Callable[[Any], str], forge: Forge
) -> None:
    app = site.app()
    texts = [
        forge.card(),
        forge.card(iss="FR"),
        *(FAULTS[name][2](forge) for name in ("expired", "a zero signature", "HC2")),
    ]
    client = app.test_client()
    by_app = [client.post("/verify", data=text.encode(), content_type="text/plain").json for text in texts]
    page = browsers.page(serve(app), camera=False)
    given = bundle.of(TrustStore.load(site.folder / "store"))
    by_page = page.page.evaluate(JUDGE, [given, texts, milliseconds(site.now)])
    assert [said["status"] for said in by_page] == ["accepted", "accepted", "refused", "refused", "undetermined"]
    assert [{name: said[name] for name in one} for said, one in zip(by_app, by_page, strict=True)] == by_page
    assert page.faults == []
    # It has asked nobody: its own file is all that was fetched for it.
    assert [url for url in page.asked if "engine" in url] == [f"{page.url}/static/vendor/engine/engine.js"]
