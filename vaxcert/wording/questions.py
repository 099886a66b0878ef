"""What only a person can decide about records: why it is asked, and the answers that there are."""

from collections.abc import Iterable

from vaxcert.wording.words import Words

# Why it is asked whether two records are one person, or which of two records of a dose is right; by the codes that
# are kept with a question.
REASONS = {
    "same_identity_number": Words("same identity number", "cùng số định danh"),
    "two_identity_numbers": Words("two identity numbers", "hai số định danh khác nhau"),
    "all_else_agrees": Words("all else agrees", "các thông tin khác đều khớp"),
    "doses_do_not_go_together": Words("but the doses do not go together", "nhưng các mũi tiêm không khớp nhau"),
    "agrees_with_two_people": Words("agrees with two people", "khớp với hai người"),
    "name_birth_date_and_district_agree": Words(
        "name, birth date and district agree", "khớp họ tên, ngày sinh và huyện"
    ),
    "two_telephone_numbers": Words("two telephone numbers", "hai số điện thoại khác nhau"),
    "name_and_birth_date_agree": Words("name and birth date agree", "khớp họ tên và ngày sinh"),
    "neither_telephone_nor_district": Words("neither telephone nor district does", "số điện thoại và huyện không khớp"),
    "telephone_agrees": Words("telephone agrees", "khớp số điện thoại"),
    "district_agrees": Words("district agrees", "khớp huyện"),
    "tones_differ": Words("names differ in their tones", "họ tên khác dấu"),
    "words_in_another_order": Words("the same words in another order", "họ tên cùng các từ nhưng khác thứ tự"),
    "identity_number_of_somebody_else": Words(
        "the same identity number as somebody else's", "số định danh trùng với người khác"
    ),
    "letters_differ": Words("names differ in a letter or two", "họ tên khác một, hai chữ cái"),
    "two_names": Words("two names", "hai họ tên khác nhau"),
    "day_and_month_swapped": Words("day and month of birth swapped", "ngày và tháng sinh đảo nhau"),
    "birth_date_not_whole": Words("one birth date is not whole", "một ngày sinh không đầy đủ"),
    "only_year_or_month_of_birth": Words("only the year or month of birth is known", "chỉ biết năm hoặc tháng sinh"),
    "two_birth_dates": Words("two birth dates", "hai ngày sinh khác nhau"),
    "agrees_after_correction": Words("all agrees after a correction", "sau khi sửa, các thông tin đều khớp"),
    "same_dose_otherwise": Words(
        "the same dose on another day or of another product", "cùng một mũi nhưng khác ngày hoặc khác vắc xin"
    ),
}

ANSWERS = {
    "same": Words("same", "giống"),
    "different": Words("different", "khác"),
    "first": Words("first", "một"),
    "second": Words("second", "hai"),
    "both": Words("both", "cả hai"),
}


def told(reasons: Iterable[str]) -> Words:
    """Reasons, by their codes, one after the other."""
    found = [REASONS[reason] for reason in reasons]
    return Words("; ".join(words.en for words in found), "; ".join(words.vi for words in found))
