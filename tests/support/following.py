"""A device that follows a publisher: the engine in a page, over files that a folder has, as somebody changes them."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from both import Engine, milliseconds

# What the page is given: files by path, what is held and remembered. What it gives back: the same, or the fault's name.
_SYNC = """async ([files, given, keeps]) => {
  const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt(0))
  window.asked = []
  const source = async (path, most) => {
    window.asked.push(path)
    if (!Object.hasOwn(files, path)) return null
    const content = bytes(files[path])
    if (content.length > most) throw new engine.SyncError('too_large', path)
    return content
  }
  const mark = keeps && window.mark ? window.mark : null
  try {
    const before = keeps && window.held ? {held: window.held, loaded: await engine.load(window.held, mark)} : null
    const {held, loaded, changed} = await engine.sync(source, {...given, before, mark})
    Object.assign(window, {held, mark: loaded.mark, trust: loaded.trust})
    return {changed, number: loaded.list.revocations.number, kept: loaded.kept.length, freshness: loaded.trust.freshness}
  } catch (error) {
    if (!(error instanceof engine.SyncError)) throw error
    return {fault: error.fault, detail: error.detail}
  }
}"""

# What is held, after `change` (JavaScript over `held` and `mark`), opened as after a start of the phone.
_OPEN = """async () => {
  const {held, mark} = {held: structuredClone(window.held), mark: structuredClone(window.mark)}
  %s
  try { await engine.load(held, mark); return null }
  catch (error) { if (error instanceof engine.SyncError) return error.fault; throw error }
}"""


class Follower:
    """A device: what it holds stays in its page."""

    def __init__(self, engine: Engine, root: bytes) -> None:
        self.engine, self.page, self.root = engine, engine.page, root.decode("utf-8", "replace")

    def sync(self, folder: Path, now: datetime, *, environment: str | None = None, **files: bytes) -> dict[str, Any]:
        """What came of a look at a folder; `files` stand in for those there, by path with `__` for slashes."""
        there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        given = {name: base64.b64encode(path.read_bytes()).decode() for name, path in there.items()}
        given |= {name.replace("__", "/"): base64.b64encode(content).decode() for name, content in files.items()}
        said = {"root": self.root, "environment": environment, "now": milliseconds(now)}
        answer: dict[str, Any] = self.page.evaluate(_SYNC, [given, said, True])
        return answer

    def asked(self) -> list[str]:
        """The paths that the last look fetched."""
        found: list[str] = self.page.evaluate("window.asked")
        return found

    def opened(self, change: str) -> str | None:
        """The fault that what is held has, once it was changed so; None where it is whole."""
        fault: str | None = self.page.evaluate(_OPEN % change)
        return fault

    def verdict(self, text: str, now: datetime) -> dict[str, Any]:
        """The verdict by what is held."""
        return self.page.evaluate("([text, now]) => engine.verify(text, trust, {now})", [text, milliseconds(now)])  # type: ignore[no-any-return]
