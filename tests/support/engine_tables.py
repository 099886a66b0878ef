"""What the engine in the page has of the library's tables, as `verifier_app/engine/tables.json` holds it.

`python tests/support/engine_tables.py` writes it anew, where something of it was changed.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from vaxcert import codes, names
from vaxcert.codes import countries, cvx, diseases, prequal
from vaxcert.errors import Reason
from vaxcert.fhir import tables as fhir
from vaxcert.formats import foreign, layouts
from vaxcert.wording import REASONS
from vaxcert.wording import rules as said

PLACE = Path(__file__).parents[2] / "verifier_app" / "engine" / "tables.json"

# Python's white space of ASCII, which `\s` means in the library's patterns; a browser's `\s` means more.
_SPACE = r" \t\n\r\f\v"


def tables() -> dict[str, Any]:
    """The tables."""
    return {
        "products": {
            code: {"prophylaxis": known.prophylaxis, "holders": known.holders, "disease": known.disease, "series": known.series}
            for code, known in codes.PRODUCTS.items()
        },
        "holders": list(codes.HOLDERS),
        "deprecated": sorted(codes._DEPRECATED),
        "aliases": codes._COUNTRY_ALIASES,
        "alpha2": countries.ALPHA_2,
        "icd11": diseases.OF_ICD11,
        "prequal": [{"begun": begun, "disease": of.disease, "series": of.series} for begun, of in prequal.KINDS],
        "fhir": _fhir(),
        "letters": _letters(),
        "marked": names._MARKED,
        "unseen": names.UNSEEN.pattern,
        "layouts": layouts._BEGINNINGS.pattern,
        "foreign": [
            {"kind": shape.kind, "reason": shape.reason, "where": where, "pattern": in_browsers(shape.pattern.pattern)}
            for shapes, where in (
                (foreign._SYSTEMS, "beginning"), (foreign._OBJECTS, "object"), (foreign._UNSIGNED, "object"),
                (foreign._OTHERS, "beginning"),
            )
            for shape in shapes
        ],
        "asked": {rule: [met._asdict(), lacking._asdict()] for rule, (met, lacking) in said.ASKED.items()},
        "words": {
            "ageUnknown": said.AGE_UNKNOWN._asdict(),
            "or": said.OR._asdict(),
            "ofSet": said.OF_SET._asdict(),
            "modeMissing": said.NOT_HELD._asdict(),
            "noRuleApplies": REASONS[Reason.NO_RULE_APPLIES]._asdict(),
        },
    }  # fmt: skip


def _fhir() -> dict[str, Any]:
    """What codes of other systems' records mean."""
    return {
        "cvx": cvx.SYSTEM,
        "prequal": prequal.SYSTEM,
        "products": list(fhir.EU_PRODUCTS),
        "loinc": fhir.LOINC,
        "vaccines": {code: list(fhir.vaccine(cvx.SYSTEM, code) or ()) for code in cvx.VACCINES},
        "tests": fhir.TESTS,
        "testedFor": fhir.test_disease(next(iter(fhir.TESTS))),
        "results": fhir.RESULTS,
    }


def _letters() -> dict[str, str]:
    """Capitals that A–Z has something for: those of other scripts, and what Unicode's names tell of others."""
    found = {}
    for code in range(0x80, 0x11_0000):
        capital = chr(code)
        told = names._letter(capital)
        # What is left of a letter once its marks are taken off is another one.
        if told and unicodedata.normalize("NFKD", capital).upper() == capital:
            found[capital] = told
    return found


def in_browsers(pattern: str) -> str:
    """A pattern of the library (ASCII, ignoring case) as JavaScript has it."""
    out = []
    in_class = False
    at = 0
    while at < len(pattern):
        one, two = pattern[at], pattern[at : at + 2]
        if two == r"\s" and in_class:
            out.append(_SPACE)
        elif two == r"\s":
            out.append(f"[{_SPACE}]")
        elif two == r"\S":
            assert not in_class
            out.append(f"[^{_SPACE}]")
        elif one == "\\":
            out.append(two)
        elif one == "$" and not in_class:
            # Python's end is also before a last line end.
            out.append(r"(?=\n?$)")
        else:
            in_class = one == "[" if not in_class else one != "]"
            out.append(one)
        at += 2 if one == "\\" else 1
    return "".join(out)


def text() -> str:
    """The file's text."""
    return json.dumps(tables(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), "utf-8")
