"""Certificates of named doses, for whoever asks at a desk: by the rules of the nightly run, and by who entered them.

read → refused, or on record already, or due → admitted? note who asks, in `signing` and the audit log → commit → issue
log, sign → keep → commit. What is handed out is kept before; what is signed is noted before. Whoever is stopped
in between leaves a note without a certificate, and nothing was handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert.errors import ConfigurationError, InputError, Reason, VaxcertError
from vaxcert.issue import Issuer
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.certificates import due
from vaxcert.registry.certificates.due import DueCertificate
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import completeness, doses
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.now import dose_now, whose_dose
from vaxcert.registry.states import DoseState, RunKind, RunState

MOST_ACCOUNT, MOST_PEER = 50, 26
# What keeps a whole person back, as the reason why a dose of theirs has no certificate.
REASONS: dict[FindingKind, Reason] = {
    FindingKind.EARLIER_DOSE_MISSING: Reason.EARLIER_DOSE_MISSING,
    FindingKind.DATES_OUT_OF_ORDER: Reason.DATES_OUT_OF_ORDER,
    FindingKind.DISPUTED: Reason.DISPUTED,
    FindingKind.QUESTION_OPEN: Reason.QUESTION_OPEN,
    FindingKind.NO_DOSE_THAT_COUNTS: Reason.NO_DOSE_THAT_COUNTS,
}
_ACCOUNT = re.compile(r"[\w.@:+-]+")


class Asker(NamedTuple):
    """Who asks: an account as it was named, the process that named it ("" for this one), and the site."""

    account: str
    peer: str = ""
    site: str = ""

    @property
    def actor(self) -> str:
        """As runs and the audit log have it: the account, with who says that it is this one."""
        return f"{self.account} ({self.peer})" if self.peer else self.account

    def check(self) -> None:
        """Raise `InputError` for what cannot be kept as a name."""
        for field, text, most in (
            ("account", self.account, MOST_ACCOUNT), ("peer", self.peer, MOST_PEER), ("site", self.site, 16),
        ):  # fmt: skip
            if len(text) > most:
                raise InputError(field, Reason.TOO_LONG, most=most)
            if text and not _ACCOUNT.fullmatch(text):
                raise InputError(field, Reason.NOT_VALID)
        if not self.account:
            raise InputError("account", Reason.MISSING)


class DoseCertificate(NamedTuple):
    """The certificate of a dose. `new`: signed now, and not on record before; `why`: of a new one, as a run counts it;
    `revoked`: ids that are wrong by now and were revoked with it; `expires_at`: aware, UTC."""

    dose_id: int
    certificate_id: str
    text: str
    expires_at: datetime
    new: bool
    why: str = ""
    revoked: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<DoseCertificate {self.certificate_id}>"


class RefusedDose(NamedTuple):
    """A dose that gets none, and the error that says why."""

    dose_id: int
    error: VaxcertError


class _Asked(NamedTuple):
    """What there is to be done about a dose: sign one, with what is wrong by then, or give out one that is there."""

    due: DueCertificate | None
    wrong: list[str]
    there: str


def issue(registry: Registry, issuer: Issuer, dose_id: int, *, asker: Asker, **options: Any) -> DoseCertificate:
    """The certificate of one dose: signed now, or the one that states it already. `options`: as `issue_many` has them.

    Raises `InputError` with why there is none (its `field` is "dose"), `NotFoundError` for a dose that is not there,
    and `ConfigurationError` where who brought the dose was stopped half-way, or `admit` refuses.
    """
    (answer,) = issue_many(registry, issuer, (dose_id,), asker=asker, **options)
    if isinstance(answer, RefusedDose):
        raise answer.error
    return answer


def issue_many(
    registry: Registry,
    issuer: Issuer,
    wanted: Sequence[int],
    *,
    asker: Asker,
    admit: Callable[[Connection, int], None] = lambda connection, many: None,
    bulk: int | None = None,
    renew_within: timedelta = timedelta(days=30),
) -> list[DoseCertificate | RefusedDose]:
    """The certificates of doses, in their order, each once; what is wrong with one costs that one.

    `admit`: is told how many are to be signed, before any is, and raises to have none signed. `bulk`: the request that
    somebody else approved. Waits for the registry's lock.
    """
    asker.check()
    due.check_renewing(issuer, renew_within)
    answers: dict[int, DoseCertificate | RefusedDose] = {}
    asked: dict[int, _Asked] = {}
    with registry.writing() as connection:
        for dose_id in dict.fromkeys(wanted):
            try:
                asked[dose_id] = _ask(registry, connection, dose_id, renew_within)
            except VaxcertError as error:
                answers[dose_id] = RefusedDose(dose_id, error)
        to_sign = {dose_id: one for dose_id, one in asked.items() if one.due}
        if to_sign:
            admit(connection, len(to_sign))
            run = _note(registry, connection, list(to_sign), asker, bulk, issuer.authority)
            connection.commit()
            answers |= _signed(registry, connection, issuer, to_sign, asker, run)
        there = {dose_id: one.there for dose_id, one in asked.items() if one.there}
        if there:
            answers |= _there(registry, connection, there)
            audit.record(registry, connection, asker.actor, "give out", site=asker.site, doses=sorted(there))
    return [answers[dose_id] for dose_id in dict.fromkeys(wanted)]


def sites_of(registry: Registry, wanted: Sequence[int]) -> set[str]:
    """The sites at which doses were given, as of now; "" where a site is not in the list. Of no dose: none."""
    version = schema.dose_version
    with registry.reading() as connection:
        query = select(version.c.site).where(version.c.dose_id.in_(set(wanted)), version.c.superseded_by.is_(None))
        return set(connection.scalars(query.distinct()))


def awaiting(registry: Registry, *, site: str, since: date) -> list[int]:
    """The doses given at a site since a day that count and of which no certificate was ever signed, oldest first.

    To be asked for once the signer answers again; among them are those that are kept back, and that a later dose
    took the place of.
    """
    version, certificate = schema.dose_version, schema.certificate
    query = (
        select(version.c.dose_id)
        .outerjoin(certificate, certificate.c.dose_id == version.c.dose_id)
        .where(
            version.c.superseded_by.is_(None), version.c.state == DoseState.GOOD, version.c.site == site,
            version.c.date >= since, certificate.c.id.is_(None),
        )
        .order_by(version.c.dose_id)
    )  # fmt: skip
    with registry.reading() as connection:
        return list(connection.scalars(query))


def _ask(registry: Registry, connection: Connection, dose_id: int, within: timedelta) -> _Asked:
    """What there is to be done about a dose. Raises `VaxcertError` where nothing may be."""
    given = dose_now(connection, dose_id)
    _check_entered(connection, dose_id, given.version_id)
    if given.state is DoseState.WITHDRAWN:
        raise InputError("dose", Reason.WITHDRAWN)
    number = whose_dose(connection, dose_id)
    owner = schema.person
    records = list(
        connection.scalars(select(owner.c.id).where((owner.c.id == number) | (owner.c.merged_into == number)))
    )
    (one,) = everybody(connection, records)
    held = due.held(connection, registry, within, records).get(number, [])
    found = due.standing(one, held, completeness.asked(connection, records))
    if found.kept_back:
        raise InputError("dose", REASONS[found.kept_back[0]])
    newest = completeness.newest(one)[given.dose.disease]
    if newest.dose_id != dose_id:
        raise InputError("dose", Reason.LATER_DOSE)
    for wanted in found.due:
        if wanted.dose.dose_id == dose_id:
            return _Asked(wanted, [wrong.id for wrong in found.wrong], "")
    states = doses.stated(newest.dose)
    person = one.profile.person
    there = next(old.id for old in due.current_of(newest, held) if (old.dose, old.person) == (states, person))
    return _Asked(None, [], there)


def _check_entered(connection: Connection, dose_id: int, version_id: int) -> None:
    """Raise where it is not on record who entered a dose, or they were stopped half-way."""
    run, dose, version = schema.run, schema.dose, schema.dose_version
    query = (
        select(run.c.id, run.c.actor, run.c.state, version.c.changed_by)
        .join(dose, dose.c.run_id == run.c.id)
        .join(version, version.c.dose_id == dose.c.id)
        .where(dose.c.id == dose_id, version.c.id == version_id)
    )
    row = connection.execute(query).one()
    if not row.actor.strip() or not row.changed_by.strip():
        raise InputError("dose", Reason.ENTERER_UNKNOWN)
    if row.state == RunState.RUNNING:
        raise ConfigurationError(f"run {row.id}, which brought dose {dose_id}, was stopped", Reason.UNFINISHED)


def _there(registry: Registry, connection: Connection, there: dict[int, str]) -> dict[int, DoseCertificate]:
    """Certificates that are on record, by dose: from now on of that dose.

    One that was signed of a dose which was taken back states the dose that was recorded in its place as well.
    """
    table = schema.certificate
    query = select(table.c.id, table.c.text, table.c.expires_at, table.c.dose_id).where(table.c.id.in_(there.values()))
    rows = {row.id: row for row in connection.execute(query)}
    for dose_id, name in there.items():
        if rows[name].dose_id != dose_id:
            values = {"dose_id": dose_id, "dose_version_id": dose_now(connection, dose_id).version_id}
            connection.execute(update(table).where(table.c.id == name).values(**values))
    return {
        dose_id: DoseCertificate(
            dose_id, name, registry.secrets.decrypt("certificate", bytes(rows[name].text)),
            rows[name].expires_at.replace(tzinfo=UTC), new=False,
        )
        for dose_id, name in there.items()
    }  # fmt: skip


def _note(
    registry: Registry, connection: Connection, wanted: list[int], asker: Asker, bulk: int | None, source: str
) -> int:
    """Note who asks for which signatures, before there are any; return the run's number."""
    run = runs.begin(registry, connection, RunKind.ISSUE, asker.actor, source=source)
    first, at = next_id(connection, schema.signing), registry.now()
    rows = [
        {"id": number, "run_id": run, "at": at, **asker._asdict(), "dose_id": dose_id, "bulk_id": bulk}
        for number, dose_id in enumerate(wanted, first)
    ]
    connection.execute(insert(schema.signing), rows)
    told = {"run": run, "site": asker.site, "doses": wanted} | ({} if bulk is None else {"request": bulk})
    audit.record(registry, connection, asker.actor, "sign", **told)
    return run


