"""`vaxcert trust publish`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.shared.card import moment_text
from vaxcert.cli.shared.options import USAGES, Existing, passphrase_option, workspace_option
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.signing import passphrase
from vaxcert.errors import ConfigurationError, Reason

if TYPE_CHECKING:
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.publishing.recovering import Recovered
    from vaxcert.trust.publishing.state import Publication

_WARN_BEFORE = timedelta(days=21)


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@workspace_option
@click.option("--new", "is_new", is_flag=True, help="Make the workspace first, with keys of its own.")
@click.option(
    "--environment",
    type=click.Choice(["production", "test"]),
    default="production",
    show_default=True,
    help="With --new: what the list is for. A verifier never holds both.",
)
@click.option(
    "--max-offline",
    type=click.IntRange(0, 720),
    default=48,
    show_default=True,
    metavar="HOURS",
    help="With --new: how long after its end verifiers without a network may rely on a list.",
)
@click.option("--root-keys", type=click.IntRange(1, 9), default=1, show_default=True, help="With --new: root keys.")
@click.option(
    "--root-threshold",
    type=click.IntRange(1, 9),
    default=1,
    show_default=True,
    help="With --new: how many of them have to sign a change of keys.",
)
@click.option(
    "--add",
    "additions",
    type=Existing(),
    multiple=True,
    metavar="CERT|DIR",
    help="Publish a signer's certificate from now on. May be given several times.",
)
@click.option("--country", help="With --add: the authority that answers for it.  [default: as the certificate says]")
@click.option(
    "--usage",
    "usages",
    type=USAGES,
    multiple=True,
    help="With --add: what it may sign.  [default: as the certificate says]",
)
@click.option(
    "--address",
    metavar="URL",
    help="With --add: publish the key as one of an issuer of SMART Health Cards too, of this https address. Its key "
    "set goes to DIR/.well-known/jwks.json, and what is withdrawn to crl/ beside it: to be found below the address.",
)
@click.option(
    "--authority",
    "vouching",
    type=Existing(),
    multiple=True,
    metavar="CERT",
    help="Publish an authority (CSCA) whose signers of ICAO's VDS-NC are believed. May be given several times.",
)
@click.option("--remove", multiple=True, metavar="KID", help="Publish a key no more: its cards read `key_unknown`.")
@click.option(
    "--rules",
    type=Existing(),
    metavar="DIR",
    help="Publish this folder's policies (*.toml) and sets of rules (*.json) beside the keys from now on, and no "
    "others. An empty folder: none.",
)
@click.option("--renew", is_flag=True, help="Only vouch for what is published once more: to be run every day.")
@click.option(
    "--rotate",
    "roles",
    type=click.Choice(["root", "targets", "snapshot", "timestamp"]),
    multiple=True,
    help="A new key for a role of the publisher. Needs the root's keys.",
)
@click.option(
    "--recover",
    "is_recovery",
    is_flag=True,
    help="The workspace was put back from a copy: take over what is published in DIR first, then go on above it.",
)
@click.option("--extend", is_flag=True, help="Let the root last another year. Needs the root's keys.")
@passphrase_option("--passphrase-file", "the publisher's", "VAXCERT_PUBLISHER_PASSPHRASE")
@passphrase_option("--root-passphrase-file", "the root's", "VAXCERT_ROOT_PASSPHRASE")
def publish(
    out: Path,
    workspace: Path,
    is_new: bool,
    environment: str,
    max_offline: int,
    root_keys: int,
    root_threshold: int,
    additions: tuple[Path, ...],
    country: str | None,
    usages: tuple[str, ...],
    address: str | None,
    vouching: tuple[Path, ...],
    remove: tuple[str, ...],
    rules: Path | None,
    renew: bool,
    roles: tuple[str, ...],
    is_recovery: bool,
    extend: bool,
    passphrase_file: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Publish keys and revocations in DIR, for any web server or a USB stick to carry.

    The workspace holds the publisher's private keys and is never published. What `vaxcert revoke` has noted
    there goes out with the next publication.

    \b
    The first time:   vaxcert trust publish published --new --add keys/dsc.crt
    Every day:        vaxcert trust publish published --renew
    After a change:   vaxcert trust publish published
    """
    from vaxcert.rules import bundle
    from vaxcert.trust.publishing import outputs, recovering
    from vaxcert.trust.publishing.publisher import Publisher

    if renew and (is_new or additions or remove or rules or roles or extend or is_recovery):
        raise click.UsageError("--renew changes nothing: leave the other options out")
    if is_new and is_recovery:
        raise click.UsageError("--new and --recover: a workspace is made, or goes on")
    secret = passphrase(
        passphrase_file,
        variable="VAXCERT_PUBLISHER_PASSPHRASE",
        prompt="Passphrase of the publisher",
        confirm=is_new,
    )
    root_secret = ""
    if is_new or roles or extend:
        root_secret = passphrase(
            root_passphrase_file,
            variable="VAXCERT_ROOT_PASSPHRASE",
            prompt="Another passphrase, of the root" if is_new else "Passphrase of the root",
            confirm=is_new,
        )
        if root_secret == secret:
            raise ConfigurationError(
                "both passphrases are the same: whoever publishes could change all keys", Reason.PASSPHRASE_WEAK
            )
    if is_new:
        outputs.check_apart(out, workspace)
        publisher = Publisher.create(
            workspace,
            environment=environment,
            passphrase=secret,
            root_passphrase=root_secret,
            max_offline_hours=max_offline,
            root_keys=root_keys,
            root_threshold=root_threshold,
        )
    else:
        publisher = Publisher(workspace)
        if is_recovery:
            _say_recovered(recovering.recover(publisher, out))
        # Before anything is changed here.
        publisher.assure_ahead(out)
        if roles or extend:
            publisher.rotate(roles, passphrase=secret, root_passphrase=root_secret)
    for path in additions:
        _add(publisher, path, country, usages, address)
    for path in vouching:
        _vouch(publisher, path)
    if rules is not None:
        _rule(publisher, rules)
    for kid in remove:
        publisher.keys.remove(kid)
    if renew:
        done = publisher.renew(out, passphrase=secret)
    else:
        done = publisher.publish(out, passphrase=secret, page=bundle.listed)
    _say_published(done, out, publisher)
    if is_new:
        say(f"  {workspace / 'root.json'}  for verifiers, once, by a way that they trust")
        say(f"  {workspace / 'root'}  the root's keys: move them offline now, with their passphrase apart")


