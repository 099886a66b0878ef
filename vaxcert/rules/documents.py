"""JSON that people publish, read strictly: what two readers could take for different things is refused."""

import json
from pathlib import Path
from typing import Any

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.files import decode_text, reading

# All of the EU's rules and value sets together are about a tenth of it.
MAX_BYTES = 16_000_000


def read_json(source: Path | str | bytes, name: str = "", *, strict: bool = True) -> Any:
    """The value in a file, or in its bytes. `name`: what bytes are called in messages. Unless `strict`, the last
    of a key's values counts, as everywhere: for what is no rule.

    Raises `NotFoundError`, `ConfigurationError` (`too_large`, `rule_too_deep`, as `vaxcert.files.reading`) and
    `DamagedError` for what is no JSON, or JSON with a key twice in one object.
    """
    if not isinstance(source, bytes):
        name = name or str(source)
        with reading(source), Path(source).open("rb") as stream:
            source = stream.read(MAX_BYTES + 1)
    name = name or "the rules"
    if len(source) > MAX_BYTES:
        raise ConfigurationError(f"{name}: larger than {MAX_BYTES} bytes", Reason.TOO_LARGE)
    try:
        return json.loads(
            decode_text(source, name), object_pairs_hook=_object if strict else None, parse_constant=_refuse
        )
    except RecursionError:
        raise ConfigurationError(f"{name}: nested too deeply", Reason.RULE_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise DamagedError(f"{name}: no JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except ValueError:
        raise DamagedError(f"{name}: no JSON, or JSON with a key twice in one object") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(constant: str) -> Any:
    # NaN and Infinity are Python's own, not JSON's.
    raise ValueError
