"""Words of the pages of appointments, and of the desk's page of who has one."""

from vaxcert.wording import Words

WORDS = {
    "booking_book": Words("Book an injection", "Đặt lịch tiêm"),
    "booking_mine": Words("See, move or cancel an appointment", "Xem, đổi hoặc hủy lịch hẹn"),
    "booking_where": Words("Where would you like to come?", "Bạn muốn tiêm ở đâu?"),
    "booking_when": Words("When would you like to come?", "Bạn muốn đến lúc nào?"),
    "booking_who": Words("Who is coming?", "Ai sẽ đến tiêm?"),
    "booking_nothing": Words(
        "Nothing can be booked just now. Try again later, or ask your health station.",
        "Hiện chưa mở đặt lịch. Hãy thử lại sau hoặc hỏi trạm y tế.",
    ),
    "booking_place_gone": Words(
        "Nothing can be booked at that place any more. These are left:",
        "Nơi bạn chọn không còn buổi nào. Các nơi sau còn nhận đặt lịch:",
    ),
    "booking_have_one": Words("You have an appointment already?", "Bạn đã có mã hẹn?"),
    "booking_free": Words("free places: {n}", "còn {n} chỗ"),
    "booking_free_from": Words("free places: {n}, from {day}", "còn {n} chỗ, sớm nhất {day}"),
    "booking_full": Words("full: waiting list only", "hết chỗ, chỉ còn danh sách chờ"),
    "booking_queue": Words("full: waiting list (waiting: {n})", "hết chỗ: danh sách chờ (đang có {n} người)"),
    "booking_hours": Words("{begins} to {ends}", "{begins} đến {ends}"),
    "booking_other_place": Words("Another place", "Chọn nơi khác"),
    "booking_other_places": Words("Other places", "Nơi khác"),
    "booking_other_time": Words("Choose another time", "Chọn giờ khác"),
    "booking_over": Words("This time cannot be booked any more.", "Giờ này không còn nhận đặt lịch."),
    "booking_full_name": Words("Full name", "Họ và tên"),
    "booking_full_name_hint": Words("As on the identity card.", "Ghi như trên giấy tờ tùy thân."),
    "booking_date_of_birth": Words("Date of birth", "Ngày sinh"),
    "booking_date_of_birth_hint": Words("Day, month, year, for example 17/05/1990", "Ngày/tháng/năm, ví dụ 17/05/1990"),
    "booking_phone": Words("Telephone", "Số điện thoại"),
    "booking_phone_hint": Words(
        "You are reminded there. A family may use one number.",
        "Để nhắc lịch. Cả nhà có thể dùng chung một số.",
    ),
    "booking_priority_group": Words("Priority group", "Nhóm ưu tiên"),
    "booking_priority_group_hint": Words(
        "It counts where there are more people than places. The desk asks for proof.",
        "Chỉ xét khi đông hơn số chỗ. Bàn tiêm sẽ hỏi giấy tờ chứng minh.",
    ),
    "booking_choose": Words("Choose", "Chọn nhóm"),
    "booking_no_group": Words("None of these, or I do not know", "Không thuộc nhóm nào, hoặc không biết"),
    "booking_go": Words("Book", "Đặt lịch"),
    "booking_wait_go": Words("Wait for a place", "Vào danh sách chờ"),
    "booking_wait_why": Words(
        "All places are taken. If one becomes free by the day before, it goes to those who wait: first by priority "
        "group, then by who asked first. You are told by telephone. Waiting now: {n}.",
        "Đã hết chỗ. Nếu có người hủy trước ngày tiêm, chỗ trống dành cho người trong danh sách chờ: xét nhóm ưu tiên "
        "trước, rồi đến thứ tự đăng ký. Chúng tôi sẽ nhắn qua điện thoại. Đang có {n} người chờ.",
    ),
    "booking_kept": Words(
        "Only the vaccination desk can read what you write here; it is deleted a week after the day.",
        "Chỉ bàn tiêm đọc được thông tin này; dữ liệu bị xóa một tuần sau ngày tiêm.",
    ),
    "booking_check_fields": Words(
        "Something is missing or not right: look at the marked fields.",
        "Còn chỗ thiếu hoặc sai: xem các ô được đánh dấu.",
    ),
    "booking_fill_full_name": Words("Fill in the full name.", "Hãy ghi họ và tên."),
    "booking_fill_date_of_birth": Words("Fill in the date of birth.", "Hãy ghi ngày sinh."),
    "booking_fill_phone": Words("Fill in a telephone number.", "Hãy ghi số điện thoại."),
    "booking_fill_priority_group": Words("Choose one of the list.", "Hãy chọn một dòng trong danh sách."),
    "booking_wrong_full_name": Words(
        "This does not look like a name.", "Họ tên chưa đúng: hãy ghi đủ chữ, không ghi số."
    ),
    "booking_wrong_date_of_birth": Words(
        "This is no date of birth. Write day, month and year: 17/05/1990",
        "Ngày sinh chưa đúng. Hãy ghi ngày/tháng/năm: 17/05/1990",
    ),
    "booking_wrong_phone": Words("This is no telephone number.", "Số điện thoại chưa đúng."),
    "booking_one_phone": Words("One telephone number only.", "Chỉ ghi một số điện thoại."),
    "booking_wrong_priority_group": Words("Choose one of the list.", "Hãy chọn một dòng trong danh sách."),
    "booking_too_long": Words("Too long: at most {most} letters.", "Quá dài: nhiều nhất {most} ký tự."),
    "booking_form_too_soon": Words(
        "That was very fast. Look at what is written, and press the button once more.",
        "Bạn gửi nhanh quá. Hãy xem lại thông tin rồi bấm nút lần nữa.",
    ),
    "booking_form_too_late": Words(
        "The page was open for too long. Look at what is written, and press the button once more.",
        "Trang để mở quá lâu. Hãy xem lại thông tin rồi bấm nút lần nữa.",
    ),
    "booking_check_failed": Words(
        "The question was not answered right. Try again.", "Câu trả lời chưa đúng. Hãy thử lại."
    ),
    "booking_network_full": Words(
        "Too many appointments were made from your network today. Try by another network, or ask your health station.",
        "Hôm nay mạng bạn dùng đã đặt quá nhiều lịch. Hãy dùng mạng khác hoặc hỏi trạm y tế.",
    ),
    "booking_refused_full": Words(
        "Somebody took the last place a moment ago. You can wait for a place here, or choose another time.",
        "Chỗ cuối cùng vừa có người đặt. Bạn có thể vào danh sách chờ, hoặc chọn giờ khác.",
    ),
    "booking_refused_has_one": Words(
        "There is an appointment for this name and telephone already. Use its code to see or move it; without the "
        "code, ask the health station.",
        "Họ tên và số điện thoại này đã có lịch hẹn. Hãy dùng mã hẹn để xem hoặc đổi; nếu mất mã, hãy hỏi trạm y tế.",
    ),
    "booking_refused_too_many": Words(
        "Too many appointments are booked with this telephone number. Use another number.",
        "Số điện thoại này đã đặt quá nhiều lịch hẹn. Hãy dùng số khác.",
    ),
    "booking_ticket": Words("Appointment code", "Mã hẹn"),
    "booking_ticket_hint": Words("Twelve signs, for example 7K2M-9QXA-04TB", "12 ký tự, ví dụ 7K2M-9QXA-04TB"),
    "booking_ticket_go": Words("Show the appointment", "Xem lịch hẹn"),
    "booking_ticket_lost": Words(
        "Code lost? Come all the same with an identity paper: the desk finds your name.",
        "Mất mã hẹn? Bạn cứ mang giấy tờ tùy thân đến: bàn tiêm sẽ tìm theo tên.",
    ),
    "booking_fill_ticket": Words("Fill in the code.", "Hãy ghi mã hẹn."),
    "booking_wrong_ticket": Words(
        "There is a typing error in it: look at each sign again.", "Mã ghi chưa đúng: hãy xem lại từng ký tự."
    ),
    "booking_no_ticket": Words(
        "There is no appointment with this code. A week after the day it is deleted.",
        "Không có lịch hẹn với mã này. Lịch hẹn bị xóa một tuần sau ngày tiêm.",
    ),
    "booking_ticket_keep": Words(
        "Write the code down, or take a picture of this page: it is not sent to you. You need it to move or cancel.",
        "Hãy ghi lại mã hẹn hoặc chụp màn hình: mã không được gửi cho bạn. Cần mã này để đổi hoặc hủy lịch.",
    ),
    "booking_bring": Words("Bring an identity paper with you.", "Khi đến, mang theo giấy tờ tùy thân."),
    "booking_code": Words("QR code of the appointment, for the desk to scan", "Mã QR của lịch hẹn, để bàn tiêm quét"),
    "booking_day": Words("Day", "Ngày"),
    "booking_place": Words("Place", "Nơi tiêm"),
    "booking_vaccine": Words("Vaccine", "Vắc xin"),
    "booking_for": Words("For", "Người tiêm"),
    "booking_calendar": Words("Put into my calendar", "Thêm vào lịch điện thoại"),
    "booking_calendar_summary": Words("Appointment at the health station", "Lịch hẹn trạm y tế"),
    "booking_calendar_details": Words("Appointment code: {ticket}", "Mã hẹn: {ticket}"),
    "booking_move": Words("Move to another time", "Đổi sang giờ khác"),
    "booking_cancel": Words("Cancel", "Hủy lịch hẹn"),
    "booking_another": Words("Book for somebody else", "Đặt cho người khác"),
    "booking_leave": Words("Clear the code from this device", "Xóa mã khỏi máy này"),
    "booking_now": Words("Now:", "Hiện tại:"),
    "booking_now_waiting": Words("You wait for:", "Bạn đang chờ:"),
    "booking_move_why_waiting": Words(
        "You stay in the queue until a place is yours.", "Bạn vẫn ở trong danh sách chờ cho đến khi đổi xong."
    ),
    "booking_cancel_why_waiting": Words(
        "You leave the queue, and what you wrote is deleted.",
        "Bạn sẽ ra khỏi danh sách chờ, và thông tin bạn ghi bị xóa.",
    ),
    "booking_move_why": Words(
        "You keep this place until another is yours.", "Bạn vẫn giữ chỗ này cho đến khi đổi xong."
    ),
    "booking_move_nothing": Words("There is no other free place just now.", "Hiện không còn chỗ nào khác."),
    "booking_move_refused": Words(
        "That place was taken a moment ago. You still have yours; choose another.",
        "Chỗ đó vừa có người đặt. Bạn vẫn giữ chỗ cũ; hãy chọn giờ khác.",
    ),
    "booking_keep": Words("Keep it as it is", "Giữ nguyên"),
    "booking_cancel_sure": Words("Cancel this appointment?", "Hủy lịch hẹn này?"),
    "booking_cancel_why": Words(
        "Your place goes to somebody else at once, and what you wrote is deleted.",
        "Chỗ của bạn được dành ngay cho người khác, và thông tin bạn ghi bị xóa.",
    ),
    "booking_cancel_go": Words("Yes, cancel it", "Đồng ý hủy"),
    "booking_ahead_first": Words("You are the first in the queue.", "Bạn đứng đầu danh sách chờ."),
    "booking_ahead": Words("People before you in the queue: {n}.", "Có {n} người chờ trước bạn."),
    "booking_state_booked": Words("Your appointment", "Lịch hẹn của bạn"),
    "booking_state_waiting": Words("You are on the waiting list", "Bạn đang trong danh sách chờ"),
    "booking_state_arrived": Words("You are here", "Bạn đã đến"),
    "booking_state_done": Words("Done: you have had your dose", "Đã tiêm xong"),
    "booking_state_no_show": Words("You did not come", "Bạn đã không đến"),
    "booking_state_no_show_advice": Words("You may book another day.", "Bạn có thể đặt ngày khác."),
    "booking_state_cancelled": Words("The appointment is cancelled", "Đã hủy lịch hẹn"),
    "booking_state_dropped": Words("The appointment has ended", "Lịch hẹn đã kết thúc"),
    "booking_state_dropped_advice": Words(
        "You have had a dose since you booked, so the place went to somebody else. If that is wrong, "
        "ask the health station.",
        "Bạn đã tiêm sau khi đặt lịch nên chỗ được dành cho người khác. Nếu không đúng, hãy hỏi trạm y tế.",
    ),
    "booking_state_withdrawn": Words("The session does not take place", "Buổi tiêm không diễn ra"),
    "booking_state_withdrawn_advice": Words("Please book another day.", "Mời bạn đặt ngày khác."),
    "booking_state_unplaced": Words("No place became free", "Không còn chỗ trống"),
    "booking_state_unplaced_advice": Words("Please book another day.", "Mời bạn đặt ngày khác."),
    "booking_weekday_0": Words("Monday", "Thứ Hai"),
    "booking_weekday_1": Words("Tuesday", "Thứ Ba"),
    "booking_weekday_2": Words("Wednesday", "Thứ Tư"),
    "booking_weekday_3": Words("Thursday", "Thứ Năm"),
    "booking_weekday_4": Words("Friday", "Thứ Sáu"),
    "booking_weekday_5": Words("Saturday", "Thứ Bảy"),
    "booking_weekday_6": Words("Sunday", "Chủ Nhật"),
    "privacy_booking": Words("When you book an injection", "Khi bạn đặt lịch tiêm"),
    "privacy_booking_said": Words(
        "Name, date of birth, telephone and priority group are kept to hold your place and to remind you. They are "
        "encrypted so that the vaccination desk alone can read them; this site keeps your initials and year of birth. "
        "If you cancel they are deleted at once, else a week after the day. How many people came is kept as a number. "
        "The appointment's code stays in this browser for half an hour, or until you clear it; a "
        "calendar file has it too.",
        "Họ tên, ngày sinh, số điện thoại và nhóm ưu tiên được lưu để giữ chỗ và nhắc lịch. Thông tin được mã hóa, chỉ "
        "bàn tiêm đọc được; trang này chỉ giữ chữ cái đầu của tên và năm sinh. Nếu bạn hủy, thông tin bị xóa ngay; nếu "
        "không thì bị xóa một tuần sau ngày tiêm. Chỉ giữ lại số người đã đến. Mã hẹn nằm trong trình "
        "duyệt này nửa giờ "
        "hoặc đến khi bạn xóa; tệp lịch cũng có mã hẹn.",
    ),
}
