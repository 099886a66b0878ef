"""What is asked is answered: one request at a time, from the registry alone, whatever else the asker says."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vaxcert.errors import ConfigurationError, InputError, Reason, VaxcertError, place_of
from vaxcert.issue import Issuer
from vaxcert.registry import audit
from vaxcert.registry.certificates.issuing import close_stopped
from vaxcert.registry.certificates.one import Asker, DoseCertificate, RefusedDose, issue_many, sites_of
from vaxcert.registry.connecting import database_error
from vaxcert.registry.database import Registry
from vaxcert.signer import bulk
from vaxcert.signer.alarms import Alarms
from vaxcert.signer.limits import SigningLimits, exceeded
from vaxcert.signer.protocol import (
    Answer,
    Decided,
    DecideRequest,
    KeptRequest,
    Request,
    Signed,
    SignedDose,
    SignRequest,
    WaitingRequests,
)
from vaxcert.sockets.messages import Failure

_log = logging.getLogger("vaxcert.signer")


class SigningAccounts(Protocol):
    """Who may have something signed, by the registry's own accounts and whatever a peer says of them."""

    def may_sign(self, account: str, sites: Collection[str], *, many: bool) -> bool:
        """Whether there is such an account, and it may have doses certified that were given at these sites ("": at one
        that is not known); `many`: more than one dose."""

    def may_approve(self, account: str) -> bool:
        """Whether there is such an account, and it may say yes to many certificates."""


class AnyAccount:
    """Accounts are as peers say: for a registry that keeps none."""

    def may_sign(self, account: str, sites: Collection[str], *, many: bool) -> bool:
        """Always."""
        return True

    def may_approve(self, account: str) -> bool:
        """Always."""
        return True


class Peer(Protocol):
    """Who is connected. `name`: at most 26 letters and digits."""

    @property
    def name(self) -> str:
        """The user that it runs as."""

    @property
    def may_approve(self) -> bool:
        """Whether a yes to many certificates may come from there."""


