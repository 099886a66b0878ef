"""`vaxcert keys`: make signing keys, replace them, and look at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from vaxcert.cli.shared.options import FILE, USAGES, Existing, passphrase_option
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.signing import passphrase
from vaxcert.errors import ConfigurationError, Reason

_WARN_BEFORE = timedelta(days=60)


@click.group()
def keys() -> None:
    """Make signing keys, and look at certificates."""


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--country", required=True, help="Two letters (ISO 3166), such as VN.")
@click.option("--name", required=True, help="The authority, as certificates name it.")
@click.option(
    "--environment",
    type=click.Choice(["production", "test"]),
    default="production",
    show_default=True,
    help="Test keys are marked TEST in their certificates, and no production store takes them.",
)
@click.option(
    "--usage",
    "usages",
    type=USAGES,
    multiple=True,
    default=("vaccination",),
    show_default=True,
    help="What the signer may certify. May be given several times.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(["hcert", "icvp"]),
    multiple=True,
    help="Whose certificates the signer makes: the EU's, WHO's (ICVP), or both.  [default: the EU's]",
)
@passphrase_option("--passphrase-file", "the signer's", "VAXCERT_PASSPHRASE")
@passphrase_option("--csca-passphrase-file", "the authority's", "VAXCERT_CSCA_PASSPHRASE")
def new(
    folder: Path,
    country: str,
    name: str,
    environment: str,
    usages: tuple[str, ...],
    formats: tuple[str, ...],
    passphrase_file: Path | None,
    csca_passphrase_file: Path | None,
) -> None:
    """Make an authority (CSCA) and a document signer (DSC) that it vouches for.

    DIR/csca/csca.key is the authority's private key: move it offline, it is needed for the next signer only.
    DIR/dsc.key
    signs certificates. DIR/csca.crt and DIR/dsc.crt are what is published. Nothing is overwritten.
    """
    from vaxcert import Environment
    from vaxcert.trust.own import authority

    secret = passphrase(passphrase_file, prompt="Passphrase for the signer (dsc.key)", confirm=True)
    csca_secret = passphrase(
        csca_passphrase_file,
        variable="VAXCERT_CSCA_PASSPHRASE",
        prompt="Another passphrase, for the authority (csca.key)",
        confirm=True,
    )
    if secret == csca_secret:
        raise ConfigurationError(
            "both passphrases are the same: whoever issues could make new signers", Reason.PASSPHRASE_WEAK
        )
    authority.create(
        folder,
        country=country,
        name=name,
        passphrase=secret,
        csca_passphrase=csca_secret,
        environment=Environment(environment),
        now=datetime.now(UTC),
        usages=usages,
        formats=formats,
    )
    say(f"Made in {folder}:")
    say("  csca/csca.key  the authority's private key: move it offline now, with its passphrase apart")
    say("  dsc.key        signs certificates: keep it with whoever issues")
    say("  csca.crt       the authority's certificate")
    say("  dsc.crt        the signer's certificate: publish it, so that others can verify")
    describe(folder, datetime.now(UTC))


@keys.command()
@click.argument("folder", type=Existing(), metavar="DIR|FILE")
def show(folder: Path) -> None:
    """Key ids, subjects and validity of the certificates in DIR. Needs no passphrase."""
    describe(folder, datetime.now(UTC))


@keys.command()
@click.argument("folder", type=Existing(file_okay=False), metavar="DIR")
@click.option(
    "--csca-key",
    type=FILE,
    help="The authority's private key, on its offline medium.  [default: DIR/csca/csca.key]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A further signer in a folder of its own, for one site; nothing changes in the first folder.",
)
@click.option("--name", default="", help="Whom the signer's certificate names.  [default: the authority]")
@click.option(
    "--usage",
    "usages",
    type=USAGES,
    multiple=True,
    help="What the signer may certify.  [default: as the last signer]",
)
@passphrase_option("--passphrase-file", "the new signer's", "VAXCERT_PASSPHRASE")
@passphrase_option("--csca-passphrase-file", "the authority's", "VAXCERT_CSCA_PASSPHRASE")
def rotate(
    folder: Path,
    csca_key: Path | None,
    out: Path | None,
    name: str,
    usages: tuple[str, ...],
    passphrase_file: Path | None,
    csca_passphrase_file: Path | None,
) -> None:
    """Make the next signer (DSC) under the authority in DIR.

    The last one's certificate is kept as dsc-<key id>.crt, and has to stay published until its cards have expired;
    its private key is to be destroyed.
    """
    from vaxcert.trust.own import rotation

    secret = passphrase(passphrase_file, prompt="Passphrase for the new signer", confirm=True)
    csca_secret = passphrase(
        csca_passphrase_file, variable="VAXCERT_CSCA_PASSPHRASE", prompt="Passphrase of the authority (csca.key)"
    )
    if secret == csca_secret:
        raise ConfigurationError(
            "both passphrases are the same: whoever issues could make new signers", Reason.PASSPHRASE_WEAK
        )
    made = rotation.rotate(
        folder,
        passphrase=secret,
        csca_passphrase=csca_secret,
        now=datetime.now(UTC),
        csca_key=csca_key,
        out=out,
        name=name,
        usages=usages,
    )
    place = out or folder
    say(f"Made in {place}: dsc.key and dsc.crt, key id {made.signer.kid.hex()}")
    say(f"  {place / 'dsc.crt'}  publish it before the first certificate is signed with the new key")
    if made.before:
        say(f"  {folder / made.before}.crt  stays published until its certificates have expired")
        say(f"  {folder / made.before}.key  the last private key: destroy it")


def describe(folder: Path, now: datetime) -> None:
    """Print what stands in a folder of certificates, and what runs out within 60 days of `now`."""
    from vaxcert.trust.folder import read_folder

    trusted, refused = read_folder(str(folder))
    if not trusted and not refused:
        raise ConfigurationError(f"{folder}: no certificate in it", Reason.NOTHING_USABLE)
    for key in trusted:
        say(f"{key.kid.hex()}  {key.country or '??'}  {key.algorithm}  {key.subject}")
        say(
            f"  valid {key.not_before:%Y-%m-%d} to {key.not_after:%Y-%m-%d}, signs "
            + (", ".join(sorted(key.usages)) or "any kind")
        )
        if now > key.not_after:
            say("  EXPIRED: its certificates are no longer accepted", fg="red")
        elif key.not_after - now < _WARN_BEFORE:
            say(f"  ends in {(key.not_after - now).days} days: make the next key now", fg="yellow")
    for entry in refused:
        what = "an authority: signs signers, not cards" if entry.reason == "issuing_authority" else entry.reason
        say(f"{entry.source}: {what} {entry.detail}".rstrip())
