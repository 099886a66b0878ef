"""A unit's table, sent up: what it is understood as, what somebody decides about it, and that it is taken over."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs, takes
from portal_app.intake import showing, waiting
from portal_app.intake.checked import Understanding
from portal_app.intake.waiting import Choices, Upload, UploadStage, WaitingTables
from portal_app.problems import answer
from portal_app.words import WORDS, language, say
from vaxcert import files
from vaxcert.errors import Reason, VaxcertError
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.intake import rows
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.values.reading import load_values
from vaxcert.wording import explain
from vaxcert.wording import say as words_of

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

MEGABYTE = 1 << 20
# A year of a large unit is a few megabytes; the rest of the body is a form.
MOST_TABLE, MOST_VALUES = 64 * MEGABYTE, MEGABYTE
_ALL_FIELDS = tuple(sorted(FIELDS | rows.FIELDS))
_FONTS, _ORDERS = ("tcvn3", "vni"), ("dmy", "mdy")


@blueprint.get("")
@needs(Action.IMPORT)
def start() -> str:
    """Send a table up, and those that wait."""
    return _start("")


@blueprint.post("")
@needs(Action.IMPORT)
@takes(MOST_TABLE + MEGABYTE)
def send() -> Any:
    """Keep a table that is sent, and have it checked."""
    sent, kept = request.files.get("table"), _waiting()
    kept.sweep()
    if sent is None or not sent.filename:
        return _start(say("file_missing")), 422
    try:
        one = kept.put(sent.stream, sent.filename, access.account())
    except VaxcertError as error:
        told = {
            Reason.FORM_UNKNOWN: "file_kind",
            Reason.NOTHING_USABLE: "file_empty",
            Reason.LIMIT_REACHED: "file_many",
        }
        return _start(say(told[error.reason]) if error.reason in told else explain(error, language())), 422
    kept.start(one, UploadStage.CHECK)
    return _to(one)


@blueprint.get("/<token>")
@needs(Action.IMPORT)
def table(token: str) -> Any:
    """How far a table is: being looked at, understood, refused, stopped, or taken over."""
    return _page(_waiting().one(token, access.account()))


@blueprint.get("/<token>/state")
@needs(Action.IMPORT)
def state(token: str) -> Response:
    """How far a table is, for the page's script: as a number and as a sentence."""
    one = _waiting().one(token, access.account())
    return jsonify(running=_waiting().at_work(one), done=one.done, rows=one.rows, words=showing.progress(one))


@blueprint.post("/<token>/check")
@needs(Action.IMPORT)
@takes(MOST_VALUES + MEGABYTE)
def check(token: str) -> Any:
    """Take what somebody decided of how a table is to be read, and have it checked by that."""
    kept = _waiting()
    one = kept.one(token, access.account())
    if kept.at_work(one) or one.stage is UploadStage.TAKEN:
        return _to(one)
    one.choices = _choices()
    if wrong := _values(kept, one):
        return _page(one, values_wrong=wrong), 422
    kept.start(one, UploadStage.CHECK)
    return _to(one)


@blueprint.post("/<token>/take")
@needs(Action.IMPORT)
def take(token: str) -> Any:
    """Have a table be taken over, once somebody says so; also one whose taking over was stopped."""
    kept = _waiting()
    one = kept.one(token, access.account())
    if kept.at_work(one) or one.stage is UploadStage.TAKEN:
        return _to(one)
    found = _understood(kept, one)
    if found is None or one.refusal is not None or found.dates_unclear:
        return _page(one), 422
    ignored = [name for name in found.suspicious if name in request.form.getlist("leave_out")]
    left = [name for name in found.suspicious if name not in (*ignored, *one.choices.ignored)]
    if left and one.stage is not UploadStage.TAKE:
        return _page(one, unsure=left), 422
    one.choices = msgspec.structs.replace(one.choices, ignored=(*one.choices.ignored, *ignored))
    kept.start(one, UploadStage.TAKE)
    return _to(one)


