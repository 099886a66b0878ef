"""WHO's certificates made step by step, and by what is wrong with each its status, stage and reason."""

from __future__ import annotations

import base64
import json
from typing import Any

from forge import NOW, Forge

YELLOW_FEVER = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
POLIO = "PolioVaccineInactivatedIProduct532ef986c8042bbb15fee24056fdc4ed"
ALL = frozenset(("hcert", "icvp", "ddcc"))
SOON = int(NOW.timestamp())


def given(**changes: Any) -> dict[str, Any]:
    good = {"vp": YELLOW_FEVER, "dt": "2026-05-01", "bo": "MAU01", "vls": "2026-05-11", "is": "Trạm Y tế Mẫu"}
    return {name: value for name, value in (good | changes).items() if value is not ...}


def icvp(v: Any = None, **changes: Any) -> dict[str, Any]:
    good = {"n": "Nguyễn Mẫu Thử", "dob": "1990-05-17", "s": "female", "v": given() if v is None else v}
    return {name: value for name, value in (good | changes).items() if value is not ...}


def ddcc(**changes: Any) -> dict[str, Any]:
    good = {
        "name": "Nguyễn Mẫu Thử", "birthDate": "1990-05-17", "vaccine": {"code": "1119349007", "system": "snomed"},
        "brand": {"code": "EU/1/20/1528"}, "disease": {"code": "RA01"}, "date": "2026-05-01", "dose": 2, "total_doses": 2,
        "country": {"code": "VNM"}, "hcid": "VN-MAU-1", "lot": "MAU01", "valid_from": "2026-05-15", "valid_until": "2027-05-01",
    }  # fmt: skip
    return {name: value for name, value in (good | changes).items() if value is not ...}


def card(forge: Forge, content: Any, kind: int = -6, **changes: Any) -> str:
    claims = {1: "VNM", 6: SOON - 3600, -260: {kind: content}} | {int(name[1:]): one for name, one in changes.items()}
    return forge.text(forge.message({name: one for name, one in claims.items() if one is not ...}))


SHAPES = {
    "an object": icvp(),
    "a list": icvp([given()]),
    "a list beside a version": icvp("2.0", vx=[given()]),
}

# By what is wrong: status, stage and reason, and how it is made.
FAULTS: dict[str, tuple[str, str, str, Any]] = {
    "no dose": ("refused", "content", "content_empty", lambda f: card(f, icvp([]))),
    "a version and no doses": ("refused", "content", "content_invalid", lambda f: card(f, icvp("2.0"))),
    "v a number": ("refused", "content", "content_invalid", lambda f: card(f, icvp(7))),
    "no product": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(vp=...)))),
    "nothing that it is against": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(vp="XM0N24")))),
    "a product against something else": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(tg="1C81")))),
    "no day": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(dt="2026-13-01")))),
    "nobody": ("refused", "content", "content_invalid", lambda f: card(f, icvp(n="\u200b"))),
    "no birth date": ("refused", "content", "content_invalid", lambda f: card(f, icvp(dob=...))),
    "over": ("refused", "validity", "expired", lambda f: card(f, icvp(given(vle="2026-06-14")))),
    "its last day": ("accepted", "", "", lambda f: card(f, icvp(given(vle="2026-06-15")))),
    "to come": ("refused", "validity", "not_yet_valid", lambda f: card(f, icvp(given(vls="2026-06-17")))),
    "its first day, which has begun somewhere": ("accepted", "", "", lambda f: card(f, icvp(given(vls="2026-06-15")))),
    "over by the container": ("refused", "validity", "expired", lambda f: card(f, icvp(), _4=SOON - 1)),
    "exp NaN": ("refused", "content", "content_invalid", lambda f: card(f, icvp(), _4=float("nan"))),
    "exp a text": ("refused", "content", "content_invalid", lambda f: card(f, icvp(), _4="2030")),
    "before the birth": ("refused", "rules", "event_before_birth", lambda f: card(f, icvp(dob="2026-05-10"))),
    "a DDCC": ("accepted", "", "", lambda f: card(f, ddcc(), 3)),
    "a DDCC that is over": ("refused", "validity", "expired", lambda f: card(f, ddcc(valid_until="2026-06-01"), 3)),
    "a DDCC of dose 0": ("refused", "content", "content_invalid", lambda f: card(f, ddcc(dose=0), 3)),
    "a DDCC of no day": ("refused", "content", "content_invalid", lambda f: card(f, ddcc(date="soon"), 3)),
    "a test's DDCC": ("undetermined", "content", "format_unsupported", lambda f: card(f, {}, 4)),
    "a kind that nobody knows": ("refused", "content", "content_unknown", lambda f: card(f, {}, 99)),
}  # fmt: skip

MEMBERS = {
    "url": "https://docs.example/m/secret-path",
    "key": "K" * 43,
    "flag": "LP",
    "label": "Sổ tiêm",
    "exp": 1_900_000_000,
}


def link(members: Any = MEMBERS, scheme: str = "shlink") -> str:
    """The text of a link."""
    return f"{scheme}:/" + base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


LINK = link()
# What stands under key 5, by its shape; of the last ones nothing can be shown.
LINKS: dict[str, Any] = {
    "object": {"u": LINK}, "list": [{"u": LINK}], "members": MEMBERS, "text": LINK, "nothing": [], "a number": 7,
    "another text": "https://docs.example", "no address": {"u": {"url": 1}}, "float": MEMBERS | {"exp": 1.9e9},
}  # fmt: skip
_URLS = (
    "https://DOCS.example:8443/m", "https://user@docs.example/x", "//docs.example", "docs.example/m", "https:///m",
    "https://[::1]:80/m", "https://[::1", " https://do\tcs.example?x", "https://docs.example#x", "1a://docs.example",
    "https://Sổ.example", "https://docs.example%Zone", "", "https://@",
)  # fmt: skip
LINK_TEXTS = [
    LINK, link(scheme="vhlink"), f"https://viewer.example/x#{LINK}", LINK + "==", LINK + "\r\n", LINK.upper(),
    "shlink:/e30", "shlink:/!!", "shlink:/" + "A" * 5000, link([]), link(MEMBERS | {"label": "a\u202eb" + "x" * 90}),
    link(MEMBERS | {"exp": 1e400}), link(MEMBERS | {"exp": 10**400}), link(MEMBERS | {"exp": -(10**400)}), link(MEMBERS | {"exp": True}), link(MEMBERS | {"label": 7, "flag": None}),
    *(link(MEMBERS | {"url": url}) for url in _URLS),
]  # fmt: skip

# The first of DDCC have their fields among the claims.
LEGACY = ddcc() | {6: SOON}
