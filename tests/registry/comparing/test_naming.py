"""How two names compare: what clerks do to one name, and what makes it another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.names.frequencies import share
from vaxcert.registry.comparing.naming import Naming, bare, naming


def compared(one: str, other: str) -> Naming:
    left, right = one.lower(), other.lower()
    return naming(left, right, tuple(map(bare, left.split())), tuple(map(bare, right.split())))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Nguyễn Mẫu Thử", "Mẫu Thử Nguyễn", Naming.SAME),
        ("Nguyễn Mẫu Thử", "NGUYEN MAU THU", Naming.BARE),
        ("Trần Thị Mỹ", "Trần Thị Mĩ", Naming.SPELLED),
        ("Trần Mẫu Quý", "Tran Mau Qui", Naming.SPELLED),
        ("Lê Mẫu Thủy", "Lê Mẫu Thuỷ", Naming.SPELLED),
        ("Lê Mẫu Họa", "Lê Mẫu Hoạ", Naming.SPELLED),
        ("Ng. Mẫu Thử", "Nguyễn Mẫu Thử", Naming.SHORTENED),
        ("Ng Mẫu Thử", "NGUYEN MAU THU", Naming.SHORTENED),
        ("Nguyễn Thị Thử", "Nguyễn Thử", Naming.MIDDLE),
        ("Nguyễn Thị Thủy", "Nguyễn Thuỷ", Naming.MIDDLE),
        ("Nguyễn Văn Mẫu Thử", "NGUYEN MAU THU", Naming.MIDDLE),
        ("Nguyễn Văn Mẫux", "Nguyễn Văn Mẫu", Naming.NEAR),
        ("Nguyễn Vặn Mẫu", "Nguyễn Vắn Mẫu", Naming.TONES),
        # What twins are called.
        ("Nguyễn Văn An", "Nguyễn Văn Ân", Naming.TONES),
        ("Ng. Văn An", "Nguyễn Văn Ân", Naming.TONES),
        ("Lê Mẫu Thủy", "Lê Mẫu Thúy", Naming.TONES),
        ("Nguyễn Thị Minh", "Nguyễn Thị Ninh", Naming.GIVEN),
        ("Nguyễn Hồng Ngọc", "Nguyễn Ngọc Hồng", Naming.ORDER),
        ("Nguyễn Thị Thử", "Trần Văn Mẫu", Naming.OTHER),
        ("Nguyễn Thử", "Nguyễn Mai", Naming.OTHER),
    ],
)
def test_what_clerks_do_to_a_name_is_told_from_another_name(one: str, other: str, expected: Naming) -> None:
    assert compared(one, other) is compared(other, one) is expected


words = st.lists(
    st.sampled_from(["Nguyễn", "Ng.", "Thị", "Mỹ", "Mĩ", "My", "Thủy", "Thuỷ", "An", "Ân", "Anx", "Пётр", "李"]), min_size=1, max_size=4
)  # fmt: skip


@given(words, words)
def test_it_does_not_matter_which_name_came_first(one: list[str], other: list[str]) -> None:
    assert compared(" ".join(one), " ".join(other)) is compared(" ".join(other), " ".join(one))


def test_a_name_of_common_words_is_more_common_wherever_its_family_name_stands() -> None:
    assert share(["nguyen", "thi", "mau"]) == share(["thi", "mau", "nguyen"]) > 10 * share(["quach", "du", "mau"])
    assert share(["nguyen", "van", "mau"]) > share(["nguyen", "van", "vi", "mau"])
    assert share([]) == 1.0
