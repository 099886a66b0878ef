"""All words that a page needs to say a verdict by itself, out of the library's own, so that both say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from vaxcert import Reason, codes, wording
from vaxcert.wording import kinds, rules, scanning, verdicts
from vaxcert.wording.words import Words

# Names of codes that are shown; a code without one is shown itself.
_NAMED: dict[str, Iterable[str]] = {
    "disease": (*codes.DISEASES, *codes.diseases.NAMES),
    "product": (*codes.PRODUCTS, *(codes.CVX + code for code in codes.cvx.VACCINES), *codes.prequal.BRANDS),
    "pass": codes.PASSES,
    "test_type": codes.TEST_TYPES,
    "test_result": codes.TEST_RESULTS,
}


@cache
def sayings() -> dict[str, Any]:
    """The words by what they are about: [English, Vietnamese] each."""
    return {
        "headlines": _pairs(wording.HEADLINES),
        "ownHeadlines": {str(reason): name for reason, name in verdicts.OWN_HEADLINES.items()},
        "reasons": {str(reason): _pair(words) for reason, words in verdicts.VERDICTS.items()},
        "labels": _pairs(wording.LABELS),
        "codes": {
            kind: {code: [codes.name(kind, code, lang) for lang in ("en", "vi")] for code in known}
            for kind, known in _NAMED.items()
        },
        "recognised": {
            str(reason): {kind: [kinds.told(reason, kind, lang) for lang in ("en", "vi")] for kind in kinds.KINDS}
            for reason in (Reason.FORMAT_UNSUPPORTED, Reason.NOT_A_CERTIFICATE, Reason.CONTENT_UNKNOWN)
        },
        "icd11": {
            code: [codes.name("disease", code, lang) for lang in ("en", "vi")] for code in codes.diseases.OF_ICD11
        },
        "kinds": {begun: _pair(kind.name) for begun, kind in codes.prequal.KINDS},
        "missing": _pair(scanning.MISSING),
        "passcode": _pair(scanning.PASSCODE),
        "clockWrong": _pair(verdicts.CLOCK_WRONG),
        "keyboardHelp": _pair(scanning.LAYOUT_HELP),
        "rules": _pair(rules.MODE),
        "unsigned": _pair(rules.UNSIGNED),
    }


def _pairs(words: Mapping[str, Words]) -> dict[str, list[str]]:
    return {name: _pair(one) for name, one in words.items()}


def _pair(words: Words) -> list[str]:
    return [words.en, words.vi]
