"""A text in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """The same text in English and Vietnamese, in this order everywhere."""

    en: str
    vi: str

    def of(self, lang: str) -> str:
        """The text in Vietnamese for "vi", else in English."""
        return self.vi if lang == "vi" else self.en

    def filled(self, said: dict[str, str | int]) -> "Words":
        """The text with values at the places that have names in it; what is not said is an ellipsis."""
        given = _Said(said)
        return Words(self.en.format_map(given), self.vi.format_map(given))


class _Said(dict[str, str | int]):
    def __missing__(self, name: str) -> str:
        return "…"
