"""`vaxcert serve`: the verifier app for one desk."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import click

from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.streams import can_write
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.extras import need
from vaxcert.files import HAS_LOCKS

# The app by its name alone: the library stands without it.
_APP, _SERVER = "verifier_app:create_app()", "python:verifier_app.server"
# What the server says once it answers: else its own lines, or a start that fails, would follow the address.
_NOTICE = "VAXCERT_SERVE_NOTICE"
_WAITING = 2048
_LOCAL, _ALL = "127.0.0.1", "0.0.0.0"  # noqa: S104  (chosen by whoever says --tls, and told)


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
@click.option("--host", help=f"The address to listen at.  [default: {_LOCAL}; with --tls every address]")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Until somebody chooses.  [default: vi]")
@click.option("--tls", is_flag=True, help="Over HTTPS, as phones want it for their cameras; see below.")
@click.option(
    "--tls-folder", type=click.Path(path_type=Path), metavar="DIR", help="Where the certificate of --tls is kept."
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
) -> None:
    """Start the verifier app: a page to scan, paste and upload at, and POST /verify for programs.

    For one desk, at this machine's own address. For a province, see docs/app.md.

    Browsers give the camera to pages over HTTPS alone, but for this machine's own. --tls makes a certificate that
    this machine signs itself, and listens at every address, so that phones on the same network can open the page.
    They warn once, since nobody else vouches for it: compare the fingerprint that they show with the one printed.
    """
    if not HAS_LOCKS:
        raise ConfigurationError(
            "the server needs a system that gunicorn runs on (Linux, macOS)", Reason.COMPONENT_MISSING
        )
    need(("flask", "flask_limiter", "flask_babel", "gunicorn"), "app")
    given = {"VAXCERT_APP_TRIAL": "1" if trial else None, "VAXCERT_APP_LANGUAGE": lang}
    given |= {
        "VAXCERT_TRUST": str(trust.resolve()) if trust else None,
        "VAXCERT_APP_CONFIG": str(config.resolve()) if config else None,
    }
    os.environ |= {name: value for name, value in given.items() if value is not None}
    _check(trust, config, trial)
    host = host or (_ALL if tls else _LOCAL)
    # Listened at before it is printed: the port is the one that the system gave, and it is ours.
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    if tls:
        notice, extra = _https(host, port, tls_folder or Path(click.get_app_dir("vaxcert")) / "tls")
    else:
        notice, extra = f"{_address('http', host, port)}   (Ctrl-C ends)\n", []
    os.environ[_NOTICE] = notice
    descriptor = listening.detach()
    os.set_inheritable(descriptor, True)
    bind = f"fd://{descriptor}"
    arguments = ["gunicorn", "--config", _SERVER, "--workers", "1", "--bind", bind, *extra, _APP]
    os.execv(sys.executable, [sys.executable, "-P", "-m", *arguments])  # noqa: S606  (no shell)


def _check(trust: Path | None, config: Path | None, trial: bool) -> None:
    """Refuse a missing or unsigned list, before a server would in its own words. What a file says, the app checks."""
    if trust is None and config is None:
        raise click.UsageError("no keys to check against: give --trust DIR, or set VAXCERT_TRUST")
    if trust is not None:
        from vaxcert import TrustStore

        store = TrustStore.load(trust)
        if config is None and store.freshness.state == "none" and not trial:
            raise ConfigurationError(f"{trust}: not a signed list; sync one with `vaxcert trust sync`, or say --trial")


def _listening(host: str, port: int) -> socket.socket:
    """A socket at the address, or a `ConfigurationError` that says why there is none."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        # Every address is every address, of both kinds.
        both = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server(address, family=family, backlog=_WAITING, dualstack_ipv6=both)
    except socket.gaierror:
        raise ConfigurationError(f"{host}: not an address of this machine") from None
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        taken = Reason.IN_USE if error.errno == errno.EADDRINUSE else None
        raise ConfigurationError(f"{host}, port {port}: cannot be listened at ({why})", taken) from None


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def _https(host: str, port: int, folder: Path) -> tuple[str, list[str]]:
    """What to say of the address, and the server's options."""
    from vaxcert.cli.shared.tls import CERTIFICATE, KEY, certificate, own_names

    names = own_names() if host in (_ALL, "::") else [host]
    fingerprint = certificate(folder, names)
    address = _address("https", names[0], port)
    notice = f"{address}   (Ctrl-C ends)\nSHA-256 fingerprint of its certificate: {fingerprint}\n"
    if sys.stderr.isatty():
        from vaxcert.qr import write

        drawing = write(address).terminal()
        notice += f"{drawing}\n" if can_write(drawing, sys.stderr) else ""
    return notice, ["--certfile", str(folder / CERTIFICATE), "--keyfile", str(folder / KEY)]
