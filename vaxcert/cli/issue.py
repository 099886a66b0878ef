"""`vaxcert issue`: one dose, one signed code."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from vaxcert import files
from vaxcert.cli.shared.options import Text, TextFile, format_options, key_options
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say, say_code, say_lacking
from vaxcert.cli.shared.signing import beside, load_key, login
from vaxcert.errors import ConfigurationError, InputError, Reason

_FIELDS = (
    ("--family-name", "family_name", "Family name (họ)."),
    ("--given-name", "given_name", "Middle and given name (tên đệm và tên)."),
    ("--born", "date_of_birth", "Date of birth: YYYY-MM-DD, YYYY-MM or YYYY."),
    ("--product", "product", "Vaccine code, such as EU/1/20/1528."),
    ("--date", "date", "Day of the dose, YYYY-MM-DD."),
)
_PERSON = frozenset(("family_name", "given_name", "date_of_birth"))
_TRANSLITERATED = frozenset(("family_name_transliterated", "given_name_transliterated"))
_DOSE = frozenset(
    [
        "product",
        "number",
        "series",
        "date",
        "disease",
        "prophylaxis",
        "holder",
        "country",
        "issuer",
        "certificate_id",
        "site",
        "lot",
    ]
)


def _field_options(command: Any) -> Any:
    for flag, name, text in reversed(_FIELDS):
        command = click.option(flag, name, help=text)(command)
    return command


@click.command(cls=Writing)
@key_options()
@click.option("--authority", required=True, help="The issuer's name on the certificate.")
@_field_options
@click.option("--dose", help="Number and series, such as 2/2.")
@click.option("--site", default="", help="Id of the vaccinating site, A–Z and 0–9.")
@click.option(
    "--record",
    type=TextFile(),
    help="JSON object with the same fields (family_name, date_of_birth, product, number, …); - for standard "
    "input. Keeps the data out of the shell's history.",
)
@click.option("--lot", help="The batch, which WHO's certificate names.")
@format_options
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="Validity.")
@click.option(
    "--out",
    type=Output(),
    help="Write the code here: .png, .svg, .txt (the text), or .pdf (a page to print).",
)
@click.option("--level", type=click.Choice(["L", "M", "Q", "H"]), default="Q", show_default=True)
@click.option("--qr", "show_qr", is_flag=True, help="Draw the code in the terminal.")
@click.option(
    "--log",
    type=Output(),
    help="Issue log.  [default: issued.jsonl beside the key]",
)
@click.option("--operator", help="Who issues, for the log.  [default: the login name]")
def issue(
    key_path: Path | str,
    passphrase_file: Path | None,
    authority: str,
    dose: str | None,
    site: str,
    lot: str | None,
    format_name: str,
    address: str,
    record: Text | None,
    days: int,
    out: Path | None,
    level: str,
    show_qr: bool,
    log: Path | None,
    operator: str | None,
    **fields: str | None,
) -> None:
    """Sign one dose. Prints the certificate's text, or writes its code with --out.

    The certificate's id, never a name, is added to the issue log.
    """
    from vaxcert import IssueLog, Issuer
    from vaxcert.issuelog import hash_source

    values = _record(record) | {name: value for name, value in fields.items() if value is not None}
    if dose is not None:
        number, slash, series = dose.partition("/")
        if not (number.isdecimal() and slash and series.isdecimal()):
            raise click.BadParameter("not number/series, such as 2/2", param_hint="--dose")
        values |= {"number": int(number), "series": int(series)}
    if lot is not None:
        values |= {"lot": lot}
    person, given = _build(values)
    if out is not None and out.suffix.lower() not in (".png", ".svg", ".txt", ".pdf"):
        raise click.BadParameter("not .png, .svg, .txt or .pdf", param_hint="--out")
    if out is not None and out.suffix.lower() == ".pdf":
        from vaxcert.batch import paper

        paper.ready()
    key = load_key(key_path, passphrase_file)
    issuer = Issuer(
        key,
        country=key.country or "",
        authority=authority,
        valid_for=timedelta(days=days),
        site=site,
        log=IssueLog(log or beside(key_path) / "issued.jsonl"),
        operator=login() if operator is None else operator,
        format=format_name,
        address=address,
    )
    source = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    issued = issuer.issue(person, given, source_sha256=hash_source(source))
    if out is None:
        say(issued.text)
    elif out.suffix.lower() == ".txt":
        _write(out, f"{issued.text}\n".encode())
    elif out.suffix.lower() == ".pdf":
        made = paper.pdf(
            [paper.Printed(person, given, issued, issued.qr(level=level))],
            authority=authority,
            test=issuer.is_test,
        )
        _write(out, made.pdf)
        say_lacking(made.lacking.get(0, ()))
    else:
        issued.qr(level=level).save(out)
    if show_qr:
        say_code(issued.qr(level=level).terminal())
    say(f"{issued.certificate_id}  valid until {issued.expires_at:%Y-%m-%d}", err=True)
    if out is not None:
        say(f"Written to {out}", err=True)


def _write(out: Path, content: bytes) -> None:
    """Put a certificate where only its owner reads it."""
    try:
        with files.aside(out, mode=files.PRIVATE) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror or 'cannot be written'}") from None


def _record(record: Text | None) -> dict[str, Any]:
    if record is None:
        return {}
    try:
        values = json.loads(record.content)
    except ValueError:
        raise InputError("record", Reason.NOT_AN_OBJECT) from None
    if not isinstance(values, dict):
        raise InputError("record", Reason.NOT_AN_OBJECT)
    for name in values:
        if name not in _PERSON | _TRANSLITERATED | _DOSE:
            raise InputError("record", Reason.FIELD_UNKNOWN)
    return values


def _build(values: dict[str, Any]) -> tuple[Any, Any]:
    from datetime import date

    from vaxcert import Dose, Person

    required = ("family_name", "date_of_birth", "product", "number", "series", "date")
    for name in required:
        if values.get(name) in (None, ""):
            raise InputError(name, Reason.MISSING)
    for name in values:
        if name not in ("number", "series") and not isinstance(values[name], str):
            raise InputError(name, Reason.NOT_A_TEXT)
    try:
        day = date.fromisoformat(values["date"])
    except ValueError:
        raise InputError("date", Reason.NOT_A_DATE) from None
    person = Person(**{name: values[name] for name in _PERSON | _TRANSLITERATED if name in values})
    dose = Dose(**{name: values[name] for name in _DOSE - {"date"} if name in values}, date=day)
    return person, dose