def _signed(
    registry: Registry, connection: Connection, issuer: Issuer, wanted: dict[int, _Asked], asker: Asker, run: int
) -> dict[int, DoseCertificate | RefusedDose]:
    """Sign what was noted, and keep it."""
    answers: dict[int, DoseCertificate | RefusedDose] = {}
    rows, gone = [], []
    for dose_id, (now, wrong, _) in wanted.items():
        if now is None:
            continue
        try:
            made = issuer.issue(now.one.profile.person, now.dose.dose, operator=asker.actor)
        except VaxcertError as error:
            answers[dose_id] = RefusedDose(dose_id, error)
            continue
        rows.append((due.row_of(registry, issuer, now, made, run), [old.id for old in now.replaces]))
        gone += wrong
        answers[dose_id] = DoseCertificate(
            dose_id, made.certificate_id, made.text, made.expires_at, True, now.why, tuple(wrong)
        )
    due.write(registry, connection, rows, gone)
    table = schema.signing
    for row, _ in rows:
        mine = (table.c.run_id == run) & (table.c.dose_id == row["dose_id"])
        connection.execute(update(table).where(mine).values(certificate_id=row["id"]))
    runs.end(registry, connection, run, {"certificates": len(rows), "revoked": len(set(gone))})
    connection.commit()
    return answers
