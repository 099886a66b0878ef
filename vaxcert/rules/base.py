"""What judges a certificate whose signature was checked, whatever it is written in, and what it finds."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from vaxcert.model import Certificate
from vaxcert.trust import Opened
from vaxcert.verdict import RulesVerdict
from vaxcert.wording.words import Words


class Rules(Protocol):
    """A place's policy, or a country's set of rules."""

    @property
    def title(self) -> Words:
        """What people are shown as its name."""

    @property
    def signed(self) -> bool:
        """Whether it came with the signed list of keys."""

    def judge(self, certificate: Certificate, opened: Opened, at: datetime) -> RulesVerdict:
        """What the rules say of a certificate at an aware moment. Never raises for what a certificate states."""
