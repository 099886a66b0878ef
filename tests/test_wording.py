"""The words that staff see."""

import re
import unicodedata

import pytest

from vaxcert import wording
from vaxcert.errors import Reason
from vaxcert.verdict import Status
from vaxcert.wording.rows import PROBLEMS

LANGUAGES = ("en", "vi")
LEFTOVERS = re.compile(r"TODO|FIXME|XXX|\?\?|lorem|[{}_]|  ", re.IGNORECASE)
VIETNAMESE = re.compile("[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ\u1ea0-\u1ef9]", re.IGNORECASE)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_in_both_languages(reason: Reason) -> None:
    english, vietnamese = (wording.say(reason, lang) for lang in LANGUAGES)
    assert english != vietnamese
    for words in (english, vietnamese):
        assert words == words.strip()
        assert len(words) <= 120
        assert not LEFTOVERS.search(words)
        assert unicodedata.is_normalized("NFC", words)
    assert VIETNAMESE.search(vietnamese)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in PROBLEMS])
def test_every_reason_has_a_sentence_in_both_languages(reason: Reason) -> None:
    english, vietnamese = (wording.say(reason, lang) for lang in LANGUAGES)
    assert english != vietnamese
    for sentence in (english, vietnamese):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert sentence == sentence.strip()
        assert len(sentence) <= 120
        assert not LEFTOVERS.search(sentence)
        assert unicodedata.is_normalized("NFC", sentence)
    assert VIETNAMESE.search(vietnamese)
    assert english.isascii()


def test_no_two_reasons_have_the_same_words() -> None:
    for lang in LANGUAGES:
        assert len({wording.say(reason, lang) for reason in Reason}) == len(Reason)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_headline_in_both_languages(status: Status) -> None:
    english, vietnamese = (wording.headline(status, None, lang) for lang in LANGUAGES)
    assert english
    assert VIETNAMESE.search(vietnamese)
    assert english != vietnamese


def test_an_accepted_card_is_called_genuine_and_never_admitted() -> None:
    assert wording.headline("accepted", None, "en") == "Genuine certificate"
    assert wording.headline("accepted", None, "vi") == "Chứng nhận thật"
    for lang, words in (
        ("en", ("may", "enter", "admit", "welcome")),
        ("vi", ("được vào", "cho vào", "cho qua")),
    ):
        assert not any(word in wording.headline("accepted", None, lang).lower() for word in words)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (Reason.TRUST_LIST_STALE, "device must be updated"),
        (Reason.CLOCK_ROLLED_BACK, "clock of this device must be set"),
        (Reason.CLOCK_SUSPECT, "clock of this device must be set"),
    ],
)
def test_a_device_that_cannot_judge_says_so_instead_of_blaming_the_card(reason: Reason, says: str) -> None:
    assert says in wording.headline("undetermined", reason)
    assert wording.headline("undetermined", reason, "vi") != wording.headline("undetermined", None, "vi")


def test_any_other_undetermined_card_is_not_to_be_admitted_on() -> None:
    assert "do not admit" in wording.headline("undetermined", Reason.KEY_UNKNOWN)
    assert "không cho qua" in wording.headline("undetermined", Reason.KEY_UNKNOWN, "vi")


def test_a_bad_signature_under_a_stale_list_is_headed_as_refused() -> None:
    assert wording.headline("refused", Reason.SIGNATURE_INVALID) == "Refused"
    assert wording.headline("refused", Reason.TRUST_LIST_STALE) == "Refused"


@pytest.mark.parametrize("field", wording.LABELS)
def test_every_label_is_there_in_both_languages(field: str) -> None:
    english, vietnamese = wording.label(field, "en"), wording.label(field, "vi")
    assert english
    assert VIETNAMESE.search(vietnamese)
    assert english != vietnamese


def test_the_fields_of_every_kind_of_certificate_have_labels() -> None:
    assert wording.LABELS.keys() >= {
        "name", "date_of_birth", "vaccine", "dose", "date", "disease", "issuer", "test", "result", "recovery",
        "valid_until", "certificate_id", "signer",
    }  # fmt: skip


def test_a_language_that_is_not_there_is_answered_in_english() -> None:
    assert wording.say(Reason.EXPIRED, "fr") == wording.say(Reason.EXPIRED, "en")
    assert wording.label("name", "fr") == "Name"
