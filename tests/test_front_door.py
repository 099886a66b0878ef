"""The public names, the codes, and what an import may cost."""

import subprocess
import sys

import pytest

import vaxcert
from vaxcert import Outcome, Reason, Stage
from vaxcert import errors as errors_module


def test_the_front_door_lists_exactly_what_it_opens_in_order() -> None:
    assert vaxcert.__all__ == sorted(vaxcert.__all__)
    assert set(vaxcert.__all__) == set(vaxcert._HOMES)
    for name in vaxcert.__all__:
        assert getattr(vaxcert, name).__name__ == name
        assert name in dir(vaxcert)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        _ = vaxcert.Nonsense


def test_stages_and_outcomes_are_those_that_integrators_know() -> None:
    assert " ".join(Stage) == (
        "format encoding compression envelope key signature usage validity content revocation rules"
    )
    assert [stage.name.lower() for stage in Stage] == [stage.value for stage in Stage]
    assert " ".join(Outcome) == "passed failed unknown skipped"


def test_reasons_are_lower_snake_and_named_alike() -> None:
    for reason in Reason:
        assert reason.value == reason.name.lower()
        assert reason.value.replace("_", "").isalnum()


def test_every_kind_of_card_error_names_a_stage_of_its_own() -> None:
    kinds = errors_module.CardError.__subclasses__()
    assert sorted(kind.stage for kind in kinds) == sorted(Stage)
    assert [kind.__name__ for kind in kinds if kind.undetermined] == ["KeyUnavailableError"]


def test_the_tree_in_the_errors_docstring_is_the_tree() -> None:
    def names(kind: type) -> set[str]:
        return {kind.__name__}.union(*(names(sub) for sub in kind.__subclasses__()))

    for name in names(errors_module.VaxcertError):
        if name in vars(errors_module) and not name.startswith("_"):
            assert name in (errors_module.__doc__ or "")


HEAVY = "numpy PIL qrcode zxingcpp flask sqlalchemy rich cryptography cbor2"


@pytest.mark.parametrize("statement", ["import vaxcert", "import vaxcert.qr", "import vaxcert.errors"])
def test_importing_the_package_imports_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print(sorted(set('{HEAVY}'.split()) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_verifying_imports_no_web_framework_and_no_image_library() -> None:
    code = "import sys; from vaxcert import Verifier, TrustStore; print(sorted(set(sys.argv[1].split()) & set(sys.modules)))"
    wanted = "numpy PIL qrcode zxingcpp flask sqlalchemy rich requests httpx urllib3"
    ran = subprocess.run([sys.executable, "-P", "-c", code, wanted], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
