"""`vaxcert demo`: the whole way once, on made-up people."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert import files
from vaxcert.cli.shared.card import show_verdict
from vaxcert.cli.shared.options import FILE, language_option
from vaxcert.cli.shared.saying import say
from vaxcert.errors import ConfigurationError, NotFoundError, Reason

if TYPE_CHECKING:
    from vaxcert import Issued, Issuer

PASSPHRASE = "demo passphrase"  # noqa: S105  (opens keys that sign nothing but trials)
_AUTHORITY = "Sở Y tế (TEST)"


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Folder to make; it must not exist.",
)
@click.option(
    "--doses",
    type=FILE,
    help="Table of made-up people.  [default: the 200 that come with vaxcert]",
)
@language_option
def demo(out: Path, doses: Path | None, lang: str) -> None:
    """Make TEST keys, sign 200 made-up doses into QR codes, read them back and verify each.

    Then two codes that must not be accepted: one changed after signing, one signed by an unknown key.
    Exit status 0 only if all went as it must.
    """
    from vaxcert import Environment, IssueLog, Issuer, SigningKey, TrustStore, Verifier
    from vaxcert.qr import read
    from vaxcert.trust.own import authority

    rows = list(_rows(doses or _sample()))
    if out.exists():
        raise ConfigurationError(
            f"{out}: exists already; remove it, or give another folder with --out", Reason.ALREADY_THERE
        )
    now = datetime.now(UTC)
    keys, codes = out / "keys", out / "codes"
    say("1. Keys (TEST environment)", bold=True)
    authority.create(
        keys,
        country="VN",
        name="vaxcert demo",
        passphrase=PASSPHRASE,
        csca_passphrase=f"{PASSPHRASE} of the authority",
        environment=Environment.TEST,
        now=now - timedelta(days=1),
    )
    say(f"   made in {keys}, passphrase “{PASSPHRASE}”")

    say(f"2. Sign {len(rows)} doses into QR codes", bold=True)
    codes.mkdir(parents=True)
    issuer = Issuer(
        SigningKey.load(keys, password=PASSPHRASE),
        country="VN",
        authority=_AUTHORITY,
        valid_for=timedelta(days=365),
        log=IssueLog(out / "issued.jsonl", durable=False),
        operator="demo",
    )
    written = []
    with click.progressbar(rows, label="   signing", file=sys.stderr, width=30) as bar:
        for number, row in enumerate(bar, 1):
            issued = _issue(issuer, row)
            path = codes / f"{number:04}.png"
            issued.qr().save(path)
            written.append((path, issued.certificate_id))
    say(f"   {len(written)} images in {codes}, log in {out / 'issued.jsonl'}")

    say("3. Read them back, and verify them against the published certificates", bold=True)
    verifier = Verifier(TrustStore.load(keys))
    counts: Counter[str] = Counter()
    sample = None
    with click.progressbar(written, label="   verifying", file=sys.stderr, width=30) as bar:
        for path, certificate_id in bar:
            texts = [symbol.text for symbol in read(path)]
            verdicts = [verifier.verify(text) for text in texts]
            good = len(verdicts) == 1 and bool(verdicts[0]) and verdicts[0].require().certificate_id == certificate_id
            counts["accepted" if good else "NOT ACCEPTED"] += 1
            sample = sample or next(iter(verdicts), None)
    say("   " + ", ".join(f"{count} {status}" for status, count in counts.items()))
    if sample is not None:
        say("   the first one, as staff see it:")
        show_verdict(sample, lang)

    say("4. Two codes that must not be accepted", bold=True)
    stranger = Issuer(
        SigningKey.generate("VN", now=now - timedelta(days=1)),
        country="VN",
        authority=_AUTHORITY,
        valid_for=timedelta(days=365),
    )
    refused = []
    for name, text in (
        ("tampered", tamper(_issue(issuer, rows[0]).text)),
        ("unknown-key", _issue(stranger, rows[0]).text),
    ):
        from vaxcert.qr import write

        path = out / f"{name}.png"
        write(text).save(path)
        verdict = verifier.verify(read(path)[0].text)
        refused.append(verdict)
        say(f"   {path}:")
        show_verdict(verdict, lang)

    say("Done.", bold=True)
    say(f"The images are in {codes}. Try:  vaxcert verify --trust {keys} {written[0][0]}")
    if counts != {"accepted": len(rows)} or any(refused):
        say("Something did not go as it must.", fg="red", bold=True)
        sys.exit(1)


def tamper(text: str) -> str:
    """A card's text with one more dose in its series, as a forger would print it: all but the signature is right."""
    from vaxcert.wire import base45, deflate

    message = bytearray(deflate.inflate(base45.decode(text[4:])))
    at = message.index(b"bdn") + 3  # the key "dn", then a one-byte integer
    message[at] = message[at] % 9 + 1
    return "HC1:" + base45.encode(deflate.deflate(bytes(message)))


def _sample() -> Path:
    here = Path(__file__)
    for candidate in (here.parent / "doses.csv", here.parents[2] / "examples" / "doses.csv"):
        if candidate.is_file():
            return candidate
    raise NotFoundError("the sample table is missing: give --doses FILE")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        text = files.read_text(path, "{path}: not a readable table")
        yield from csv.DictReader(io.StringIO(text, newline=""))
    except csv.Error:
        raise ConfigurationError(f"{path}: not a readable table", Reason.FORM_UNKNOWN) from None


def _issue(issuer: Issuer, row: dict[str, str]) -> Issued:
    from vaxcert import Dose, Person

    try:
        person = Person(
            family_name=row["family_name"],
            given_name=row["given_name"],
            date_of_birth=row["date_of_birth"],
        )
        dose = Dose(
            product=row["product"],
            number=int(row["dose_number"]),
            series=int(row["doses_in_series"]),
            date=date.fromisoformat(row["date"]),
            site=row["site"],
            lot=row["lot"],
        )
    except (KeyError, TypeError, ValueError):
        raise ConfigurationError(
            "a row of the table lacks a field, or one cannot be read", Reason.ROW_INVALID
        ) from None
    return issuer.issue(person, dose)
