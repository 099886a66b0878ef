"""What only a person can decide about records: why it is asked, and the answers that there are."""

from vaxcert.wording.words import Words, by_english

# Why it is asked whether two records are one person, or which of two records of a dose is right.
REASONS = by_english(
    Words("same identity number", "cùng số định danh"),
    Words("two identity numbers", "hai số định danh khác nhau"),
    Words("all else agrees", "các thông tin khác đều khớp"),
    Words("but the doses do not go together", "nhưng các mũi tiêm không khớp nhau"),
    Words("agrees with two people", "khớp với hai người"),
    Words("name, birth date and district agree", "khớp họ tên, ngày sinh và huyện"),
    Words("two telephone numbers", "hai số điện thoại khác nhau"),
    Words("name and birth date agree", "khớp họ tên và ngày sinh"),
    Words("neither telephone nor district does", "số điện thoại và huyện không khớp"),
    Words("telephone agrees", "khớp số điện thoại"),
    Words("district agrees", "khớp huyện"),
    Words("names differ in their tones", "họ tên khác dấu"),
    Words("the same words in another order", "họ tên cùng các từ nhưng khác thứ tự"),
    Words("the same identity number as somebody else's", "số định danh trùng với người khác"),
    Words("names differ in a letter or two", "họ tên khác một, hai chữ cái"),
    Words("two names", "hai họ tên khác nhau"),
    Words("day and month of birth swapped", "ngày và tháng sinh đảo nhau"),
    Words("one birth date is not whole", "một ngày sinh không đầy đủ"),
    Words("only the year or month of birth is known", "chỉ biết năm hoặc tháng sinh"),
    Words("two birth dates", "hai ngày sinh khác nhau"),
    Words("all agrees after a correction", "sau khi sửa, các thông tin đều khớp"),
    Words("the same dose on another day or of another product", "cùng một mũi nhưng khác ngày hoặc khác vắc xin"),
)

ANSWERS = {
    "same": Words("same", "giống"),
    "different": Words("different", "khác"),
    "first": Words("first", "một"),
    "second": Words("second", "hai"),
    "both": Words("both", "cả hai"),
}


def in_vietnamese(reasons: str) -> str:
    """Reasons as they are kept, one after the other, in Vietnamese."""
    return "; ".join(REASONS[reason].vi for reason in reasons.split("; "))
