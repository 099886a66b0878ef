"""One rule of the EU's form: what it is about, for whom, from when to when, and its logic.

The form is that of the rules which the EU's gateway passed on (its JSON schema of validation rules, and "EU DCC
Validation Rules", 2021).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vaxcert import codes
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.rules.certlogic import Logic, compile_logic
from vaxcert.wording.words import Words

ACCEPTANCE, INVALIDATION, GENERAL = "Acceptance", "Invalidation", "General"
TYPES = (ACCEPTANCE, INVALIDATION, GENERAL)
CERTIFICATE_TYPES = (GENERAL, "Vaccination", "Test", "Recovery")

# The DCC schema's major version: another one would name its fields otherwise.
SCHEMA_MAJOR = 1
ENGINE = "CERTLOGIC"
# Rules state the version of the library that they were tried with; all of them up to this one have the same language.
ENGINE_MAJOR = 1

Version = tuple[int, int, int]

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+][0-9A-Za-z.+-]*)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)", re.ASCII)

# Texts that every rule has, and stands by.
_TEXTS = (
    "Identifier", "Type", "Country", "Version", "SchemaVersion", "Engine", "EngineVersion", "CertificateType",
    "ValidFrom", "ValidTo",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule that can be judged by.

    `descriptions`: what it asks, each with its language, in the rule's own order.
    `country`: by its one code, as `vaxcert.codes.country` has it. `valid_from`, `valid_to`: aware; the rule holds from
    the first to the last, both included.
    """

    identifier: str
    type: str
    country: str
    region: str
    version: Version
    schema_version: Version
    certificate_type: str
    valid_from: datetime
    valid_to: datetime
    descriptions: tuple[tuple[str, str], ...]
    affected_fields: tuple[str, ...]
    logic: Logic

    @classmethod
    def of(cls, source: Any, where: str = "") -> "Rule":
        """The rule in decoded JSON. `where`: what it is called in messages until its `Identifier` is known.

        Raises `ConfigurationError`: `rule_invalid`, `rule_schema_unsupported`, `rule_engine_unsupported` and what
        `compile_logic` finds in its logic.
        """
        if not isinstance(source, dict):
            raise ConfigurationError(f"{where or 'rule'}: no object", Reason.RULE_INVALID)
        identifier = source.get("Identifier")
        name = identifier[:60] if isinstance(identifier, str) and identifier else where or "rule"
        try:
            return _rule(source)
        except ConfigurationError as error:
            raise ConfigurationError(f"{name}: {error.detail}", error.reason) from None

    @property
    def words(self) -> Words:
        """What it asks, in both languages, or what it is called."""
        return words(self.identifier, self.descriptions)

    def is_for(self, version: Version | None) -> bool:
        """Whether the rule knows what a content of that version states: not where it was written for later ones."""
        return version is not None and version >= self.schema_version and version[0] == self.schema_version[0]


def _rule(source: dict[str, Any]) -> Rule:
    texts = {field: source.get(field) for field in _TEXTS}
    for field, text in texts.items():
        if not isinstance(text, str) or not text:
            raise ConfigurationError(f"{field} is missing, or no text", Reason.RULE_INVALID)
    given: dict[str, str] = {field: str(text) for field, text in texts.items()}
    if given["Engine"] != ENGINE or version_of(given["EngineVersion"], "EngineVersion")[0] > ENGINE_MAJOR:
        raise ConfigurationError(f"Engine is not {ENGINE} up to version {ENGINE_MAJOR}", Reason.RULE_ENGINE_UNSUPPORTED)
    schema_version = version_of(given["SchemaVersion"], "SchemaVersion")
    if schema_version[0] != SCHEMA_MAJOR:
        raise ConfigurationError(f"SchemaVersion is not {SCHEMA_MAJOR}", Reason.RULE_SCHEMA_UNSUPPORTED)
    if given["Type"] not in TYPES:
        raise ConfigurationError(f"Type is none of {', '.join(TYPES)}", Reason.RULE_INVALID)
    if given["CertificateType"] not in CERTIFICATE_TYPES:
        raise ConfigurationError(f"CertificateType is none of {', '.join(CERTIFICATE_TYPES)}", Reason.RULE_INVALID)
    region = source.get("Region")
    if region is not None and not isinstance(region, str):
        raise ConfigurationError("Region is no text", Reason.RULE_INVALID)
    if "Logic" not in source:
        raise ConfigurationError("Logic is missing", Reason.RULE_INVALID)
    return Rule(
        identifier=given["Identifier"],
        type=given["Type"],
        country=codes.country(given["Country"]),
        region=region or "",
        version=version_of(given["Version"], "Version"),
        schema_version=schema_version,
        certificate_type=given["CertificateType"],
        valid_from=_moment(given["ValidFrom"], "ValidFrom"),
        valid_to=_moment(given["ValidTo"], "ValidTo"),
        descriptions=_descriptions(source.get("Description")),
        affected_fields=_affected(source.get("AffectedFields")),
        logic=compile_logic(source["Logic"]),
    )


def version_of(text: str, field: str = "version") -> Version:
    """The three numbers of a version. Raises `ConfigurationError`, `rule_invalid`."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise ConfigurationError(f"{field} is no version of three numbers", Reason.RULE_INVALID)
    return int(found[1]), int(found[2]), int(found[3])


def description(descriptions: tuple[tuple[str, str], ...], lang: str) -> str:
    """What a rule asks, in a language or the nearest: its variants, English, the first that is there, else ""."""
    found: Mapping[str, str] = dict(reversed(descriptions))
    for wanted in (lang, lang.partition("-")[0], "en"):
        if wanted in found:
            return found[wanted]
        for name, text in descriptions:
            if name.startswith(f"{wanted}-"):
                return text
    return descriptions[0][1] if descriptions else ""


def words(identifier: str, descriptions: tuple[tuple[str, str], ...]) -> Words:
    """What a rule asks, in both languages, or what it is called where its author wrote nothing."""
    return Words(*(description(descriptions, lang) or identifier for lang in ("en", "vi")))


def _moment(text: str, field: str) -> datetime:
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ConfigurationError(f"{field} is no moment with its time zone", Reason.RULE_INVALID)


def _descriptions(source: Any) -> tuple[tuple[str, str], ...]:
    given = source if isinstance(source, list) else [None]
    found = []
    for one in given:
        lang, text = (one.get("lang"), one.get("desc")) if isinstance(one, dict) else (None, None)
        if not isinstance(lang, str) or not isinstance(text, str):
            raise ConfigurationError("Description is no list of texts with their languages", Reason.RULE_INVALID)
        found.append((lang.lower(), text))
    return tuple(found)


def _affected(source: Any) -> tuple[str, ...]:
    if not isinstance(source, list) or not all(isinstance(one, str) for one in source):
        raise ConfigurationError("AffectedFields is no list of texts", Reason.RULE_INVALID)
    return tuple(source)
