"""Words of the public's side that every page of it uses; of the holder's pages see `looking`."""

from vaxcert.wording import Words

WORDS = {
    "public_portal": Words("Vaccination for citizens", "Tiêm chủng cho người dân"),
    "public_home": Words("Start", "Trang đầu"),
    "public_what": Words("What would you like to do?", "Bạn cần làm gì?"),
    "public_nothing": Words(
        "Nothing is offered here just now. Ask your health station.",
        "Hiện chưa có dịch vụ nào. Hãy hỏi trạm y tế của bạn.",
    ),
    "public_free": Words(
        "Free of charge. You need no account, and nobody asks you for a password.",
        "Miễn phí. Không cần tài khoản, không ai hỏi mật khẩu của bạn.",
    ),
    "public_privacy": Words("Your data, and who sees it", "Bảo vệ dữ liệu cá nhân"),
    "public_bad_request": Words("The form cannot be taken.", "Không nhận được biểu mẫu."),
    "public_bad_request_advice": Words(
        "It was open too long, or your browser keeps no cookies. Open the page again and fill it in once more.",
        "Biểu mẫu để mở quá lâu, hoặc trình duyệt không nhận cookie. Hãy mở lại trang và điền lại.",
    ),
    "public_too_many": Words("Too many tries.", "Thử quá nhiều lần."),
    "public_too_many_advice": Words(
        "Wait a minute and try again. If others use the same network, it may not have been you.",
        "Hãy đợi một phút rồi thử lại. Nếu nhiều người dùng chung mạng thì có thể không phải do bạn.",
    ),
    "public_unavailable": Words("This does not work just now.", "Hiện chưa thực hiện được."),
    "public_unavailable_advice": Words(
        "It is not your fault. Try again in some minutes.", "Không phải lỗi của bạn. Hãy thử lại sau vài phút."
    ),
    "public_fault": Words("Something went wrong here.", "Hệ thống gặp lỗi."),
    "public_fault_advice": Words(
        "It is not your fault. Try again, or ask your health station.",
        "Không phải lỗi của bạn. Hãy thử lại, hoặc hỏi trạm y tế.",
    ),
    "privacy_who": Words("Who answers for it", "Ai chịu trách nhiệm"),
}
