"""Words of the reviewers' pages about what holders say is wrong."""

from vaxcert.wording import Words

WORDS = {
    "reported": Words("Reported by holders", "Người dân báo sai"),
    "reported_lead": Words(
        "What holders say is wrong with their certificates. They see your answer by their ticket.",
        "Thông tin mà người dân báo là sai trên chứng nhận. Họ xem trả lời của bạn bằng mã phiếu.",
    ),
    "reported_which": Words("Which", "Loại"),
    "reported_list_open": Words("To be answered", "Chờ trả lời"),
    "reported_list_answered": Words("Answered", "Đã trả lời"),
    "reported_none_open": Words("Nothing waits for an answer.", "Không có phiếu nào chờ trả lời."),
    "reported_none_answered": Words("No answered report is left to close.", "Không còn phiếu đã trả lời nào cần đóng."),
    "reported_most": Words("The oldest {n} of {many}.", "{n} phiếu cũ nhất trong {many} phiếu."),
    "reported_number": Words("Report", "Phiếu"),
    "reported_title": Words("Report {number}", "Phiếu {number}"),
    "reported_kind": Words("What is wrong", "Mục sai"),
    "reported_kind_name": Words("The name", "Họ tên"),
    "reported_kind_birth_date": Words("The date of birth", "Ngày sinh"),
    "reported_kind_dose": Words(
        "The vaccination: vaccine, day, place or number", "Mũi tiêm: vắc xin, ngày, nơi hoặc số mũi"
    ),
    "reported_kind_dose_missing": Words("A dose is missing", "Thiếu mũi tiêm"),
    "reported_kind_not_mine": Words("It is not the holder's certificate", "Không phải chứng nhận của người báo"),
    "reported_kind_other": Words("Something else", "Việc khác"),
    "reported_since": Words("Since", "Từ lúc"),
    "reported_record": Words("Record", "Hồ sơ"),
    "reported_at": Words("Sent {when}.", "Gửi lúc {when}."),
    "reported_state_open": Words("Not answered yet.", "Chưa trả lời."),
    "reported_state_answered": Words("Answered.", "Đã trả lời."),
    "reported_state_closed": Words("Closed.", "Đã đóng."),
    "reported_said": Words("What the holder wrote", "Nội dung người dân viết"),
    "reported_no_words": Words("Nothing more was written.", "Không viết gì thêm."),
    "reported_certificate": Words("Certificate", "Chứng nhận"),
    "reported_correct": Words("Correct this record", "Sửa hồ sơ này"),
    "reported_correct_hint": Words(
        "Put the record right first and have the certificate issued; then answer.",
        "Hãy sửa hồ sơ và cấp lại chứng nhận trước, rồi mới trả lời.",
    ),
    "reported_answer": Words("Your answer", "Trả lời"),
    "reported_outcome": Words("What became of it", "Kết quả"),
    "reported_outcome_corrected": Words("It was corrected", "Đã sửa"),
    "reported_outcome_unchanged": Words("The record is right as it is", "Hồ sơ đúng, không thay đổi"),
    "reported_outcome_come": Words(
        "The holder has to come to a health station, with papers", "Mời người dân mang giấy tờ đến trạm y tế"
    ),
    "reported_words": Words("A few words to the holder", "Vài lời với người dân"),
    "reported_words_hint": Words(
        "May stay empty. Only what is of this holder: nobody else's name.",
        "Có thể để trống. Chỉ viết về người này, không nêu tên người khác.",
    ),
    "reported_send": Words("Send the answer", "Gửi trả lời"),
    "reported_no_outcome": Words("Choose what became of it.", "Hãy chọn kết quả."),
    "reported_meanwhile": Words(
        "Somebody decided this meanwhile: look again.", "Phiếu này vừa được người khác xử lý: hãy xem lại."
    ),
    "reported_answered": Words("Report {number} is answered.", "Đã trả lời phiếu {number}."),
    "reported_closed": Words("Report {number} is closed.", "Đã đóng phiếu {number}."),
    "reported_close": Words("Close it", "Đóng phiếu"),
}
