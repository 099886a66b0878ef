"""What programs are told that record doses, by the code that ends a problem's `type`: a title, and what to do."""

from vaxcert.wording.words import Words

PROGRAMS = {
    "bad_request": (
        Words("The request cannot be read", "Không đọc được yêu cầu"),
        Words("Send one JSON object as the description has it.", "Hãy gửi một đối tượng JSON theo đúng bản mô tả."),
    ),
    "no_token": (
        Words("No token, or a wrong one", "Thiếu mã truy cập hoặc mã truy cập sai"),
        Words("Send the account's token as bearer token.", "Hãy gửi mã truy cập của tài khoản dạng bearer token."),
    ),
    "other_site": (
        Words("The account is of another site", "Tài khoản thuộc cơ sở khác"),
        Words("Record doses of the account's own sites.", "Chỉ ghi mũi tiêm của cơ sở thuộc tài khoản."),
    ),
    "not_found": (
        Words("There is none of that number", "Không có mục nào với số này"),
        Words("Ask for a dose that this account recorded.", "Hãy yêu cầu cho mũi tiêm do tài khoản này ghi."),
    ),
    "too_large": (
        Words("The request is too large", "Yêu cầu quá lớn"),
        Words("Send one dose at a time.", "Mỗi lần chỉ gửi một mũi tiêm."),
    ),
    "wrong_type": (
        Words("The request is not JSON", "Yêu cầu không phải JSON"),
        Words("Send it as application/json.", "Hãy gửi dạng application/json."),
    ),
    "no_key": (
        Words("The Idempotency-Key is missing", "Thiếu Idempotency-Key"),
        Words(
            "Give each request a key of its own, and a repeated one the same again.",
            "Mỗi yêu cầu cần một khóa riêng; gửi lại thì dùng đúng khóa cũ.",
        ),
    ),
    "request_differs": (
        Words("The key came with another request before", "Khóa này đã dùng cho yêu cầu khác"),
        Words("Give the request a key of its own.", "Hãy dùng khóa riêng cho yêu cầu này."),
    ),
    "not_valid": (
        Words("Something in it makes no sense", "Có nội dung không hợp lý"),
        Words("Correct what `errors` names, then send it again.", "Hãy sửa các mục nêu trong `errors` rồi gửi lại."),
    ),
    "unavailable": (
        Words("The registry cannot be used now", "Hiện không dùng được sổ đăng ký"),
        Words("Send the same request again later.", "Hãy gửi lại đúng yêu cầu này sau."),
    ),
    "fault": (
        Words("A fault of the server", "Lỗi của máy chủ"),
        Words("Send the same request again; report it if it stays.", "Hãy gửi lại yêu cầu này; nếu vẫn lỗi, hãy báo."),
    ),
}
