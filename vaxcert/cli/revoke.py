"""`vaxcert revoke`: withdraw certificates, sites and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert import files
from vaxcert.cli.shared.options import FILE, IsoMoment, workspace_option
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.streams import somebody_answers
from vaxcert.errors import ConfigurationError, DamagedError, Reason

if TYPE_CHECKING:
    from vaxcert.trust.publishing.withdrawals import Withdrawals
    from vaxcert.trust.revocation import Kind

# More than this is rarely what somebody means who withdraws a wrong card.
_MANY = 100


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@workspace_option
@click.option(
    "--from",
    "listed",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of ids, one a line; - for standard input.",
)
@click.option("--log", type=FILE, help="All of an issue log, or those that the next four say.")
@click.option(
    "--issued",
    "known",
    type=FILE,
    multiple=True,
    metavar="LOG",
    help="An issue log to look ids up in: one that none knows is asked about.",
)
@click.option("--operator", help="With --log: issued by this login.")
@click.option("--kid", help="With --log: signed by this key (hex).")
@click.option("--since", type=IsoMoment(), help="With --log: issued at or after this.")
@click.option("--until", type=IsoMoment(), help="With --log: issued before this.")
@click.option(
    "--site", "sites", multiple=True, metavar="COUNTRY/SITE", help="Every certificate of a site, such as VN/VP01."
)
@click.option(
    "--key",
    "certificates",
    type=FILE,
    multiple=True,
    metavar="CERT",
    help="Every certificate that a public key has signed.",
)
@click.option(
    "--card", "cards", multiple=True, metavar="TEXT|FILE", help="One card, by its signature: text, picture or file."
)
@click.option("--batch", "batches", type=FILE, multiple=True, metavar="JSON", help="A batch of the EU gateway.")
@click.option("--reinstate", is_flag=True, help="Take it back, instead of revoking.")
@click.option("--yes", is_flag=True, help="Do not ask: about many, a whole key or site, or ids that look wrong.")
def revoke(
    ids: tuple[str, ...],
    workspace: Path,
    listed: Path | None,
    log: Path | None,
    known: tuple[Path, ...],
    operator: str | None,
    kid: str | None,
    since: datetime | None,
    until: datetime | None,
    sites: tuple[str, ...],
    certificates: tuple[Path, ...],
    cards: tuple[str, ...],
    batches: tuple[Path, ...],
    reinstate: bool,
    yes: bool,
) -> None:
    """Have certificates revoked by the next `vaxcert trust publish`, by their ids (URN:UVCI:…).

    What is revoked stays so until --reinstate says otherwise, whatever a later list leaves out.

    \b
    vaxcert revoke "URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#4" --issued issued.jsonl
    vaxcert revoke --log issued.jsonl --operator desk3 --since 2026-06-01T00:00:00+07:00
    vaxcert revoke --site VN/VP01
    vaxcert revoke --key keys/dsc-0011223344556677.crt
    """
    from vaxcert.cli.revoking.cards import signatures
    from vaxcert.cli.revoking.ids import as_issued, ask_about, given
    from vaxcert.cli.revoking.keys import falling
    from vaxcert.trust import revocation
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.revocation import Kind
    from vaxcert.uvci import spellings

    if log is None and (operator or kid or since or until):
        raise click.UsageError("--operator, --kid, --since and --until choose from an issue log: give --log")
    publisher = Publisher(workspace)
    names, slips = as_issued(given(ids, listed), (*known, *([] if log is None else [log])))
    if log is not None:
        names += _logged(log, operator, kid, since, until)
    names = list(dict.fromkeys(names))
    signers = falling(publisher, certificates)
    rest = [
        (Kind.SIGNATURE, [hashed for card in cards for hashed in signatures(publisher, card)]),
        *(_batch(path) for path in batches),
    ]
    wanted: list[tuple[Kind, list[bytes]]] = [
        # Nobody knows in which spelling it was revoked.
        (Kind.UCI, [revocation.of_uci(one) for name in names for one in (spellings(name) if reinstate else (name,))]),
        (Kind.SITE, [hashed for site in sites for hashed in _site(site, every_code=reinstate)]),
        (Kind.KEY, signers.hashes),
        *rest,
    ]
    # Things, by however many hashes each is noted.
    count = len(names) + len(sites) + signers.keys + sum(len(hashes) for _, hashes in rest)
    if not count:
        raise click.UsageError("nothing to revoke: give ids, or --from, --log, --site, --key, --card or --batch")
    if signers.keys:
        verb = "come back" if reinstate else "fall"
        say(f"With a public key {verb} all published certificates over it:")
        for line in signers.lines():
            say(line)
    ask_about(slips, yes)
    _ask(count, bool(sites), bool(certificates), reinstate, yes)
    _note(publisher.withdrawals, wanted, reinstate)
    what = "reinstated" if reinstate else "revoked"
    say(f"{count} {'entry' if count == 1 else 'entries'} noted, {what} by the next `vaxcert trust publish`.")


def _note(withdrawals: Withdrawals, wanted: Iterable[tuple[Kind, list[bytes]]], reinstate: bool) -> None:
    for kind, hashes in wanted:
        if hashes:
            (withdrawals.reinstate if reinstate else withdrawals.revoke)(kind, hashes)


def _ask(count: int, whole_site: bool, whole_key: bool, reinstate: bool, yes: bool) -> None:
    what = (
        "Every certificate that a key has signed"
        if whole_key
        else "Every certificate of a site"
        if whole_site
        else f"{count} certificates"
    )
    if yes or not (whole_key or whole_site or count > _MANY):
        return
    if not somebody_answers():
        raise click.UsageError(f"{what} at once: say --yes")
    click.confirm(f"{what} will be {'reinstated' if reinstate else 'revoked'}. Go on?", abort=True)


def _logged(
    path: Path, operator: str | None, kid: str | None, since: datetime | None, until: datetime | None
) -> Iterator[str]:
    from vaxcert.issuelog import IssueLog

    for entry in IssueLog(path):
        if (
            (operator is None or entry.operator == operator)
            and (kid is None or entry.kid == kid.lower())
            and (since is None or entry.issued_at >= since)
            and (until is None or entry.issued_at < until)
        ):
            yield entry.certificate_id


def _site(text: str, *, every_code: bool) -> list[bytes]:
    from vaxcert import codes, uvci
    from vaxcert.trust import revocation

    country, slash, site = text.partition("/")
    if not slash or len(country) != 2 or not country.isalpha() or not country.isupper():
        raise click.UsageError(f"--site {text}: not as VN/VP01")
    uvci.check_site(site)
    return [revocation.of_site(code, site) for code in (codes.country_codes(country) if every_code else (country,))]


def _batch(path: Path) -> tuple[Kind, list[bytes]]:
    from vaxcert.trust.publishing import gateway

    try:
        with files.reading(path):
            if path.stat().st_size > gateway.MAX_SIZE:
                raise ConfigurationError(f"{path}: larger than any batch", Reason.TOO_LARGE)
            return gateway.read(path.read_bytes())
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None
