"""An address to listen at, HTTPS of one's own, and the server that takes over: for commands that start an app."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

from vaxcert.cli.shared.streams import can_write
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.files import HAS_LOCKS

LOCAL, ALL = "127.0.0.1", "0.0.0.0"  # noqa: S104  (chosen by whoever says --tls, and told)
_WAITING = 2048


def need_server() -> None:
    """Raise `ConfigurationError` on a system that the server does not run on."""
    if not HAS_LOCKS:
        raise ConfigurationError(
            "the server needs a system that gunicorn runs on (Linux, macOS)", Reason.COMPONENT_MISSING
        )


def run(app: str, config: str, notice: str, host: str | None, port: int, *, tls: bool, folder: Path | None) -> NoReturn:
    """Become the server of an app, at an address that is listened at before it is told.

    `app`: where gunicorn finds it, by its name alone: the library stands without it; `config`: how it is run.
    `notice`: the variable in which the server finds what it says once it answers: else its own lines, or a start that
    fails, would follow the address. Raises `ConfigurationError` for an address that cannot be listened at.
    """
    host = host or (ALL if tls else LOCAL)
    # Listened at before it is printed: the port is the one that the system gave, and it is ours.
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    if tls:
        told, extra = _https(host, port, folder or Path(click.get_app_dir("vaxcert")) / "tls")
    else:
        told, extra = f"{_address('http', host, port)}   (Ctrl-C ends)\n", []
    os.environ[notice] = told
    descriptor = listening.detach()
    os.set_inheritable(descriptor, True)
    arguments = ["gunicorn", "--config", config, "--workers", "1", "--bind", f"fd://{descriptor}", *extra, app]
    os.execv(sys.executable, [sys.executable, "-P", "-m", *arguments])  # noqa: S606  (no shell)


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
    from vaxcert.cli.shared.serving.tls import CERTIFICATE, KEY, certificate, own_names

    names = own_names() if host in (ALL, "::") else [host]
    fingerprint = certificate(folder, names)
    address = _address("https", names[0], port)
    notice = f"{address}   (Ctrl-C ends)\nSHA-256 fingerprint of its certificate: {fingerprint}\n"
    if sys.stderr.isatty():
        from vaxcert.qr import write

        drawing = write(address).terminal()
        notice += f"{drawing}\n" if can_write(drawing, sys.stderr) else ""
    return notice, ["--certfile", str(folder / CERTIFICATE), "--keyfile", str(folder / KEY)]
