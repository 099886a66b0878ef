"""What is held at a place or in somebody's list: the three ways by which keys come to be believed or looked at.

place ─→ a synced store, checked anew · a plain folder of certificates        bytes ─→ another publisher's list
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vaxcert import files
from vaxcert.trust.keys import RefusedKey, TrustedKey

if TYPE_CHECKING:
    from vaxcert.trust.synced.repository import Loaded


class Holdings(NamedTuple):
    """Keys, and what was left out. `form`: what it is, for people; `synced`: the store, where it is a synced one;
    `pages`: what it has for pages that ask no server, by the names that these ask for."""

    form: str
    keys: list[TrustedKey]
    refused: list[RefusedKey]
    synced: Loaded | None = None
    pages: Mapping[str, Path] = {}


def held_at(place: Path) -> Holdings:
    """The holdings of a synced store or, where nothing shows any trace of one, a plain folder or file of certificates.

    Raises `ConfigurationError` where it cannot be read, or is not whole.
    """
    from vaxcert.trust.folder import read_folder
    from vaxcert.trust.synced import handing, repository

    if repository.is_store(place):
        loaded = repository.load(place)
        pages = handing.published(place / loaded.generation, loaded.metadata)
        return Holdings("synced store", loaded.keys, loaded.refused, loaded, pages)
    keys, refused = read_folder(str(place))
    return Holdings("folder of certificates, not signed", keys, refused)


def listed_in(data: bytes, *, signed_by: bytes | str | None = None, issuer: str = "") -> Holdings:
    """The holdings of a list in any of the forms of `vaxcert.trust.lists`; `issuer`: as `lists.read` has it.

    `signed_by`: the key or certificate (PEM or DER) of whoever has to have signed it, where that is to be checked.
    Raises `ConfigurationError`.
    """
    from vaxcert.trust import lists

    published = lists.read(data, issuer=issuer)
    if signed_by is None:
        form = f"{published.name}, signature not checked"
    else:
        published.check(signed_by.encode() if isinstance(signed_by, str) else signed_by)
        form = published.name
    return Holdings(form, list(published.keys), list(published.refused))


def in_file(path: Path) -> Holdings:
    """The holdings of a file with a list, whose signature is not checked. Raises `ConfigurationError`."""
    with files.reading(path):
        return listed_in(path.read_bytes())
