"""Lists of hashes: found exactly, kept sorted, the highest number decides."""

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import ConfigurationError
from vaxcert.trust import revocation
from vaxcert.trust.publishing import gateway
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.wire import Algorithm, Sealed

# Few different ones, so that they meet; and any.
HASHES = st.one_of(
    st.integers(0, 40).map(lambda number: number.to_bytes(16, "big")), st.binary(min_size=16, max_size=16)
)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@given(st.sets(HASHES), st.sets(HASHES), st.booleans(), st.sampled_from((1, 2, 8_192)))
def test_a_file_answers_as_a_set_does_in_memory_and_on_the_disk(
    held: set[bytes], asked: set[bytes], on_disk: bool, at_once: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        path = Path(folder) / "list"
        path.write_bytes(revocation.packed(held))
        patched.setattr(revocation, "_SMALL", 0 if on_disk else 10**9)
        patched.setattr(revocation, "_BLOCK", at_once)
        hashes = Hashes(path)
        revocation.check_sorted(path)
        assert len(hashes) == len(held)
        assert list(revocation.read(path)) == sorted(held)
        assert {one for one in held | asked if one in hashes} == held


# Any, and those of which only a little is wrong.
NEARLY = st.lists(HASHES, max_size=8) | st.builds(
    lambda hashes, at: [*sorted(hashes)[:at], *sorted(hashes)[max(at - 1, 0) :]], st.sets(HASHES, max_size=8), st.integers(0, 9)
)  # fmt: skip


@given(NEARLY, st.binary(max_size=15), st.sampled_from((1, 2, 3, 8_192)))
def test_what_would_not_be_found_is_not_taken_for_sorted(hashes: list[bytes], rest: bytes, at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        # Also where one block ends and the next begins.
        patched.setattr(revocation, "_BLOCK", at_once)
        path = Path(folder) / "list"
        path.write_bytes(b"".join(hashes) + rest)
        if not rest and hashes == sorted(set(hashes)):
            revocation.check_sorted(path)
        else:
            with pytest.raises(ConfigurationError, match="not sorted|cut short" if rest else "not sorted"):
                revocation.check_sorted(path)


@pytest.mark.parametrize("size", [1, 15, 17])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "list").write_bytes(b"a" * size)
    with pytest.raises(ConfigurationError, match="cut short"):
        Hashes(tmp_path / "list")
    with pytest.raises(ConfigurationError, match="cut short"):
        list(revocation.read(tmp_path / "list"))
    for opened in (Hashes, revocation.check_sorted):
        with pytest.raises(ConfigurationError, match="No such file"):
            opened(tmp_path / "nowhere")


@given(st.sampled_from(Kind), st.integers(0, 99_999_999), st.booleans())
def test_the_name_of_a_list_says_what_it_is(kind: Kind, number: int, is_base: bool) -> None:
    source = Source(kind, number, is_base)
    assert Source.of(source.name) == source


@pytest.mark.parametrize("name", ["", "uci-1-more.bin", "uci-00000001-more.bin/..", "other-00000001-more.bin",
                                  "uci-00000001-none.bin", "UCI-00000001-base.bin", "uci-０0000001-base.bin",
                                  "uci-00000001-base.bin\n", "../uci-00000001-base.bin"])  # fmt: skip
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="not the name of a revocation list"):
        Source.of(name)


EVENTS = st.lists(st.tuples(st.sampled_from(("revoke", "reinstate")), st.integers(0, 4)), max_size=12)


