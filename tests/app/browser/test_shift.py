"""Loaded once with a network, the page goes on without any: network off, server killed, reloaded, closed and opened."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from gates import Gate, Phone, Server

from vaxcert import SigningKey
from vaxcert.cli.demo import tamper

Opened = Callable[..., Phone]


@pytest.fixture
def gate(tmp_path: Path, now: datetime) -> Iterator[Gate]:
    made = Gate(tmp_path / "gate", now)
    yield made
    made.close()


@pytest.fixture
def server(gate: Gate) -> Iterator[Server]:
    made = Server(gate.app())
    yield made
    made.kill()


@pytest.fixture
def phone(playwright: Any, missing: Callable[[str], None], tmp_path: Path, gate: Gate) -> Iterator[Opened]:
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("no chromium on the path")
    opened: list[Phone] = []

    def made(url: str, *, profile: str = "profile", film: Path | None = None, go: bool = True) -> Phone:
        opened.append(Phone(playwright, str(program), tmp_path / profile, url, gate.now, film))
        if go:
            opened[-1].go()
        return opened[-1]

    yield made
    for one in opened:
        one.close()


def test_without_network_and_server_every_kind_of_card_is_judged_here(
    gate: Gate, server: Server, phone: Opened
) -> None:
    stranger = SigningKey.generate("LA", now=gate.now - timedelta(days=30))
    cards = {
        ("test", ""): gate.card(),
        ("refused", "signature_invalid"): tamper(gate.card()),
        ("refused", "revoked"): gate.revoked,
        ("refused", "expired"): gate.card(days=3),
        ("undetermined", "key_unknown"): gate.card(key=stranger),
        ("undetermined", "format_unsupported"): "shc:/" + "5" * 200,
        ("undetermined", "format_unknown"): "a text that no shape fits at all",
    }
    one = phone(server.url)
    one.ready()
    one.cut_off()
    server.kill()
    one.page.reload()
    one.until("document.getElementById('standing').dataset.t === 'device_offline'")
    assert one.standing() == "Offline: good until Thursday 16:30"
    for (colour, code), text in cards.items():
        told = one.scanned(text)
        assert (told["colour"], told["code"]) == (colour, code)
        assert told["who"].startswith("Checked by this device")
    assert one.faults == []
    server.start()


def test_the_camera_goes_on_without_network_and_server(
    gate: Gate, server: Server, phone: Opened, film: Callable[..., Path]
) -> None:
    one = phone(server.url, film=film(gate.card()))
    one.ready()
    one.cut_off()
    server.kill()
    one.page.reload()
    told = one.verdict()
    assert told["colour"] == "test"
    assert told["who"] == "Checked by this device · Thursday 16:30"
    server.start()


def test_a_tab_that_is_closed_opens_again_without_a_server_and_counts_go_on(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.scanned(gate.card())
    one.close()
    server.kill()
    one = phone(server.url)
    one.until("document.getElementById('standing').dataset.t === 'device_offline'")
    one.scanned(gate.revoked)
    one.page.reload()
    one.until("document.querySelectorAll('#counts tbody tr').length === 2")
    kept = one.page.evaluate("JSON.stringify(localStorage)")
    assert "Nguy" not in kept and "HC1" not in kept and gate.ids["REVOKED"] not in kept
    one.at(gate.now + timedelta(days=1))
    one.page.reload()
    one.until("document.getElementById('standing').dataset.t")
    assert one.page.query_selector("#counts tbody tr") is None
    assert one.page.evaluate("localStorage.getItem('vaxcert-counts')") is None
    server.start()


def test_the_list_goes_stale_on_the_phone_and_a_clock_set_back_is_told(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.cut_off()
    # Vouched for until a day later, and good for two days more.
    for later, word, told in (
        (timedelta(hours=71), "device_soon", ("test", "")),
        (timedelta(hours=72, seconds=1), "device_stale", ("undetermined", "trust_list_stale")),
        (timedelta(days=-3), "device_clock", ("undetermined", "clock_rolled_back")),
        (timedelta(days=100), "device_clock", ("undetermined", "clock_suspect")),
    ):
        one.at(gate.now + later)
        one.page.reload()
        one.until(f"document.getElementById('standing').dataset.t === '{word}'")
        found = one.scanned(gate.card())
        assert (found["colour"], found["code"]) == told
