"""`vaxcert registry`: questions answered, and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office
from vaxcert.cli.shared.asking import answers
from vaxcert.cli.shared.options import Text, TextFile
from vaxcert.cli.shared.saying import say
from vaxcert.wording.questions import ANSWERS, FIELDS, LIKE, REASONS, ROWS, SCORE, told
from vaxcert.wording.words import Words

if TYPE_CHECKING:
    from vaxcert.registry import Registry
    from vaxcert.registry.care.grouping import QuestionGroup
    from vaxcert.registry.care.reviewing import Question

_DIGITS = 10
_WIDEST = 40


@click.command()
@click.option("--first", type=click.IntRange(1), default=20, show_default=True, help="So many questions.")
@click.option("--like", type=NUMBER, help="The sample of the group that this question is of.")
@click.option("--groups", is_flag=True, help="The groups that may be answered at once, and how much of each is open.")
@at_office
def review(at: Office, first: int, like: int | None, groups: bool) -> None:
    """Show what only a person can decide: is it one person, which record of a dose is right; most worth first."""
    from vaxcert.registry.care import grouping, reviewing

    with at.open() as registry:
        known = grouping.groups(registry)
        if groups:
            for group in known:
                said = told(group.kind)
                say(f"{group.number}. {said.en}", bold=True)
                say(f"   {said.vi}")
                _say_like(group, group.number)
        else:
            if like is not None:
                questions = grouping.sample(registry, like, actor=at.actor)
            else:
                questions = reviewing.questions(registry, first=first, actor=at.actor)
            for question in questions:
                _say_question(registry, question)
                for group in grouping.of_kind(known, question):
                    _say_like(group, question.id)
        waiting = reviewing.waiting(registry)
        say(f"{waiting} questions are open. / Còn {waiting} câu hỏi.")


def _say_question(registry: Registry, question: Question) -> None:
    from vaxcert.registry.care import beside, reviewing

    why = told(question.reasons)
    say(f"{question.id}. {question.kind}: {why.en}", bold=True)
    say(f"   {why.vi}")
    parts = "  ".join(f"{REASONS[part].vi} {weight:+}" for part, weight in question.parts)
    _say_both(SCORE, score=question.score)
    say(f"   {parts}")
    both = beside.compared(registry, question)
    width = min(_WIDEST, max((len(line.marked[0]) for line in both.lines), default=0))
    say(f"   {'':24} {question.first.number:<{width}}   {question.second.number}")
    for line in both.lines:
        sign = {True: "=", False: "≠", None: " "}[line.agrees]
        say(f"   {FIELDS[line.field].vi:24} {line.marked[0]:<{width}} {sign} {line.marked[1]}")
    for given in both.doses:
        sides = f"{'●' if given.first else '·'} {'●' if given.second else '·'}"
        state = "" if given.state == "good" else f" ({given.state})"
        place = " ".join(filter(None, (given.site, given.lot)))
        say(f"   {given.date.isoformat()}  {sides}  {given.number}/{given.series} {given.product} {place}{state}")
    for rows in both.rows:
        _say_both(ROWS, rows=", ".join(f"{source}:{line}" for source, line in rows))
    answers = (f"{question.id}={one} ({ANSWERS[one].vi})" for one in reviewing.DECISIONS[question.kind])
    say(f"   {'   '.join(answers)}")


def _say_like(group: QuestionGroup, number: int) -> None:
    if group.questions > 1:
        _say_both(LIKE, questions=group.questions, left=len(group.sample), number=number)


def _say_both(words: Words, **said: str | int) -> None:
    filled = words.filled(said)
    say(f"   {filled.en} / {filled.vi}")


@click.command()
@click.argument("answers", nargs=-1, metavar="NUMBER=ANSWER…")
@click.option("--from", "source", type=TextFile(), help="NUMBER=ANSWER, one a line.")
@click.option("--like", type=NUMBER, help="All questions like this one, whose sample was answered: --like 17 same")
@at_office
def decide(at: Office, answers: tuple[str, ...], source: Text | None, like: int | None) -> None:
    """Answer questions: 17=same 18=different (people), 19=first 20=second 21=both (doses).

    Also in Vietnamese: giống, khác, một, hai, cả hai. With --like one answer for all of a group, once each question of
    its sample (`review --like`) was answered so by itself; `undo` takes it back as any other.
    """
    from vaxcert.registry.care import grouping, reviewing

    if like is not None:
        if len(answers) != 1 or source is not None:
            raise click.UsageError("give one answer for all of the group: --like 17 same")
        with at.open() as found:
            done = grouping.decide_like(found, like, _understood(answers[0]), actor=at.actor)
        say(f"{done.answered} decided, as run {done.run}; {done.left} stay open, since their records contradict.")
        return
    given = []
    lines = [*answers, *(source.content.splitlines() if source else ())]
    for line in filter(None, (line.strip("\ufeff \r\n") for line in lines)):
        number, _, decision = line.partition("=")
        if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS) or not decision:
            raise click.BadParameter(f"not NUMBER=ANSWER: {line[:40]}")
        answer = (int(number), _understood(decision))
        if answer not in given:
            given.append(answer)
    if not given:
        raise click.UsageError("give NUMBER=ANSWER, or --from FILE")
    with at.open() as found:
        run = reviewing.decide_all(found, given, actor=at.actor)
    say(f"{len(given)} decided, as run {run}.")


def _understood(decision: str) -> str:
    """An answer as it is kept, whichever of the two languages it is in."""
    from vaxcert.names import plain

    known = {plain(words.vi): answer for answer, words in ANSWERS.items()}
    return known.get(plain(decision), decision.strip().lower())


@click.command()
@click.argument("what", type=click.Choice(["person", "dose"]))
@click.argument("number", type=NUMBER)
@click.argument("changes", nargs=-1, metavar="FIELD=VALUE…")
@click.option("--from", "source", type=TextFile(), help="FIELD=VALUE, one a line; - for standard input.")
@click.option("--reason", required=True, help="Why. It is kept for good: write no name or number.")
@at_office
def correct(at: Office, what: str, number: int, changes: tuple[str, ...], source: Text | None, reason: str) -> None:
    """Correct a person or dose. The old version is kept; the next `issue` replaces the certificate.

    Without FIELD=VALUE each field is asked for on a terminal: what stands on a command line is seen by everybody on
    this machine and stays in its history. A dose that was never given: `correct dose 17 state=withdrawn --reason …`.
    """
    from vaxcert.registry.care import changing
    from vaxcert.tables.records import birth_date, day

    given: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.BadParameter(f"not FIELD=VALUE: {name[:40]}")
        given[name] = value
    fields = changing.PERSON_FIELDS if what == "person" else changing.DOSE_FIELDS
    if source is not None or not given:
        given = answers(source, {name: name for name in fields}) | given
    if not given:
        raise click.UsageError("give FIELD=VALUE, or --from FILE")
    with at.open() as registry:
        if what == "person":
            if "date_of_birth" in given:
                given["date_of_birth"] = birth_date(given["date_of_birth"])
            run = changing.correct_person(registry, number, given, actor=at.actor, reason=reason)
        else:
            try:
                given |= {name: int(given[name]) for name in ("number", "series") if name in given}
            except ValueError:
                raise click.BadParameter("number and series are whole numbers") from None
            given |= {"date": day(given["date"])} if "date" in given else {}
            run = changing.correct_dose(registry, number, given, actor=at.actor, reason=reason)
    say(f"Corrected, as run {run}.")


COMMANDS: tuple[click.Command, ...] = (review, decide, correct)
