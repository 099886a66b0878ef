"""Codes that are none of ours, told by how their text begins. Nothing of them is decoded, and none is a forgery.

Their names are what `vaxcert.wording.kinds` has words for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vaxcert.errors import Reason

# No shape is told by more of a text than its beginning, but for members of a JSON object, which have no order.
_BEGINNING = 300
_MOST = 70_000


class _Shape(NamedTuple):
    kind: str
    reason: Reason
    pattern: re.Pattern[str]


def _shapes(reason: Reason, rows: Iterable[tuple[str, str]]) -> list[_Shape]:
    return [_Shape(kind, reason, re.compile(pattern, re.IGNORECASE | re.ASCII)) for kind, pattern in rows]


# Certificates of other systems: asking for other proof is what is to be done about them. Of those that are read here
# the rows are met by what cannot read them: the engine in the page.
_SYSTEMS = _shapes(
    Reason.FORMAT_UNSUPPORTED,
    (
        ("smart_health_card", r"shc:/|https?://\S*#shc:/"),  # SMART Health Cards framework 1.4.0
        ("smart_health_link", r"shlink:/|https?://\S*#shlink:/"),  # SMART Health Links
        ("vhl", r"vhlink:/|https?://\S*#vhlink:/"),  # IHE Verifiable Health Links
        ("nz_covid_pass", r"nzcp:/"),  # NZ COVID Pass specification 1
        ("divoc", r"B64:UEsDB|UEsDB[A-Za-z0-9+/]{20}|PK\x03\x04"),  # a ZIP archive with certificate.json
        ("2d_doc", r"DC0[1-9][0-9A-Z]{8}"),  # ANTS 2D-DOC 3, section 3
        ("foreign_dcc", r"(?!HC1:)[A-Z]{2,3}[0-9]{1,2}:[0-9A-Z $%*+\-./:]{100}"),  # base45 behind another prefix
        ("openid_credential", r"openid-credential-offer://|openid4vp://|haip://"),
        ("signed_token", r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.|$)"),  # RFC 7515, compact
    ),
)
# By a member anywhere in a JSON object.
_OBJECTS = _shapes(
    Reason.FORMAT_UNSUPPORTED,
    (
        ("vds_nc", r'"t"\s*:\s*"icao\.'),  # ICAO Doc 9303-13, VDS-NC
        ("verifiable_credential", r'"(?:@context|verifiableCredential|credentialSubject|openattestation)"'),
    ),
)
# Health data that nobody signed, which is what signed cards are made of.
_UNSIGNED = _shapes(Reason.NOT_A_CERTIFICATE, (("fhir", r'"resourceType"\s*:\s*"[A-Z]'),))
# What is no certificate at all. Some of it names people: of these texts nothing is ever shown.
_OTHERS = _shapes(
    Reason.NOT_A_CERTIFICATE,
    (
        ("identity_card", r"[0-9]{12}\|[0-9]{0,12}\|[^|]*\|[0-9]{6,8}\|"),  # Vietnam's card with a chip
        ("insurance_card", r"(?:[A-Z]{2}[0-9]{13}|[0-9]{10})\|[^|]*\|[0-9/]{4,10}\|"),  # Vietnam's health insurance
        ("identity_card", r"@[\s\x1c-\x1f]{1,4}(?:ANSI |AAMVA)|mdoc:"),  # AAMVA DL/ID; ISO/IEC 18013-5
        ("travel_document", r"[PVACI][A-Z<][A-Z<]{3}[A-Z0-9<]{20}"),  # ICAO Doc 9303, machine readable zone
        ("boarding_pass", r"M[1-4][A-Z0-9/ .'-]{20}[E ][A-Z0-9 ]{7}[A-Z]{6}"),  # IATA Resolution 792
        ("ticket", r"#UT0[12]|OTI0"),  # UIC 918.3
        ("vietqr", r"000201(?=.*A000000727)"),  # EMVCo merchant-presented, NAPAS' identifier
        ("payment", r"000201|upi:|BCD\r?\n00|SPC\r?\n02|bitcoin:|ethereum:|lightning:|litecoin:"),
        ("wifi", r"WIFI:"),
        ("contact", r"BEGIN:VCARD|MECARD:|BIZCARD:"),
        ("event", r"BEGIN:V(?:EVENT|CALENDAR)"),
        ("message", r"smsto:|sms:|mailto:|MATMSG:|tel:|SMTP:"),
        ("place", r"geo:"),
        ("login", r"otpauth(?:-migration)?://|FIDO:/"),
        ("link", r"(?!hc1:)[a-z][a-z0-9+.-]{1,30}://|www\.\S"),
        (
            "link",
            r"(?:[a-z0-9-]{1,63}\.){1,5}(?:com|net|org|info|edu|gov|app|link|page|io|ly|me|co|gl|eu|[a-z]{0,2}vn|th|kh|la"
            r"|cn|jp|kr|sg|my|id|in|au|nz|us|uk|de|fr)(?:[/?#]|$)",
        ),
        ("product", r"(?:[0-9]{8}|[0-9]{12,14})$|\(01\)[0-9]{14}|\x1d?01[0-9]{14}(?:17|10|21|11|15)|\]?C101[0-9]{14}"),
    ),
)


class Recognised(NamedTuple):
    """What a foreign code is: its name, and whether it is a certificate that cannot be judged, or none."""

    kind: str
    reason: Reason


def look(text: str) -> Recognised | None:
    """What a text is that is none of ours, or None where no shape fits. Never raises."""
    if len(text) > _MOST:
        return None
    text = text.lstrip()
    beginning = text[:_BEGINNING]
    for shape in _SYSTEMS:
        if shape.pattern.match(beginning):
            return Recognised(shape.kind, shape.reason)
    if text.startswith("{"):
        for shape in (*_OBJECTS, *_UNSIGNED):
            if shape.pattern.search(text):
                return Recognised(shape.kind, shape.reason)
    for shape in _OTHERS:
        if shape.pattern.match(beginning):
            return Recognised(shape.kind, shape.reason)
    return None
