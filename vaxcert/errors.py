"""What can go wrong, as types and as stable codes.

    VaxcertError
    ├── CardError                a card that is not accepted; names its stage and its Reason
    │   ├── FormatError          format       not the text of any known certificate
    │   ├── EncodingError        encoding     the text is not base45
    │   ├── CompressionError     compression  not one whole zlib stream within the bound
    │   ├── EnvelopeError        envelope     not a signed message
    │   ├── KeyUnavailableError  key          no usable key held: undetermined, not refused
    │   ├── SignatureError       signature    signed by nobody we trust, or changed since
    │   ├── UsageError           usage        the signer may not sign this kind of certificate
    │   ├── ValidityError        validity     too early or too late, for the card or for its signer
    │   ├── ContentError         content      signed, but not a certificate that makes sense
    │   ├── RevocationError      revocation   withdrawn by its issuer
    │   └── RulesError           rules        genuine, but not allowed by the rules
    ├── InputError               a value that cannot be issued; names the field, never its content
    ├── KeyMaterialError         a key or certificate that cannot be used; carries a Reason
    ├── ConfigurationError       what the operator set up is wrong or contradictory
    └── ImageError               a picture that cannot be opened or drawn

`Reason` holds the codes that integrators store and staff are told about: they never change their
meaning. Their words stand in `vaxcert.wording`. No message carries personal data.
"""

from enum import StrEnum
from typing import ClassVar


class Reason(StrEnum):
    """Why a check failed, could not be decided or was skipped, or what a warning is about."""

    # format
    FORMAT_UNKNOWN = "format_unknown"
    TEXT_TOO_LONG = "text_too_long"
    # encoding
    BASE45_INVALID = "base45_invalid"
    # compression
    COMPRESSION_INVALID = "compression_invalid"
    INFLATED_TOO_LARGE = "inflated_too_large"
    # envelope
    CBOR_INVALID = "cbor_invalid"
    COSE_INVALID = "cose_invalid"
    # key
    KEY_UNKNOWN = "key_unknown"
    KEY_ID_MISSING = "key_id_missing"
    TOO_MANY_KEYS = "too_many_keys"
    TRUST_LIST_STALE = "trust_list_stale"
    CLOCK_ROLLED_BACK = "clock_rolled_back"
    # signature
    SIGNATURE_INVALID = "signature_invalid"
    ALGORITHM_NOT_ALLOWED = "algorithm_not_allowed"
    # usage
    USAGE_NOT_ALLOWED = "usage_not_allowed"
    FORMAT_NOT_ALLOWED = "format_not_allowed"
    SIGNER_COUNTRY_DIFFERS = "signer_country_differs"
    # validity
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SIGNER_EXPIRED = "signer_expired"
    SIGNER_NOT_YET_VALID = "signer_not_yet_valid"
    ISSUED_OUTSIDE_SIGNER_VALIDITY = "issued_outside_signer_validity"
    # content
    CONTENT_INVALID = "content_invalid"
    CONTENT_UNKNOWN = "content_unknown"
    CONTENT_EMPTY = "content_empty"
    CONTENT_AMBIGUOUS = "content_ambiguous"
    # revocation
    REVOKED = "revoked"
    SITE_REVOKED = "site_revoked"
    KEY_REVOKED = "key_revoked"
    # rules
    TEST_POSITIVE = "test_positive"
    EVENT_BEFORE_BIRTH = "event_before_birth"
    EVENT_IN_FUTURE = "event_in_future"
    # skipped check
    NOT_CONFIGURED = "not_configured"
    NOT_REACHED = "not_reached"
    # warning
    ALGORITHM_UNPROTECTED = "algorithm_unprotected"
    PRODUCT_HOLDER_MISMATCH = "product_holder_mismatch"
    CODE_DEPRECATED = "code_deprecated"
    TEST_RESULT_UNKNOWN = "test_result_unknown"
    # left-out key
    CERTIFICATE_INVALID = "certificate_invalid"
    KEY_TYPE_UNSUPPORTED = "key_type_unsupported"
    KEY_WEAK = "key_weak"
    ISSUING_AUTHORITY = "issuing_authority"
    PRIVATE_KEY_PRESENT = "private_key_present"
    ENVIRONMENT_DIFFERS = "environment_differs"
    DUPLICATE = "duplicate"
    CHAIN_INVALID = "chain_invalid"


def place_of(error: BaseException) -> str:
    """Where an unexpected error came from, for a log: its message may quote a card, its type and place do not.

    One that came out of another process, where its frames stayed, may know its `place` itself.
    """
    if isinstance(known := getattr(error, "place", None), str):
        return known
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "unknown place"
    return f"{type(error).__name__} at {place}"


def wrong_type(name: str, wanted: str, value: object) -> TypeError:
    """The error for an argument of another type than `wanted`. The value may be somebody's name, and is not quoted."""
    return TypeError(f"{name}: not a {wanted} but of type {type(value).__name__}")


class VaxcertError(Exception):
    """Every error that this package raises on purpose."""


class CardError(VaxcertError):
    """A card that is not accepted.

    `stage` is the value of the `vaxcert.verdict.Stage` at which it happened; `undetermined` is true
    where nothing is known against the card and the verifier merely cannot tell.
    """

    stage: ClassVar[str]
    undetermined: ClassVar[bool] = False

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are made anew from what they show, which is not what these are made of.
        return type(self), (self.reason, self.detail)


class FormatError(CardError):
    """The text does not begin like any certificate that is known here, or is over the bound."""

    stage = "format"


class EncodingError(CardError):
    """The text after the prefix is not strict base45 (RFC 9285)."""

    stage = "encoding"


class CompressionError(CardError):
    """The bytes are not exactly one zlib stream, or inflate beyond the bound."""

    stage = "compression"


class EnvelopeError(CardError):
    """The bytes are not one well-formed signed message."""

    stage = "envelope"


class KeyUnavailableError(CardError):
    """No key is held that could open the card, or the list of keys cannot be relied on now."""

    stage = "key"
    undetermined = True


class SignatureError(CardError):
    """No trusted key made this signature over these bytes with its own algorithm."""

    stage = "signature"


class UsageError(CardError):
    """The signer is genuine but may not sign this kind of certificate."""

    stage = "usage"


class ValidityError(CardError):
    """The card or its signer is not valid at the given time."""

    stage = "validity"


class ContentError(CardError):
    """The signed content is not one certificate that makes sense."""

    stage = "content"


class RevocationError(CardError):
    """The certificate, its site or its key has been withdrawn."""

    stage = "revocation"


class RulesError(CardError):
    """The certificate is genuine but the rules refuse it."""

    stage = "rules"


class InputError(VaxcertError):
    """A value cannot be issued. `field` names it; the message never repeats its content."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.field, self.problem)


class KeyMaterialError(VaxcertError):
    """A key or certificate that cannot be used."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are made anew from what they show, which is not what these are made of.
        return type(self), (self.reason, self.detail)


class ConfigurationError(VaxcertError):
    """What the operator set up is missing, wrong or contradictory."""


class ImageError(VaxcertError):
    """A picture that cannot be opened within the limits, or a text that does not fit a symbol."""
