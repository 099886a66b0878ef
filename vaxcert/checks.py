"""What every genuine card must meet besides. Each check returns, or raises its `CardError`.

They get a `Certificate` and the `TrustedKey` that opened it, so none of them can be asked about a card whose
signature nobody has checked.
"""

from datetime import date, datetime, timedelta

from vaxcert import codes, uvci
from vaxcert.errors import ContentError, Reason, RevocationError, RulesError, UsageError, ValidityError
from vaxcert.model import Certificate, Dose, Entry, TestResult, earliest_birth, is_birth_year_possible
from vaxcert.trust import Opened, TrustedKey, revocation
from vaxcert.trust.revocation import Kind, Revocations

# For a card's `iat` and a key's start: two machines' clocks may differ by minutes. The end of either has no
# such grace, or an expired card would be accepted.
SKEW = timedelta(seconds=300)

# The guidelines count to 9, the schema without end; two digits are more than anybody's arm.
MAX_DOSES = 99

# Calendars differ: it may be tomorrow at the place of the dose while it is today here.
_ONE_DAY = timedelta(days=1)

# EU states use their own letters for Greece and the United Kingdom (Interinstitutional style guide, 7.1.1).
_ALIASES = {"EL": "GR", "UK": "GB"}


def usage(certificate: Certificate, signer: TrustedKey, format_name: str) -> None:
    """The signer may sign this format and this kind (HCERT 1.0.8, annex A: no limit named means any)."""
    if format_name not in signer.formats:
        raise UsageError(Reason.FORMAT_NOT_ALLOWED, f"the key is not for {format_name}")
    if signer.usages and certificate.kind not in signer.usages:
        raise UsageError(Reason.USAGE_NOT_ALLOWED, f"the key is not for {certificate.kind}")


def signer_country(certificate: Certificate, signer: TrustedKey) -> None:
    """The card claims no other country than its signer's. Only asked where the policy wants it."""
    if country_differs(certificate, signer):
        raise UsageError(Reason.SIGNER_COUNTRY_DIFFERS)


def validity(certificate: Certificate, signer: TrustedKey, at: datetime) -> None:
    """Card and signer are valid at `at`, and the card was issued while its signer was.

    Both ends are inclusive: X.509 says so of a certificate, and verifiers of this format count a card's last
    second as valid, though a plain CWT would not (RFC 8392, section 3.1.4).
    """
    # Moments are told by their differences: a sum with one at the end of the calendar cannot be.
    expires_at, issued_at = certificate.expires_at, certificate.issued_at
    if expires_at is not None and at > expires_at:
        raise ValidityError(Reason.EXPIRED)
    if issued_at is not None:
        if issued_at - at > SKEW:
            raise ValidityError(Reason.NOT_YET_VALID)
        if signer.not_before - issued_at > SKEW or issued_at - signer.not_after > SKEW:
            raise ValidityError(Reason.ISSUED_OUTSIDE_SIGNER_VALIDITY)
    if at > signer.not_after:
        raise ValidityError(Reason.SIGNER_EXPIRED)
    if signer.not_before - at > SKEW:
        raise ValidityError(Reason.SIGNER_NOT_YET_VALID)


def content(certificate: Certificate) -> None:
    """What could be read lies within what the content's own rules allow."""
    if not is_birth_year_possible(certificate.person.date_of_birth):
        raise ContentError(Reason.CONTENT_INVALID, "the birth date is not of 1900 to 2099")
    for entry in certificate.entries:
        if isinstance(entry, Dose) and not (1 <= entry.number <= MAX_DOSES and 1 <= entry.series <= MAX_DOSES):
            raise ContentError(Reason.CONTENT_INVALID, f"not dose 1 to {MAX_DOSES}")


def plausible(certificate: Certificate, at: datetime) -> None:
    """Nothing happened before the birth or after `at`. Such things have been signed by genuine keys, for forgers.

    A rule and not a question of content: the card says what its signer meant it to say.
    """
    born = certificate.person.date_of_birth
    birth = earliest_birth(born) if born else None
    today = at.date()
    for entry in certificate.entries:
        day = _day_of(entry)
        if birth is not None and birth - day > _ONE_DAY:
            raise RulesError(Reason.EVENT_BEFORE_BIRTH)
        if day - today > _ONE_DAY:
            raise RulesError(Reason.EVENT_IN_FUTURE)


def key_not_withdrawn(signer: TrustedKey) -> None:
    """The signer's key has not been withdrawn as a whole."""
    if signer.withdrawn:
        raise RevocationError(Reason.KEY_REVOKED)


def not_revoked(certificate: Certificate, opened: Opened, revocations: Revocations) -> None:
    """Neither the certificate nor the site that issued it has been withdrawn."""
    signer = opened.signer
    if revocations.holds(Kind.SIGNATURE):
        signature = revocation.of_signature(opened.sealed, signer.algorithm)
        if (Kind.SIGNATURE, signature) in revocations:
            raise RevocationError(Reason.REVOKED)
    for entry in certificate.entries:
        name = entry.certificate_id
        # The signer's country is known, the card's is claimed: either may have been meant.
        countries = {country for country in (signer.country, certificate.issuer, entry.country) if country}
        if revocations.holds(Kind.UCI) and (Kind.UCI, revocation.of_uci(name)) in revocations:
            raise RevocationError(Reason.REVOKED)
        if revocations.holds(Kind.COUNTRY_UCI):
            for country in countries:
                if (Kind.COUNTRY_UCI, revocation.of_country_uci(country, name)) in revocations:
                    raise RevocationError(Reason.REVOKED)
        if revocations.holds(Kind.SITE) and (site := uvci.site_of(name)):
            for country in countries:
                if (Kind.SITE, revocation.of_site(country, site)) in revocations:
                    raise RevocationError(Reason.SITE_REVOKED)


def not_positive(certificate: Certificate) -> None:
    """No test in the certificate found the disease."""
    for entry in certificate.entries:
        if isinstance(entry, TestResult) and entry.result == codes.DETECTED:
            raise RulesError(Reason.TEST_POSITIVE)


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
    return tuple(odd)


def country_differs(certificate: Certificate, signer: TrustedKey) -> bool:
    """Whether the issuer or an entry claims a country that is not the signer's.

    Claims that are no two-letter code (some states put a ministry there) claim no country.
    """
    own = signer.country
    if not own:
        return False
    own = _ALIASES.get(own, own)
    for claimed in (certificate.issuer, *[entry.country for entry in certificate.entries]):
        if (
            claimed != own
            and len(claimed) == 2
            and claimed.isalpha()
            and _ALIASES.get(claimed.upper(), claimed.upper()) != own
        ):
            return True
    return False


def _day_of(entry: Entry) -> date:
    if isinstance(entry, Dose):
        return entry.date
    return entry.sampled_at.date() if isinstance(entry, TestResult) else entry.first_positive
