"""A process of its own that checks one table, or takes it over: `python -m portal_app.intake.worker FOLDER`.

Started by `waiting`, whose lock it inherits. It writes how far it is beside the table and has no answer to give, so
neither the page that started it nor the whole portal has to be there when it ends.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

import msgspec

from portal_app.intake import waiting
from portal_app.intake.checked import understanding
from portal_app.intake.waiting import Phase, Refusal, Upload, UploadStage
from vaxcert import files
from vaxcert.errors import InputError, Reason, VaxcertError, place_of
from vaxcert.registry import Registry
from vaxcert.registry.intake import importing, rows
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.table import sheets_of
from vaxcert.tables.values.reading import Reading, load_values

# Whoever stands at a desk goes before.
_NICE = 5
# Seconds between two states that are written.
_EVERY = 0.5


class Work:
    """What there is to do with one table."""

    def __init__(self, place: Path, one: Upload, registry: Registry) -> None:
        self._place, self._one, self._registry = place, one, registry
        self._table = place / f"table{one.ending}"
        self._told = 0.0
        choices, values = one.choices, place / waiting.VALUES
        columns = place / waiting.MAPPING
        if choices.columns:
            files.write_whole(columns, (msgspec.json.encode(choices.columns),), mode=files.PRIVATE)
        self._mapping = columns if choices.columns else None
        self._sheet = choices.sheet or None
        self._ignored = choices.ignored
        self._reading = Reading(
            dates=choices.dates or None,
            series=choices.series,
            legacy_font=choices.legacy_font or None,
            values=load_values(values, FIELDS | rows.FIELDS) if values.exists() else {},
        )

    def check(self) -> None:
        """Find out how the table would be taken over."""
        sheets = sheets_of(self._table)
        # Whatever becomes of it: where none is chosen yet, somebody has to know which there are.
        files.write_whole(self._place / waiting.SHEETS, (msgspec.json.encode(sheets),), mode=files.PRIVATE)
        report = importing.check(
            self._registry, self._table, mapping=self._mapping, reading=self._reading, sheet=self._sheet,
            ignored=self._ignored, progress=self._say,
        )  # fmt: skip
        found = msgspec.json.encode(understanding(report, sheets))
        files.write_whole(self._place / waiting.CHECKED, (found,), mode=files.PRIVATE)
        self._one.stage, self._one.rows = UploadStage.CHECKED, sum(report.counts.values())

    def take(self) -> None:
        """Take the table over, and keep nothing of it here but the number of its run."""
        if self._registry.at_long_work():
            self._one.phase = Phase.WAITING
            waiting.save(self._place, self._one)
        report = importing.run(
            self._registry, self._table, actor=self._one.actor, mapping=self._mapping, reading=self._reading,
            sheet=self._sheet, ignored=self._ignored, called=self._one.name,
            progress=lambda done: self._say(done, self._one.rows, Phase.TAKING),
        )  # fmt: skip
        self._one.stage, self._one.run = UploadStage.TAKEN, report.run
        waiting.save(self._place, self._one)
        for path in (self._table, *(self._place / name for name in waiting.WITH_TABLE)):
            path.unlink(missing_ok=True)

    def _say(self, done: int, of: int, phase: Phase = Phase.READING) -> None:
        if phase is self._one.phase and time.monotonic() - self._told < _EVERY:
            return
        self._told = time.monotonic()
        self._one.phase, self._one.done, self._one.rows = phase, done, of
        waiting.save(self._place, self._one)


def work(place: Path) -> None:
    """Do what a folder's state says is to be done, and keep there how it ended."""
    one = waiting.read(place)
    if one is None:
        return
    try:
        with Registry.open(os.environ["VAXCERT_DB"], Path(os.environ["VAXCERT_REGISTRY_KEY"])) as registry:
            at = Work(place, one, registry)
            at.check() if one.stage is UploadStage.CHECK else at.take()
    except VaxcertError as error:
        one.refusal = _refusal(error, place, one)
    except Exception as error:
        # By its place alone: its words could be somebody's name.
        logging.getLogger("portal_app").error("fault: %s", place_of(error))
        one.refusal = Refusal(Reason.FAULT)
    waiting.save(place, one)


def _refusal(error: VaxcertError, place: Path, one: Upload) -> Refusal:
    if isinstance(error, InputError):
        return Refusal(error.reason)
    return Refusal(error.reason, error.detail.replace(str(place / f"table{one.ending}"), one.name))


if __name__ == "__main__":
    os.nice(_NICE)
    work(Path(sys.argv[1]))
