"""Certificates of the registry as an archive of codes to hand out or print, and one as a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import func, select

from vaxcert import files
from vaxcert.batch.paper import Printed, pdf, ready, told
from vaxcert.batch.zips import Writer
from vaxcert.errors import ConfigurationError, Problem, Reason
from vaxcert.issue import Issued
from vaxcert.names import normalise
from vaxcert.qr import write
from vaxcert.registry import audit, schema
from vaxcert.registry.certificates.lookup import FoundCertificate
from vaxcert.registry.database import Registry

_AT_ONCE = 500


def archive(
    registry: Registry,
    out: Path,
    *,
    actor: str,
    runs: Sequence[int] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write all valid certificates, or those of some runs, as a ZIP of PNGs and a manifest without names.

    Returns how many they are.
    """
    from vaxcert.qr.plan import draw
    from vaxcert.qr.png import pngs

    table = schema.certificate
    query = select(table).where(table.c.revoked_at.is_(None), table.c.replaced_by.is_(None)).order_by(table.c.id)
    query = query.where(table.c.expires_at > registry.now())
    if runs is not None:
        query = query.where(table.c.run_id.in_(runs))
    count, manifest = 0, io.StringIO(newline="")
    lines = csv.writer(manifest)
    lines.writerow(("certificate_id", "person", "file", "expires_at"))
    moment = registry.now()
    stands_for = func.coalesce(schema.person.c.merged_into, schema.person.c.id)
    owners = query.add_columns(stands_for.label("of")).join(schema.person, schema.person.c.id == table.c.person_id)
    with (
        files.writing(out),
        registry.reading() as connection,
        files.aside(out, mode=files.PRIVATE) as beside,
        Writer(beside, _six(moment)) as target,
    ):
        rows = connection.execute(owners, execution_options={"yield_per": _AT_ONCE})
        for part in rows.partitions(_AT_ONCE):
            texts = [registry.secrets.decrypt("certificate", row.text) for row in part]
            images: dict[int, bytes] = {}
            for some in draw(texts, level="Q", mask=3):
                images.update(zip(some.numbers, pngs(some.modules, scale=4), strict=True))
            names = [f"codes/{count + number:08d}.png" for number in range(1, len(part) + 1)]
            target.store((name, images[number]) for number, name in enumerate(names))
            for row, name in zip(part, names, strict=True):
                lines.writerow((row.id, row.of, name, row.expires_at.replace(tzinfo=UTC).isoformat()))
            count += len(part)
            progress(count)
        target.store([("manifest.csv", manifest.getvalue().encode())])
    with registry.writing() as connection:
        audit.record(registry, connection, actor, "certificates", count=count, file=normalise(out.name))
    return count


def check_endings(paths: Iterable[Path]) -> None:
    """Raise `ConfigurationError` for a name that `save` would not write to, or where a PDF could not be made."""
    for path in paths:
        if path.suffix not in (".pdf", ".png", ".svg", ".txt"):
            raise ConfigurationError(f"{path}: not .pdf, .png, .svg or .txt", Reason.FORM_UNKNOWN)
        if path.suffix == ".pdf":
            ready()


def save(certificate: FoundCertificate, out: Path, *, authority: str = "") -> tuple[Problem, ...]:
    """Write one certificate as .pdf, .png, .svg or .txt, to be read by its owner alone.

    `authority`: the name at the head of a page, else the one that issued it. Of a trial certificate the page says so.
    Returns what no font of this machine has the letters of (`vaxcert.batch.paper.Paper`).
    Raises `ConfigurationError` for another ending.
    """
    check_endings([out])
    with files.writing(out):
        if out.suffix == ".pdf":
            # Who asks for a name at the head gets it, whatever the dose says.
            dose = replace(certificate.dose, issuer=authority or certificate.dose.issuer)
            page = _printed(certificate)._replace(dose=dose)
            drawn = pdf([page], authority=certificate.authority, test=certificate.test)
            files.write_whole(out, (drawn.pdf,), mode=files.PRIVATE)
            return drawn.lacking.get(0, ())
        if out.suffix == ".txt":
            files.write_whole(out, (f"{certificate.text}\n".encode("ascii"),), mode=files.PRIVATE)
        else:
            write(certificate.text).save(out)
    return ()


def texts(certificate: FoundCertificate) -> dict[str, str]:
    """What stands on paper of one certificate, by the names that a template of `batch.paper` has for it.

    `code`: an SVG document. What is not known is "–".
    """
    return told(_printed(certificate), certificate.authority)


def page(certificate: FoundCertificate, *, layout: str = "a4") -> bytes:
    """One certificate as a PDF, which lands in no file. Raises `ConfigurationError` where typst is missing."""
    return pdf([_printed(certificate)], authority=certificate.authority, test=certificate.test, layout=layout).pdf


def _printed(certificate: FoundCertificate) -> Printed:
    issued = Issued(
        text=certificate.text, certificate_id=certificate.certificate_id, issued_at=certificate.issued_at,
        expires_at=certificate.expires_at,
    )  # fmt: skip
    return Printed(certificate.person, certificate.dose, issued, write(certificate.text))


def _six(moment: datetime) -> tuple[int, int, int, int, int, int]:
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second
