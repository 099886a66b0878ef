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
    "old_and_new_card": Words("an old identity card and a new one", "một số CMND cũ (9 số) và một số CCCD (12 số)"),
    "spelled_otherwise": Words("spelled otherwise (y or i, place of the tone)", "cách viết khác (y/i, vị trí dấu)"),
    "name_shortened": Words("a name shortened", "họ tên viết tắt"),
    "middle_name_missing": Words("a middle name is missing", "thiếu một chữ đệm"),
    "given_names_differ": Words("given names differ in a letter or two", "tên khác một, hai chữ cái"),
    "a_digit_of_the_birth_date": Words("birth dates differ in a digit", "ngày sinh khác một chữ số"),
    "first_of_january_for_a_day": Words("1 January for a day of that year", "ngày 1/1 thay cho một ngày trong năm"),
    "commune_agrees": Words("district and commune agree", "khớp huyện và xã"),
    "two_communes": Words("two communes", "hai xã khác nhau"),
    "two_sexes": Words("two sexes", "giới tính khác nhau"),
    "common_name": Words("a common name", "họ tên phổ biến"),
    "very_common_name": Words("a very common name", "họ tên rất phổ biến"),
    "first_of_january": Words("born on 1 January, as many are", "sinh ngày 1/1 như nhiều người khác"),
    "same_dose": Words("the same dose of the same day", "cùng một mũi, cùng ngày"),
    "doses_follow": Words("one dose follows the other", "các mũi tiêm nối tiếp nhau"),
    "doses_follow_in_time": Words("one dose follows the other when it is due", "mũi sau đúng hẹn sau mũi trước"),
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

# What is compared of two people.
FIELDS = {
    "name": Words("name", "họ và tên"),
    "date_of_birth": Words("born", "ngày sinh"),
    "sex": Words("sex", "giới tính"),
    "national_id": Words("identity number", "số định danh"),
    "phone": Words("telephone", "điện thoại"),
    "district": Words("district", "huyện"),
    "commune": Words("commune", "xã"),
    "guardian": Words("guardian", "người giám hộ"),
    "priority_group": Words("group", "nhóm"),
}

SCORE = Words("speaks for one person: {score}", "điểm cho thấy là một người: {score}")
ROWS = Words("from: {rows}", "nguồn: {rows}")
LIKE = Words(
    "{questions} questions like it; of its sample {left} are open. Then: decide --like {number} ANSWER",
    "có {questions} câu cùng loại; mẫu còn {left} câu. Sau đó: decide --like {number} TRẢ-LỜI",
)


def told(reasons: Iterable[str]) -> Words:
    """Reasons, by their codes, one after the other."""
    found = [REASONS[reason] for reason in reasons]
    return Words("; ".join(words.en for words in found), "; ".join(words.vi for words in found))
