"""`vaxcert serve`: the verifier app for one desk."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from vaxcert.errors import ConfigurationError

# The app by its name alone: the library stands without it.
_APP = "verifier_app:create_app()"


@click.command()
@click.option(
    "--trust",
    envvar="VAXCERT_TRUST",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A store kept by `trust sync`.  [env: VAXCERT_TRUST]",
)
@click.option("--trial", is_flag=True, help="Take a plain folder of certificates too: for trials alone.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Until somebody chooses."
)
def serve(trust: Path | None, trial: bool, host: str, port: int, lang: str) -> None:
    """Start the verifier app: a page to paste, upload and see verdicts, and POST /verify for programs.

    For one desk, at this machine's own address. For a province, see docs/app.md.
    """
    if trust is None:
        raise click.UsageError("no keys to check against: give --trust DIR, or set VAXCERT_TRUST")
    for module in ("flask", "flask_limiter", "flask_babel", "gunicorn"):
        if find_spec(module) is None:
            raise ConfigurationError(f"{module} is missing: pip install 'vaxcert[app]'")
    from vaxcert import TrustStore

    # Told here, before a server would say it in its own words.
    store = TrustStore.load(trust)
    if store.freshness.state == "none" and not trial:
        raise ConfigurationError(f"{trust}: not a signed list; sync one with `vaxcert trust sync`, or say --trial")
    os.environ |= {
        "VAXCERT_TRUST": str(trust.resolve()),
        "VAXCERT_APP_TRIAL": str(int(trial)),
        "VAXCERT_APP_LANGUAGE": lang,
    }
    click.echo(f"http://{host}:{port}/   (Ctrl-C ends)", err=True)
    arguments = [
        sys.executable,
        "-P",
        "-m",
        "gunicorn",
        "--bind",
        f"{host}:{port}",
        "--threads",
        "8",
        "--log-level",
        "warning",
        _APP,
    ]
    os.execv(sys.executable, arguments)  # noqa: S606  (no shell, and no argument of anybody else's)