@blueprint.post("/<token>/discard")
@needs(Action.IMPORT)
def discard(token: str) -> Any:
    """Delete a table that was sent; what a run took over of it stays."""
    kept = _waiting()
    one = kept.one(token, access.account())
    kept.discard(one)
    flash(say("table_discarded"))
    return redirect(url_for("intake.start"))


@blueprint.errorhandler(413)
def _too_large(_: Exception) -> Response:
    # Else the browser would be cut off while it sends, and show no page at all.
    stream, left = request.environ["wsgi.input"], 4 * MOST_TABLE
    while left > 0 and (part := stream.read(min(left, MEGABYTE))):
        left -= len(part)
    return answer(413, advice=say("file_too_large", most=MOST_TABLE // MEGABYTE))


def _waiting() -> WaitingTables:
    return WaitingTables(current_app.extensions["settings"])


def _to(one: Upload) -> Any:
    return redirect(url_for("intake.table", token=one.token))


def _start(wrong: str) -> str:
    kept = _waiting()
    kept.sweep()
    mine = [(one, showing.state(one, kept.at_work(one))) for one in kept.of(access.account())]
    return render_template(
        "intake/start.html", wrong=wrong, mine=mine, endings=waiting.ENDINGS, most=MOST_TABLE // MEGABYTE
    )


def _page(one: Upload, *, unsure: list[str] | None = None, values_wrong: str = "") -> Any:
    kept = _waiting()
    stands = showing.state(one, kept.at_work(one))
    found = _understood(kept, one) if stands == "checked" else None
    return render_template(
        "intake/table.html", one=one, stands=stands, found=found, unsure=unsure or [], values_wrong=values_wrong,
        has_values=(kept.place(one) / waiting.VALUES).exists(), progress=showing.progress(one),
        sheet_choices=[(name, name) for name in _sheets(kept, one)],
        fields=_ALL_FIELDS, field_words=WORDS, refusal=_refusal(one), most=MOST_VALUES // MEGABYTE,
    )  # fmt: skip


def _refusal(one: Upload) -> str:
    if one.refusal is None:
        return ""
    return words_of(Reason(one.refusal.reason), language())


def _understood(kept: WaitingTables, one: Upload) -> Understanding | None:
    return cast("Understanding | None", _kept(kept, one, waiting.CHECKED, Understanding))


def _sheets(kept: WaitingTables, one: Upload) -> list[str]:
    return cast("list[str]", _kept(kept, one, waiting.SHEETS, list[str]) or [])


def _kept(kept: WaitingTables, one: Upload, name: str, kind: Any) -> Any:
    try:
        return msgspec.json.decode((kept.place(one) / name).read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def _choices() -> Choices:
    """What the form says, where it makes sense; what does not is as if it had not been said."""
    form = request.form
    columns, ignored = {}, []
    for name, field in zip(form.getlist("column"), form.getlist("field"), strict=False):
        if field == "-":
            ignored.append(name)
        elif field in _ALL_FIELDS:
            columns[name] = field
    dates, font, series = form.get("dates", ""), form.get("font", ""), form.get("series", "")
    return Choices(
        sheet=form.get("sheet", "")[:100],
        dates=cast(Any, dates if dates in _ORDERS else ""),
        legacy_font=cast(Any, font if font in _FONTS else ""),
        series=int(series) if series in "123456789" and series else None,
        columns=columns,
        ignored=tuple(ignored),
    )


def _values(kept: WaitingTables, one: Upload) -> str:
    """Keep the file that says what texts mean, where one is sent; what is wrong with it, or ""."""
    path = kept.place(one) / waiting.VALUES
    if "no_values" in request.form:
        path.unlink(missing_ok=True)
    sent = request.files.get("values")
    if sent is None or not sent.filename:
        return ""
    content = sent.stream.read(MOST_VALUES + 1)
    try:
        with files.writing(path):
            files.write_whole(path, (content,), mode=files.PRIVATE)
        load_values(path, FIELDS | rows.FIELDS)
    except VaxcertError:
        path.unlink(missing_ok=True)
        return say("values_wrong")
    return ""
