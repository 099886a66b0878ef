"""What every genuine card must meet besides. Each check returns, or raises its `CardError`.

They get a `Certificate` and the `TrustedKey` that opened it, so none of them can be asked about a card whose
signature nobody has checked.
"""

from datetime import UTC, datetime, timedelta

from vaxcert import codes, uvci
from vaxcert.errors import (
    ContentError,
    Reason,
    RevocationError,
    RevocationUnknownError,
    RulesError,
    UnsupportedContentError,
    UsageError,
    ValidityError,
)
from vaxcert.model import (
    ONE_DAY,
    Certificate,
    Dose,
    Recovery,
    TestResult,
    day_of,
    earliest_birth,
    is_birth_year_possible,
    is_over,
    is_to_come,
    kind_of,
)
from vaxcert.trust import Opened, TrustedKey, revocation
from vaxcert.trust.revocation import Kind, Revocations

# For a card's `iat` and a key's start: two machines' clocks may differ by minutes. The end of either has no
# such grace, or an expired card would be accepted.
SKEW = timedelta(seconds=300)

# The guidelines count to 9, the schema without end; two digits are more than anybody's arm.
MAX_DOSES = 99


def usage(certificate: Certificate, signer: TrustedKey) -> None:
    """The signer may sign this format and each kind of entry (HCERT 1.0.8, annex A: no limit named means any)."""
    # A link states nothing that it could be allowed to.
    if certificate.format not in signer.formats and certificate.format != "vhl":
        raise UsageError(Reason.FORMAT_NOT_ALLOWED, f"the key is not for {certificate.format}")
    for entry in certificate.entries if signer.usages else ():
        if (kind := kind_of(entry)) not in signer.usages:
            raise UsageError(Reason.USAGE_NOT_ALLOWED, f"the key is not for {kind}")


def signer_country(certificate: Certificate, signer: TrustedKey) -> None:
    """The card claims no other country than its signer's. Only asked where the policy wants it."""
    if country_differs(certificate, signer):
        raise UsageError(Reason.SIGNER_COUNTRY_DIFFERS)


