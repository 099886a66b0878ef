"""Only rows that were found good are signed; what fails later costs its row, and no row stops the others (THREATS 31)."""

import csv
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError, InputError, IssueLog, Issuer, Person, batch
from vaxcert.batch import Order, archive, engine
from vaxcert.errors import Reason, place_of
from vaxcert.wording.rows import phrase

Orders = Callable[..., Order]
Tables = Callable[..., Path]

HEADINGS = "full_name;date_of_birth;product;dose;date;site;country;disease;prophylaxis;holder;issuer"
GOOD = {
    "full_name": "Nguyễn Mẫu Thử",
    "date_of_birth": "17/05/1990",
    "product": "Comirnaty",
    "dose": "1/2",
    "date": "01/06/2026",
    "site": "VP01",
    "country": "VN",
}
# A value that checking refuses, in every field that has one.
BAD = [
    ("full_name", ""),
    ("full_name", "阮 試"),
    ("full_name", "N" * 81),
    ("full_name", "\u3164\u3164"),
    ("date_of_birth", ""),
    ("date_of_birth", "31/02/1990"),
    ("date_of_birth", "1890"),
    ("product", "Thuốc lạ"),
    ("dose", "0/2"),
    ("dose", "x"),
    ("date", "01/06/2126"),
    ("date", "01/06/1980"),
    ("site", "vp02"),
    ("site", "điểm 1"),
    ("site", "VP/01"),
    ("site", "V" * 17),
    ("site", "\x1b[2J"),
    ("country", "vn"),
    ("country", "Vietnam"),
    ("disease", "x" * 81),
    ("prophylaxis", "x" * 81),
    ("holder", "x" * 81),
    ("issuer", "x" * 81),
]


@pytest.fixture
def rows(tmp_path: Path) -> Callable[..., Path]:
    """A table of a good row, rows that differ from it, and a good row."""

    def make(*changes: dict[str, str]) -> Path:
        path = tmp_path / "doses.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, HEADINGS.split(";"), delimiter=";")
            out.writeheader()
            for change in ({"full_name": "Trần Mẫu Một"}, *changes, {"full_name": "Trần Mẫu Hai"}):
                out.writerow(GOOD | change)
        return path

    return make


def signed(out: Path) -> list[int]:
    """The lines of the rows in an archive."""
    with zipfile.ZipFile(out) as opened:
        text = opened.read("manifest.csv").decode("utf-8-sig")
    return [int(row["row"]) for row in csv.DictReader(io.StringIO(text))]


def rejected(report: batch.Report) -> list[tuple[str, str, str]]:
    assert report.rejects is not None
    with report.rejects.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["line"], row["field"], row["reason_en"]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_31_a_row_that_checking_refuses_is_never_signed_and_stops_no_run(
    order: Orders, rows: Callable[..., Path], tmp_path: Path, field: str, value: str
) -> None:
    given = order(rows({field: value}), log=tmp_path / "issued.jsonl")
    report = batch.run(given)
    assert (report.issued, report.rejected) == (2, 1)
    assert signed(given.out) == [2, 4]
    ((line, _, _),) = rejected(report)
    assert line == "3"
    assert len(list(IssueLog(tmp_path / "issued.jsonl"))) == 2


