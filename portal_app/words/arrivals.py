"""Words of the desk's pages of appointments."""

from vaxcert.wording import Words

WORDS = {
    "arrivals": Words("Appointments", "Lịch hẹn"),
    "arrivals_today": Words("Today's appointments", "Lịch hẹn hôm nay"),
    "arrivals_ticket": Words("Ticket", "Mã hẹn"),
    "arrivals_ticket_hint": Words(
        "Scan the code on the telephone, or type it.", "Quét mã trên điện thoại hoặc gõ vào."
    ),
    "arrivals_ticket_go": Words("Find", "Tìm"),
    "arrivals_fill_ticket": Words("Scan or type a ticket.", "Hãy quét hoặc gõ mã hẹn."),
    "arrivals_no_ticket": Words("This is no ticket: scan it again.", "Không phải mã hẹn: hãy quét lại."),
    "arrivals_ticket_unknown": Words(
        "There is no appointment with this ticket. Find the person by name.",
        "Không có lịch hẹn với mã này. Hãy tìm người theo tên.",
    ),
    "arrivals_elsewhere": Words(
        "This ticket is for another place: {site}, {day}, {begins}.", "Mã này hẹn ở nơi khác: {site}, {day}, {begins}."
    ),
    "arrivals_none": Words("Nobody has an appointment here today.", "Hôm nay không có ai hẹn ở đây."),
    "arrivals_hours": Words("{begins} to {ends}", "{begins} đến {ends}"),
    "arrivals_group": Words("Priority group {code}: ask for proof", "Nhóm ưu tiên {code}: hỏi giấy tờ"),
    "arrivals_other_day": Words("The appointment is for {day}.", "Lịch hẹn là ngày {day}."),
    "arrivals_on_record": Words("On record", "Hồ sơ đã có"),
    "arrivals_nobody": Words("Nobody on record is like this.", "Chưa có hồ sơ nào giống người này."),
    "arrivals_is_here": Words("Is here", "Đã đến"),
    "arrivals_is_this": Words("It is this person, and here", "Đúng người này, đã đến"),
    "arrivals_masked": Words(
        "Of another site. If you go on, it is noted that the person is here.",
        "Hồ sơ của cơ sở khác. Nếu tiếp tục, hệ thống ghi lý do: người này đang ở đây.",
    ),
    "arrivals_new": Words("Somebody new", "Người mới"),
    "arrivals_new_none": Words("None of these: somebody new", "Không phải ai ở trên: người mới"),
    "arrivals_choose_person": Words("Choose who it is.", "Hãy chọn đúng người."),
    "arrivals_needs_session": Words(
        "Choose the session first: whoever comes is put on its list.",
        "Hãy chọn buổi tiêm trước: người đến sẽ vào danh sách của buổi.",
    ),
    "arrivals_state_booked": Words("expected", "chưa đến"),
    "arrivals_state_arrived": Words("here", "đã đến"),
    "arrivals_state_done": Words("done", "đã tiêm"),
    "arrivals_state_no_show": Words("did not come", "không đến"),
    "arrivals_state_waiting": Words("on the waiting list, without a place", "trong danh sách chờ, chưa có chỗ"),
    "arrivals_state_cancelled": Words("cancelled", "đã hủy"),
    "arrivals_state_dropped": Words("has had a dose since", "đã tiêm sau khi đặt lịch"),
    "arrivals_state_withdrawn": Words("the session was taken back", "buổi hẹn đã bị hủy"),
    "arrivals_state_unplaced": Words("waited in vain", "không còn chỗ"),
    "arrivals_not_welcome": Words(
        "This appointment counts no more. Find the person by name: the desk decides.",
        "Lịch hẹn này không còn hiệu lực. Hãy tìm người theo tên: bàn tiêm quyết định.",
    ),
}