class RegistrySigner:
    """Answers requests. `registry` and `issuer` are its own: the issuer's log gets an entry before each signature.

    Several threads may ask at once; they are answered one after the other.
    """

    def __init__(
        self,
        registry: Registry,
        issuer: Issuer,
        *,
        limits: SigningLimits | None = None,
        accounts: SigningAccounts | None = None,
        alarms: Alarms | None = None,
        renew_within: timedelta = timedelta(days=30),
    ) -> None:
        self._registry, self._issuer = registry, issuer
        self._limits, self._accounts = limits or SigningLimits(), accounts or AnyAccount()
        self._alarms, self._renew_within = alarms or Alarms(), renew_within
        self._turn = threading.Lock()

    def begin(self) -> None:
        """Close what a signer that was stopped left half-way: it noted a signature that nobody got."""
        with self._turn, self._registry.writing() as connection:
            close_stopped(self._registry, connection, "signer")

    def finish(self) -> None:
        """Wait for the request that is at work, and take no other."""
        self._turn.acquire()

    def answer(self, request: Request, peer: Peer) -> Answer:
        """The answer to a request, which never raises: a fault is logged by its place, and answered as one."""
        try:
            with self._turn:
                return self._answer(request, peer)
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            answered = Failure.of(database_error(error, f"the registry's database: {kind}"))
        except VaxcertError as error:
            answered = Failure.of(error)
        except Exception as error:
            _log.error("fault: %s", place_of(error))
            answered = Failure.of(InputError("request", Reason.FAULT, place="signer"))
        _log.info("refused: %s, %s, asked by %s", type(request).__name__, answered.reason, peer.name)
        return answered

    def stranger(self, name: str) -> Failure:
        """The answer to a process that may not ask, which people are told of."""
        self._alarms.ring("stranger", name)
        return Failure.of(ConfigurationError(f"{name} may not ask the signer", Reason.PEER_NOT_ALLOWED))

    def _answer(self, request: Request, peer: Peer) -> Answer:
        if isinstance(request, SignRequest):
            return self._sign(request, peer)
        if isinstance(request, DecideRequest):
            return self._decide(request, peer)
        return WaitingRequests(bulk.waiting(self._registry))

    def _sign(self, request: SignRequest, peer: Peer) -> Answer:
        asker = Asker(request.account, peer.name, request.site)
        asker.check()
        many = len(set(request.doses))
        if not many:
            raise InputError("dose", Reason.MISSING)
        asker = self._admitted(asker, request.doses)
        if many > self._limits.bulk_most:
            raise ConfigurationError(f"{many} certificates at once: at most {self._limits.bulk_most}", Reason.TOO_LARGE)
        if many > self._limits.bulk_over:
            number = bulk.keep(self._registry, request.doses, asker)
            self._alarms.ring("many", asker.account, request=number, doses=many)
            return KeptRequest(number)
        return self._signed(list(request.doses), asker, texts=request.texts)

    def _decide(self, request: DecideRequest, peer: Peer) -> Answer:
        by = Asker(request.account, peer.name)
        by.check()
        if not request.approve:
            if not self._accounts.may_approve(by.account):
                self._refuse_account(by)
            bulk.close(self._registry, request.request, by, bulk.DECLINED)
            return Decided()
        if not peer.may_approve:
            raise ConfigurationError(f"{peer.name} may not approve", Reason.PEER_NOT_ALLOWED)
        if not self._accounts.may_approve(by.account):
            self._refuse_account(by)
        # Both, by the doses' own sites, and as they are now: who asked may have been closed since.
        doses, asker = bulk.waiting_for(self._registry, request.request)
        for one in (asker, by):
            self._admitted(one, doses)
        bulk.approve(self._registry, request.request, by)
        answered = self._signed(doses, asker, request=request.request)
        # Last: who is stopped before is asked once more, and what was signed is on record by then.
        bulk.close(self._registry, request.request, by, bulk.APPROVED)
        return answered

    def _signed(self, doses: list[int], asker: Asker, *, texts: bool = False, request: int | None = None) -> Signed:
        def admit(connection: Connection, many: int) -> None:
            over = exceeded(self._registry, connection, self._limits, asker, many, approved=request is not None)
            if over is None:
                return
            about = {"account": asker.account, "site": asker.site}.get(over.whose, over.whose)
            if self._alarms.ring("limit", f"{over.whose} {about}", window=over.window, most=over.most):
                audit.record(
                    self._registry, connection, asker.actor, "limit reached",
                    site=asker.site, whose=over.whose, window=over.window, most=over.most,
                )  # fmt: skip
                connection.commit()
            raise over.error()

        found = issue_many(
            self._registry, self._issuer, doses, asker=asker, admit=admit, bulk=request, renew_within=self._renew_within
        )
        made = [one for one in found if isinstance(one, DoseCertificate)]
        failed = [one for one in found if isinstance(one, RefusedDose)]
        _log.info(
            "%d signed, %d on record already, %d refused (%s), for %s at %s, asked by %s",
            sum(one.new for one in made), sum(not one.new for one in made), len(failed),
            ", ".join(sorted({one.error.reason for one in failed})) or "-", asker.account, asker.site or "-",
            asker.peer,
        )  # fmt: skip
        return Signed(
            tuple(
                SignedDose(one.dose_id, one.certificate_id, one.new, one.expires_at, one.text if texts else "")
                for one in made
            ),
            tuple(Failure.of(one.error, one.dose_id) for one in failed),
        )

    def _admitted(self, asker: Asker, doses: Sequence[int]) -> Asker:
        """Who asks, by the site at which the doses were given and not by the one that is claimed, or a refusal."""
        sites = sites_of(self._registry, doses)
        if not self._accounts.may_sign(asker.account, sites, many=len(set(doses)) > 1):
            self._refuse_account(asker)
        return asker._replace(site=next(iter(sites))) if len(sites) == 1 and "" not in sites else asker

    def _refuse_account(self, asker: Asker) -> None:
        self._alarms.ring("account", asker.account, peer=asker.peer, site=asker.site)
        raise ConfigurationError("no account that may have this signed", Reason.ACCOUNT_NOT_ALLOWED)
