"""Many certificates at once: one reviewer asks for those that are due, another says yes, and the signer signs.

The portal names doses; the signer decides by its own rules how many wait for a second person, and signs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.words import language, say
from vaxcert.errors import Reason, UnreachableError, VaxcertError
from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.certificates import asking
from vaxcert.registry.certificates.asking import DueDoses
from vaxcert.signer.client import SignerClient
from vaxcert.signer.protocol import KeptRequest, Signed
from vaxcert.wording import explain
from vaxcert.wording.reports import FINDINGS

blueprint = Blueprint("certifying", __name__, url_prefix="/certificates")

# Of one request: what a signer has signed before its client gives up waiting.
_AT_ONCE = 250
_WORDS = {
    Reason.OWN_REQUEST: "bulk_own", Reason.PEER_NOT_ALLOWED: "bulk_terminal", Reason.NO_SUCH_RECORD: "bulk_gone",
    Reason.LIMIT_REACHED: "bulk_limit", Reason.IN_USE: "bulk_busy",
}  # fmt: skip


@blueprint.get("")
@needs(Action.ISSUE_MANY)
def start() -> str:
    """What is due of a site or an import, and what waits for a second person."""
    return _page()


@blueprint.post("")
@needs(Action.ISSUE_MANY)
def ask() -> Any:
    """Ask for the certificates that are due, of the site or the import that the form names."""
    signer, site, run = access.signer(), *_which()
    if signer is None or not (site or run):
        return _page(), 422
    doses = asking.due_doses(access.registry(), site=site, run=run).doses
    for some in _shares(doses):
        _told(lambda some=some: signer.sign_many(some, account=access.account().actor, site=site))  # type: ignore[misc]
    if not doses:
        flash(say("bulk_nothing"))
    return redirect(url_for("certifying.start", site=site or None, run=run))


@blueprint.post("/requests/<int:number>/<any(approve, decline):what>")
@needs(Action.APPROVE)
def decide(number: int, what: str) -> Any:
    """Say yes or no to what another reviewer asked for; one's own can be taken back alone."""
    signer = access.signer()
    if signer is not None:
        account = access.account().actor
        if what == "approve":
            _told(lambda: signer.approve(number, account=account))
        else:
            _told(lambda: signer.decline(number, account=account))
    return redirect(url_for("certifying.start"))


def _page() -> str:
    registry, who = access.registry(), access.account()
    site, run = _which()
    with registry.reading() as connection:
        mine = places.sites_of(connection, who)
        sites = [one for one in places.sites(connection) if one.code in mine]
    due: DueDoses | None = asking.due_doses(registry, site=site, run=run) if site or run else None
    waiting, away = _waiting(access.signer())
    return render_template(
        "reviewing/certificates.html", sites=sites, site=site, run=run, due=due, waiting=waiting, away=away,
        has_signer=access.signer() is not None, actor=who.actor, findings=FINDINGS,
    )  # fmt: skip


def _which() -> tuple[str, int | None]:
    """The site and the import that are asked about, as far as whoever asks may: of a site that is theirs."""
    registry, who = access.registry(), access.account()
    site, run = request.values.get("site", ""), request.values.get("run", type=int)
    with registry.reading() as connection:
        known = places.sites_of(connection, who)
    if site not in known:
        site = ""
    if not site and (who.site or who.area):
        run = None
    return site, run


def _waiting(signer: SignerClient | None) -> tuple[Sequence[Any], bool]:
    """What waits for a second person, and whether the signer is away."""
    if signer is None:
        return (), False
    try:
        return signer.waiting(), False
    except VaxcertError:
        return (), True


def _shares(doses: Sequence[int]) -> Iterator[Sequence[int]]:
    """Doses in shares of one size, so that none is small enough to be signed without a second yes."""
    parts = -(-len(doses) // _AT_ONCE)
    for part in range(parts):
        yield doses[part * len(doses) // parts : (part + 1) * len(doses) // parts]


def _told(work: Callable[[], Signed | KeptRequest | None]) -> None:
    """Do it, and tell what came of it on the next page."""
    try:
        answer = work()
    except UnreachableError:
        flash(say("bulk_away"))
    except VaxcertError as error:
        flash(say(_WORDS[error.reason]) if error.reason in _WORDS else explain(error, language()))
    else:
        if isinstance(answer, KeptRequest):
            flash(say("bulk_kept", number=answer.request))
        elif answer is None:
            flash(say("bulk_declined"))
        else:
            _signed(answer)


def _signed(answer: Signed) -> None:
    new = sum(one.new for one in answer.certificates)
    flash(say("bulk_signed", n=new))
    if there := len(answer.certificates) - new:
        flash(say("bulk_there", n=there))
    why = Counter(explain(failure.error(), language()) for failure in answer.failed)
    for words, count in why.most_common():
        flash(say("bulk_failed", n=count, why=words))
