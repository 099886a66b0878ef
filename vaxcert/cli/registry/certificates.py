"""`vaxcert registry`: certificates issued, revoked and written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office
from vaxcert.cli.shared.options import FILE, KeyPlace
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.signing import load_key
from vaxcert.errors import Problem
from vaxcert.wording.reports import FINDINGS
from vaxcert.wording.rows import phrase


@click.command(cls=Writing)
@click.option("--signing-key", "key_path", required=True, type=KeyPlace(), help="As --key of `issue`.")
@click.option("--passphrase-file", type=FILE, help="First line: its passphrase.")
@click.option("--authority", required=True, help="The issuer's name on the certificates.")
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="Validity.")
@click.option("--renew-within", type=click.IntRange(0), default=30, show_default=True, help="Days before the end.")
@click.option("--out", type=Output(), help="Write this run's codes as a ZIP.")
@click.option("--log", type=Output(), help="Issue log, too.")
@click.option("--anyway", is_flag=True, help="Although an import was stopped half-way.")
@at_office
def issue(
    at: Office, key_path: Path | str, passphrase_file: Path | None, authority: str, days: int, renew_within: int,
    out: Path | None, log: Path | None, anyway: bool,
) -> None:  # fmt: skip
    """Issue to everybody whose record is whole, and new or changed since their last certificate.

    A correction revokes the old certificate: publish with `registry revocations | vaxcert revoke --from -`.
    """
    from vaxcert import IssueLog, Issuer
    from vaxcert.cli.shared.progress import progress
    from vaxcert.registry.accounts import training
    from vaxcert.registry.certificates import issuing, pictures

    key = load_key(key_path, passphrase_file)
    issuer = Issuer(
        key, country=key.country or "", authority=authority, valid_for=timedelta(days=days),
        log=IssueLog(log, durable=False) if log else None, operator=at.actor,
    )  # fmt: skip
    with at.open() as registry, progress() as told:
        training.check_signer(registry, issuer)
        report = issuing.run(
            registry, issuer, actor=at.actor, renew_within=timedelta(days=renew_within), anyway=anyway,
            progress=lambda done: told("sign", done, 0),
        )  # fmt: skip
        if out is not None:
            pictures.archive(
                registry,
                out,
                actor=at.actor,
                runs=(report.run, *report.went_on),
                progress=lambda done: told("draw", done, 0),
            )
    counts = ", ".join(f"{number} {name}" for name, number in sorted(report.issued.items()))
    say(f"Run {report.run}: {sum(report.issued.values())} certificates ({counts or 'nobody is due'}).")
    if report.went_on:
        stopped = ", ".join(map(str, report.went_on))
        say(f"It went on from run {stopped}, which had been stopped; --out has the certificates of all.")
    if report.revoked:
        say(f"{report.revoked} revoked: `vaxcert registry revocations` names them for the publisher.")
    for why, number in sorted(report.kept_back.items(), key=str):
        words = phrase(why) if isinstance(why, Problem) else FINDINGS[why]
        say(f"  kept back: {number} × {words.en} / {words.vi}")


@click.command()
@click.option("--all", "whole", is_flag=True, help="Those that were handed over before, too.")
@click.option("--deleted", is_flag=True, help="Instead: valid certificates of people who were deleted.")
@at_office
def revocations(at: Office, whole: bool, deleted: bool) -> None:
    """Print the ids that were revoked since the last time, for `vaxcert revoke --from -`.

    If they got lost on their way, --all prints every one that has not ended yet; revoking twice does no harm.
    """
    from vaxcert.registry.care import privacy
    from vaxcert.registry.certificates import issuing

    with at.open() as found:
        ids = privacy.deleted_certificates(found) if deleted else issuing.hand_over(found, actor=at.actor, again=whole)
    for one in ids:
        say(one)


@click.command(cls=Writing)
@click.argument("out", type=Output(dir_okay=False))
@click.option("--run", type=NUMBER, help="Only those of this run.")
@at_office
def certificates(at: Office, out: Path, run: int | None) -> None:
    """Write all valid certificates as a ZIP of codes and a manifest."""
    from vaxcert.cli.shared.progress import progress
    from vaxcert.registry.certificates import pictures

    with at.open() as found, progress() as told:
        count = pictures.archive(
            found,
            out,
            actor=at.actor,
            runs=None if run is None else (run,),
            progress=lambda done: told("draw", done, 0),
        )
    say(f"{count} certificates in {out}")


COMMANDS: tuple[click.Command, ...] = (issue, revocations, certificates)
