"""Revocation batches of the EU gateway, as JSON (Digital Covid Certificate Gateway, revocation interface 1.3)."""

from __future__ import annotations

import msgspec

from vaxcert.errors import DamagedError
from vaxcert.trust.revocation import SIZE, Kind

KINDS = {"UCI": Kind.UCI, "COUNTRYCODEUCI": Kind.COUNTRY_UCI, "SIGNATURE": Kind.SIGNATURE}
# The gateway's own bound is 1,000 entries a batch; a country's own service may put more into one.
MAX_SIZE = 256 << 20


class _Entry(msgspec.Struct, frozen=True):
    hash: bytes


class _Batch(msgspec.Struct, frozen=True, rename="camel"):
    hash_type: str
    entries: tuple[_Entry, ...]


def read(content: bytes) -> tuple[Kind, list[bytes]]:
    """The kind of a batch's hashes, and they themselves. Its `kid` and `expires` restrict nothing here: what was once
    revoked stays so under whatever key.

    Raises `ConfigurationError` for anything else than a batch, and for hashes that are not of 16 bytes (or whole
    SHA-256, of which 16 are taken): one that is never found would be a revocation that never happens.
    """
    try:
        batch = msgspec.json.decode(content, type=_Batch)
        kind = KINDS[batch.hash_type]
    except (msgspec.MsgspecError, KeyError):
        raise DamagedError("not a gateway's batch of revocations") from None
    hashes = [entry.hash[:SIZE] if len(entry.hash) == 2 * SIZE else entry.hash for entry in batch.entries]
    if any(len(one) != SIZE for one in hashes):
        raise DamagedError("a batch with hashes of another length than 16 bytes")
    return kind, hashes