def test_the_signer_does_not_even_look_at_rows_that_were_refused(
    order: Orders, rows: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import vaxcert.batch.worker as module

    read: list[str] = []

    def watched(values: dict[str, str], *more: Any) -> Any:
        read.append(values["full_name"])
        return person_and_dose(values, *more)

    person_and_dose = module.person_and_dose
    monkeypatch.setattr(module, "person_and_dose", watched)
    report = batch.run(order(rows(*({field: value} for field, value in BAD))))
    assert read == ["Trần Mẫu Một", "Trần Mẫu Hai"]
    assert (report.issued, report.rejected) == (2, len(BAD))


def test_a_site_that_cannot_be_is_refused_as_an_option_before_anything_is_written(
    order: Orders, rows: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="site"):
        batch.run(order(rows(), site="vp02"))
    assert [path.name for path in tmp_path.iterdir()] == ["doses.csv"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [(InputError("lot", Reason.UNPRINTABLE), "lot: holds characters that cannot be printed"), (ValueError("Lê Mẫu"), "row: a fault of vaxcert (ValueError at ")],
)  # fmt: skip
@pytest.mark.parametrize("stopped", [False, True])
def test_a_row_that_cannot_be_signed_costs_itself_and_stands_in_the_rejects(
    order: Orders,
    rows: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    says: str,
    stopped: bool,
) -> None:
    made = Issuer.issue

    def issue(self: Issuer, person: Person, dose: Any, **rest: Any) -> Any:
        if person.family_name == "Lê":
            raise fault
        return made(self, person, dose, **rest)

    monkeypatch.setattr(Issuer, "issue", issue)
    given = order(rows({"full_name": "Lê Mẫu"}, {"dose": "x"}), log=tmp_path / "issued.jsonl")
    if stopped:
        with monkeypatch.context() as patched:
            patched.setitem(archive._PACKERS, ".zip", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
            with pytest.raises(ConfigurationError, match="full"):
                batch.run(given)
    report = batch.run(given)
    assert (report.rows, report.issued, report.rejected) == (4, 2, 2)
    assert signed(given.out) == [2, 5]
    assert len(list(IssueLog(tmp_path / "issued.jsonl"))) == 2
    (checked, failed) = rejected(report)
    assert checked[:2] == ("4", "number")
    assert failed[0] == "3"
    assert failed[2].startswith(says)
    assert "Lê Mẫu" not in failed[2]
    assert sum(report.problems.values()) == 2
    assert any(phrase(problem).en.startswith(says) for problem in report.problems)


def test_a_text_that_fits_no_code_costs_its_row_alone(order: Orders, rows: Callable[..., Path]) -> None:
    """At level H a code holds 1,852 characters."""
    rng = random.Random(7)
    long = {
        field: "".join(chr(rng.randrange(0x20000, 0x2A000)) for _ in range(80))
        for field in ("disease", "prophylaxis", "holder", "issuer")
    }
    given = order(rows(long), level="H")
    report = batch.run(given)
    assert signed(given.out) == [2, 4]
    assert rejected(report) == [("3", "row", "row: too long for a code at level H")]


def test_what_is_no_rows_fault_stops_the_run(
    order: Orders, rows: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def issue(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the token is gone")

    monkeypatch.setattr(Issuer, "issue", issue)
    given = order(rows())
    with pytest.raises(RuntimeError):
        batch.run(given)
    assert not given.out.exists()


def faulty(secret: str) -> int:
    raise ZeroDivisionError(secret)


PLACE = f"ZeroDivisionError at {__file__}:{faulty.__code__.co_firstlineno + 1}"


def test_a_fault_in_a_worker_is_told_with_its_true_place_and_without_its_message() -> None:
    with engine.Local(2) as pool, pytest.raises(engine.WorkerError) as caught:
        list(pool.over(faulty, [("Nguyễn Mẫu Thử",)]))
    assert place_of(caught.value) == PLACE
    cause = caught.value.__cause__
    assert "Nguyễn" not in f"{caught.value!r} {cause}"


def refusing(_: int) -> int:
    raise InputError("site", Reason.SITE_INVALID)


def test_what_a_worker_raises_on_purpose_is_raised_as_it_is() -> None:
    with engine.Local(2) as pool, pytest.raises(InputError, match="site: site_invalid"):
        list(pool.over(refusing, [(1,)]))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_fault_in_a_cluster_is_told_with_its_true_place(tmp_path: Path, missing: Callable[[str], None]) -> None:
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        missing("Dask is not installed (pip install 'vaxcert[dask]')")
    from vaxcert.batch.cluster import Cluster

    with Cluster(None, 1, tmp_path) as cluster, pytest.raises(engine.WorkerError) as caught:
        list(cluster.over(faulty, [("Nguyễn Mẫu Thử",)]))
    assert place_of(caught.value) == PLACE
