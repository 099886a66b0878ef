"""A text in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """The same text in English and Vietnamese, in this order everywhere."""

    en: str
    vi: str

    def of(self, lang: str) -> str:
        """The text in Vietnamese for "vi", else in English."""
        return self.vi if lang == "vi" else self.en


def by_english(*words: Words) -> dict[str, Words]:
    """Words that are known by what they are in English."""
    return {pair.en: pair for pair in words}