@given(EVENTS)
def test_the_last_word_counts_whatever_the_order_of_the_lists(events: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lists, reinstated, expected = [], {}, set()
        for number, (action, which) in enumerate(events, 1):
            one = bytes([which]) * 16
            if action == "revoke":
                path = Path(folder) / str(number)
                path.write_bytes(one)
                lists.append((Source(Kind.UCI, number, number % 3 == 0), Hashes(path)))
                expected.add(which)
            else:
                reinstated[Kind.UCI, one] = number
                expected.discard(which)
        for ordered in (lists, lists[::-1]):
            revocations = Revocations(ordered, reinstated)
            assert {which for which in range(6) if (Kind.UCI, bytes([which]) * 16) in revocations} == expected
            assert not any((Kind.SITE, bytes([which]) * 16) in revocations for which in range(6))
            for which in range(6):
                last = max((number for number, event in enumerate(events, 1) if event[1] == which), default=-1)
                said = any(event == ("revoke", which) for event in events)
                if said or (Kind.UCI, bytes([which]) * 16) in reinstated:
                    assert revocations.latest(Kind.UCI, bytes([which]) * 16) == last


def test_of_what_one_publication_revokes_and_takes_back_the_latter_counts(tmp_path: Path) -> None:
    # Lists of that number may still hold it where the publication was stopped and made again.
    (tmp_path / "list").write_bytes(bytes(16))
    lists = [(Source(Kind.UCI, 5, True), Hashes(tmp_path / "list"))]
    for number, is_revoked in ((4, True), (5, False), (6, False)):
        revocations = Revocations(lists, {(Kind.UCI, bytes(16)): number})
        assert ((Kind.UCI, bytes(16)) in revocations) is is_revoked
        assert revocations.counts()["uci"] == is_revoked
        assert revocations.latest(Kind.UCI, bytes(16)) == max(5, number)


def sealed(signature: bytes) -> Sealed:
    return Sealed(b"", b"", signature)


@given(st.integers(1, 2**256 - 1), st.integers(1, ORDER - 1))
def test_both_twins_of_a_signature_have_one_hash(r: int, s: int) -> None:
    one, twin = (sealed(r.to_bytes(32, "big") + part.to_bytes(32, "big")) for part in (s, ORDER - s))
    found = revocation.of_signature(one, Algorithm.ES256)
    assert found == revocation.of_signature(twin, Algorithm.ES256)
    assert found == hashlib.sha256(r.to_bytes(32, "big")).digest()[:16]
    assert revocation.of_signature(one, Algorithm.PS256) == hashlib.sha256(one.signature).digest()[:16]


def test_the_hashes_are_those_of_the_gateway() -> None:
    # By another implementation: printf '%s' "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#B" | sha256sum | cut -c1-32
    name = "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#B"
    assert revocation.of_uci(name).hex() == "4f6bf6bc47a5c5c4f9d020aa60b8e493"
    assert revocation.of_country_uci("VN", name).hex() == "37bf91d7149b690ff7663ad4aad57880"
    assert revocation.of_uci("URN:UVCI:01:VN:Sở#B") == hashlib.sha256("URN:UVCI:01:VN:Sở#B".encode()).digest()[:16]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"hashType": "OTHER", "entries": []}', b'{"hashType": "UCI", "entries": [{}]}',
     b'{"hashType": "UCI", "entries": [{"hash": 5}]}', b'{"hashType": "UCI", "entries": [{"hash": "?"}]}'],
)  # fmt: skip
def test_what_is_no_batch_is_refused(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="not a gateway's batch"):
        gateway.read(content)


def test_a_batch_is_read_by_its_kind_and_whole_hashes_are_cut() -> None:
    for name, kind in (("UCI", "uci"), ("COUNTRYCODEUCI", "country_uci"), ("SIGNATURE", "signature")):
        content = b'{"country": "XX", "hashType": "%s", "entries": [{"hash": "%s"}, {"hash": "%s"}]}' % (
            name.encode(), b"A" * 22 + b"==", b"A" * 43 + b"=",
        )  # fmt: skip
        assert gateway.read(content) == (kind, [bytes(16), bytes(16)])
    with pytest.raises(ConfigurationError, match="another length"):
        gateway.read(b'{"hashType": "UCI", "entries": [{"hash": "AAAA"}]}')
