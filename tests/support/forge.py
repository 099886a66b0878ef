"""Cards made step by step, each step replaceable by a wrong one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from vaxcert import SigningKey
from vaxcert.formats import hcert
from vaxcert.wire import base45, cbor, cose, deflate

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


class Forge:
    """Makes cards step by step, each step replaceable by a wrong one."""

    def __init__(self, key: SigningKey) -> None:
        self.key = key

    def dcc(self, **changes: Any) -> dict[str, Any]:
        """The map of a good vaccination certificate, with other values or, for `...`, without a key."""
        good: dict[str, Any] = {
            "ver": "1.3.0",
            "nam": {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Mẫu Thử", "gnt": "MAU<THU"},
            "dob": "1990-05-17",
            "v": [self.vaccination()],
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def vaccination(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "vp": "1119349007",
            "mp": "EU/1/20/1528",
            "ma": "ORG-100030215",
            "dn": 2,
            "sd": 2,
            "dt": "2026-06-01",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#B",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def test(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "tt": "LP6464-4",
            "nm": "Sample PCR",
            "sc": "2026-06-14T10:00:00Z",
            "tr": "260415000",
            "tc": "Sample centre",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:BBBBBBBBBBBBBBBB#C",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def recovery(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "fr": "2026-04-01",
            "df": "2026-04-12",
            "du": "2026-09-28",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:CCCCCCCCCCCCCCCC#D",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def claims(self, dcc: Any = None, **changes: Any) -> dict[Any, Any]:
        """CWT claims of a card issued an hour before NOW for a year; `iss`, `iat`, `exp` may be given."""
        moment = int(NOW.timestamp())
        good: dict[Any, Any] = {
            1: changes.get("iss", "VN"),
            4: changes.get("exp", moment + 365 * 86400),
            6: changes.get("iat", moment - 3600),
            -260: {1: self.dcc() if dcc is None else dcc},
        }
        return {label: value for label, value in good.items() if value is not ...}

    def message(
        self,
        payload: bytes | dict[Any, Any],
        *,
        protected: dict[Any, Any] | bytes | None = None,
        unprotected: dict[Any, Any] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
        tag: bytes = b"\xd2",
    ) -> bytes:
        """A COSE_Sign1 with any headers, signed by the key."""
        body = payload if isinstance(payload, bytes) else cbor.dumps(payload)
        if protected is None:
            protected = {1: -7, 4: self.key.kid}
        head = protected if isinstance(protected, bytes) else cbor.dumps(protected)
        signature = (sign or self.key.sign)(cose.signing_input(head, body))
        return tag + cbor.dumps([head, unprotected or {}, body, signature])

    def text(self, message: bytes) -> str:
        return hcert.PREFIX + base45.encode(deflate.deflate(message))

    def card(self, dcc: Any = None, **changes: Any) -> str:
        return self.text(self.message(self.claims(dcc, **changes)))
