"""Arguments of another type than the front door's names want are told by their name, before anything is done."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore, Verifier

GOOD = {"product": "EU/1/20/1528", "number": 1, "series": 2, "date": date(2026, 6, 1)}


def issuer(key: SigningKey, **changes: Any) -> Issuer:
    good = {"country": "VN", "authority": "Sở Y tế (TEST)", "valid_for": timedelta(days=1)}
    return Issuer(key, **good | changes)


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda key: Person(family_name=None), "family_name"),
        (lambda key: Person(family_name="Mẫu", given_name=7), "given_name"),
        (lambda key: Person(family_name="Mẫu", date_of_birth=1990), "date_of_birth"),
        (lambda key: Person(family_name="Mẫu", date_of_birth=datetime(1990, 5, 17)), "date_of_birth"),
        (lambda key: Dose(**GOOD | {"lot": 5}), "lot"),
        (lambda key: Dose(**GOOD | {"product": None}), "product"),
        (lambda key: Dose(**GOOD | {"site": b"VP01"}), "site"),
        (lambda key: Verifier("keys/published"), "trust"),
        (lambda key: Verifier(None), "trust"),
        (lambda key: issuer(key, valid_for=30), "valid_for"),
        (lambda key: issuer(key, authority=None), "authority"),
    ],
)
def test_an_argument_of_a_wrong_type_is_named(
    make: Callable[[SigningKey], Any], argument: str, key: SigningKey
) -> None:
    with pytest.raises(TypeError, match=f"^{argument}: not a"):
        make(key)


def test_a_clock_without_a_zone_is_told_by_whoever_was_given_it(
    key: SigningKey, trust: TrustStore, person: Person, dose: Dose, text: str
) -> None:
    with pytest.raises(ValueError, match="`clock` gives times without a time zone"):
        issuer(key, clock=lambda: datetime(2026, 6, 15)).issue(person, dose)
    with pytest.raises(ValueError, match="`at` has no time zone"):
        Verifier(trust).verify(text, at=datetime(2026, 6, 15))
    with pytest.raises(ValueError, match=r"no time zone"):
        Verifier(trust, clock=lambda: datetime(2026, 6, 15)).verify(text)


def test_a_date_is_taken_for_a_birth_date() -> None:
    assert Person(family_name="Mẫu", date_of_birth=date(1990, 5, 17)).date_of_birth == "1990-05-17"  # type: ignore[arg-type]


def test_a_synced_store_is_loaded_once_a_sync_however_many_threads_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tarfile

    with tarfile.open(Path(__file__).parent / "kept" / "first-version.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / "store"
    store = TrustStore.load(folder)
    assert store.current() is store
    # As a sync leaves it: another generation, and the one switch.
    (folder / "gen-00000001").rename(folder / "gen-00000002")
    (folder / "current").unlink()
    (folder / "current").symlink_to("gen-00000002")
    loads, load = [], TrustStore.load

    def counted(path: Any, **options: Any) -> TrustStore:
        loads.append(path)
        return load(path, **options)

    monkeypatch.setattr(TrustStore, "load", counted)
    gate, followed = threading.Barrier(16), []

    def ask() -> None:
        gate.wait()
        followed.append(store.current())

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len(set(map(id, followed))) == 1 and followed[0] is not store
