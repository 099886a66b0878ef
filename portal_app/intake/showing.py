"""How uploads and runs are told on pages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal_app.intake.waiting import Phase, Upload, UploadStage
from portal_app.words import language, say
from portal_app.words.intake import WORDS
from vaxcert.registry.runs import Run
from vaxcert.registry.states import RunState
from vaxcert.tables.values.reading import ZONE
from vaxcert.wording.tables import OUTCOMES

# What of an import is told, in this order.
_ROWS = ("new", "matched", "known", "again", "question", "disputed", "deleted", "rejected", "passed_over")


def state(one: Upload, at_work: bool) -> str:
    """How far a table is, in a word that pages choose by."""
    if at_work:
        return "checking" if one.stage is UploadStage.CHECK else "taking"
    if one.refusal is not None:
        return "refused"
    return {UploadStage.CHECK: "check_stopped", UploadStage.TAKE: "take_stopped"}.get(one.stage, str(one.stage))


def progress(one: Upload) -> str:
    """How far it is, as a sentence."""
    if one.phase is Phase.WAITING:
        return say("progress_waiting")
    name = "progress_taking" if one.phase is Phase.TAKING else "progress_reading"
    return say(f"{name}_of" if one.rows else name, done=_number(one.done), rows=_number(one.rows))


def stands(run: Run, busy: bool) -> str:
    """How far a run is: `running`, `stopped`, `done`, `undone`."""
    return "stopped" if run.state is RunState.RUNNING and not busy else str(run.state)


def counts(run: Run) -> list[tuple[str, str]]:
    """What came of a run: words and numbers, those that are not 0."""
    lang = language()
    told = {name: value for name, value in run.counts.items() if isinstance(value, int) and value}
    known = [name for name in _ROWS if name in told]
    rest = [name for name in told if name not in known and name != "rows"]
    found = [(OUTCOMES[name].of(lang), _number(told[name])) for name in known]
    return found + [(_count(name), _number(told[name])) for name in rest]


def local(moment: datetime) -> str:
    """A moment (UTC, as the database keeps it) as the clock on the wall has it."""
    return f"{moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)):%d/%m/%Y %H:%M}"


def birthday(text: str) -> str:
    """A birth date (ISO 8601, as far as it is known) as people write it."""
    return "/".join(reversed(text.split("-")))


def who(actor: str) -> str:
    """Who did it, as colleagues know them."""
    return actor.removeprefix("account:")


def _count(name: str) -> str:
    key = f"count_{name.replace(' ', '_')}"
    return say(key) if key in WORDS else name


def _number(value: int) -> str:
    """A number as the language writes it."""
    return f"{value:,}".replace(",", "." if language() == "vi" else ",")
