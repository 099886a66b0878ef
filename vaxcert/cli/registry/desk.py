"""`vaxcert registry`: a dose recorded as at the desk, taken back, and what happened after it."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_side
from vaxcert.cli.shared.asking import answers
from vaxcert.cli.shared.options import Text, TextFile
from vaxcert.cli.shared.saying import say
from vaxcert.wording import questions
from vaxcert.wording.desk import EVENTS

if TYPE_CHECKING:
    from vaxcert.registry import Registry
    from vaxcert.registry.desk.people import Answers, Candidate
    from vaxcert.registry.desk.sessions import Session
    from vaxcert.registry.records.people import Profile

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
# What is asked of a person, by the fields of a unit's table.
_PERSON = {
    "card": "Identity card's code, scanned / Mã QR thẻ căn cước (Enter: none)",
    "full_name": "Name / Họ và tên",
    "date_of_birth": "Date of birth / Ngày sinh",
    "sex": "Sex / Giới tính",
    "national_id": "Identity number / Số định danh",
    "phone": "Telephone / Số điện thoại",
    "district": "District / Huyện",
    "commune": "Commune / Xã",
    "guardian": "Guardian of a child / Người giám hộ của trẻ",
    "priority_group": "Priority group / Nhóm ưu tiên",
}
_CHOICE = {"person": "Whose? A number above, or 0 for somebody new / Là ai? Số ở trên, hoặc 0 nếu là người mới"}
_REASON = {"reason": "Record it all the same? Why (no name or number) / Vẫn ghi? Lý do (không ghi tên hay số)"}


@click.command()
@click.option("--session", type=NUMBER, required=True, help="Number of the session: `sessions` lists them.")
@click.option(
    "--from",
    "source",
    type=TextFile(),
    help="Lines of FIELD=VALUE: card, full_name, date_of_birth …; - for standard input.",
)
@click.option(
    "--person", type=click.IntRange(0), help="Number of somebody on record; 0: somebody new, none of those shown."
)
@click.option("--dose", "number", type=click.IntRange(1, 9), help="Which dose.  [default: the next one]")
@click.option("--lot", default="", help="Another lot than the session's, of which there is some.")
@click.option(
    "--reason", default="", help="Why it is recorded in spite of warnings. It is kept: write no name or number."
)
@click.option(
    "--id", "request", type=click.UUID, help="The request's own id: sent again, it is one dose.  [default: a new one]"
)
@at_office
def record(
    at: Office, session: int, source: Text | None, person: int | None, number: int | None, lot: str, reason: str,
    request: UUID | None,
) -> None:  # fmt: skip
    """Record a dose that was given now: whose it is, is shown before anything is saved.

    On a terminal all that is missing is asked for. Without one, who could be somebody on record is not saved without
    --person, nor a dose that is warned about without --reason.

    Exit status: 0, or 1 where nothing is saved since somebody has to look first.
    """
    from vaxcert.registry.desk import entering, people, sessions

    with at.open() as registry:
        of = sessions.get(registry, session)
        told = {} if person and source is None else answers(source, _PERSON)
        profile = _read(registry, told) if told else None
        if profile is None and not person:
            raise click.UsageError("say whom it is of: --from, or --person")
        seen = people.who(registry, profile, actor=at.actor) if profile else []
        if person:
            seen = [
                *seen,
                *([people.by_number(registry, person, actor=at.actor)] if not _is_among(person, seen) else []),
            ]
        chosen = _chosen(seen, person)
        dose = sessions.dose(of, number or _next(of, seen, chosen.person), lot=lot)
        against = entering.ahead(registry, profile, dose, chosen)
        for one in against:
            say(f"! {one.words.en} / {one.words.vi}", err=True)
        if against:
            reason = reason or answers(None, _REASON).get("reason", "")
            if not reason:
                say("Nothing is saved: a warning needs its --reason. / Chưa lưu: cần --reason cho cảnh báo.", err=True)
                sys.exit(1)
        entry = entering.record(
            registry, profile=profile, dose=dose, actor=at.actor, request_id=request or uuid4(), session=session,
            said=_with(chosen, {one.kind for one in against}, reason),
        )  # fmt: skip
    known = " (on record before / đã có hồ sơ)" if entry.again or entry.outcome == "known" else ""
    say(f"Dose {entry.dose_id} of person {entry.person_id}: {entry.outcome}{known}")


@click.command("unrecord")
@click.argument("dose", type=NUMBER)
@click.option(
    "--withdraw",
    is_flag=True,
    help="Although something builds upon it: it counts no more, its certificate is revoked next.",
)
@click.option("--reason", default="", help="With --withdraw: why. It is kept: write no name or number.")
@at_office
def unrecord(at: Office, dose: int, withdraw: bool, reason: str) -> None:
    """Take a dose back that was recorded today: it goes into the stock again."""
    from vaxcert.registry.desk import entering

    if withdraw and not reason.strip():
        raise click.UsageError("--withdraw needs its --reason")
    with at.open() as registry:
        done = entering.undo(registry, dose, actor=at.actor, withdraw=withdraw, reason=reason)
    say(f"Dose {dose} is {'withdrawn' if done.withdrawn else 'taken back'} (run {done.run}).")


@click.command()
@click.argument("dose", type=NUMBER)
@click.option("--kind", type=click.Choice(list(EVENTS)), help="What happened; without it, what was noted is shown.")
@click.option("--on", "began_on", type=_DAY, help="When it began.  [default: today]")
@click.option("--serious", is_flag=True, help="It needed treatment in a hospital, or worse.")
@click.option(
    "--details", "source", type=TextFile(), help="What is to be told of it; - for standard input. It is encrypted."
)
@at_office
def event(
    at: Office, dose: int, kind: str | None, began_on: datetime | None, serious: bool, source: Text | None
) -> None:
    """Note an adverse event of a dose, or show those that were noted."""
    from vaxcert.registry.desk import events

    with at.open() as registry:
        if kind is None:
            for one in events.of_dose(registry, dose, actor=at.actor):
                told = f"{EVENTS[one.kind].en} / {EVENTS[one.kind].vi}{', serious / nặng' if one.serious else ''}"
                say(f"{one.id:>5}  {one.began_on}  {told}  {one.details}")
            return
        day = began_on.date() if began_on else registry.today()
        details = source.content if source else ""
        noted = events.note(registry, dose, kind=kind, began_on=day, serious=serious, details=details, actor=at.actor)
    say(f"Noted as event {noted}.")


def _read(registry: Registry, told: dict[str, str]) -> Profile:
    """What was told of a person. Ends with all that is wrong with it."""
    from vaxcert.errors import InputError
    from vaxcert.registry.desk import people
    from vaxcert.wording.rows import phrase

    said = people.read(registry, told)
    for problem in said.problems[1:]:
        say(f"{phrase(problem).en} / {phrase(problem).vi}", err=True)
    for problem in said.problems:
        raise InputError(problem.field, problem.reason, **dict(problem.said))
    assert said.profile is not None  # noqa: S101  (else there were problems)
    return said.profile


def _is_among(person: int, seen: list[Candidate]) -> bool:
    return any(one.side.number == person for one in seen)


def _chosen(seen: list[Candidate], person: int | None) -> Answers:
    """Who is meant of those who are shown. Ends where somebody has to say, and nobody does."""
    from vaxcert.registry.desk.people import Answers

    for one in seen:
        why = questions.told(one.reasons)
        say_side(one.side)
        say("            " + ("surely / chắc chắn" if one.sure else f"{why.en} / {why.vi}"))
    if person is None and seen and not (len(seen) == 1 and seen[0].sure):
        text = answers(None, _CHOICE).get("person", "")
        if not (text.isascii() and text.isdecimal()) or (int(text) and not _is_among(int(text), seen)):
            say("Nothing is saved: say with --person whose it is. / Chưa lưu: cần --person.", err=True)
            sys.exit(1)
        person = int(text)
    elif person is None and seen:
        person = seen[0].side.number
    others = frozenset(one.side.number for one in seen) - {person}
    return Answers(person=person or None, others=others)


def _with(chosen: Answers, warnings: set[Any], reason: str) -> Answers:
    import msgspec

    return msgspec.structs.replace(chosen, warnings=frozenset(warnings), reason=reason)


def _next(session: Session, seen: list[Candidate], person: int | None) -> int:
    from vaxcert import codes

    known = codes.product(session.product)
    chosen = next((one for one in seen if one.side.number == person), None)
    return chosen.next_numbers.get(known.disease, 1) if chosen and known else 1


COMMANDS: tuple[click.Command, ...] = (record, unrecord, event)
