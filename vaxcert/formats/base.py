"""What a format is: three steps, each a pair of question and answer."""

from typing import Protocol

from vaxcert.model import Certificate
from vaxcert.trust import Opened
from vaxcert.verdict import Stage
from vaxcert.wire import Algorithm, Sealed


class Format(Protocol):
    """A certificate system's text form.

    `name` is what a `TrustedKey.formats` names; `algorithms` is the closed set that it allows; `stages` are
    the decoding stages that it has, in order.
    """

    @property
    def name(self) -> str: ...

    @property
    def algorithms(self) -> frozenset[Algorithm]: ...

    @property
    def stages(self) -> tuple[Stage, ...]: ...

    def detect(self, text: str) -> bool:
        """Whether the text begins like one of ours. Never raises, never decodes."""
        ...

    def unwrap(self, text: str) -> Sealed:
        """The signed message in a text. Raises the `CardError` of the stage that failed."""
        ...

    def read(self, opened: Opened) -> Certificate:
        """The certificate in a message whose signature was checked. Raises `ContentError`."""
        ...
