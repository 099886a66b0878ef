"""What is wrong with a row of somebody's table, for clinic staff."""

import re

from vaxcert.wording.words import Words, by_english

FIELDS = by_english(
    Words("family_name", "họ"),
    Words("given_name", "tên đệm và tên"),
    Words("date_of_birth", "ngày sinh"),
    Words("product", "vắc xin"),
    Words("number", "mũi số"),
    Words("series", "tổng số mũi"),
    Words("date", "ngày tiêm"),
    Words("site", "mã cơ sở"),
    Words("lot", "số lô"),
    Words("disease", "bệnh"),
    Words("prophylaxis", "loại vắc xin"),
    Words("holder", "nhà sản xuất"),
    Words("country", "quốc gia"),
    Words("issuer", "cơ quan cấp"),
    Words("row", "dòng"),
    Words("national_id", "số định danh"),
    Words("phone", "số điện thoại"),
    Words("district", "huyện"),
    Words("priority_group", "nhóm ưu tiên"),
)
# What a problem begins with; of several the first.
PROBLEMS = (
    Words("missing, and it does not follow", "thiếu, và không suy ra được từ mã vắc xin"),
    Words("missing", "thiếu"),
    Words("empty", "để trống"),
    Words("longer than", "quá dài"),
    Words("not a whole number", "không phải số từ 1 đến 9"),
    Words("not DD/MM/YYYY", "không phải ngày dạng DD/MM/YYYY hoặc YYYY-MM-DD"),
    Words("not YYYY-MM-DD", "không phải ngày, tháng hoặc năm sinh hợp lệ"),
    Words("not of 1900", "không thuộc các năm 1900 đến 2099"),
    Words("in the future", "ở tương lai"),
    Words("before the date of birth", "trước ngày sinh"),
    Words("not two capital", "không phải mã hai chữ cái của quốc gia"),
    Words("not 1 to 16 capital", "không phải 1 đến 16 chữ hoa và chữ số"),
    Words("cannot be written in A", "không chuyển được sang A–Z; cần ghi cột chuyển tự"),
    Words("not at most 80 of", "không chỉ gồm A–Z và <, tối đa 80 ký tự"),
    Words("the same dose as in row", "trùng với mũi tiêm ở dòng"),
    Words("a fault of vaxcert", "lỗi của vaxcert, xin báo lại"),
    Words("too long for a code", "quá dài cho một mã QR"),
    Words("no such group", "không có nhóm này"),
)

_OTHER_ROW = re.compile(r"row (\d+)$")


def in_vietnamese(field: str, problem: str) -> str:
    """A row's problem in Vietnamese, given as an `InputError` names it in English."""
    words = next((one.vi for one in PROBLEMS if problem.startswith(one.en)), problem)
    number = _OTHER_ROW.search(problem)
    named = FIELDS[field].vi if field in FIELDS else field
    return f"{named}: {words}{' ' + number[1] if number else ''}"
