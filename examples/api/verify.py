"""Asks the verifier app about cards: texts, or pictures, given one by one.

    python examples/api/verify.py http://127.0.0.1:8080 'HC1:…' card.png

Only Python's own library. Prints a line for each card; exits with 0 if all were accepted, else with 1.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
KINDS = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".webp": WEBP, ".pdf": PDF}
PAUSES = [1, 5]  # seconds; a busy app says so at once rather than letting anybody wait


def ask(address: str, card: str, token: str = "") -> Any:
    """The verdict, as `vaxcert verify --json` gives it. Raises `OSError` where there is none."""
    kind = KINDS.get(Path(card).suffix.lower())
    data = Path(card).read_bytes() if kind else json.dumps({"text": card}).encode()
    request = urllib.request.Request(f"{address}/verify", data, {"Content-Type": kind or "application/json"})  # noqa: S310
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    pauses = iter(PAUSES)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310  (the caller's own address)
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)  # RFC 9457
            pause = next(pauses, None) if error.code in (429, 503) else None
            if pause is None:
                raise OSError(f"{error.code}: {problem['detail']}") from None
            time.sleep(pause)


def main() -> int:
    address, *cards = sys.argv[1:]
    good = True
    for card in cards:
        try:
            verdict = ask(address.rstrip("/"), card, os.environ.get("VAXCERT_APP_TOKEN", ""))
        except OSError as error:
            print(f"not checked: {error}")
            good = False
            continue
        # "accepted" alone is good: neither "refused" nor "undetermined" is, nor a list for trials in real use.
        print(verdict["status"], verdict["reason"] or "", "TEST" if verdict["environment"] == "test" else "")
        good = good and verdict["status"] == "accepted"
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
