"""Why a command could not do what it was asked to: what is set up, damaged, missing or out of reach."""

from vaxcert.errors import Reason
from vaxcert.wording.words import Words

FAILURES = {
    Reason.SETTING_INVALID: Words(
        "An option or a setting is wrong, or contradicts another.",
        "Một tùy chọn hoặc thiết lập bị sai, hoặc mâu thuẫn với thiết lập khác.",
    ),
    Reason.FORM_UNKNOWN: Words(
        "The file is not of a form that can be used here.", "Tệp không thuộc định dạng dùng được ở đây."
    ),
    Reason.COLUMNS_UNCLEAR: Words(
        "It is not clear which column of the table is which.", "Không rõ cột nào của bảng là trường nào."
    ),
    Reason.POLICY_UNCLEAR: Words(
        "This file is no policy that can be followed.", "Tệp này không phải là quy định có thể áp dụng."
    ),
    Reason.DATES_UNCLEAR: Words(
        "Which number of the table's dates is the day and which the month is not clear.",
        "Không rõ số nào trong ngày tháng của bảng là ngày, số nào là tháng.",
    ),
    Reason.ROW_INVALID: Words("A row of the table makes no sense.", "Có một dòng trong bảng không hợp lý."),
    Reason.COMPONENT_MISSING: Words(
        "A part that this needs is not on this machine.", "Máy này thiếu một thành phần cần thiết."
    ),
    Reason.ALREADY_THERE: Words(
        "What is to be made is there already; nothing was overwritten.", "Đã có sẵn; không ghi đè lên."
    ),
    Reason.OUTPUT_NEEDED: Words(
        "What is to be written would take the place of something that is needed.",
        "Tệp cần ghi sẽ đè lên một tệp đang cần dùng.",
    ),
    Reason.IN_USE: Words(
        "Somebody else is at work there. Try again later.", "Đang có người khác dùng. Hãy thử lại sau."
    ),
    Reason.NOT_READABLE: Words("It cannot be read.", "Không đọc được."),
    Reason.NOT_WRITABLE: Words("It cannot be written.", "Không ghi được."),
    Reason.PASSPHRASE_NEEDED: Words("A passphrase is needed.", "Cần có mật khẩu của khóa."),
    Reason.PASSPHRASE_WRONG: Words("The passphrase is wrong.", "Mật khẩu của khóa không đúng."),
    Reason.PASSPHRASE_WEAK: Words("The passphrase does not protect.", "Mật khẩu không đủ an toàn."),
    Reason.KEY_DIFFERS: Words("It is not the key that belongs here.", "Không phải khóa thuộc về nơi này."),
    Reason.KEY_UNFIT: Words("The key cannot sign this.", "Khóa này không dùng được để ký nội dung này."),
    Reason.SIGNATURE_UNASKED: Words(
        "A published list is used with the key that signed it.", "Danh sách công bố cần được kiểm tra bằng khóa đã ký."
    ),
    Reason.CHANGED_MEANWHILE: Words(
        "It changed while it was read. Begin again.", "Dữ liệu đã thay đổi khi đang đọc. Hãy làm lại."
    ),
    Reason.SAMPLE_NOT_ANSWERED: Words(
        "Answer the sample of this group one by one first, all alike.",
        "Hãy trả lời từng câu của mẫu trong nhóm này trước, tất cả phải giống nhau.",
    ),
    Reason.ONE_BY_ONE: Words("Such a question is to be seen by itself.", "Loại câu hỏi này phải xem từng câu một."),
    Reason.BUILT_UPON: Words(
        "Something later builds upon it: that comes first.", "Có việc sau đó dựa vào nó: cần xử lý việc đó trước."
    ),
    Reason.TOO_LARGE: Words("It is larger than anything of its kind.", "Dữ liệu lớn hơn mức cho phép."),
    Reason.VERSION_LATER: Words(
        "It was made by a later version: update this one.", "Được tạo bởi phiên bản mới hơn: hãy cập nhật."
    ),
    Reason.UNFINISHED: Words(
        "An earlier piece of work was stopped: finish it or take it back first.",
        "Việc trước đó bị dừng giữa chừng: cần hoàn tất hoặc hủy việc đó trước.",
    ),
    Reason.NOTHING_USABLE: Words(
        "There is nothing in it that can be used here.",
        "Không có gì trong đó dùng được ở đây.",
    ),
    Reason.WORKERS_LOST: Words(
        "The processes that do the work end again and again. Use fewer of them.",
        "Các tiến trình xử lý liên tục bị dừng. Hãy dùng ít tiến trình hơn.",
    ),
    Reason.LIMIT_REACHED: Words(
        "More certificates were asked for than are allowed in this time. Try again later, or ask the office.",
        "Số chứng nhận yêu cầu vượt mức cho phép trong khoảng thời gian này. Hãy thử lại sau hoặc hỏi văn phòng.",
    ),
    Reason.OWN_REQUEST: Words(
        "Somebody else has to say yes to many certificates at once.",
        "Cần một người khác duyệt khi cấp nhiều chứng nhận cùng lúc.",
    ),
    Reason.ACCOUNT_NOT_ALLOWED: Words("This account may not do that.", "Tài khoản này không được phép làm việc đó."),
    Reason.PEER_NOT_ALLOWED: Words("This program may not ask for that.", "Chương trình này không được phép yêu cầu."),
    Reason.REQUEST_DIFFERS: Words(
        "The same key came with another request before: give it a new one.",
        "Khóa này đã dùng cho một yêu cầu khác: hãy dùng khóa mới.",
    ),
    Reason.RULE_INVALID: Words("A rule is not written as rules are.", "Có một quy tắc được viết sai."),
    Reason.RULE_OPERATOR_UNKNOWN: Words(
        "A rule has an operator that is not known here.", "Có một quy tắc dùng phép toán không rõ."
    ),
    Reason.RULE_TOO_DEEP: Words("A rule is nested too deeply.", "Có một quy tắc lồng quá nhiều cấp."),
    Reason.RULE_TOO_LARGE: Words(
        "A rule, or a set of rules, has more parts than any needs.", "Quy tắc hoặc bộ quy tắc có quá nhiều phần."
    ),
    Reason.RULE_SCHEMA_UNSUPPORTED: Words(
        "A rule is for another kind of certificates than those read here.",
        "Có một quy tắc dành cho loại chứng nhận không đọc được ở đây.",
    ),
    Reason.RULE_ENGINE_UNSUPPORTED: Words(
        "A rule is written in a language, or a version of it, that is not known here.",
        "Có một quy tắc viết bằng ngôn ngữ hoặc phiên bản không rõ.",
    ),
    Reason.LAST_ADMINISTRATOR: Words(
        "It is the last administrator's account: make another administrator first.",
        "Đây là tài khoản quản trị cuối cùng: cần tạo tài khoản quản trị khác trước.",
    ),
    Reason.NOT_TRAINING: Words(
        "The registry was not made for training: it may hold real people.",
        "Cơ sở dữ liệu này không được tạo để tập huấn: có thể chứa dữ liệu của người thật.",
    ),
    Reason.DATA_DAMAGED: Words("The data is damaged or not whole.", "Dữ liệu bị hỏng hoặc không đầy đủ."),
    Reason.NOT_AUTHENTIC: Words(
        "It is not what its publisher signed: do not use it, and tell them.",
        "Không phải dữ liệu do bên công bố đã ký: không dùng, và hãy báo cho họ.",
    ),
    Reason.ROLLED_BACK: Words(
        "It is older than what is known here already: do not use it.", "Dữ liệu cũ hơn dữ liệu đã có: không dùng."
    ),
    Reason.AUDIT_LOG_CHANGED: Words("The audit log was changed by somebody.", "Nhật ký đã bị ai đó sửa đổi."),
    Reason.NOT_FOUND: Words("There is no such file, folder or address.", "Không có tệp, thư mục hoặc địa chỉ này."),
    Reason.NO_SUCH_RECORD: Words("There is none of that number or name.", "Không có mục nào với số hoặc tên này."),
    Reason.UNREACHABLE: Words(
        "It does not answer. Check the network and the address.", "Không kết nối được. Hãy kiểm tra mạng và địa chỉ."
    ),
    Reason.SIGNER_AWAY: Words(
        "Saved, not printed yet: the certificate is issued once the signer is back.",
        "Đã lưu, chưa in: chứng nhận sẽ được cấp khi dịch vụ ký hoạt động trở lại.",
    ),
    Reason.IMAGE_UNREADABLE: Words("The picture cannot be used.", "Không dùng được hình này."),
    Reason.PICTURE_TYPE_UNSUPPORTED: Words(
        "This type of picture is not read: send a JPEG or a screenshot, or set the camera to Most Compatible.",
        "Không đọc được loại ảnh này: hãy gửi JPEG hoặc ảnh chụp màn hình, hoặc đặt camera ở “Tương thích nhất”.",
    ),
}
