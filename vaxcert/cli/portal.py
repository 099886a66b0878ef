"""`vaxcert portal`: the screens of a registry, for one office."""

from __future__ import annotations

import os
from pathlib import Path

import click

from vaxcert.cli.shared import serving
from vaxcert.cli.shared.options import FILE
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.extras import need

# The app by its name alone: the library stands without it.
_APP, _SERVER = "portal_app:create_app()", "python:portal_app.server"
_NOTICE = "VAXCERT_PORTAL_NOTICE"


@click.command()
@click.option("--db", envvar="VAXCERT_DB", metavar="URL", help="sqlite:///FILE or postgresql://…  [env: VAXCERT_DB]")
@click.option(
    "--key", "key_file", envvar="VAXCERT_REGISTRY_KEY", metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path), help="The registry's key.  [env: VAXCERT_REGISTRY_KEY]",
)  # fmt: skip
@click.option("--training", is_flag=True, help="Over a registry made for training: no authenticator is needed.")
@click.option(
    "--snapshot", envvar="VAXCERT_PORTAL_SNAPSHOT", metavar="FILE", type=FILE,
    help="In training: an export that the registry is put back to every night.  [env: VAXCERT_PORTAL_SNAPSHOT]",
)  # fmt: skip
@click.option("--signer", envvar="VAXCERT_SIGNER", metavar="PATH", help="The signer's socket.  [env: VAXCERT_SIGNER]")
@click.option(
    "--config",
    envvar="VAXCERT_PORTAL_CONFIG",
    type=FILE,
    metavar="FILE",
    help="Settings of the portal in TOML, see docs/portal.md.  [env: VAXCERT_PORTAL_CONFIG]",
)
@click.option("--host", help=f"The address to listen at.  [default: {serving.LOCAL}; with --tls every address]")
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True)
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Until somebody chooses.  [default: vi]")
@click.option("--tls", is_flag=True, help="Over HTTPS, with a certificate that this machine signs itself.")
@click.option(
    "--tls-folder", type=click.Path(path_type=Path), metavar="DIR", help="Where the certificate of --tls is kept."
)
def portal(
    db: str | None,
    key_file: Path | None,
    training: bool,
    snapshot: Path | None,
    signer: str | None,
    config: Path | None,
    host: str | None,
    port: int,
    lang: str | None,
    tls: bool,
    tls_folder: Path | None,
) -> None:
    """Start the portal: screens for those who vaccinate, review, manage and keep accounts.

    The first administrator is made with `vaxcert registry account`; all others on the portal's own pages.

    At this machine's own address it goes without TLS. For other machines give --tls, or put a server in front that
    ends TLS, see docs/portal.md: passwords and names go over it.
    """
    serving.need_server()
    need(("flask", "flask_security", "flask_wtf", "flask_limiter", "flask_babel", "gunicorn", "argon2"), "portal")
    need(("sqlalchemy", "alembic", "rapidfuzz", "numpy"), "registry")
    if snapshot is not None and not training and config is None:
        raise click.UsageError("it is with --training alone that a registry is put back every night")
    if db is None and config is None:
        raise click.UsageError("no registry to stand on: give --db URL, or set VAXCERT_DB")
    if not tls and host not in (None, serving.LOCAL, "localhost", "::1"):
        raise click.UsageError("passwords and names go over --tls alone, but at this machine's own address")
    given = {
        "VAXCERT_DB": db,
        "VAXCERT_REGISTRY_KEY": None if key_file is None else str(key_file.resolve()),
        "VAXCERT_PORTAL_CONFIG": None if config is None else str(config.resolve()),
        "VAXCERT_PORTAL_TRAINING": "1" if training else None,
        "VAXCERT_PORTAL_SNAPSHOT": None if snapshot is None else str(snapshot.resolve()),
        "VAXCERT_SIGNER": None if signer is None else str(Path(signer).resolve()),
        "VAXCERT_PORTAL_LANGUAGE": lang,
        "VAXCERT_PORTAL_PLAIN": None if tls else "1",
    }
    os.environ |= {name: value for name, value in given.items() if value is not None}
    if db is not None and config is None:
        _check(db, key_file or Path("registry.key"), training, snapshot)
    serving.run(_APP, _SERVER, _NOTICE, host, port, tls=tls, folder=tls_folder)


def _check(db: str, key_file: Path, training: bool, snapshot: Path | None) -> None:
    """Refuse what the app would refuse, before a server says so in its own words, and bring the registry up to date."""
    from vaxcert.registry import Registry, resetting
    from vaxcert.registry.accounts.training import is_for_training

    with Registry.open(db, key_file) as found:
        if training and not is_for_training(found):
            raise ConfigurationError("the registry was not made for training", Reason.NOT_TRAINING)
        if snapshot is not None:
            resetting.check(found)
