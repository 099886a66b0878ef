"""A session's sheet for a day without a network: handed out, and taken over once it is filled in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, request

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from portal_app.desk.sessions import of_ours, page
from portal_app.words import language, say
from vaxcert.errors import ConfigurationError, InputError, NotFoundError, VaxcertError
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import sheet
from vaxcert.wording import explain
from vaxcert.wording.rows import phrase

blueprint = at.blueprint("desk_sheet")

_SPARE = 30
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A thousand rows, and what a spreadsheet adds to them.
_MOST = 4_000_000


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Let a file in, before anything looks at the form."""
    if endpoint == "desk_sheet.take":
        request.max_content_length = _MOST


@blueprint.get("/sessions/<int:number>/sheet")
@needs(Action.CHECK_IN)
def hand_out(number: int) -> Any:
    """The sheet as a file: who is expected, and rows for others."""
    of_ours(number)
    # For the owner's eyes alone, and gone with the request.
    with TemporaryDirectory() as name:
        path = Path(name) / "sheet.xlsx"
        try:
            sheet.write(access.registry(), number, path, actor=access.account().actor, spare=_SPARE)
        except InputError as error:
            return page(at.wrong(error)), 422
        content = path.read_bytes()
    response = Response(content, mimetype=_XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"session-{number}.xlsx")
    return response


@blueprint.post("/sessions/<int:number>/sheet")
@needs(Action.RECORD)
def take(number: int) -> Any:
    """Take a sheet over that was filled in; rows that make no sense are told."""
    of_ours(number)
    given = request.files.get("file")
    if given is None or not given.filename:
        return page({"file": say("desk_sheet_missing")}), 422
    with TemporaryDirectory() as name:
        path = Path(name) / "sheet.xlsx"
        path.touch(mode=0o600)
        path.write_bytes(given.read())
        given.close()
        try:
            report = sheet.take(access.registry(), path, number, actor=access.account().actor)
        except NotFoundError:
            raise
        except (ConfigurationError, VaxcertError) as error:
            return page({"file": f"{say('desk_sheet_unread')} {explain(error, language())}"}), 422
    rejects = [(one.place, [phrase(problem).of(language()) for problem in one.problems]) for one in report.rejects]
    return page({}, {"counts": report.counts, "rejects": rejects})
