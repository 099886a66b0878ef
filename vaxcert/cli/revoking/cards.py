"""Cards to be revoked by their signature: only such as verify, or it would be some other signature's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vaxcert.errors import ConfigurationError, DamagedError, Reason

if TYPE_CHECKING:
    from vaxcert.trust.publishing.publisher import Publisher


def signatures(publisher: Publisher, card: str) -> Iterator[bytes]:
    """The hashes of the signatures of a text, picture or file, made by keys that are published here.

    Raises `ConfigurationError` for what is no card, or was not signed so: of a copy that lost or gained a byte the hash
    is not the card's, which would never be refused.
    """
    from vaxcert.cli.shared.texts import UnreadableError, texts
    from vaxcert.errors import CardError, ImageError, KeyUnavailableError, SignatureError
    from vaxcert.formats import format_of
    from vaxcert.trust import TrustStore, revocation

    try:
        found = list(texts(card))
    except (UnreadableError, ImageError) as error:
        raise ConfigurationError(f"--card: {error}", Reason.FORM_UNKNOWN) from None
    store = TrustStore(publisher.keys.usable(), environment=publisher.state.environment)
    for text in found:
        language = format_of(text)
        if language is None:
            raise ConfigurationError("--card: not a certificate's code", Reason.FORM_UNKNOWN)
        try:
            opened = store.open(language.unwrap(text), language.name, language.algorithms)
        except KeyUnavailableError as error:
            raise ConfigurationError(
                f"--card: its signer is not among the published keys ({error.reason}): publish it, or revoke by id",
                Reason.KEY_DIFFERS,
            ) from None
        except SignatureError as error:
            raise DamagedError(
                f"--card: no published key made this signature ({error.reason}): it is a changed copy, or a forgery, "
                "which is refused without being revoked",
                Reason.NOT_AUTHENTIC,
            ) from None
        except CardError as error:
            raise DamagedError(f"--card: cannot be read ({error.reason})") from None
        yield revocation.of_signature(opened.sealed, opened.signer.algorithm)
