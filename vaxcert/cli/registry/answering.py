"""`vaxcert registry`, for what holders do by themselves: a code to find theirs by, and what they say is wrong."""

from __future__ import annotations

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_row
from vaxcert.cli.shared.options import Text, TextFile
from vaxcert.cli.shared.saying import say


@click.command()
@click.argument("person", type=NUMBER)
@click.option("--send", metavar="COMMAND", help="Have this command send it: it gets JSON (phone, code), and no shell.")
@at_office
def code(at: Office, person: int, send: str | None) -> None:
    """Hand out a new code to PERSON, by which they find their certificate on the public's pages.

    It is shown this once; codes before it are closed. For whoever lost the slip, once it is sure who they are.
    """
    from vaxcert.registry.holders import codes

    with at.open() as registry:
        if send is None:
            say(codes.hand_out(registry, person, actor=at.actor).text)
            return
        codes.send(registry, person, (send,), actor=at.actor)
    say("Sent to the telephone that is on record.", err=True)


@click.command()
@click.argument("number", type=NUMBER, required=False)
@click.option("--all", "every", is_flag=True, help="Those that were answered and closed, too.")
@click.option(
    "--answer", type=click.Choice(["corrected", "unchanged", "come"]), help="Tell the holder what became of it."
)
@click.option("--words", type=TextFile(), help="What else the holder is told, from a file; - for standard input.")
@click.option("--close", "closes", is_flag=True, help="Take one that was answered out of the queue.")
@at_office
def tickets(at: Office, number: int | None, every: bool, answer: str | None, words: Text | None, closes: bool) -> None:
    """List what holders say is wrong, or show ticket NUMBER, answer it, and close it.

    \b
    vaxcert registry tickets                        number, person, kind, state, when, certificate
    vaxcert registry tickets 3                      with what was said
    vaxcert registry tickets 3 --answer corrected   once the record is right (correct person, correct dose)
    vaxcert registry tickets 3 --close
    """
    from vaxcert.registry.holders import tickets as kept

    if number is None and (answer or closes or words is not None):
        raise click.UsageError("which ticket?")
    if words is not None and answer is None:
        raise click.UsageError("--words go with an --answer")
    with at.open() as registry:
        if number is None:
            say_row("ticket", "person", "kind", "state", "outcome", "opened", "certificate")
            for one in kept.listed(registry, **({"state": None} if every else {})):
                say_row(
                    str(one.number), str(one.person), one.kind, one.state, one.outcome, f"{one.opened_at:%Y-%m-%d}",
                    one.certificate_id,
                )  # fmt: skip
            return
        if answer is not None:
            kept.answer(registry, number, answer, "" if words is None else words.content, actor=at.actor)
        if closes:
            kept.close(registry, number, actor=at.actor)
        if answer is None and not closes:
            found = kept.opened(registry, number, actor=at.actor)
            one = found.ticket
            say(f"person {one.person}, {one.kind}, {one.state}, {one.certificate_id}")
            for text in filter(None, (found.words, found.answer)):
                say(text)


COMMANDS: tuple[click.Command, ...] = (code, tickets)
