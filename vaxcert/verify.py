"""`Verifier`: a text becomes a `Verdict`. Every step of it stands in `Verifier.verify`, by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from vaxcert import checks
from vaxcert.errors import CardError, KeyUnavailableError, Reason, RulesError, UndecidedError, UnrecognisedError
from vaxcert.formats import Format, bare, links, recognise
from vaxcert.model import Certificate, Link
from vaxcert.rules.base import Rules
from vaxcert.trust import Opened, TrustStore
from vaxcert.trust.rids import NO_RIDS
from vaxcert.verdict import OF_RULES, Check, Outcome, RuleAnswer, RulesVerdict, Stage, Verdict, decisive


class Verifier:
    """Checks cards against the keys of a `TrustStore`. Makes no network connection, keeps nothing.

    `clock`: yields aware datetimes, for cards that are verified without `at`. `require_signer_country`:
    refuse a card that claims another country than its signer's, which is else a warning. `rules`: what the place asks
    of a genuine certificate, as `vaxcert.rules` reads it.
    """

    def __init__(
        self,
        trust: TrustStore,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        require_signer_country: bool = False,
        rules: Rules | None = None,
    ) -> None:
        if not isinstance(trust, TrustStore):
            raise TypeError(f"trust: not a TrustStore but of type {type(trust).__name__}; TrustStore.load(…) makes one")
        self.trust = trust
        self._clock = clock
        self._require_signer_country = require_signer_country
        self._rules = rules

    def verify(self, text: str, at: datetime | None = None) -> Verdict:
        """The verdict on the text of a code. Never raises for a bad card.

        `at`: the aware moment to judge the card by, None for now. Raises `ValueError` where it is naive.
        """
        now, by_clock = self._clock(), at is None
        at = now if at is None else at
        if at.tzinfo is None:
            raise ValueError("`at` has no time zone")
        if now.tzinfo is None:
            raise ValueError("`clock` gives times without a time zone")
        if not by_clock:
            at = _in_calendar(at)
        text = bare(text)
        book = _Book()

        language = opened = None
        try:
            # 1. Whose text is it?
            language = recognise(text)
            # 2. Decode it, as far as a message that claims a signature.
            sealed = language.unwrap(text)
            # 3. May the list of keys be relied on now, whatever moment the card is judged by? If not, a bad
            #    signature is still a bad signature.
            self._ask_freshness(book, now, by_clock)
            # 4. The one step from claimed to checked.
            opened = self.trust.open(sealed, language.name, language.algorithms)
            # 5. What does it say?
            certificate = language.read(opened)
        except CardError as error:
            book.broken = error
            book.note(error)
            link = links.read(text) if isinstance(error, UnrecognisedError) else None
            return self._verdict(book, language, opened, link=link)
        # 6. Each of these is asked whatever the others answer, and only an exception is a no.
        signer = opened.signer
        book.ask(checks.usage, certificate, signer)
        if self._require_signer_country:
            book.ask(checks.signer_country, certificate, signer)
        book.ask_each(checks.VALIDITY, certificate, signer, at)
        book.ask(checks.content, certificate)
        # 7. Revocation: of whole keys, by the issuer's own list, and where ours has them of sites and certificates.
        book.ask(checks.key_not_withdrawn, signer)
        if signer.rids is not NO_RIDS:
            book.ask(checks.not_on_issuers_list, certificate, signer)
        if self.trust.revocations is not None:
            book.ask(checks.not_revoked, certificate, opened, self.trust.revocations)
        # 8. The rules that need no rule set: a test that found the disease lets nobody in, nor does what
        #    cannot have happened.
        book.ask_each(checks.RULES, certificate, at)
        # 9. What the place asks for, of what is genuine.
        if self._rules is not None:
            book.judge(self._rules.judge(certificate, opened, at))
        link = links.signed(opened) if certificate.format == "vhl" else None
        return self._verdict(book, language, opened, certificate, link)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Verifier is not copied between processes: make one in each, Verifier(TrustStore.load(…))")

    def _ask_freshness(self, book: _Book, now: datetime, by_clock: bool) -> None:
        """Whether the list may be relied on. A clock that it contradicts accuses no card that is judged by it."""
        try:
            self.trust.assure_fresh(now)
        except CardError as error:
            if by_clock:
                book.doubted = _DOUBTED.get(error.reason, frozenset())
            elif error.reason is Reason.CLOCK_SUSPECT:
                # For a card that is judged by another moment the list is old, whatever the clock is.
                error = KeyUnavailableError(Reason.TRUST_LIST_STALE)
            book.note(error)

    def _verdict(
        self,
        book: _Book,
        language: Format | None = None,
        opened: Opened | None = None,
        certificate: Certificate | None = None,
        link: Link | None = None,
    ) -> Verdict:
        return Verdict(
            checks=book.checks(
                (Stage.FORMAT,) if language is None else language.stages,
                self.trust.revocations is not None or _has_own_list(opened),
            ),
            # What states nothing that is read here is no certificate to be shown as one.
            certificate=certificate if certificate is not None and certificate.entries else None,
            signer=None if opened is None else opened.signer,
            warnings=() if opened is None or certificate is None else checks.warnings(certificate, opened),
            environment=self.trust.environment,
            freshness=self.trust.freshness,
            format=certificate.format if certificate is not None else None if language is None else language.name,
            error=decisive(book.errors),
            rules=book.rules,
            link=link,
        )


def _has_own_list(opened: Opened | None) -> bool:
    """Whether a message's signer has a list of its own, which is held, of what it has withdrawn."""
    return opened is not None and opened.signer.rids is not NO_RIDS and opened.signer.rids.held is not None


