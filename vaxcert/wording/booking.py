"""What people are told of their appointment by message, by the codes of `booking.states.BookingNotice`."""

from vaxcert.wording.words import Words

# Short: most go as an SMS. No name, no vaccine and no code: others may read the telephone.
NOTICES = {
    "reminder": Words(
        "Reminder: your appointment is on {day}, {begins}-{ends}, at {site}. Bring the appointment code "
        "and an identity paper.",
        "Nhắc hẹn: mời bạn đến {site} ngày {day}, từ {begins} đến {ends}. Mang theo mã hẹn và giấy tờ tùy thân.",
    ),
    "moved_up": Words(
        "A place is free: you now have an appointment on {day}, {begins}-{ends}, at {site}. "
        "Cannot come? Cancel it with your appointment code.",
        "Đã có chỗ: bạn được hẹn ngày {day}, từ {begins} đến {ends}, tại {site}. "
        "Nếu không đến được, hãy dùng mã hẹn để hủy.",
    ),
    "withdrawn": Words(
        "Your appointment on {day} at {site} is cancelled: the session does not take place. Please book another.",
        "Buổi hẹn ngày {day} tại {site} đã bị hủy vì buổi tiêm không diễn ra. Mời bạn đặt lịch khác.",
    ),
    "unplaced": Words(
        "No place became free on {day} at {site}. Please book another day.",
        "Không còn chỗ trống ngày {day} tại {site}. Mời bạn đặt ngày khác.",
    ),
}
