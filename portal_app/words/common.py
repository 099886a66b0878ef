"""Words of every page."""

from vaxcert.wording import Words

WORDS = {
    "portal": Words("Vaccination desk", "Bàn tiêm chủng"),
    "home": Words("Start", "Trang đầu"),
    "skip": Words("To the content", "Đến nội dung"),
    "main_menu": Words("Main menu", "Trình đơn chính"),
    "other": Words("Tiếng Việt", "English"),
    "training": Words("TRAINING: nobody here is real", "TẬP HUẤN: không có người thật"),
    "welcome": Words("Good day, {name}", "Xin chào {name}"),
    "nothing_offered": Words("There is nothing to do here for your role.", "Vai trò của bạn chưa có việc ở đây."),
    "save": Words("Save", "Lưu"),
    "back": Words("Back", "Trở lại"),
    "done": Words("Done.", "Đã xong."),
    "yes": Words("yes", "có"),
    "no": Words("no", "không"),
    "none": Words("none", "không có"),
    "to_start": Words("To the start page", "Về trang đầu"),
    "bad_request": Words("The form cannot be taken.", "Không nhận được biểu mẫu."),
    "bad_request_advice": Words(
        "It was open too long, or came from another page. Nothing was saved: open it again.",
        "Biểu mẫu mở quá lâu hoặc đến từ trang khác. Chưa lưu gì: hãy mở lại.",
    ),
    "no_login": Words("Nobody is signed in.", "Chưa đăng nhập."),
    "no_login_advice": Words("Nothing was saved: sign in first.", "Chưa lưu gì: hãy đăng nhập trước."),
    "not_allowed": Words("Your account may not do this.", "Tài khoản của bạn không được làm việc này."),
    "not_allowed_advice": Words(
        "Ask the administrator where your work needs it.", "Nếu công việc cần, hãy hỏi người quản trị."
    ),
    "not_found": Words("There is no such page.", "Không có trang này."),
    "not_found_advice": Words("It may have gone.", "Có thể trang đã không còn."),
    "wrong_method": Words("Not to be asked for in this way.", "Không thể yêu cầu theo cách này."),
    "wrong_method_advice": Words("Go there from the start page.", "Hãy vào từ trang đầu."),
    "too_large": Words("The form or file is too large.", "Biểu mẫu hoặc tệp quá lớn."),
    "too_large_advice": Words("Nothing was saved.", "Chưa lưu gì."),
    "not_done": Words("This cannot be done.", "Không làm được việc này."),
    "not_done_advice": Words("Nothing was saved.", "Chưa lưu gì."),
    "too_many": Words("Too many tries: wait a minute.", "Thử quá nhiều lần: hãy đợi một phút."),
    "too_many_advice": Words("Then sign in again.", "Sau đó đăng nhập lại."),
    "unavailable": Words("The registry does not answer just now.", "Cơ sở dữ liệu hiện không trả lời."),
    "unavailable_advice": Words(
        "Wait a moment, look whether it was saved, and do it again.",
        "Hãy đợi một chút, xem đã lưu chưa rồi làm lại.",
    ),
    "fault": Words("A fault of the portal.", "Lỗi của phần mềm."),
    "fault_advice": Words(
        "Look whether it was saved before you do it again. The log says where it happened.",
        "Hãy xem đã lưu chưa trước khi làm lại. Nhật ký cho biết lỗi ở đâu.",
    ),
}
