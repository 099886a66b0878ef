"""What has been withdrawn: certificates by hashes of their ids or signatures, sites, and whole keys.

Lists are files of sorted 16-byte hashes: a base, and numbered additions that make a day's download small. What was
withdrawn stays so until a reinstatement says otherwise: of all that is known about a hash, the highest number counts,
and a list in which it merely does not stand says nothing.

The hashes of certificates are those of the EU gateway (revocation, hash types UCI, COUNTRYCODEUCI and SIGNATURE).
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from operator import lt
from pathlib import Path
from typing import NamedTuple

import msgspec

from vaxcert import files
from vaxcert.errors import DamagedError
from vaxcert.trust.keys import TrustedKey
from vaxcert.wire import Algorithm, Sealed

SIZE = 16
# A list of so few hashes is held in a set, which is asked ten times as fast as a file.
_SMALL = 50_000
# So many are read at once.
_BLOCK = 8_192

_NAME = re.compile(r"(uci|country_uci|signature|site|key)-(\d{8})-(base|more)\.bin", re.ASCII)


class Kind(StrEnum):
    """What a hash is of."""

    UCI = "uci"
    COUNTRY_UCI = "country_uci"
    SIGNATURE = "signature"
    SITE = "site"
    KEY = "key"


def digest(data: bytes) -> bytes:
    """SHA-256 cut to 16 bytes."""
    return hashlib.sha256(data).digest()[:SIZE]


def of_uci(certificate_id: str) -> bytes:
    """The hash of a certificate's id, as it stands in the card."""
    return digest(certificate_id.encode())


def to_rid(certificate_id: str) -> str:
    """What a SMART Health Card carries of its certificate's id: the hash of it, in 22 characters of base64url."""
    return rid_of(of_uci(certificate_id))


def rid_of(hashed: bytes) -> str:
    """A hash as health cards carry it, and as lists of withdrawn ones have it."""
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode("ascii")


def of_rid(rid: str) -> bytes:
    """The hash of the certificate's id that a card carries in place of it; b"" for what is none."""
    try:
        return base64.urlsafe_b64decode(rid + "==") if len(rid) == 22 else b""
    except ValueError:
        return b""


def of_country_uci(country: str, certificate_id: str) -> bytes:
    """The hash of the issuing country's two letters and the id."""
    return digest((country + certificate_id).encode())


