"""`vaxcert registry`: questions answered, and corrections."""

from __future__ import annotations

from typing import Any

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_side
from vaxcert.cli.shared.asking import answers
from vaxcert.cli.shared.options import Text, TextFile
from vaxcert.cli.shared.saying import say
from vaxcert.wording.questions import ANSWERS, told

_DIGITS = 10


@click.command()
@click.option("--first", type=click.IntRange(1), default=20, show_default=True, help="So many questions.")
@at_office
def review(at: Office, first: int) -> None:
    """Show what only a person can decide: is it one person, which record of a dose is right."""
    from vaxcert.registry.care import reviewing

    with at.open() as registry:
        for question in reviewing.questions(registry, first=first, actor=at.actor):
            why = told(question.reasons)
            say(f"{question.id}. {question.kind}: {why.en}", bold=True)
            say(f"   {why.vi}")
            for side in (question.first, question.second):
                say_side(side)
            answers = (f"{question.id}={one} ({ANSWERS[one].vi})" for one in reviewing.DECISIONS[question.kind])
            say(f"   {'   '.join(answers)}")
        waiting = reviewing.waiting(registry)
        say(f"{waiting} questions are open. / Còn {waiting} câu hỏi.")


@click.command()
@click.argument("answers", nargs=-1, metavar="NUMBER=ANSWER…")
@click.option("--from", "source", type=TextFile(), help="NUMBER=ANSWER, one a line.")
@at_office
def decide(at: Office, answers: tuple[str, ...], source: Text | None) -> None:
    """Answer questions: 17=same 18=different (people), 19=first 20=second 21=both (doses).

    Also in Vietnamese: giống, khác, một, hai, cả hai.
    """
    from vaxcert.names import plain
    from vaxcert.registry.care import reviewing

    understood = {plain(words.vi): answer for answer, words in ANSWERS.items()}

    given = []
    for line in filter(
        None, (line.strip("\ufeff \r\n") for line in (*answers, *(source.content.splitlines() if source else ())))
    ):
        number, _, decision = line.partition("=")
        if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS) or not decision:
            raise click.BadParameter(f"not NUMBER=ANSWER: {line[:40]}")
        answer = (int(number), understood.get(plain(decision), decision.strip().lower()))
        if answer not in given:
            given.append(answer)
    if not given:
        raise click.UsageError("give NUMBER=ANSWER, or --from FILE")
    with at.open() as found:
        run = reviewing.decide_all(found, given, actor=at.actor)
    say(f"{len(given)} decided, as run {run}.")


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
