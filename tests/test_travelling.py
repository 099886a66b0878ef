"""What may travel between processes does, and what may not says how it is made where it is used."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vaxcert import (
    CardError,
    Dose,
    InputError,
    KeyMaterialError,
    Person,
    SigningKey,
    TrustedKey,
    TrustStore,
    Verifier,
)
from vaxcert.errors import Reason, RevocationError, SignatureError


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301  (our own)


def test_an_accepted_verdict_travels_with_its_signer_and_its_certificate(verifier: Verifier, text: str) -> None:
    verdict = verifier.verify(text)
    again = copied(verdict)
    assert again.to_dict() == verdict.to_dict()
    assert again and again.require() == verdict.require()
    assert again.signer.subject == verdict.signer.subject


@pytest.mark.parametrize("changes", [{"exp": 1}, {"iss": 5}, {"iat": 4e9}], ids=["expired", "no issuer", "to come"])
def test_a_refused_verdict_travels_with_the_error_that_decided(verifier: Verifier, forge: Any, changes: Any) -> None:
    verdict = verifier.verify(forge.card(**changes))
    again = copied(verdict)
    assert (again.status, again.reason) == (verdict.status, verdict.reason) and not again
    with pytest.raises(type(verdict.error)) as caught:
        again.require()
    assert (caught.value.reason, caught.value.detail) == (verdict.error.reason, verdict.error.detail)


def test_a_trusted_key_travels_and_checks_signatures_as_before(key: SigningKey) -> None:
    trusted = key.trusted()
    again: TrustedKey = copied(trusted)
    assert again.verify(key.sign(b"data"), b"data")
    assert not again.verify(key.sign(b"data"), b"other")
    assert all(getattr(again, name) == getattr(trusted, name) for name in TrustedKey.__struct_fields__)


@pytest.mark.parametrize(
    "error",
    [
        InputError("date", Reason.IN_THE_FUTURE),
        KeyMaterialError(Reason.KEY_WEAK, "RSA of 1024 bits"),
        SignatureError(Reason.SIGNATURE_INVALID),
        RevocationError(Reason.REVOKED, "a detail"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_with_all_that_they_are_made_of(error: Any) -> None:
    again = copied(error)
    assert (type(again), str(again)) == (type(error), str(error))
    assert vars(again) == vars(error)


def test_people_and_doses_travel(person: Person, dose: Dose) -> None:
    assert (copied(person), copied(dose)) == (person, dose)


def test_what_holds_secrets_or_files_says_how_it_is_made_elsewhere(
    key: SigningKey, trust: TrustStore, verifier: Verifier
) -> None:
    for value, said in ((key, "load it where it is used"), (trust, "TrustStore.load"), (verifier, "make one in each")):
        with pytest.raises(TypeError, match="not copied between processes") as caught:
            pickle.dumps(value)
        assert said in str(caught.value)


def test_every_error_of_a_card_travels() -> None:
    def below(kind: type[CardError]) -> Any:
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    for kind in below(CardError):
        again = copied(kind(Reason.NOT_REACHED, "somewhere"))
        assert (type(again), again.reason, again.detail) == (kind, Reason.NOT_REACHED, "somewhere")


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("import vaxcert\nvaxcert.Verifier\n", False),
        ("import vaxcert\nvaxcert.Verifyer\n", True),
        ("from vaxcert import qr\nqr.read\n", False),
        ("from vaxcert import qr\nqr.reed\n", True),
    ],
    ids=["name", "misspelt name", "name of qr", "misspelt name of qr"],
)
def test_a_type_checker_sees_a_misspelt_name(code: str, wrong: bool, tmp_path: Path, missing: Any) -> None:
    if subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True, check=False).returncode:
        missing("mypy is not installed")
    (tmp_path / "user.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "user.py"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ("has no attribute" in done.stdout) is wrong, done.stdout
