"""Cards that were changed after signing: never accepted, and never an exception out of `verify`.

A change counts as harmless only where the message comes out identical: inflating ignores padding bits, so two
texts can carry one. Where the message itself is changed and packed again, the signed bytes and the signature must
be identical: a message may lose its tag and say the same.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from vaxcert import CardError, Verifier
from vaxcert.formats import bare
from vaxcert.wire import base45, cose, deflate

MUTATIONS = int(os.environ.get("VAXCERT_MUTATIONS", "20000"))
CHARACTERS = base45.ALPHABET.decode()


def flip(data: bytearray, rng: random.Random) -> bytearray:
    place = rng.randrange(len(data))
    data[place] ^= 1 << rng.randrange(8)
    return data


def truncate(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(len(data))]


def insert(data: bytearray, rng: random.Random) -> bytearray:
    place = rng.randrange(len(data) + 1)
    return data[:place] + bytearray(rng.randbytes(rng.randint(1, 4))) + data[place:]


def swap(data: bytearray, rng: random.Random) -> bytearray:
    one, two = rng.randrange(len(data)), rng.randrange(len(data))
    data[one], data[two] = data[two], data[one]
    return data


def delete(data: bytearray, rng: random.Random) -> bytearray:
    place = rng.randrange(len(data))
    return data[:place] + data[place + rng.randint(1, 4) :]


def repeat(data: bytearray, rng: random.Random) -> bytearray:
    place, size = rng.randrange(len(data)), rng.randint(1, 40)
    return data[: place + size] + data[place:]


KINDS: list[Callable[[bytearray, random.Random], bytearray]] = [flip, truncate, insert, swap, delete, repeat]


def message_in(text: str) -> bytes | None:
    try:
        return deflate.inflate(base45.decode(text[4:])) if text.startswith("HC1:") else None
    except CardError:
        return None


def signed_in(text: str) -> tuple[bytes, bytes] | None:
    """What is signed, and the signature over it."""
    message = message_in(text)
    try:
        sealed = cose.decode(message) if message is not None else None
    except CardError:
        return None
    return sealed and (sealed.signing_input, sealed.signature)


def in_text(text: str, kind: Callable[..., bytearray], rng: random.Random) -> str:
    """Change the characters; whatever leaves the alphabet stays in the text as what it became."""
    return bytes(kind(bytearray(text.encode("ascii")), rng)).decode("latin-1")


def in_compressed(text: str, kind: Callable[..., bytearray], rng: random.Random) -> str:
    return "HC1:" + base45.encode(bytes(kind(bytearray(base45.decode(text[4:])), rng)))


def in_message(text: str, kind: Callable[..., bytearray], rng: random.Random) -> str:
    """Change the signed message itself and pack it properly, so that only the signature stands in the way."""
    return "HC1:" + base45.encode(
        deflate.deflate(bytes(kind(bytearray(deflate.inflate(base45.decode(text[4:]))), rng)))
    )


@pytest.mark.parametrize(
    ("layer", "meaning"), [(in_text, message_in), (in_compressed, message_in), (in_message, signed_in)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_card_is_accepted_and_none_raises(
    verifier: Verifier,
    text: str,
    layer: Callable[..., str],
    meaning: Callable[[str], Any],
    kind: Callable[..., bytearray],
) -> None:
    original = meaning(text)
    rng = random.Random(f"{layer.__name__} {kind.__name__}")
    statuses: Counter[str] = Counter()
    for _ in range(-(-MUTATIONS // (3 * len(KINDS)))):
        changed = layer(text, kind, rng)
        verdict = verifier.verify(changed)
        statuses[verdict.status] += 1
        if verdict and meaning(bare(changed)) != original:
            pytest.fail(f"accepted after {kind.__name__} {layer.__name__}")
        assert verdict or verdict.reason is not None
    assert statuses["refused"] + statuses["undetermined"] > 0


def test_swapping_a_character_for_any_other_is_never_accepted(verifier: Verifier, text: str) -> None:
    """All places, some characters: a reader's single mistake."""
    original = message_in(text)
    rng = random.Random(5)
    for place in range(len(text)):
        changed = text[:place] + rng.choice(CHARACTERS) + text[place + 1 :]
        assert not verifier.verify(changed) or message_in(changed) == original


def test_parts_of_two_good_cards_make_no_good_card(verifier: Verifier, forge: Any) -> None:
    one, two = (
        forge.message(forge.claims(forge.dcc(nam={"fnt": name}, v=[forge.vaccination(ci="URN:X")])))
        for name in ("AAAAAA", "BBBBBB")
    )
    assert len(one) == len(two)
    for place in range(1, len(one)):
        mixed = one[:place] + two[place:]
        if mixed not in (one, two):
            assert verifier.verify(forge.text(mixed)).status in ("refused", "undetermined")
