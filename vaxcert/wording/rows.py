"""What is wrong with a value: of a row of somebody's table, of a record, of an argument. For clinic staff."""

from vaxcert.errors import Problem, Reason
from vaxcert.wording.words import Words

# What fields are called; one that is not here goes by its own name.
FIELDS = {
    "full_name": Words("full_name", "họ và tên"),
    "family_name": Words("family_name", "họ"),
    "family_middle_name": Words("family_middle_name", "họ và tên đệm"),
    "middle_name": Words("middle_name", "tên đệm"),
    "given_name": Words("given_name", "tên đệm và tên"),
    "date_of_birth": Words("date_of_birth", "ngày sinh"),
    "product": Words("product", "vắc xin"),
    "number": Words("number", "mũi số"),
    "series": Words("series", "tổng số mũi"),
    "date": Words("date", "ngày tiêm"),
    "site": Words("site", "mã cơ sở"),
    "lot": Words("lot", "số lô"),
    "disease": Words("disease", "bệnh"),
    "prophylaxis": Words("prophylaxis", "loại vắc xin"),
    "holder": Words("holder", "nhà sản xuất"),
    "country": Words("country", "quốc gia"),
    "issuer": Words("issuer", "cơ quan cấp"),
    "row": Words("row", "dòng"),
    "record": Words("record", "bản ghi"),
    "national_id": Words("national_id", "số định danh"),
    "phone": Words("phone", "số điện thoại"),
    "district": Words("district", "huyện"),
    "priority_group": Words("priority_group", "nhóm ưu tiên"),
    "sex": Words("sex", "giới tính"),
    "nationality": Words("nationality", "quốc tịch"),
    "commune": Words("commune", "xã"),
    "address": Words("address", "địa chỉ"),
    "insurance_number": Words("insurance_number", "số thẻ bảo hiểm y tế"),
    "guardian": Words("guardian", "người giám hộ"),
    "occupation": Words("occupation", "nghề nghiệp"),
    "reason": Words("reason", "lý do"),
    "changes": Words("changes", "thay đổi"),
    "state": Words("state", "trạng thái"),
    "run": Words("run", "lượt"),
}

PROBLEMS = {
    Reason.MISSING: Words("missing", "thiếu"),
    Reason.EMPTY: Words("empty", "để trống"),
    Reason.NOT_IMPLIED: Words(
        "missing, and it does not follow from the product", "thiếu, và không suy ra được từ mã vắc xin"
    ),
    Reason.TOO_LONG: Words("longer than {most} characters", "quá dài: hơn {most} ký tự"),
    Reason.TOO_SHORT: Words("shorter than {least} characters", "ngắn hơn {least} ký tự"),
    Reason.UNPRINTABLE: Words("holds characters that cannot be printed", "có ký tự không in được"),
    Reason.NOT_A_NUMBER: Words(
        "not a whole number from {least} to {most}", "không phải số nguyên từ {least} đến {most}"
    ),
    Reason.NOT_A_DATE: Words("not DD/MM/YYYY or YYYY-MM-DD", "không phải ngày dạng DD/MM/YYYY hoặc YYYY-MM-DD"),
    Reason.NOT_A_BIRTH_DATE: Words("not YYYY-MM-DD, YYYY-MM or YYYY", "không phải ngày, tháng hoặc năm sinh hợp lệ"),
    Reason.YEAR_IMPOSSIBLE: Words("not of 1900 to 2099", "không thuộc các năm 1900 đến 2099"),
    Reason.IN_THE_FUTURE: Words("in the future", "ở tương lai"),
    Reason.BEFORE_BIRTH: Words("before the date of birth", "trước ngày sinh"),
    Reason.AFTER_A_DOSE: Words("after a dose", "sau ngày của một mũi tiêm"),
    Reason.COUNTRY_INVALID: Words(
        "not two capital letters (ISO 3166 alpha-2)", "không phải mã hai chữ cái của quốc gia"
    ),
    Reason.SITE_INVALID: Words("not 1 to 16 capital letters and digits", "không phải 1 đến 16 chữ hoa và chữ số"),
    Reason.NO_TRANSLITERATION: Words(
        "cannot be written in A–Z; give it transliterated", "không chuyển được sang A–Z; cần ghi cột chuyển tự"
    ),
    Reason.TRANSLITERATION_INVALID: Words("not at most 80 of A–Z and <", "không chỉ gồm A–Z và <, tối đa 80 ký tự"),
    Reason.SAME_DOSE_AS_ROW: Words("the same dose as in row {row}", "trùng với mũi tiêm ở dòng {row}"),
    Reason.NO_SUCH_GROUP: Words("no such group", "không có nhóm này"),
    Reason.NO_DIGITS: Words(
        "says no number; leave it empty to take it away", "không phải là một số; để trống nếu muốn xóa"
    ),
    Reason.NOT_ENOUGH_GIVEN: Words(
        "missing, and no number that says something", "thiếu, và không có số nào để tra cứu"
    ),
    Reason.NOT_ONE_OF: Words("not one of {allowed}", "không thuộc: {allowed}"),
    Reason.NOT_POSITIVE: Words("not more than nothing", "không lớn hơn 0"),
    Reason.TOO_SMALL: Words("less than {least}", "nhỏ hơn {least}"),
    Reason.NOT_AN_OBJECT: Words("not a JSON object", "không phải đối tượng JSON"),
    Reason.NOT_A_TEXT: Words("not a text", "không phải chuỗi văn bản"),
    Reason.FIELD_UNKNOWN: Words("a field that is not known; see the help", "có trường không được biết; xem hướng dẫn"),
    Reason.NOT_VALID: Words("makes no sense", "không hợp lệ"),
    Reason.NO_FIT: Words("too long for a code at level {level}", "quá dài so với mã ở mức {level}"),
    Reason.FAULT: Words("a fault of vaxcert ({place})", "lỗi của vaxcert ({place})"),
    Reason.NOTHING_TO_CHANGE: Words("nothing to change: it is so already", "không có gì để thay đổi: đã như vậy"),
}


def phrase(problem: Problem) -> Words:
    """A problem in words, the field first."""
    field = FIELDS.get(problem.field, Words(problem.field, problem.field))
    words = PROBLEMS[problem.reason].filled(dict(problem.said))
    return Words(f"{field.en}: {words.en}", f"{field.vi}: {words.vi}")
