"""The tables. Nothing of a person or dose is overwritten: a change is a new version, and the old one names it."""

from vaxcert.registry.schema.accounts import access_reason, access_token, account, account_role, screen_session
from vaxcert.registry.schema.base import metadata
from vaxcert.registry.schema.certificates import certificate
from vaxcert.registry.schema.desk import adverse_event, attendance, desk_entry, desk_session
from vaxcert.registry.schema.holders import holder_code, holder_ticket, lookup_count
from vaxcert.registry.schema.intake import reject, source_row
from vaxcert.registry.schema.lists import delivery, lot, priority_group, setting, site, target
from vaxcert.registry.schema.records import dose, dose_version, person, person_version, review
from vaxcert.registry.schema.signing import bulk_request, retry, signing
from vaxcert.registry.schema.sums import run_site, tally
from vaxcert.registry.schema.work import audit, run

# Of the migrations, the one that makes these tables.
REVISION = "0011"

__all__ = [
    "REVISION",
    "access_reason",
    "access_token",
    "account",
    "account_role",
    "adverse_event",
    "attendance",
    "audit",
    "bulk_request",
    "certificate",
    "delivery",
    "desk_entry",
    "desk_session",
    "dose",
    "dose_version",
    "holder_code",
    "holder_ticket",
    "lookup_count",
    "lot",
    "metadata",
    "person",
    "person_version",
    "priority_group",
    "reject",
    "retry",
    "review",
    "run",
    "run_site",
    "screen_session",
    "setting",
    "signing",
    "site",
    "source_row",
    "tally",
    "target",
]
