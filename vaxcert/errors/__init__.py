"""What can go wrong, as types and as stable codes.

    VaxcertError
    ├── CardError                a card that is not accepted; names its stage and its Reason
    │   ├── FormatError          format       the text of a certificate, and over the bound
    │   │   ├── UnrecognisedError             of no format that is known here: undetermined, not refused
    │   │   └── PartsError                    not all of one card, or more than one: undetermined, not refused
    │   ├── EncodingError        encoding     the text is not base45, or what its format has for that
    │   ├── CompressionError     compression  not one whole zlib stream within the bound
    │   ├── EnvelopeError        envelope     not a signed message
    │   ├── KeyUnavailableError  key          no usable key held: undetermined, not refused
    │   ├── SignatureError       signature    signed by nobody we trust, or changed since
    │   ├── UsageError           usage        the signer may not sign this kind of certificate
    │   ├── ValidityError        validity     too early or too late, for the card or for its signer
    │   ├── ContentError         content      signed, but not a certificate that makes sense
    │   │   └── UnsupportedContentError       signed, and in a language not read here: undetermined, not refused
    │   ├── RevocationError      revocation   withdrawn by its issuer
    │   │   └── RevocationUnknownError        whether it is cannot be told: undetermined, not refused
    │   └── RulesError           rules        genuine, but not allowed by the rules
    │       └── UndecidedError                whether the rules are met cannot be told: undetermined, not refused
    ├── EvaluationError          a rule that cannot be evaluated over a card: its answer is unknown, never a yes
    ├── InputError               a value that cannot be issued; names the field, never its content
    ├── KeyMaterialError         a key or certificate that cannot be used
    ├── ConfigurationError       what the operator set up or asked for is wrong or contradictory
    │   ├── DamagedError         data is not what was written or signed: tampered with, cut short, of no such form
    │   ├── NotFoundError        what was named is not there
    │   └── UnreachableError     what has to be asked over a network or a socket does not answer
    └── ImageError               a picture that cannot be opened or drawn

Each carries a `Reason`. These are the codes that integrators store and staff are told about: they never change their
meaning. Their words stand in `vaxcert.wording`. No message carries personal data.
"""

from typing import ClassVar, NamedTuple

from vaxcert.errors.reasons import Reason as Reason


class Problem(NamedTuple):
    """What is wrong with a field: a value to count and to keep. `said`: bounds and such, by name."""

    field: str
    reason: Reason
    said: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}" for name, value in self.said)
        return f"{self.field}: {self.reason}" + (f" ({said})" if said else "")


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
    """Every error that this package raises on purpose. `reason`: what it is; `detail`: more of it, in English."""

    reason: Reason
    detail: str = ""


class _ReasonedError(VaxcertError):
    """An error that is told by its reason, with a detail where there is one."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are made anew from what they show, which is not what these are made of.
        return type(self), (self.reason, self.detail)


class _DetailedError(VaxcertError):
    """An error that is told by its detail: what was set up, which file. `usual`: the reason where none is given."""

    usual: ClassVar[Reason]

    def __init__(self, detail: str, reason: Reason | None = None) -> None:
        super().__init__(detail)
        self.reason = reason or self.usual
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.detail, self.reason)


class CardError(_ReasonedError):
    """A card that is not accepted.

    `stage` is the value of the `vaxcert.verdict.Stage` at which it happened; `undetermined` is true
    where nothing is known against the card and the verifier merely cannot tell.
    """

    stage: ClassVar[str]
    undetermined: ClassVar[bool] = False


class FormatError(CardError):
    """The text is over the bound."""

    stage = "format"


class UnrecognisedError(FormatError):
    """The text is of no format that is known here. `detail`: what its shape tells it is, by `wording.kinds`."""

    undetermined = True


class PartsError(FormatError):
    """What was given is not all of one card, or more than one. `detail`: which parts are missing, "2, 3 / 3"."""

    undetermined = True


class EncodingError(CardError):
    """The text after the prefix is not strictly what its format writes bytes in: base45, base32, pairs of digits."""

    stage = "encoding"


class CompressionError(CardError):
    """The bytes are not exactly one zlib or deflate stream, or inflate beyond the bound."""

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
    """The signed content is not a certificate that makes sense."""

    stage = "content"


class UnsupportedContentError(ContentError):
    """The signed content is in a language that is not read here. `detail`: which, as `wording.kinds` has it."""

    undetermined = True


class RevocationError(CardError):
    """The certificate, its site or its key has been withdrawn."""

    stage = "revocation"


class RevocationUnknownError(RevocationError):
    """Whether the certificate has been withdrawn cannot be told: its issuer has a list that is not held."""

    undetermined = True


class RulesError(CardError):
    """The certificate is genuine but the rules refuse it."""

    stage = "rules"


class UndecidedError(RulesError):
    """The certificate is genuine, and whether the rules of the place are met cannot be told."""

    undetermined = True


class EvaluationError(_ReasonedError):
    """A rule cannot be evaluated over a card. Its answer is unknown; `detail` says why, and nothing of the card."""


class InputError(VaxcertError):
    """A value cannot be issued. `field` names it; nothing here ever repeats its content.

    `said`: what the words of the reason are filled in with: bounds, another row's line. `problem`: all of it as one
    value, to be counted and kept; `vaxcert.wording.rows.phrase` makes words of that, in both languages.
    """

    def __init__(self, field: str, reason: Reason, **said: str | int) -> None:
        self.problem = Problem(field, reason, tuple(said.items()))
        super().__init__(str(self.problem))
        self.field = field
        self.reason = reason
        self.said = said

    def __reduce__(self) -> tuple[object, ...]:
        return _input_error, tuple(self.problem)


def _input_error(field: str, reason: Reason, said: tuple[tuple[str, str | int], ...]) -> InputError:
    return InputError(field, reason, **dict(said))


class KeyMaterialError(_ReasonedError):
    """A key or certificate that cannot be used."""


class ConfigurationError(_DetailedError):
    """What the operator set up or asked for is wrong or contradictory."""

    usual = Reason.SETTING_INVALID


class DamagedError(ConfigurationError):
    """Data is not what was written or signed: tampered with, rolled back, cut short, or of no such form."""

    usual = Reason.DATA_DAMAGED


class NotFoundError(ConfigurationError):
    """What was named is not there: a file, a person, a run."""

    usual = Reason.NOT_FOUND


class UnreachableError(ConfigurationError):
    """What has to be asked over a network or a socket does not answer."""

    usual = Reason.UNREACHABLE


class ImageError(_DetailedError):
    """A picture that cannot be opened within the limits, or a text that does not fit a symbol."""

    usual = Reason.IMAGE_UNREADABLE
