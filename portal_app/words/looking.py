"""Words of a holder's pages: the certificate found, shown and taken away, and that something in it is wrong."""

from vaxcert.wording import Words

WORDS = {
    "holder_find": Words("Find my vaccination certificate", "Tìm chứng nhận tiêm chủng"),
    "holder_find_why": Words(
        "You need the look-up code on the slip that you were given with your dose.",
        "Bạn cần mã tra cứu in trên phiếu nhận được sau khi tiêm.",
    ),
    "holder_find_go": Words("Find", "Tìm"),
    "holder_name": Words("Full name", "Họ và tên"),
    "holder_name_hint": Words(
        "As on the slip. With or without accents.", "Như trên phiếu. Có dấu hay không dấu đều được."
    ),
    "holder_born": Words("Date of birth", "Ngày sinh"),
    "holder_born_hint": Words("Day, month, year: 17/05/1990", "Ngày/tháng/năm, ví dụ 17/05/1990"),
    "holder_number": Words("Telephone or identity card number", "Số điện thoại hoặc số CCCD/CMND"),
    "holder_number_hint": Words(
        "The one that you gave at your vaccination.", "Số bạn đã khai khi đi tiêm; dùng số nào cũng được."
    ),
    "holder_code": Words("Look-up code", "Mã tra cứu"),
    "holder_code_hint": Words(
        "12 letters and digits, like 7K2M-9QXA-04TB. Capitals and dashes do not matter.",
        "12 chữ và số, ví dụ 7K2M-9QXA-04TB. Không cần viết hoa, không cần gạch nối.",
    ),
    "holder_fill_name": Words("Fill in your full name.", "Hãy điền họ và tên."),
    "holder_fill_born": Words("Fill in your date of birth.", "Hãy điền ngày sinh."),
    "holder_born_wrong": Words(
        "This is no date. Write day, month and year: 17/05/1990.",
        "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 17/05/1990.",
    ),
    "holder_fill_number": Words("Fill in one of the two numbers.", "Hãy điền một trong hai số."),
    "holder_number_wrong": Words("This number is too short.", "Số này thiếu chữ số."),
    "holder_fill_code": Words("Fill in the code on your slip.", "Hãy điền mã in trên phiếu."),
    "holder_code_wrong": Words(
        "There is a typing error in the code, or a sign is missing. Compare it with the paper, sign by sign.",
        "Mã bị gõ nhầm hoặc thiếu ký tự. Hãy so lại từng ký tự với mã trên giấy.",
    ),
    "holder_check_fields": Words("Please look at what is marked below.", "Hãy xem lại các ô được đánh dấu bên dưới."),
    "holder_nothing_found": Words("Nothing was found.", "Không tìm thấy."),
    "holder_nothing_found_advice": Words(
        "Compare all four with your slip. A certificate may take until the morning after your vaccination. After ten "
        "wrong tries a code is closed. A health station gives you a new code: bring an identity card.",
        "Hãy so lại cả bốn mục với phiếu. Chứng nhận có thể đến sáng hôm sau mới có. Nhập sai mười lần thì mã bị khóa. "
        "Trạm y tế sẽ cấp mã mới: hãy mang theo giấy tờ tùy thân.",
    ),
    "holder_no_slip": Words(
        "No slip, or the code does not work? A health station gives you a new one: bring an identity card.",
        "Mất phiếu, hoặc mã không dùng được? Trạm y tế sẽ cấp mã mới: hãy mang theo giấy tờ tùy thân.",
    ),
    "holder_your_certificate": Words("Your vaccination certificate", "Chứng nhận tiêm chủng của bạn"),
    "cert_test": Words("TEST – NOT VALID", "MẪU THỬ – KHÔNG CÓ GIÁ TRỊ"),
    "cert_valid": Words("Valid until {day}", "Có giá trị đến {day}"),
    "cert_revoked": Words("This certificate was revoked", "Chứng nhận này đã bị thu hồi"),
    "cert_revoked_advice": Words(
        "It is refused wherever it is shown, on paper too. Do not use it. There is no new one yet: look "
        "again tomorrow, "
        "or ask your health station.",
        "Bản này, kể cả bản giấy, sẽ bị từ chối ở mọi nơi kiểm tra. Đừng dùng nữa. Chưa có bản mới: hãy xem "
        "lại vào ngày "
        "mai, hoặc hỏi trạm y tế.",
    ),
    "cert_ended": Words("This certificate ended on {day}", "Chứng nhận này đã hết giá trị ngày {day}"),
    "cert_ended_advice": Words(
        "Ask your health station whether you are given a new one.",
        "Hãy hỏi trạm y tế xem bạn có được cấp bản mới không.",
    ),
    "cert_earlier_revoked": Words(
        "An earlier one, of {day}, was revoked: it is refused wherever it is shown. Use this one.",
        "Bản trước, cấp ngày {day}, đã bị thu hồi và sẽ bị từ chối khi kiểm tra. Hãy dùng bản này.",
    ),
    "cert_earlier": Words(
        "An earlier one, of {day}, was replaced by this one.", "Bản trước, cấp ngày {day}, đã được thay bằng bản này."
    ),
    "cert_code": Words("The QR code of your certificate", "Mã QR của chứng nhận"),
    "cert_dose": Words("Dose", "Mũi"),
    "cert_given": Words("Vaccinated on", "Ngày tiêm"),
    "cert_vaccine": Words("Vaccine", "Vắc xin"),
    "cert_id": Words("Certificate id", "Mã chứng nhận"),
    "take_picture": Words("Save as a picture", "Lưu ảnh vào điện thoại"),
    "take_pdf": Words("Save as PDF, to print", "Lưu PDF để in"),
    "take_text": Words("Save as text, for apps", "Lưu dạng văn bản, cho ứng dụng"),
    "take_note": Words(
        "To be shown with an identity card. Turn up the screen's brightness. Whoever has the code can read your name, "
        "birth date and vaccination: do not post it.",
        "Xuất trình cùng giấy tờ tùy thân. Hãy tăng độ sáng màn hình. Ai có mã đều đọc được họ tên, ngày "
        "sinh và mũi tiêm "
        "của bạn: đừng đăng lên mạng.",
    ),
    "take_shared": Words(
        "Is this somebody else's phone or computer? Delete what you saved, and close the browser.",
        "Đang dùng máy của người khác? Hãy xóa tệp đã lưu và đóng trình duyệt.",
    ),
    "holder_mistake": Words("Something is wrong here", "Thông tin bị sai"),
    "holder_mistake_title": Words("What is wrong?", "Thông tin nào bị sai?"),
    "holder_mistake_why": Words(
        "Somebody of the health office looks at it. You get a ticket, by which you see the answer.",
        "Cán bộ y tế sẽ xem lại. Bạn nhận một mã phiếu để theo dõi trả lời.",
    ),
    "report_name": Words("My name", "Họ tên"),
    "report_birth_date": Words("My date of birth", "Ngày sinh"),
    "report_dose": Words("The vaccine, the date or the number of doses", "Vắc xin, ngày tiêm hoặc số mũi"),
    "report_dose_missing": Words("A dose is missing", "Thiếu mũi tiêm"),
    "report_not_mine": Words("This is not my certificate", "Đây không phải chứng nhận của tôi"),
    "report_other": Words("Something else", "Lý do khác"),
    "report_words": Words("What should it say?", "Đúng ra phải thế nào?"),
    "report_words_hint": Words(
        "For example: how your name is written on your identity card.", "Ví dụ: họ tên viết đúng như trên CCCD."
    ),
    "report_send": Words("Send", "Gửi"),
    "holder_fill_kind": Words("Choose what is wrong.", "Hãy chọn thông tin bị sai."),
    "holder_fill_words": Words("Say what is wrong.", "Hãy cho biết điều gì bị sai."),
    "holder_words_long": Words("This is too long: at most 1,000 letters.", "Nội dung quá dài: nhiều nhất 1.000 ký tự."),
    "holder_enough_reported": Words(
        "You have told this already. Wait for the answer, or ask your health station.",
        "Bạn đã gửi rồi. Hãy đợi trả lời, hoặc hỏi trạm y tế.",
    ),
    "holder_found_too_long_ago": Words(
        "You found it too long ago. Find your certificate once more, then tell us.",
        "Trang mở quá lâu. Hãy tìm lại chứng nhận rồi gửi.",
    ),
    "holder_sent_title": Words("We have it. This is your ticket", "Đã nhận. Đây là mã phiếu của bạn"),
    "holder_sent_why": Words(
        "Write it down or take a photograph: it is shown this once. By it and your date of birth you see the "
        "answer here.",
        "Hãy ghi lại hoặc chụp ảnh: mã chỉ hiện lần này. Dùng mã này và ngày sinh để xem trả lời tại đây.",
    ),
    "holder_sent_next": Words("Most are answered within a week.", "Thường có trả lời trong vòng một tuần."),
    "holder_ask_ticket": Words("See the answer to what I reported", "Xem trả lời về thông tin sai"),
    "holder_ticket": Words("Ticket", "Mã phiếu"),
    "holder_ticket_hint": Words(
        "12 letters and digits, which you were given when you told us.", "12 chữ và số, nhận được khi bạn gửi báo sai."
    ),
    "holder_ticket_go": Words("See", "Xem"),
    "holder_fill_ticket": Words("Fill in your ticket.", "Hãy điền mã phiếu."),
    "holder_ticket_nothing_advice": Words(
        "Compare the ticket and the date of birth. After ten wrong tries a ticket is closed.",
        "Hãy so lại mã phiếu và ngày sinh. Nhập sai mười lần thì mã bị khóa.",
    ),
    "standing_title": Words("Ticket {ticket}", "Phiếu {ticket}"),
    "standing_open": Words(
        "Nobody has answered yet. Look again in some days.", "Chưa có trả lời. Hãy xem lại sau vài ngày."
    ),
    "standing_corrected": Words("It was corrected.", "Đã sửa."),
    "standing_unchanged": Words(
        "We looked at it, and found the record to be right.", "Chúng tôi đã xem lại và thấy hồ sơ đúng."
    ),
    "standing_come": Words(
        "Please come to your health station, with your identity card and your slip.",
        "Mời bạn đến trạm y tế, mang theo giấy tờ tùy thân và phiếu tiêm.",
    ),
    "standing_told": Words("You told us on {day}: {what}", "Bạn đã báo ngày {day}: {what}"),
    "standing_answered": Words("Answered on {day}", "Trả lời ngày {day}"),
    "standing_certificate": Words("Your certificate as it is now", "Chứng nhận của bạn hiện nay"),
    "standing_no_certificate": Words(
        "There is no certificate of yours just now. Look again tomorrow.",
        "Hiện chưa có chứng nhận của bạn. Hãy xem lại vào ngày mai.",
    ),
    "privacy_lookup": Words("When you look up a certificate", "Khi bạn tra cứu chứng nhận"),
    "privacy_lookup_said": Words(
        "What you type is used for this one answer and is not kept on this site. That your certificate was shown, and "
        "when, is noted in the registry without your name, and kept with it. Wrong tries are counted, with "
        "nobody's name.",
        "Những gì bạn nhập chỉ dùng cho lần tra cứu này và không lưu trên trang. Việc chứng nhận được xem và "
        "thời điểm xem "
        "được ghi trong sổ đăng ký, không ghi tên bạn, và lưu cùng sổ. Lần nhập sai chỉ được đếm, không gắn với ai.",
    ),
    "privacy_report": Words("When you tell us that something is wrong", "Khi bạn báo thông tin sai"),
    "privacy_report_said": Words(
        "What you write is encrypted and read by the health office's reviewers alone. It is deleted a year after your "
        "ticket is closed.",
        "Nội dung bạn viết được mã hóa, chỉ cán bộ rà soát của ngành y tế đọc được, và bị xóa một năm sau "
        "khi phiếu đóng.",
    ),
    "privacy_log": Words("What your browser sends", "Những gì trình duyệt gửi"),
    "privacy_log_said": Words(
        "Your address is used to count how often a network asks, for at most a day, and is written nowhere. One cookie "
        "guards the forms and ends when the browser is closed; another remembers the language if you choose "
        "one. No other "
        "company learns of your visit.",
        "Địa chỉ mạng chỉ dùng để đếm số lần gửi, nhiều nhất một ngày, và không ghi lại. Một cookie bảo vệ "
        "biểu mẫu, hết khi "
        "đóng trình duyệt; một cookie khác nhớ ngôn ngữ nếu bạn chọn. Không công ty nào khác biết bạn vào trang này.",
    ),
    "privacy_rights": Words("What you may ask for", "Quyền của bạn"),
    "privacy_rights_said": Words(
        "You may ask your health station what is recorded of you, have it corrected, and have it deleted where the law "
        "lets it be.",
        "Bạn có thể hỏi trạm y tế xem hồ sơ ghi gì về bạn, yêu cầu sửa, và yêu cầu xóa khi pháp luật cho phép.",
    ),
}
