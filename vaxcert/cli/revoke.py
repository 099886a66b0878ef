"""`vaxcert revoke`: withdraw certificates, sites and keys."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert import files
from vaxcert.cli.shared.options import FILE, IsoMoment, workspace_option
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
@click.option("--operator", help="With --log: issued by this login.")
@click.option("--kid", help="With --log: signed by this key (hex).")
@click.option("--since", type=IsoMoment(), help="With --log: issued at or after this.")
@click.option("--until", type=IsoMoment(), help="With --log: issued before this.")
@click.option(
    "--site", "sites", multiple=True, metavar="COUNTRY/SITE", help="Every certificate of a site, such as VN/VP01."
)
@click.option(
    "--key", "certificates", type=FILE, multiple=True, metavar="CERT", help="Every certificate that a key has signed."
)
@click.option(
    "--card", "cards", multiple=True, metavar="TEXT|FILE", help="One card, by its signature: text, picture or file."
)
@click.option("--batch", "batches", type=FILE, multiple=True, metavar="JSON", help="A batch of the EU gateway.")
@click.option("--reinstate", is_flag=True, help="Take it back, instead of revoking.")
@click.option("--yes", is_flag=True, help="Do not ask before many are revoked.")
def revoke(
    ids: tuple[str, ...],
    workspace: Path,
    listed: Path | None,
    log: Path | None,
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
    vaxcert revoke "URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#R"
    vaxcert revoke --log issued.jsonl --operator desk3 --since 2026-06-01T00:00:00+07:00
    vaxcert revoke --site VN/VP01
    vaxcert revoke --key keys/dsc-0011223344556677.crt
    """
    from vaxcert.trust import revocation
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.revocation import Kind

    if log is None and (operator or kid or since or until):
        raise click.UsageError("--operator, --kid, --since and --until choose from an issue log: give --log")
    withdrawals = Publisher(workspace).withdrawals
    names = [_id(hashed) for hashed in ids]
    if listed is not None:
        names += _ids_of(listed)
    if log is not None:
        names += _logged(log, operator, kid, since, until)
    wanted: list[tuple[Kind, list[bytes]]] = [
        (Kind.UCI, [revocation.of_uci(name) for name in dict.fromkeys(names)]),
        (Kind.SITE, [_site(site) for site in sites]),
        (Kind.KEY, [hashed for path in certificates for hashed in _key(path)]),
        (Kind.SIGNATURE, [hashed for card in cards for hashed in _signatures(card)]),
        *(_batch(path) for path in batches),
    ]
    count = sum(len(hashes) for _, hashes in wanted)
    if not count:
        raise click.UsageError("nothing to revoke: give ids, or --from, --log, --site, --key, --card or --batch")
    _ask(count, bool(sites), bool(certificates), reinstate, yes)
    _note(withdrawals, wanted, reinstate)
    what = "reinstated" if reinstate else "revoked"
    click.echo(f"{count} {'entry' if count == 1 else 'entries'} noted, {what} by the next `vaxcert trust publish`.")


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
    if not sys.stdin.isatty():
        raise click.UsageError(f"{what} at once: say --yes")
    click.confirm(f"{what} will be {'reinstated' if reinstate else 'revoked'}. Go on?", abort=True)


def _id(text: str) -> str:
    from vaxcert.uvci import MAX_LENGTH

    # Ids of other systems have other forms; but what no card can carry would be a revocation that never happens.
    if not 1 <= len(text) <= MAX_LENGTH or text != text.strip() or not text.isprintable():
        raise ConfigurationError("an id that no card carries: empty, longer than 80 characters, or with blanks around")
    if text.startswith(("HC1:", "shc:/")):
        raise ConfigurationError("this is a card, not its id: --card")
    return text


def _ids_of(path: Path) -> list[str]:
    try:
        with files.reading(path, "{path}: cannot be read"):
            stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
            with stream:
                lines = stream.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: cannot be read", Reason.FORM_UNKNOWN) from None
    names = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            names.append(_id(line.strip()))
        except ConfigurationError as error:
            raise ConfigurationError(f"{path}: line {number}: {error}", error.reason) from None
    return names


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


def _site(text: str) -> bytes:
    from vaxcert import uvci
    from vaxcert.trust import revocation

    country, slash, site = text.partition("/")
    if not slash or len(country) != 2 or not country.isalpha() or not country.isupper():
        raise click.UsageError(f"--site {text}: not as VN/VP01")
    uvci.check_site(site)
    return revocation.of_site(country, site)


def _key(path: Path) -> list[bytes]:
    from vaxcert.trust import revocation
    from vaxcert.trust.folder import read_folder

    keys, _ = read_folder(str(path))
    if not keys:
        raise ConfigurationError(f"{path}: no signer's certificate in it", Reason.NOTHING_USABLE)
    return [revocation.of_key(key.certificate) for key in keys]


def _signatures(card: str) -> Iterator[bytes]:
    from vaxcert.cli.shared.texts import UnreadableError, texts
    from vaxcert.errors import CardError, ImageError
    from vaxcert.formats import format_of
    from vaxcert.trust import revocation
    from vaxcert.wire import Algorithm

    try:
        found = list(texts(card))
    except (UnreadableError, ImageError) as error:
        raise ConfigurationError(f"--card: {error}", Reason.FORM_UNKNOWN) from None
    for text in found:
        language = format_of(text)
        if language is None:
            raise ConfigurationError("--card: not a certificate's code", Reason.FORM_UNKNOWN)
        try:
            sealed = language.unwrap(text)
        except CardError as error:
            raise DamagedError(f"--card: cannot be read ({error.reason})") from None
        # By its length, for a card need not name its algorithm: 64 bytes are ECDSA's, RSA's are 256 and more.
        algorithm = Algorithm.ES256 if len(sealed.signature) == 64 else Algorithm.PS256
        yield revocation.of_signature(sealed, algorithm)


def _batch(path: Path) -> tuple[Kind, list[bytes]]:
    from vaxcert.trust.publishing import gateway

    try:
        with files.reading(path):
            if path.stat().st_size > gateway.MAX_SIZE:
                raise ConfigurationError(f"{path}: larger than any batch", Reason.TOO_LARGE)
            return gateway.read(path.read_bytes())
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None
