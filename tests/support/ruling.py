"""Rules that are nobody's: of a country, in the EU's form, and of a place, as policies in a folder."""

from pathlib import Path
from typing import Any

GATE = 'title = { en = "Hospital gate", vi = "Cổng bệnh viện" }\ndiseases = ["COVID-19"]\n'
WARD = 'title = { en = "Ward visit", vi = "Thăm khoa" }\ndiseases = ["COVID-19"]\n'


def country_rule(**fields: Any) -> dict[str, Any]:
    """A rule of VN that every card meets, with other fields where they are given."""
    return {
        "Identifier": "GR-VN-0001",
        "Type": "Acceptance",
        "Country": "VN",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": "General",
        "Description": [
            {"lang": "en", "desc": "Every certificate meets this rule."},
            {"lang": "vi", "desc": "Chứng nhận nào cũng đáp ứng quy tắc này."},
        ],
        "ValidFrom": "2026-01-01T00:00:00Z",
        "ValidTo": "2030-01-01T00:00:00Z",
        "AffectedFields": [],
        "Logic": {"===": [1, 1]},
    } | fields


def write_policies(folder: Path, **policies: str) -> Path:
    """A new folder of policies, by mode; that folder."""
    folder.mkdir()
    for mode, text in policies.items():
        (folder / f"{mode}.toml").write_text(text, "utf-8")
    return folder