def _add(publisher: Publisher, path: Path, country: str | None, usages: tuple[str, ...], address: str | None) -> None:
    from vaxcert.trust.folder import read_folder

    keys, refused = read_folder(str(path))
    for entry in refused:
        if entry.reason != "issuing_authority":
            say(f"left out: {entry.source}: {entry.reason} {entry.detail}".rstrip(), err=True)
    if not keys:
        raise ConfigurationError(f"{path}: no signer's certificate in it", Reason.NOTHING_USABLE)
    said: dict[str, Any] = {"country": country} if country else {}
    if usages:
        said["usages"] = usages
    for key in keys:
        publisher.keys.add(key.certificate, **said)
        if address is not None:
            publisher.keys.add_health_card_key(key.certificate, address)
        say(f"added {key.kid.hex()}  {country or key.country or '??'}  {key.subject}")


def _vouch(publisher: Publisher, path: Path) -> None:
    from vaxcert import files
    from vaxcert.trust import pem
    from vaxcert.trust.publishing import vouching

    with files.reading(path):
        content = path.read_bytes()
    for certificate in pem.certificates(content):
        found = vouching.add(publisher.workspace, certificate)
        say(f"authority  {found.country or '??'}  until {found.not_after:%Y-%m-%d}")


def _rule(publisher: Publisher, folder: Path) -> None:
    from vaxcert.rules import modes

    contents = modes.contents(folder, none=True)
    found = modes.parsed(contents, signed=True)
    publisher.rules.replace(contents)
    say(f"rules: {', '.join(found) or 'none'}")


def _say_recovered(done: Recovered) -> None:
    say(
        f"Taken over from publication {done.version}: {done.revoked} revoked entries; keys: {done.added} added, "
        f"{done.removed} removed."
    )
    if done.dropped:
        say(
            f"  {done.dropped} reinstatements that waited here were dropped: note them again if they still hold",
            fg="yellow",
        )


def _say_published(done: Publication, out: Path, publisher: Publisher) -> None:
    keys, entries = f"{done.keys} key{'s' * (done.keys != 1)}", "entry" if done.revoked == 1 else "entries"
    say(
        f"Published in {out}: {keys}, {done.revoked} revoked {entries}, {publisher.state.environment} "
        f"(publication {done.version})."
    )
    say(f"  vouched for until {moment_text(done.expires_at)}: renew it before, every day")
    say(f"  verifiers without a network rely on it until {moment_text(done.valid_until)}")
    if done.last_until - publisher.now() < _WARN_BEFORE:
        say(
            f"  everything ends at {moment_text(done.last_until)}: publish anew, with --extend if the root ends",
            fg="yellow",
        )
