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
    "dose": Words("dose", "mũi tiêm"),
    "account": Words("account", "tài khoản"),
    "login": Words("login", "tên đăng nhập"),
    "display_name": Words("display_name", "tên hiển thị"),
    "email": Words("email", "thư điện tử"),
    "roles": Words("roles", "vai trò"),
    "area": Words("area", "địa bàn"),
    "password": Words("password", "mật khẩu"),
    "pin": Words("PIN", "mã PIN"),
    "person": Words("person", "người"),
    "session": Words("session", "buổi tiêm"),
    "request": Words("request", "yêu cầu"),
    "card": Words("card", "thẻ căn cước"),
    "warnings": Words("warnings", "cảnh báo"),
    "kind": Words("kind", "loại"),
    "began_on": Words("began_on", "ngày bắt đầu"),
    "details": Words("details", "chi tiết"),
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
    Reason.NOT_A_BIRTH_DATE: Words(
        "no such day, month or year of birth", "không phải ngày, tháng hoặc năm sinh hợp lệ"
    ),
    Reason.YEAR_IMPOSSIBLE: Words("not of 1900 to 2099", "không thuộc các năm 1900 đến 2099"),
    Reason.IN_THE_FUTURE: Words("in the future", "ở tương lai"),
    Reason.BEFORE_BIRTH: Words("before the date of birth", "trước ngày sinh"),
    Reason.AFTER_A_DOSE: Words("after a dose", "sau ngày của một mũi tiêm"),
    Reason.COUNTRY_INVALID: Words(
        "not two capital letters (ISO 3166 alpha-2)", "không phải mã hai chữ cái của quốc gia"
    ),
    Reason.SITE_INVALID: Words("not 1 to 16 capital letters and digits", "không phải 1 đến 16 chữ hoa và chữ số"),
    Reason.NO_TRANSLITERATION: Words(
        "cannot be written in A–Z: {letter}; give it transliterated",
        "không chuyển được sang A–Z: {letter}; cần ghi cột chuyển tự",
    ),
    Reason.TRANSLITERATION_INVALID: Words("not at most 80 of A–Z and <", "không chỉ gồm A–Z và <, tối đa 80 ký tự"),
    Reason.NO_LETTERS: Words(
        "holds no letter",
        "không có chữ cái nào",
    ),
    Reason.LETTERS_LOST: Words(
        "letters were lost (? or \ufffd stands for them): write it anew",
        "mất chữ (dấu ? hoặc \ufffd thay cho chữ): cần ghi lại",
    ),
    Reason.NAME_MISREAD: Words(
        "UTF-8 that was read as another code page: save the table as UTF-8 again",
        "chữ UTF-8 bị đọc sai bảng mã: cần lưu lại bảng ở dạng UTF-8",
    ),
    Reason.LEGACY_FONT: Words(
        "typed for a {font} font: convert the table to Unicode, or see --legacy-font",
        "gõ bằng phông {font}: cần chuyển bảng sang Unicode, hoặc dùng --legacy-font",
    ),
    Reason.SIGN_IN_NAME: Words(
        "holds {sign}, which stands in no name",
        "có ký tự {sign} không có trong tên người",
    ),
    Reason.MORE_THAN_A_NAME: Words(
        "holds more than a name: a number, brackets or a remark",
        "không chỉ có tên: còn số thứ tự, dấu ngoặc hoặc ghi chú",
    ),
    Reason.MONTH_FIRST: Words(
        "has the month before the day; where all dates have, give --dates mdy",
        "ghi tháng trước ngày; nếu cả bảng ghi như vậy, dùng --dates mdy",
    ),
    Reason.DAY_FIRST: Words(
        "has the day before the month, though --dates says mdy",
        "ghi ngày trước tháng, trong khi --dates là mdy",
    ),
    Reason.CENTURY_UNCLEAR: Words(
        "a year of two digits that could be of either century: write all four",
        "năm chỉ có hai chữ số, không rõ thế kỷ: cần ghi đủ bốn chữ số",
    ),
    Reason.PRODUCT_UNKNOWN: Words(
        "not known: give its code, or say with --values what it means",
        "không nhận ra: cần ghi mã vắc xin, hoặc dùng --values để khai báo",
    ),
    Reason.DOSE_BECAME_DATE: Words(
        "a date: Excel made one of a dose such as 1/2; set the column to text and write it again",
        "là một ngày: Excel đã đổi mũi tiêm như 1/2 thành ngày; cần đặt cột dạng văn bản rồi ghi lại",
    ),
    Reason.BOOSTER_WITHOUT_NUMBER: Words(
        "a booster or additional dose without its number: write which dose it is, such as 3",
        "mũi nhắc lại hoặc bổ sung không có số: cần ghi là mũi thứ mấy, ví dụ 3",
    ),
    Reason.SEVERAL_NUMBERS: Words(
        "several numbers: leave that of the card which is valid now",
        "có nhiều số: chỉ để lại số của giấy tờ đang còn giá trị",
    ),
    Reason.DIGITS_LOST: Words(
        "lost digits in a spreadsheet (such as 9.9E+10): write it again as text",
        "bị bảng tính làm mất chữ số (ví dụ 9.9E+10): cần ghi lại dạng văn bản",
    ),
    Reason.FORMULA_FAILED: Words(
        "an error of a spreadsheet (#N/A, #REF!, ####): write what should stand there, or leave it empty",
        "là lỗi của bảng tính (#N/A, #REF!, ####): cần ghi lại đúng nội dung, hoặc để trống",
    ),
    Reason.NO_DOSE_TOLD: Words(
        "says neither a birth date nor a vaccine nor a day: a total, a heading or a signature and no dose",
        "không có ngày sinh, vắc xin hay ngày tiêm nào: là dòng tổng cộng, tiêu đề hoặc chữ ký, không phải mũi tiêm",
    ),
    Reason.MORE_CELLS: Words(
        "has more cells than there are headings, so that they stand under wrong ones: put a text with a "
        "comma in quotation marks",
        "có nhiều ô hơn số tiêu đề nên các ô bị lệch cột: nội dung có dấu phẩy phải đặt trong dấu ngoặc kép",
    ),
    Reason.NOT_A_TELEPHONE: Words(
        "no telephone number",
        "không phải số điện thoại",
    ),
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
    Reason.NO_FONT: Words("has letters that no font of this machine has", "có chữ mà máy này không có phông chữ để in"),
    Reason.FAULT: Words("a fault of vaxcert ({place})", "lỗi của vaxcert ({place})"),
    Reason.EARLIER_DOSE_MISSING: Words("an earlier dose is not on record", "chưa có hồ sơ của mũi trước"),
    Reason.DATES_OUT_OF_ORDER: Words(
        "the dates of the doses are not in their order", "ngày của các mũi không theo thứ tự"
    ),
    Reason.DISPUTED: Words("another record says otherwise: decide first", "có hồ sơ mâu thuẫn: cần quyết định trước"),
    Reason.QUESTION_OPEN: Words(
        "whether two records are one person is not decided yet", "chưa quyết định hai hồ sơ có phải của một người không"
    ),
    Reason.NO_DOSE_THAT_COUNTS: Words("there is no dose that counts", "không có mũi nào được tính"),
    Reason.WITHDRAWN: Words("was taken out of the count", "đã bị loại, không được tính"),
    Reason.LATER_DOSE: Words("a later one is on record: ask for that", "đã có mũi sau: hãy yêu cầu cho mũi đó"),
    Reason.ENTERER_UNKNOWN: Words("who entered it is not on record", "không rõ ai đã nhập"),
    Reason.NOTHING_TO_CHANGE: Words("nothing to change: it is so already", "không có gì để thay đổi: đã như vậy"),
    Reason.LOGIN_INVALID: Words(
        "not 1 to 32 of a–z and 0–9, with dots, hyphens and underlines between them",
        "không phải 1 đến 32 ký tự a–z, 0–9, ở giữa có thể có dấu chấm, gạch nối, gạch dưới",
    ),
    Reason.PIN_INVALID: Words(
        "not 4 to 8 digits, or digits that anybody would try first (1111, 1234)",
        "không phải 4 đến 8 chữ số, hoặc quá dễ đoán (1111, 1234)",
    ),
    Reason.ROLES_APART: Words(
        "do not go together: an administrator's and a program's account have that role alone",
        "không đi cùng nhau: tài khoản quản trị và tài khoản chương trình chỉ có một vai trò đó",
    ),
    Reason.NOT_AN_IDENTITY_CARD: Words("not the code of an identity card", "không phải mã QR của thẻ căn cước"),
    Reason.NOT_IN_STOCK: Words(
        "none of this lot of this vaccine is left at the site", "cơ sở không còn lô này của vắc xin này"
    ),
    Reason.SESSION_CLOSED: Words("the session is closed", "buổi tiêm đã đóng"),
    Reason.NOT_OF_THE_SESSION: Words("is not the session's", "không thuộc buổi tiêm này"),
    Reason.ON_RECORD_SURELY: Words(
        "is on record: take them, or correct what they differ by",
        "đã có hồ sơ: hãy chọn người đó, hoặc sửa thông tin khác biệt",
    ),
    Reason.SOMEBODY_ELSE: Words(
        "what is said is of somebody else than who was chosen", "thông tin là của người khác, không phải người đã chọn"
    ),
    Reason.CANDIDATES_UNSEEN: Words(
        "could be others on record who were not shown: look at them first",
        "có thể là người khác đã có hồ sơ nhưng chưa được xem: cần xem trước",
    ),
    Reason.WARNINGS_UNSEEN: Words(
        "there are warnings that were not shown: read them first", "có cảnh báo chưa được xem: cần đọc trước"
    ),
    Reason.RECORDED_OTHERWISE: Words(
        "was recorded otherwise before: correct that instead", "đã được ghi khác trước đó: hãy sửa hồ sơ cũ"
    ),
    Reason.TAKEN_BACK: Words("was taken back: record it anew", "đã bị hủy: cần ghi lại từ đầu"),
    Reason.BEFORE_THE_DOSE: Words("before the dose", "trước ngày tiêm"),
    Reason.DAY_OVER: Words(
        "the day on which it was recorded is over: correct or withdraw the dose",
        "đã qua ngày ghi nhận: cần sửa hoặc loại mũi tiêm",
    ),
}


# Before the rows of which that is so.
NO_FONTS = Words(
    "In A–Z, or without these letters, on paper, since no font of this machine has them: {count}. Before the next run "
    "install a font for their writing (Noto has one for each).",
    "Trên giấy in bằng chữ A–Z hoặc bỏ các chữ này, vì máy không có phông chữ: {count}. Trước lần in sau, hãy cài "
    "phông chữ cho chữ viết đó (bộ Noto có đủ).",
)


def phrase(problem: Problem) -> Words:
    """A problem in words, the field first."""
    field = FIELDS.get(problem.field, Words(problem.field, problem.field))
    words = PROBLEMS[problem.reason].filled(dict(problem.said))
    return Words(f"{field.en}: {words.en}", f"{field.vi}: {words.vi}")
