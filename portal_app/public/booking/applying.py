"""Who wants to come: said once, without an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, redirect, render_template, request, url_for

from portal_app.public.booking import at
from portal_app.public.booking.choosing import offered
from portal_app.public.booking.guarding import FormAge, Guard
from portal_app.public.limiting import block
from portal_app.words import language, say
from vaxcert.booking import applicants, offers, taking
from vaxcert.booking.applicants import FIELDS, MOST
from vaxcert.booking.offers import OfferedSession
from vaxcert.booking.states import BookingRefusal
from vaxcert.errors import Problem, Reason

blueprint = at.blueprint("applying")

# Longer texts are cut before anything looks at them.
_LONGEST = 200


@dataclass
class ApplicantForm:
    """The form as it stands: `typed` by field, what is `wrong` by field, what to say about all of it, and whether it
    asks for a place in the queue."""

    at: OfferedSession
    typed: dict[str, str]
    guarded: str
    wrong: dict[str, str] = field(default_factory=dict)
    alert: str = ""
    wait: bool = False

    def page(self, status: int = 200) -> Any:
        """The form as a page."""
        again = {"action": url_for("applying.form_again", number=self.at.id), "fields": self.fields()}
        page = render_template(
            "public/booking/apply.html", form=self, groups=offers.groups(at.bookings()), most=MOST,
            check=_guard().check.field(language()), again=again if request.method == "POST" else None,
        )  # fmt: skip
        return page, status

    def fields(self) -> dict[str, str]:
        """All that the form says, for the other language."""
        return self.typed | {"form": self.guarded} | ({"wait": "1"} if self.wait else {})


@blueprint.get("/<int(max=2147483647):number>")
def form(number: int) -> Any:
    """An empty form."""
    one = offered(number)
    if not (one.open or one.queue):
        return _over(one)
    return ApplicantForm(one, dict.fromkeys(FIELDS, ""), _guard().new(), wait=one.queue).page()


@blueprint.post("/<int(max=2147483647):number>/again")
def form_again(number: int) -> Any:
    """The form as it stood, in the other language."""
    return _sent(offered(number)).page()


@blueprint.post("/<int(max=2147483647):number>")
def apply(number: int) -> Any:
    """Book, or say what is wrong; what was typed stays."""
    one = offered(number)
    sent = _sent(one)
    groups = {group.code for group in offers.groups(at.bookings())}
    who, problems = applicants.read(sent.typed, groups=groups, today=at.bookings().today())
    sent.wrong = {problem.field: _said(problem) for problem in problems}
    if who is None:
        sent.alert = say("booking_check_fields")
        return sent.page(422)
    guard, network = _guard(), block(request.remote_addr or "")
    age = guard.age(sent.guarded)
    if age is not FormAge.GOOD:
        if age is FormAge.TOO_LATE:
            sent.guarded = guard.new()
        sent.alert = say(f"booking_form_{age.value}")
        return sent.page(422)
    if not guard.check.passes(request.form, network):
        sent.alert = say("booking_check_failed")
        return sent.page(422)
    if not guard.may_book(network):
        sent.alert = say("booking_network_full")
        return sent.page(429)
    made = taking.book(at.bookings(), who, number, request=sent.guarded, lang=language(), wait=sent.wait)
    if isinstance(made, BookingRefusal):
        return _refused(sent, made)
    guard.booked(network)
    at.keep(made.ticket)
    return redirect(url_for("tickets.mine"))


def _guard() -> Guard:
    return cast("Guard", current_app.extensions["booking_guard"])


def _sent(one: OfferedSession) -> ApplicantForm:
    typed = {name: request.form.get(name, "")[:_LONGEST] for name in FIELDS}
    return ApplicantForm(one, typed, request.form.get("form", "")[:_LONGEST], wait=request.form.get("wait") == "1")


def _refused(sent: ApplicantForm, why: BookingRefusal) -> Any:
    if why in (BookingRefusal.OVER, BookingRefusal.WAITING_FULL, BookingRefusal.SETTLED):
        return _over(sent.at)
    sent.at = offered(sent.at.id)
    if why is BookingRefusal.FULL:
        # Somebody was faster: now the form asks for a place in the queue.
        sent.wait = True
    sent.alert = say(f"booking_refused_{why}")
    return sent.page(409)


def _over(one: OfferedSession) -> Any:
    return render_template("public/booking/over.html", at=one), 409


def _said(problem: Problem) -> str:
    """What is wrong with a field, in plain words."""
    if problem.reason in (Reason.MISSING, Reason.EMPTY):
        return say(f"booking_fill_{problem.field}")
    if problem.reason is Reason.TOO_LONG:
        return say("booking_too_long", **dict(problem.said))
    if problem.reason is Reason.SEVERAL_NUMBERS:
        return say("booking_one_phone")
    return say(f"booking_wrong_{problem.field}")
