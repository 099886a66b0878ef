"""Records a dose in the portal and gets its certificate, as a clinic's own program does.

    VAXCERT_PORTAL_TOKEN=vx_… python examples/api/record.py https://portal.example dose.json 7d4c9f4e-visit-12

Only Python's own library. `dose.json`: the fields of a dose (docs/programs.md). The last argument is the key of this
dose: keep it with your own record of it *before* you ask, and give the same one whenever you ask again. Nothing is
recorded twice, and the certificate is the same. Prints the certificate's text; exits with 0, or 3 where the dose is
recorded and the certificate is to be asked for again later, 4 where somebody has to act first, 1 where nothing was
recorded or it is not known.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

# Seconds; the network may be away for a while, and what is sent again under its key costs nothing.
PAUSES = [1, 5, 20]


class RefusedError(Exception):
    """What was sent has to be changed first. `errors`: what is wrong with which field."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['title']} {problem['detail']}")
        self.errors = problem.get("errors", [])


def record(address: str, token: str, dose: bytes, key: str) -> Any:
    """What the portal says of the dose: `dose`, `outcome`, `certificate` or why there is none. Raises `RefusedError`,
    and `OSError` where the portal cannot be reached: whether the dose is recorded is not known then, so ask again."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/doses", dose, headers)  # noqa: S310  (the caller's own address)
    pauses = iter(PAUSES)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise RefusedError(json.load(error)) from None  # RFC 9457
            failed: OSError = error
        except OSError as error:
            failed = error
        pause = next(pauses, None)
        if pause is None:
            raise OSError(f"no answer: {failed}") from None
        time.sleep(pause)


def main() -> int:
    address, file, key = sys.argv[1:]
    try:
        told = record(address.rstrip("/"), os.environ["VAXCERT_PORTAL_TOKEN"], Path(file).read_bytes(), key)
    except RefusedError as error:
        print(f"not recorded: {error}", file=sys.stderr)
        for one in error.errors:
            print(f"  {one['detail']}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"not known whether it is recorded, ask again with the same key: {error}", file=sys.stderr)
        return 1
    if told["certificate"]:
        print(told["certificate"]["text"])
        return 0
    print(f"recorded as dose {told['dose']}, no certificate: {told['withheld']['detail']}", file=sys.stderr)
    # These pass by themselves; the nightly run covers whoever forgets.
    return 3 if told["withheld"]["reason"] in ("signer_away", "limit_reached") else 4


if __name__ == "__main__":
    sys.exit(main())
