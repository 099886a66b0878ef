"""Real-format codes of some forty countries: all are read, and none is refused for a wrong reason."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from vaxcert import TrustStore, Verifier
from vaxcert.qr import read
from vaxcert.wire import base45, cbor, cose, deflate

# What these cards may rightly be refused for: what a genuine signer stated.
RIGHTLY = {
    "test_positive", "event_before_birth", "event_in_future", "signer_expired",
    "issued_outside_signer_validity", "usage_not_allowed", "recovery_not_yet_valid", "recovery_expired",
}  # fmt: skip


@lru_cache
def store(vectors: Path) -> TrustStore:
    """The German demonstration list's keys."""
    folder = vectors / "hcert/trust"
    return TrustStore.from_published(
        (folder / "german-demo-dsc-list.json").read_bytes(),
        signed_by=(folder / "german-demo-dsc-list-signing-key.pem").read_bytes(),
        environment="test",
    )


@pytest.mark.parametrize("turned", ["a quarter", "askew", "mirrored", "inverted"])
def test_codes_are_read_however_they_are_held(vectors: Path, turned: str) -> None:
    """One of each country's."""
    folders = sorted((vectors / "hcert/quality-assurance").iterdir())
    for picture in (next(iter(sorted(folder.rglob("*.png")))) for folder in folders):
        image = Image.open(picture).convert("RGBA")
        plain = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("L")
        held = {
            "a quarter": plain.transpose(Image.Transpose.ROTATE_90),
            "askew": plain.rotate(17, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC),
            "mirrored": ImageOps.mirror(plain),
            "inverted": ImageOps.invert(plain),
        }[turned]
        assert [symbol.text for symbol in read(held)] == [symbol.text for symbol in read(picture)], picture.name


def test_a_countrys_code_is_read_and_judged(
    vectors: Path, picture: str, record_property: Callable[[str, object], None]
) -> None:
    (symbol,) = read(vectors / picture)
    assert symbol.text.startswith("HC1:")
    claims = cbor.loads(cose.decode(deflate.inflate(base45.decode(symbol.text[4:]))).payload)
    # Some cards were made for a meeting some days later and state events of that day; others are valid for
    # three days only. Either way the time lies within the card's own, so none may be called expired.
    at = min(datetime.fromtimestamp(claims[6], UTC) + timedelta(days=8), datetime.fromtimestamp(claims[4], UTC))
    verdict = Verifier(store(vectors)).verify(symbol.text, at=at)
    what = str(verdict.reason or verdict.status)
    record_property("score", ("pictures: how each country's are judged", Path(picture).parts[2], what, 1))
    if verdict.status == "refused":
        unreadable = [check.detail for check in verdict.checks if check.reason == "content_invalid"]
        assert verdict.reason in RIGHTLY or unreadable == ["dt is no date"]
    elif verdict.status == "undetermined":
        assert verdict.reason == "key_unknown"
