"""What the page is made of that a device keeps: the page, its files and settings, each with its hash, and the worker.

All of it is one version: a worker takes it over whole or not at all, and finds out where a part is not what it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, render_template, url_for

import vaxcert
from vaxcert import ConfigurationError
from vaxcert.rules import bundle
from verifier_app.assets import has_decoder
from verifier_app.config import Settings
from verifier_app.desk import Desk
from verifier_app.modes import listed
from verifier_app.shift.sayings import sayings
from verifier_app.words import WORDS, say

STATIC = Path(__file__).parents[1] / "static"
ENGINE = STATIC / "vendor" / "engine" / "engine.js"
# The page asks by a camera alone, and not by what others' pages show in theirs.
_LEFT_OUT = ("LICENSE",)
_WORKER = STATIC / "js" / "worker.js"


def is_offered() -> bool:
    """Whether pages can go on without this server: the publisher has something for them, and all parts are there."""
    settings: Settings = current_app.extensions["settings"]
    desk: Desk = current_app.extensions["desk"]
    return settings.on_device and bool(desk.trust.pages) and has_decoder() and ENGINE.is_file()


def page(*, alone: bool = False) -> str:
    """The page as a device keeps it: of no reader, so in the site's language and under its usual rules.

    `alone`: there is no server behind it, but for files.
    """
    settings: Settings = current_app.extensions["settings"]
    desk: Desk = current_app.extensions["desk"]
    lang = settings.language
    return render_template(
        "scan.html",
        lang=lang,
        other="en" if lang == "vi" else "vi",
        t=lambda name, of=lang: say(name, of),
        state="ready",
        test=str(desk.trust.environment) == "test",
        decoder=True,
        words=WORDS,
        return_after=settings.return_after,
        same_card=settings.same_card,
        second_reader=settings.second_reader and not alone,
        mode=settings.mode,
        modes=listed(desk.rules, lang),
        on_device=True,
        alone=alone,
    )


def told(*, alone: bool = False) -> dict[str, Any]:
    """What a page is told for its first use and for asking anew: the root that it begins with, and where to fetch."""
    settings: Settings = current_app.extensions["settings"]
    desk: Desk = current_app.extensions["desk"]
    return {
        "version": vaxcert.__version__,
        "root": desk.trust.pages["root.json"].read_text("utf-8"),
        "environment": str(desk.trust.environment),
        "published": settings.published or url_for("shift.published", path="").rstrip("/") + "/",
        "rules": bundle.at(settings.rules) if settings.rules else None,
        "usual": settings.mode,
        "server": not alone,
    }


def manifest() -> dict[str, Any]:
    """What a phone needs to put the page among its apps."""
    lang = current_app.extensions["settings"].language
    start = url_for("pages.scan")
    return {
        "name": f"{say('title', lang)} – vaxcert",
        "short_name": "vaxcert",
        "lang": lang,
        "id": start,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b4f9e",
        "icons": [
            {"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }


def contents(*, alone: bool = False) -> dict[str, bytes]:
    """Everything but the files on the disk, by address."""
    return {
        url_for("shift.shell"): page(alone=alone).encode(),
        url_for("shift.settings"): json.dumps(told(alone=alone), ensure_ascii=False).encode(),
        url_for("shift.words"): json.dumps(sayings(), ensure_ascii=False).encode(),
        url_for("shift.manifest"): json.dumps(manifest(), ensure_ascii=False).encode(),
    }


def files() -> Iterator[tuple[str, Path]]:
    """The files on the disk, by address."""
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and path.name not in _LEFT_OUT and path != _WORKER:
            yield url_for("static", filename=path.relative_to(STATIC).as_posix()), path


def worker(*, alone: bool = False) -> str:
    """The worker's script, with what it keeps, each by address with its SHA-256."""
    hashes = {address: hashlib.sha256(content).hexdigest() for address, content in contents(alone=alone).items()}
    hashes |= {address: _hash(path, path.stat().st_mtime_ns) for address, path in files()}
    version = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()[:16]
    given = {"version": version, "page": url_for("shift.shell"), "scope": url_for("pages.scan"), "files": hashes}
    words = {name: [WORDS[name].en, WORDS[name].vi] for name in ("part_lost", "part_lost_help")}
    before = f"const KEPT = {json.dumps(given)};\nconst WORDS = {json.dumps(words, ensure_ascii=False)};\n"
    return before + _WORKER.read_text("utf-8")


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(folder: Path) -> list[str]:
    """Write all of it for a web server that has nothing but files; return the names. Raises `ConfigurationError`."""
    if not is_offered():
        raise ConfigurationError("this store has nothing for pages, or the app was set up without the camera's decoder")
    return [*_written(folder)]


def _written(folder: Path) -> Iterator[str]:
    from vaxcert import files as disk

    everything = contents(alone=True) | {address: path.read_bytes() for address, path in files()}
    everything |= {"/worker.js": worker(alone=True).encode(), "/index.html": everything[url_for("shift.shell")]}
    for address, content in everything.items():
        name = address.removeprefix("/")
        with disk.writing(folder):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        disk.write_changed(folder / name, content)
        yield name
