"""`vaxcert serve`: the verifier app for one desk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from vaxcert.cli.shared import serving
from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.saying import say
from vaxcert.errors import ConfigurationError
from vaxcert.extras import need

# The app by its name alone: the library stands without it.
_APP, _SERVER = "verifier_app:create_app()", "python:verifier_app.server"
_PACKAGE, _PARTS = "verifier_app", "verifier_app.shift.parts"
_NOTICE = "VAXCERT_SERVE_NOTICE"


@click.command()
@click.option(
    "--trust",
    envvar="VAXCERT_TRUST",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A store kept by `trust sync`.  [env: VAXCERT_TRUST]",
)
@click.option("--trial", is_flag=True, help="Take a plain folder of certificates too: for trials alone.")
@click.option(
    "--config",
    envvar="VAXCERT_APP_CONFIG",
    type=FILE,
    metavar="FILE",
    help="Settings of the app in TOML, see docs/app.md.  [env: VAXCERT_APP_CONFIG]",
)
@click.option("--host", help=f"The address to listen at.  [default: {serving.LOCAL}; with --tls every address]")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Until somebody chooses.  [default: vi]")
@click.option("--tls", is_flag=True, help="Over HTTPS, as phones want it for their cameras; see below.")
@click.option(
    "--tls-folder", type=click.Path(path_type=Path), metavar="DIR", help="Where the certificate of --tls is kept."
)
@click.option(
    "--write",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Start nothing: write the page into DIR, for a web server that has nothing but files.",
)
def serve(
    trust: Path | None,
    trial: bool,
    config: Path | None,
    host: str | None,
    port: int,
    lang: str | None,
    tls: bool,
    tls_folder: Path | None,
    write: Path | None,
) -> None:
    """Start the verifier app: a page to scan, paste and upload at, and POST /verify for programs.

    For one desk, at this machine's own address. For a province, see docs/app.md.

    Browsers give the camera to pages over HTTPS alone, but for this machine's own. --tls makes a certificate that
    this machine signs itself, and listens at every address, so that phones on the same network can open the page.
    They warn once, since nobody else vouches for it: compare the fingerprint that they show with the one printed.
    """
    if write is None:
        serving.need_server()
    need(("flask", "flask_limiter", "flask_babel", "gunicorn"), "app")
    given = {"VAXCERT_APP_TRIAL": "1" if trial else None, "VAXCERT_APP_LANGUAGE": lang}
    given |= {
        "VAXCERT_TRUST": str(trust.resolve()) if trust else None,
        "VAXCERT_APP_CONFIG": str(config.resolve()) if config else None,
    }
    _check(trust, config, trial)
    if write is not None:
        _write(write, os.environ | {name: value for name, value in given.items() if value is not None})
        return
    serving.run(_APP, _SERVER, _NOTICE, host, port, settings=given, tls=tls, folder=tls_folder)


def _check(trust: Path | None, config: Path | None, trial: bool) -> None:
    """Refuse a missing or unsigned list, before a server would in its own words. What a file says, the app checks."""
    if trust is None and config is None:
        raise click.UsageError("no keys to check against: give --trust DIR, or set VAXCERT_TRUST")
    if trust is not None:
        from vaxcert import TrustStore

        store = TrustStore.load(trust)
        if config is None and store.freshness.state == "none" and not trial:
            raise ConfigurationError(f"{trust}: not a signed list; sync one with `vaxcert trust sync`, or say --trial")


def _write(folder: Path, variables: Mapping[str, str]) -> None:
    """The page as files, of an app told so. Raises `ConfigurationError` where the list has nothing for pages."""
    with import_module(_PACKAGE).create_app(variables).test_request_context("/"):
        written = import_module(_PARTS).write(folder)
    say(f"Written in {folder}: {len(written)} files of the page, for any web server over HTTPS.")
    say("  Put the publisher's folder beside them, as published/, at every publication; see docs/app.md.")
