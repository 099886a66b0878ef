"""For people: a page to scan, paste or upload at, the verdict, and the state of the device.

All of it works without scripts. With them the page stays open: its script sends the text with `part=1` and gets the
verdict alone, in both languages, so that one tap shows the holder what the guard sees.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, jsonify, make_response, redirect, render_template, request, url_for

from vaxcert import ImageError
from vaxcert.sorting import badness, cards_in, to_judge
from verifier_app import modes, problems, showing, state
from verifier_app.api import body_of, desk, judged, request_of, texts_of
from verifier_app.assets import has_decoder
from verifier_app.kinds import LOOKED_AT, BodyKind, kind_of
from verifier_app.shift import parts
from verifier_app.words import LANGUAGES, WORDS, language, say

blueprint = Blueprint("pages", __name__)

# Longer than any assembled card; a scanner that types without end is cut off here.
MAX_TEXT = 70_000
# A frame of a camera has four at most, and two frames are looked at together.
MAX_TEXTS = 8
# What the page cuts out of a frame, a million pixels at most.
MAX_SEEN = 300_000
# What cameras are searched for, here as there.
QR = "QR Code"


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    lang = language()
    return {
        "lang": lang,
        "t": lambda name, of=lang: say(name, of),
        "other": "en" if lang == "vi" else "vi",
        "trial": current_app.extensions["settings"].trial,
    }


# Not strict: the path before the slash would be sent on to whatever host the request names.
@blueprint.get("/", strict_slashes=False)
def scan() -> Any:
    """The page where a code is given."""
    if request.args.get("lang") in LANGUAGES:
        return _remembered("lang", language())
    settings, rules = current_app.extensions["settings"], desk().rules
    if (mode := request.args.get(modes.NAME)) is not None and (mode in rules or not mode):
        return _remembered(modes.NAME, mode)
    return render_template(
        "scan.html",
        state=state.name(desk()),
        test=str(desk().trust.environment) == "test",
        decoder=has_decoder(),
        words=WORDS,
        return_after=settings.return_after,
        same_card=settings.same_card,
        second_reader=settings.second_reader,
        mode=modes.chosen(rules),
        modes=modes.listed(rules, language()),
        on_device=parts.is_offered(),
    )


def _remembered(name: str, value: str) -> Any:
    """Back to the page, which goes on with what was chosen."""
    chosen = make_response(redirect(url_for("pages.scan")))
    path = f"{request.script_root}/"
    chosen.set_cookie(name, value, max_age=31_536_000, path=path, httponly=True, samesite="Strict")
    return chosen


@blueprint.app_errorhandler(modes.UnknownModeError)
def _no_such_mode(_: modes.UnknownModeError) -> Any:
    return problems.answer(422, code="mode_unknown")


@blueprint.post("/check")
def check() -> Any:
    """The verdicts of texts or of a picture, worst first. Nothing of either is kept: it cannot be asked for again."""
    given = [text for text in request.form.getlist("text") if text.strip()]
    pictures = [file for file in request.files.getlist("picture") if file.filename]
    if given:
        if sum(map(len, given)) > MAX_TEXT:
            abort(413)
        texts, came = [one for text in given for one in cards_in(text)], "text"
    elif pictures:
        try:
            texts, came = _texts_of(pictures[0].read())
        except ImageError as error:
            return problems.no_picture(error)
    else:
        return problems.answer(422, code="nothing")
    if came == "text" and len(texts) > MAX_TEXTS:
        abort(400)
    return _told(texts, came, _mode(), part="part" in request.form)


@blueprint.post("/look")
def look() -> Any:
    """What a page's camera saw and could not read, where the settings allow it: the verdict, and the text for the page.

    The text is what the page knows the card by, as it does one that its camera has read. Raises as `/check` does.
    """
    if not current_app.extensions["settings"].second_reader:
        abort(404)
    seen = body_of(MAX_SEEN)
    if kind_of(seen[:LOOKED_AT], request.mimetype) is not BodyKind.PICTURE:
        abort(415)
    try:
        texts = texts_of(seen, QR)
    except ImageError as error:
        return problems.no_picture(error)
    if len(texts) > 1:
        return problems.answer(422, code="several")
    return render_template("looked.html", text=texts[0], verdicts=_told(texts, "second reader", _mode(), part=True))


def _mode() -> str:
    """The mode that the page was in when it asked: what stands on a screen is what is judged by."""
    return modes.asked(desk().rules, request.form.get(modes.NAME, request.args.get(modes.NAME)))


def _told(texts: list[str], came: str, mode: str, *, part: bool) -> str:
    """The verdicts on these texts, worst first: a page, or with `part` what goes into one, in both languages."""
    told = [(texts.index(one), judged(one, came, mode)) for one in to_judge(texts)]
    told.sort(key=lambda one: badness(one[1]))
    languages = LANGUAGES if part else (language(),)
    now = desk().clock()
    cards = [[showing.shown(verdict, lang, now, at) for lang in languages] for at, verdict in told]
    kinds = [card[0].colour for card in cards]
    return render_template(
        "verdicts.html" if part else "verdict.html",
        part=part,
        cards=cards,
        summaries={lang: showing.summary(kinds, lang) for lang in languages},
    )


def _texts_of(content: bytes) -> tuple[list[str], str]:
    """The texts in a file that was chosen, and what they came as. Its name and type say nothing that counts."""
    kind = kind_of(content[:LOOKED_AT])
    if kind is None or kind is BodyKind.PICTURE:
        return texts_of(content), "picture"
    if len(content) >= MAX_TEXT:
        abort(413)
    return request_of(content, kind).cards(), "text"


@blueprint.get("/status")
def status() -> str:
    """How old the list is, what it holds, and until when it will do: a page, or with `part` what goes into one."""
    here, lang = desk(), language()
    published = here.trust.freshness.published_at
    return render_template(
        "state.html" if "part" in request.args else "status.html",
        state=state.name(here),
        lines=state.lines(here, lang),
        clock_wrong=state.clock_wrong(here, lang),
        server=here.clock().isoformat(),
        published="" if published is None else published.isoformat(),
    )


@blueprint.get("/state")
def present() -> Any:
    """The state's name, for the script of a page that stays open."""
    return jsonify(state.plain(desk()))
