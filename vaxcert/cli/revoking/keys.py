"""Signers to be withdrawn: as public keys, with every certificate over them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vaxcert.errors import ConfigurationError, Reason

if TYPE_CHECKING:
    from vaxcert.trust.keys import TrustedKey
    from vaxcert.trust.publishing.publisher import Publisher


class Falling(NamedTuple):
    """The hashes that withdraw some public keys, how many keys, and the published certificates that fall with them."""

    hashes: list[bytes]
    keys: int
    published: list[TrustedKey]

    def lines(self) -> list[str]:
        """Each of the published certificates as a line for people."""
        return [_line(key) for key in self.published] or ["  no certificate that is published"]


def falling(publisher: Publisher, paths: Iterable[Path]) -> Falling:
    """What withdrawing the public keys of some certificates' files takes. Raises `ConfigurationError`."""
    from vaxcert.trust import revocation
    from vaxcert.trust.folder import read_folder

    given: list[TrustedKey] = []
    for path in paths:
        keys, _ = read_folder(str(path))
        if not keys:
            raise ConfigurationError(f"{path}: no signer's certificate in it", Reason.NOTHING_USABLE)
        given += keys
    wanted = {key.spki() for key in given}
    published = [key for key in publisher.keys.usable() if key.spki() in wanted] if wanted else []
    hashes = {one for key in (*given, *published) for one in revocation.of_signer(key)}
    return Falling(sorted(hashes), len(wanted), published)


def _line(key: TrustedKey) -> str:
    from vaxcert.names import printable

    until = f"until {key.not_after:%Y-%m-%d}" if key.certificate else "without certificate"
    return f"  {key.kid.hex()}  {printable(key.country or '??')}  {printable(key.subject or key.issuer)}  {until}"
