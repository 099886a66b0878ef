"""What the app is told at its start, by variables of the environment or a file, and what it refuses to start with.

A TOML file, named by VAXCERT_APP_CONFIG, may hold the names of the second column; a variable wins over it.

VAXCERT_TRUST            trust         the store that `vaxcert trust sync` keeps (needed)
VAXCERT_APP_TRIAL        trial         1: plain folders and unsigned lists will do; every page says that it is a trial
VAXCERT_APP_DEBUG        debug         1: POST /inspect shows every step of a card; in trials alone
VAXCERT_APP_LANGUAGE     language      vi or en, for whoever has not chosen  [vi]
VAXCERT_APP_RETURN       return_after  seconds until the next scan, 0 for never  [12]
VAXCERT_APP_SAME         same_card     minutes in which the same card is pointed out, 0 for never  [30]
VAXCERT_APP_SECOND_READER  second_reader  1: the page may send a code that it sees and cannot read, to be read here
VAXCERT_APP_RULES        rules         policies of this place: a file or folder of them  [those published with the list]
VAXCERT_APP_MODE         mode          the policy that cards are judged by, unless a page chose another  [none]
VAXCERT_APP_ON_DEVICE    on_device     0: pages ask this server for every card, whatever the list has for them  [1]
VAXCERT_APP_PUBLISHED    published     the address of the publisher's folder, for pages  [this app's own]
VAXCERT_APP_TOKEN        token         a secret that the API wants as bearer token  [none]
VAXCERT_APP_RATE         rate          requests a minute from one address, of one process  [300]
VAXCERT_APP_AT_ONCE      at_once       requests that one process works on; further ones are told to come again  [24]
VAXCERT_APP_DEADLINE     deadline      seconds in which a request has to be there, and an answer taken  [30]
VAXCERT_APP_READERS      readers       processes that decode pictures, of one process  [2]
VAXCERT_APP_PROXIES      proxies       servers in front that add X-Forwarded-For, -Proto and -Prefix  [0]
VAXCERT_APP_CORS         cors          origins whose pages may ask POST /verify, as https://host  [none]
VAXCERT_APP_METRICS      metrics       an address of this machine, as 127.0.0.1:9102, that numbers are told at  [none]
VAXCERT_APP_LOG          log           text, or json: one object a line  [text]
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec

from vaxcert import ConfigurationError
from vaxcert.errors import Reason
from vaxcert.extras import missing
from vaxcert.settings import GivenSettings

# A photo of 10 MB, and the form around it.
MAX_BODY = 10_500_000
MIN_TOKEN = 16
# As browsers write it: small letters, no path, and no port that goes without saying.
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?")
_OWN_PORTS = {"http": "80", "https": "443"}
_FOLDER = re.compile(r"(https?://[^/?#\s]+)(?:/[A-Za-z0-9._~%/-]*)?", re.ASCII)
# What never leaves a machine needs no TLS.
_SAME_MACHINE = ("localhost", "127.0.0.1", "[::1]")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the app is told at its start, as the module's docstring lists it."""

    trust: Path
    trial: bool = False
    debug: bool = False
    language: str = "vi"
    return_after: int = 12
    same_card: int = 30
    second_reader: bool = False
    rules: str = ""
    mode: str = ""
    on_device: bool = True
    published: str = ""
    token: str = ""
    rate: int = 300
    at_once: int = 24
    deadline: int = 30
    readers: int = 2
    proxies: int = 0
    cors: tuple[str, ...] = ()
    metrics: str = ""
    log: str = "text"
    max_body: int = MAX_BODY

    @classmethod
    def from_variables(cls, variables: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from the environment, or what stands in for it.

        Raises `ConfigurationError`, which names what is wrong.
        """
        given = _given(variables)
        trust, _ = given.text("VAXCERT_TRUST")
        if not trust:
            raise ConfigurationError("VAXCERT_TRUST is not set: the store that `vaxcert trust sync` keeps")
        token, place = given.text("VAXCERT_APP_TOKEN")
        if token and len(token) < MIN_TOKEN:
            raise ConfigurationError(f"{place}: shorter than {MIN_TOKEN} characters")
        trial, debug = given.flag("VAXCERT_APP_TRIAL"), given.flag("VAXCERT_APP_DEBUG")
        if debug and not trial:
            raise ConfigurationError("VAXCERT_APP_DEBUG shows unchecked cards, so it wants VAXCERT_APP_TRIAL=1 too")
        log, metrics = _of_the_server(given)
        return cls(
            trust=Path(trust),
            trial=trial,
            debug=debug,
            language=given.one_of("VAXCERT_APP_LANGUAGE", "vi", "en"),
            return_after=given.number("VAXCERT_APP_RETURN", 12, 0, 600),
            same_card=given.number("VAXCERT_APP_SAME", 30, 0, 1440),
            second_reader=given.flag("VAXCERT_APP_SECOND_READER"),
            rules=given.text("VAXCERT_APP_RULES")[0],
            mode=given.text("VAXCERT_APP_MODE")[0],
            on_device=given.flag("VAXCERT_APP_ON_DEVICE", default=True),
            published=_folder_url(*given.text("VAXCERT_APP_PUBLISHED")),
            token=token,
            rate=given.number("VAXCERT_APP_RATE", 300, 1, 1_000_000),
            at_once=given.number("VAXCERT_APP_AT_ONCE", 24, 1, 1_000),
            deadline=given.number("VAXCERT_APP_DEADLINE", 30, 1, 600),
            readers=given.number("VAXCERT_APP_READERS", 2, 1, 64),
            proxies=given.number("VAXCERT_APP_PROXIES", 0, 0, 5),
            cors=_origins(*given.text("VAXCERT_APP_CORS")),
            metrics=metrics,
            log=log,
        )


def of_the_server(variables: Mapping[str, str] | None = None) -> tuple[str, str]:
    """`log` and `metrics`, which the server has to know before there is an app. Raises `ConfigurationError`."""
    return _of_the_server(_given(variables))


def _of_the_server(given: GivenSettings) -> tuple[str, str]:
    return given.one_of("VAXCERT_APP_LOG", "text", "json"), _local(*given.text("VAXCERT_APP_METRICS"))


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of an address such as 127.0.0.1:9102 or [::1]:9102. Raises `ValueError` where it has others."""
    host, _, port = address.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError("no port")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _local(address: str, place: str) -> str:
    """An address that other machines cannot reach: numbers say how much goes on at a checkpoint."""
    if not address:
        return ""
    try:
        host, _ = host_and_port(address)
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ConfigurationError(f"{place}: not an address of this machine alone, such as 127.0.0.1:9102")
    if find_spec("prometheus_client") is None:
        raise ConfigurationError(f"{place}: {missing('prometheus_client is missing', 'app')}", Reason.COMPONENT_MISSING)
    return address


def _origins(text: str, place: str) -> tuple[str, ...]:
    """Those of a list with blanks or commas between them. One that no browser would send is a mistake, not a rule."""
    found = text.replace(",", " ").split()
    for origin in found:
        parts = _ORIGIN.fullmatch(origin)
        if parts is None or int(parts["port"] or 1) > 65_535 or parts["port"] == _OWN_PORTS[parts["scheme"]]:
            raise ConfigurationError(f"{place}: not an origin as browsers send it, such as https://clinic.example")
        if parts["scheme"] == "http" and parts["host"] not in _SAME_MACHINE:
            raise ConfigurationError(f"{place}: http for another machine than localhost; verdicts go over https alone")
    return tuple(dict.fromkeys(found))


def _folder_url(url: str, place: str) -> str:
    """The address of a folder that any page may read, or ""."""
    if not url:
        return ""
    found = _FOLDER.fullmatch(url)
    if found is None:
        raise ConfigurationError(f"{place}: not the address of a folder, such as https://host.example/published/")
    _origins(found[1], place)
    return url if url.endswith("/") else f"{url}/"


_IN_FILE = {
    "VAXCERT_TRUST": "trust",
    "VAXCERT_APP_TRIAL": "trial",
    "VAXCERT_APP_DEBUG": "debug",
    "VAXCERT_APP_LANGUAGE": "language",
    "VAXCERT_APP_RETURN": "return_after",
    "VAXCERT_APP_SAME": "same_card",
    "VAXCERT_APP_SECOND_READER": "second_reader",
    "VAXCERT_APP_RULES": "rules",
    "VAXCERT_APP_MODE": "mode",
    "VAXCERT_APP_ON_DEVICE": "on_device",
    "VAXCERT_APP_PUBLISHED": "published",
    "VAXCERT_APP_TOKEN": "token",
    "VAXCERT_APP_RATE": "rate",
    "VAXCERT_APP_AT_ONCE": "at_once",
    "VAXCERT_APP_DEADLINE": "deadline",
    "VAXCERT_APP_READERS": "readers",
    "VAXCERT_APP_PROXIES": "proxies",
    "VAXCERT_APP_CORS": "cors",
    "VAXCERT_APP_METRICS": "metrics",
    "VAXCERT_APP_LOG": "log",
}


def _given(variables: Mapping[str, str] | None) -> GivenSettings:
    return GivenSettings.of(variables, _IN_FILE, config="VAXCERT_APP_CONFIG")