def _in_calendar(at: datetime) -> datetime:
    """A moment that has a day in UTC too: at either end of the calendar the last that has, or the first."""
    try:
        at.astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if at.year > 1 else datetime.min.replace(tzinfo=UTC)
    return at


# Reasons that the clock alone gives, by what is the matter with it.
_DOUBTED = {Reason.CLOCK_ROLLED_BACK: checks.TOO_EARLY, Reason.CLOCK_SUSPECT: checks.TOO_LATE}


class _Book:
    """What went wrong so far: `broken` ended the chain of steps, the other errors did not.

    `doubted`: reasons that count for nothing, since nobody knows what time it is. `doubts`: those that were given.
    """

    __slots__ = ("broken", "doubted", "doubts", "errors", "rules")

    def __init__(self) -> None:
        self.errors: list[CardError] = []
        self.broken: CardError | None = None
        self.doubted: frozenset[Reason] = frozenset()
        self.doubts: dict[str, Check] = {}
        self.rules: RulesVerdict | None = None

    def judge(self, rules: RulesVerdict) -> None:
        """Keep what the place's rules say: a line a rule, and one error where they are not met, or cannot be judged."""
        self.rules = rules
        told = rules.told()
        if told is not None and told.why is not None:
            refused = rules.outcome is Outcome.FAILED
            self.note((RulesError if refused else UndecidedError)(told.why, rules.mode))

    def ask(self, step: Callable[..., object], *arguments: Any) -> None:
        """Take a step that says no by raising a `CardError`, which is noted."""
        try:
            step(*arguments)
        except CardError as error:
            self._answered(error)

    def ask_each(self, steps: Iterable[Callable[..., object]], *arguments: Any) -> None:
        """Take steps one after the other, each of them whatever those before said."""
        left = iter(steps)
        while True:
            try:
                for step in left:
                    step(*arguments)
                return
            except CardError as error:
                self._answered(error)

    def _answered(self, error: CardError) -> None:
        """Note a no, but for one that nobody knows whether it is so."""
        if error.reason in self.doubted:
            stage = Stage(error.stage)
            self.doubts.setdefault(stage, Check(stage, Outcome.UNKNOWN, error.reason, error.detail))
        else:
            self.note(error)

    def note(self, error: CardError) -> None:
        """Keep an error without its frames and causes: they hold the card's text, and verdicts are kept and logged."""
        error.__traceback__ = error.__context__ = None
        self.errors.append(error)

    def checks(self, decoding: tuple[Stage, ...], revocations: bool) -> tuple[Check, ...]:
        """One check a stage, in order. `revocations`: whether there is a list of them."""
        if not self.errors and self.rules is None:
            return _all_passed(decoding, revocations)
        failed: dict[str, CardError] = {}
        for error in self.errors:
            if error.reason not in OF_RULES:
                failed.setdefault(error.stage, error)
        stages = _stages(decoding)
        reached = len(stages)
        if self.broken is not None:
            # Usage and validity stand before content, but are only asked of what could be read.
            last = Stage.USAGE if self.broken.stage == Stage.CONTENT else Stage(self.broken.stage)
            reached = stages.index(last)
        asked = () if self.rules is None else tuple(map(_ruled, self.rules.results))
        return (
            tuple(
                _failed(stage, failed[stage])
                if stage in failed
                else self.doubts[stage]
                if stage in self.doubts
                else (_untroubled(stage, revocations) if position < reached else _NOT_REACHED[stage])
                for position, stage in enumerate(stages)
                # What nobody asked is no line of its own beside what the place asks.
                if stage is not Stage.RULES or not asked or stage in failed or stage in self.doubts
            )
            + asked
        )


_PASSED = {stage: Check(stage, Outcome.PASSED) for stage in Stage}
_NOT_REACHED = {stage: Check(stage, Outcome.SKIPPED, Reason.NOT_REACHED) for stage in Stage}
_NOT_CONFIGURED = {
    stage: Check(stage, Outcome.SKIPPED, Reason.NOT_CONFIGURED) for stage in (Stage.REVOCATION, Stage.RULES)
}


def _failed(stage: Stage, error: CardError) -> Check:
    outcome = Outcome.UNKNOWN if error.undetermined else Outcome.FAILED
    return Check(stage, outcome, error.reason, error.detail)


def _ruled(result: RuleAnswer) -> Check:
    return Check(Stage.RULES, result.outcome, result.why, result.id)


def _untroubled(stage: Stage, revocations: bool) -> Check:
    if stage is Stage.REVOCATION and revocations:
        return _PASSED[stage]
    return _NOT_CONFIGURED.get(stage) or _PASSED[stage]


@lru_cache
def _stages(decoding: tuple[Stage, ...]) -> tuple[Stage, ...]:
    order = tuple(Stage)
    return (*decoding, *order[order.index(Stage.KEY) :])


@lru_cache
def _all_passed(decoding: tuple[Stage, ...], revocations: bool) -> tuple[Check, ...]:
    return tuple(_untroubled(stage, revocations) for stage in _stages(decoding))