def of_signature(sealed: Sealed, algorithm: Algorithm) -> bytes:
    """The hash of what no forger can change of a signature.

    That is r of ECDSA, for (r, n − s) is as good as (r, s), and all of RSA's.
    """
    signature = sealed.signature
    return digest(signature if algorithm is Algorithm.PS256 else signature[: len(signature) // 2])


def of_site(country: str, site: str) -> bytes:
    """The hash of a site that names itself in the ids of its certificates, of one country."""
    return digest(f"{country}/{site}".encode())


def of_key(certificate: bytes) -> bytes:
    """The hash of a signer's certificate (DER): all that earlier verifiers ask for."""
    return digest(certificate)


def of_public_key(spki: bytes) -> bytes:
    """The hash of a signer's public key (SubjectPublicKeyInfo, DER): with it falls every certificate over that key."""
    return digest(spki)


def of_signer(key: TrustedKey) -> frozenset[bytes]:
    """All hashes by which a signer may be withdrawn: of its public key, and of its certificate where it has one."""
    spki = key.spki()
    return frozenset((of_public_key(spki), of_key(key.certificate or spki)))


class Source(NamedTuple):
    """A file of a list. `number`: of the publication that made it; a base holds all that is withdrawn by then."""

    kind: Kind
    number: int
    is_base: bool

    @property
    def name(self) -> str:
        """The name of the list's file."""
        return f"{self.kind}-{self.number:08d}-{'base' if self.is_base else 'more'}.bin"

    @classmethod
    def of(cls, name: str) -> Source:
        """The source that a file's name says. Raises `ConfigurationError` for a name that there is not."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise DamagedError(f"{name}: not the name of a revocation list")
        return cls(Kind(found[1]), int(found[2]), found[3] == "base")


class Hashes:
    """A file of sorted hashes, which stays on the disk if it is large. Raises `ConfigurationError` for another file."""

    def __init__(self, path: Path) -> None:
        self._small: frozenset[bytes] | None = None
        with files.reading(path), path.open("rb") as stream:
            size = path.stat().st_size
            if size % SIZE:
                raise DamagedError(f"{path.name}: cut short")
            self._count = size // SIZE
            if self._count <= _SMALL:
                content = stream.read()
                self._small = frozenset(split(content))
            else:
                self._large = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[bytes]:
        if self._small is not None:
            yield from sorted(self._small)
            return
        for at in range(0, self._count * SIZE, SIZE):
            yield self._large[at : at + SIZE]

    def __contains__(self, wanted: bytes) -> bool:
        if self._small is not None:
            return wanted in self._small
        low, high, large = 0, self._count, self._large
        while low < high:
            middle = (low + high) // 2
            found = large[middle * SIZE : middle * SIZE + SIZE]
            if found < wanted:
                low = middle + 1
            elif found > wanted:
                high = middle
            else:
                return True
        return False


class Revocations:
    """All revocation lists of a publication, and those kept of earlier ones.

    `reinstated`: hashes that a later publication has taken back, with its number.
    """

    def __init__(
        self, lists: Iterable[tuple[Source, Hashes]] = (), reinstated: Mapping[tuple[Kind, bytes], int] | None = None
    ) -> None:
        self._reinstated = dict(reinstated or {})
        self._lists: dict[Kind, list[tuple[int, Hashes]]] = {kind: [] for kind in Kind}
        for source, hashes in sorted(lists, key=lambda item: -item[0].number):
            if len(hashes):
                self._lists[source.kind].append((source.number, hashes))

    def __len__(self) -> int:
        """How many hashes are listed, those that were taken back included."""
        return sum(len(hashes) for lists in self._lists.values() for _, hashes in lists)

    def counts(self) -> dict[str, int]:
        """How many hashes of each kind are revoked."""
        counts = {str(kind): sum(len(hashes) for _, hashes in lists) for kind, lists in self._lists.items()}
        for kind, one in self._reinstated:
            if (kind, one) not in self:
                counts[kind] -= sum(one in hashes for _, hashes in self._lists[kind])
        return counts

    def holds(self, kind: Kind) -> bool:
        """Whether anything of a kind is listed, so that nobody hashes for nothing."""
        return bool(self._lists[kind])

    def __contains__(self, what: tuple[Kind, bytes]) -> bool:
        kind, wanted = what
        # The highest number comes first, and decides.
        for number, hashes in self._lists[kind]:
            if wanted in hashes:
                return self._reinstated.get(what, -1) < number
        return False

    def revoked(self, kind: Kind) -> set[bytes]:
        """All hashes of a kind that are revoked, without those that were taken back."""
        return {one for _, hashes in self._lists[kind] for one in hashes if (kind, one) in self}

    def latest(self, kind: Kind, wanted: bytes) -> int:
        """The number of the last publication that says anything of a hash, or -1."""
        listed = (number for number, hashes in self._lists[kind] if wanted in hashes)
        return max(next(listed, -1), self._reinstated.get((kind, wanted), -1))


def with_withdrawn(keys: Iterable[TrustedKey], revocations: Revocations | None) -> list[TrustedKey]:
    """The keys, those that are withdrawn marked so: all that share a public key, where any of them is.

    One key pair may be certified several times, and a card says itself under which id it is to be looked up.
    """
    keys = list(keys)
    listed = revocations if revocations is not None and revocations.holds(Kind.KEY) else None
    if listed is None and not any(key.withdrawn for key in keys):
        return keys
    withdrawn = {
        key.spki()
        for key in keys
        if key.withdrawn or (listed is not None and any((Kind.KEY, one) in listed for one in of_signer(key)))
    }
    return [
        msgspec.structs.replace(key, withdrawn=True) if not key.withdrawn and key.spki() in withdrawn else key
        for key in keys
    ]


def split(content: bytes) -> tuple[bytes, ...]:
    """The hashes of which a file's content is made."""
    # One call of C: five times as fast as slices.
    return struct.unpack(f"{SIZE}s" * (len(content) // SIZE), content)


def blocks(path: Path) -> Iterator[tuple[bytes, ...]]:
    """The hashes of a file, in their order, some thousands at once. `ConfigurationError` for one that is cut short."""
    with path.open("rb") as stream:
        while part := stream.read(SIZE * _BLOCK):
            if len(part) % SIZE:
                raise DamagedError(f"{path.name}: cut short")
            yield split(part)


def read(path: Path) -> Iterator[bytes]:
    """The hashes of a file one by one, as `blocks` has them."""
    for block in blocks(path):
        yield from block


def check_sorted(path: Path) -> None:
    """Raise `ConfigurationError` for a file in which some hashes would never be found."""
    last = b""
    with files.reading(path):
        for block in blocks(path):
            if block[0] <= last or not all(map(lt, block, islice(block, 1, None))):
                raise DamagedError(f"{path.name}: not sorted, so not everything in it would be found")
            last = block[-1]


def packed(hashes: Iterable[bytes]) -> bytes:
    """The content of a file with these hashes."""
    return b"".join(sorted(set(hashes)))