def not_expired(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """The card has not ended. Its last second counts as valid, as verifiers of this format have it, though a plain CWT
    would not (RFC 8392, section 3.1.4)."""
    if certificate.expires_at is not None and at > certificate.expires_at:
        raise ValidityError(Reason.EXPIRED)


def begun(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """The card has been issued, and is to hold already (CWT's `nbf`, RFC 8392, section 3.1.5)."""
    for moment in (certificate.issued_at, certificate.not_before):
        if moment is not None and moment - at > SKEW:
            raise ValidityError(Reason.NOT_YET_VALID)


def issued_in_time(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """The card was issued while its signer was valid."""
    issued_at = certificate.issued_at
    # Moments are told by their differences: a sum with one at the end of the calendar cannot be.
    if issued_at is not None and max(signer.not_before - issued_at, issued_at - signer.not_after) > SKEW:
        raise ValidityError(Reason.ISSUED_OUTSIDE_SIGNER_VALIDITY)


def signer_not_expired(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """The signer has not ended; its last second counts, as X.509 says of a certificate."""
    if at > signer.not_after:
        raise ValidityError(Reason.SIGNER_EXPIRED)


def signer_begun(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """The signer has begun."""
    if signer.not_before - at > SKEW:
        raise ValidityError(Reason.SIGNER_NOT_YET_VALID)


# All that is asked of card and signer about time; where several fail, the first is the reason.
VALIDITY = (not_expired, begun, issued_in_time, signer_not_expired, signer_begun)


# What cards of a system are called in `vaxcert.wording.kinds`, of which some state nothing that is read here.
_KINDS = {"shc": "smart_health_card", "vhl": "vhl"}


def content(certificate: Certificate) -> None:
    """What could be read lies within what the content's own rules allow, and there is something of it."""
    if not certificate.entries:
        raise UnsupportedContentError(Reason.CONTENT_UNKNOWN, _KINDS.get(certificate.format, ""))
    if not is_birth_year_possible(certificate.person.date_of_birth):
        raise ContentError(Reason.CONTENT_INVALID, "the birth date is not of 1900 to 2099")
    for entry in certificate.entries:
        if isinstance(entry, Dose) and not (1 <= entry.number <= MAX_DOSES and 1 <= entry.series <= MAX_DOSES):
            # The EU's always tell of how many doses one is; in other systems few do.
            if 1 <= entry.number <= MAX_DOSES and entry.series == 0 and certificate.format != "hcert":
                continue
            raise ContentError(Reason.CONTENT_INVALID, f"not dose 1 to {MAX_DOSES}")


def key_not_withdrawn(signer: TrustedKey) -> None:
    """The signer's key has not been withdrawn as a whole."""
    if signer.withdrawn:
        raise RevocationError(Reason.KEY_REVOKED)


def not_on_issuers_list(certificate: Certificate, signer: TrustedKey) -> None:
    """The issuer's own list of withdrawn cards, where it has one, does not hold this card, and is not an older one."""
    rids = signer.rids
    for entry in certificate.entries:
        rid = entry.certificate_id
        if rids.withdraws(rid, certificate.issued_at):
            raise RevocationError(Reason.REVOKED)
        if rid and not rids.is_current:
            raise RevocationUnknownError(Reason.REVOCATION_UNKNOWN)


def not_revoked(certificate: Certificate, opened: Opened, revocations: Revocations) -> None:
    """Neither the certificate nor the site that issued it has been withdrawn."""
    signer = opened.signer
    if revocations.holds(Kind.SIGNATURE):
        signature = revocation.of_signature(opened.sealed, signer.algorithm)
        if (Kind.SIGNATURE, signature) in revocations:
            raise RevocationError(Reason.REVOKED)
    by_country, by_site = revocations.holds(Kind.COUNTRY_UCI), revocations.holds(Kind.SITE)
    if not (by_country or by_site or revocations.holds(Kind.UCI)):
        return
    for entry in certificate.entries:
        # Whoever revoked it may have written it otherwise than the card does.
        names = uvci.spellings(entry.certificate_id)
        if certificate.format == "shc" and (Kind.UCI, revocation.of_rid(entry.certificate_id)) in revocations:
            raise RevocationError(Reason.REVOKED)
        if any((Kind.UCI, revocation.of_uci(name)) in revocations for name in names):
            raise RevocationError(Reason.REVOKED)
        if not by_country and not by_site:
            continue
        # The signer's country is known, the card's is claimed: either may have been meant, by any of its codes.
        countries = codes.codes_of_countries(signer.country, certificate.issuer, entry.country)
        for country in countries if by_country else ():
            if any((Kind.COUNTRY_UCI, revocation.of_country_uci(country, name)) in revocations for name in names):
                raise RevocationError(Reason.REVOKED)
        for site in uvci.sites_of(names) if by_site else ():
            if any((Kind.SITE, revocation.of_site(country, site)) in revocations for country in countries):
                raise RevocationError(Reason.SITE_REVOKED)


def not_positive(certificate: Certificate, at: datetime) -> None:
    """No test in the certificate found the disease."""
    for entry in certificate.entries:
        if isinstance(entry, TestResult) and entry.result == codes.DETECTED:
            raise RulesError(Reason.TEST_POSITIVE)


def not_before_birth(certificate: Certificate, at: datetime) -> None:
    """Nothing happened before the birth. Such things have been signed by genuine keys, for forgers.

    A rule and not a question of content: the card says what its signer meant it to say.
    """
    born = certificate.person.date_of_birth
    if not born:
        return
    birth = earliest_birth(born)
    for entry in certificate.entries:
        if birth - day_of(entry) > ONE_DAY:
            raise RulesError(Reason.EVENT_BEFORE_BIRTH)


def not_in_future(certificate: Certificate, at: datetime) -> None:
    """Nothing happened after `at`."""
    today = at.date()
    for entry in certificate.entries:
        if day_of(entry) - today > ONE_DAY:
            raise RulesError(Reason.EVENT_IN_FUTURE)


def recovery_begun(certificate: Certificate, at: datetime) -> None:
    """The first day of a recovery has come, somewhere on earth, or the card states something else."""
    recoveries = _nothing_but_recoveries(certificate)
    if recoveries and all(is_to_come(one, at.astimezone(UTC).date()) for one in recoveries):
        raise RulesError(Reason.RECOVERY_NOT_YET_VALID)


def recovery_lasting(certificate: Certificate, at: datetime) -> None:
    """The last day of a recovery has not passed everywhere, or the card states something else that holds today."""
    recoveries = _nothing_but_recoveries(certificate)
    if not recoveries:
        return
    today = at.astimezone(UTC).date()
    left = [one for one in recoveries if not is_over(one, today)]
    if len(left) < len(recoveries) and all(is_to_come(one, today) for one in left):
        raise RulesError(Reason.RECOVERY_EXPIRED)


def _nothing_but_recoveries(certificate: Certificate) -> list[Recovery]:
    found = []
    for entry in certificate.entries:
        if not isinstance(entry, Recovery):
            return []
        found.append(entry)
    return found


# The rules that need no rule set; where several fail, the first is the reason.
RULES = (not_positive, not_before_birth, not_in_future, recovery_begun, recovery_lasting)

# What a clock that is behind cannot tell, and one that is far ahead.
TOO_EARLY = frozenset(
    (Reason.NOT_YET_VALID, Reason.SIGNER_NOT_YET_VALID, Reason.EVENT_IN_FUTURE, Reason.RECOVERY_NOT_YET_VALID)
)
TOO_LATE = frozenset((Reason.EXPIRED, Reason.SIGNER_EXPIRED, Reason.RECOVERY_EXPIRED))


def warnings(certificate: Certificate, opened: Opened) -> tuple[Reason, ...]:
    """What is odd about a card and changes nothing."""
    odd = []
    if opened.sealed.alg is None:
        odd.append(Reason.ALGORITHM_UNPROTECTED)
    if country_differs(certificate, opened.signer):
        odd.append(Reason.SIGNER_COUNTRY_DIFFERS)
    for entry in certificate.entries:
        if isinstance(entry, Dose):
            if codes.holder_matches(entry.product, entry.holder) is False:
                odd.append(Reason.PRODUCT_HOLDER_MISMATCH)
            if codes.is_deprecated(entry.prophylaxis) or codes.is_deprecated(entry.product):
                odd.append(Reason.CODE_DEPRECATED)
        elif isinstance(entry, TestResult) and entry.result not in (codes.DETECTED, codes.NOT_DETECTED):
            odd.append(Reason.TEST_RESULT_UNKNOWN)
    return tuple(dict.fromkeys(odd))


def country_differs(certificate: Certificate, signer: TrustedKey) -> bool:
    """Whether the issuer or an entry claims a country that is not the signer's.

    Claims that are no two-letter code (some states put a ministry there) claim no country.
    """
    if not signer.country:
        return False
    own = codes.country(signer.country)
    for claimed in (certificate.issuer, *[entry.country for entry in certificate.entries]):
        if claimed != own and len(claimed) == 2 and claimed.isalpha() and codes.country(claimed) != own:
            return True
    return False
