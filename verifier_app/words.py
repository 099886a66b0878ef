"""What the pages say, in Vietnamese and English; verdicts and reasons come from `vaxcert.wording`."""

from __future__ import annotations

from flask import current_app, request

from vaxcert.wording import Words
from verifier_app.standing import STANDING

LANGUAGES = ("vi", "en")

WORDS = {
    "title": Words("Check a certificate", "Kiểm tra chứng nhận"),
    "scanner": Words("Hand scanner, or paste the code's text", "Máy quét cầm tay, hoặc dán nội dung mã"),
    "shoot": Words("Take a photo", "Chụp ảnh"),
    "photo": Words("Take a photo of the code", "Chụp ảnh mã"),
    "picture": Words("Photo or PDF from this device", "Ảnh hoặc PDF có sẵn trong máy"),
    "check": Words("Check", "Kiểm tra"),
    "next": Words("Next", "Tiếp theo"),
    "next_code": Words("Next code ({n})", "Mã tiếp theo ({n})"),
    "of_several": Words("{n} of {total} {what}", "{total} mã: {n} {what}"),
    "hold": Words("Hold", "Giữ lại"),
    "seconds": Words("Next in {n} s", "Tiếp theo sau {n} giây"),
    "held": Words("Held", "Đang giữ"),
    "same_card": Words(
        "The same card was shown here {n} min ago.",
        "Chứng nhận này đã được quét tại đây {n} phút trước.",
    ),
    "same_now": Words("The same card was shown here just now.", "Chứng nhận này vừa được quét tại đây."),
    "compare": Words(
        "Compare name and date of birth with an identity document.",
        "Đối chiếu họ tên và ngày sinh với giấy tờ tùy thân.",
    ),
    "test": Words("TEST", "THỬ NGHIỆM"),
    "point": Words("Hold the code before the camera", "Đưa mã vào trước camera"),
    "starting": Words("The camera is starting …", "Đang mở camera …"),
    "checking": Words("Checking …", "Đang kiểm tra …"),
    "looking": Words("Looking closer …", "Đang xem kỹ hơn …"),
    "seen": Words("Checked. Show the next card.", "Đã kiểm tra. Mời thẻ tiếp theo."),
    "seen_unchecked": Words("Not verified. Show the next card.", "Chưa kiểm tra được. Mời thẻ tiếp theo."),
    "seen_other": Words("Show the code of the certificate.", "Hãy đưa mã của chứng nhận."),
    "seen_part": Words("Read. Show the next code of this certificate.", "Đã đọc. Mời mã tiếp theo của chứng nhận này."),
    "parts_missing": Words(
        "This certificate is in several codes. Still to be scanned: {n}",
        "Chứng nhận này gồm nhiều mã. Còn phải quét mã: {n}",
    ),
    "tips": Words(
        "Nothing read yet: hold it closer and still, avoid glare, try the light.",
        "Chưa đọc được: đưa lại gần, giữ yên, tránh lóa, thử bật đèn.",
    ),
    "camera_denied": Words(
        "This page may not use the camera. Allow it in the browser, then try again.",
        "Trang này chưa được phép dùng camera. Hãy cho phép trong trình duyệt rồi thử lại.",
    ),
    "camera_insecure": Words(
        "A browser gives the camera only to pages over HTTPS. Photo, paste and hand scanner work.",
        "Trình duyệt chỉ cho dùng camera qua HTTPS. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "camera_none": Words(
        "No camera can be used. Photo, paste and hand scanner work.",
        "Không dùng được camera. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "camera_busy": Words(
        "Another program uses the camera. Close it, then try again.",
        "Camera đang được chương trình khác dùng. Hãy đóng lại rồi thử lại.",
    ),
    "decoder_missing": Words(
        "This installation cannot read from the camera. Photo, paste and hand scanner work.",
        "Bản cài đặt này không đọc được từ camera. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "again": Words("Try again", "Thử lại"),
    "torch": Words("Light", "Đèn"),
    "switch": Words("Other camera", "Đổi camera"),
    "zoom": Words("Zoom", "Thu phóng"),
    "camera": Words("Camera", "Camera"),
    "other_ways": Words("Photo, file or text", "Ảnh, tệp hoặc nội dung mã"),
    "wedge": Words("Hand scanner", "Máy quét cầm tay"),
    "wedge_ready": Words("Hand scanner: ready", "Máy quét cầm tay: sẵn sàng"),
    "wedge_off": Words("Hand scanner: tap here first", "Máy quét cầm tay: chạm vào đây trước"),
    "settings": Words("Sound and counts", "Âm thanh và số lượt"),
    "sound": Words("Sound", "Âm thanh"),
    "silent": Words("Sound is off until you touch the screen.", "Âm thanh tắt đến khi chạm màn hình."),
    "vibration": Words("Vibration", "Rung"),
    "counts": Words("On this page, since it was opened", "Trên trang này, từ khi mở"),
    "hour": Words("Hour", "Giờ"),
    "verdict": Words("Verdict", "Kết quả"),
    "number": Words("Number", "Số lượt"),
    "none_yet": Words("None yet", "Chưa có"),
    "count_accepted": Words("genuine", "thật"),
    "count_test": Words("genuine (TEST)", "thật (THỬ NGHIỆM)"),
    "count_refused": Words("refused", "không hợp lệ"),
    "count_undetermined": Words("not verified", "chưa kiểm tra được"),
    "count_not_enough": Words("genuine, not enough here", "thật, chưa đủ tại đây"),
    "rules": Words("Rules", "Quy định"),
    "no_rules": Words("genuineness alone", "chỉ kiểm tra thật giả"),
    "rules_gone": Words("no longer there, choose others", "không còn, hãy chọn quy định khác"),
    "set_rules": Words("Set", "Đặt"),
    "count_other": Words("no certificate", "không phải chứng nhận"),
    "no_answer": Words(
        "The server does not answer. Nothing was checked: do not admit on this code.",
        "Máy chủ không trả lời. Chưa kiểm tra được: không cho qua chỉ với mã này.",
    ),
    "offline": Words("No connection", "Mất kết nối"),
    "status": Words("Device status", "Tình trạng thiết bị"),
    "keys": Words("Keys", "Số khóa"),
    "revocations": Words("Revoked entries", "Số mục bị thu hồi"),
    "published": Words("List published", "Danh sách công bố lúc"),
    "until": Words("To be relied on until", "Dùng được đến"),
    "unsigned": Words(
        "The list is not signed and does not say how old it is.",
        "Danh sách không có chữ ký và không cho biết ngày.",
    ),
    "age": Words("Age of the list", "Danh sách đã công bố"),
    "left": Words("To its expiry", "Thời hạn còn lại"),
    "close": Words("Close", "Đóng"),
    "back": Words("Back to scanning", "Trở lại quét mã"),
    "trial": Words("TRIAL: unsigned lists are taken", "DÙNG THỬ: nhận danh sách không có chữ ký"),
    "ready": Words("Ready", "Sẵn sàng"),
    "soon": Words("Sync soon", "Cần cập nhật sớm"),
    "stale": Words("Too old: sync now", "Quá hạn: cập nhật ngay"),
    "clock": Words("Clock wrong", "Sai giờ"),
    "server_clock": Words("Clock of the server", "Đồng hồ máy chủ"),
    "device_clock": Words("Clock of this device", "Đồng hồ thiết bị này"),
    "clock_behind": Words(
        "This device's clock is before the list: set it right.",
        "Đồng hồ thiết bị này chậm hơn lúc công bố danh sách: hãy chỉnh lại.",
    ),
    "clocks_differ": Words(
        "The clocks of this device and of the server differ by {n} min: set the wrong one right.",
        "Đồng hồ thiết bị này và máy chủ lệch nhau {n} phút: hãy chỉnh đồng hồ sai.",
    ),
    "version": Words("Version", "Phiên bản"),
    "other": Words("Tiếng Việt", "English"),
    "support": Words("Code for support", "Mã hỗ trợ"),
    "bad_request": Words("The request cannot be read.", "Không đọc được yêu cầu."),
    "no_token": Words("A token is needed.", "Cần mã truy cập."),
    "not_found": Words("There is no such page.", "Không có trang này."),
    "wrong_method": Words("Not to be asked for in this way.", "Không thể yêu cầu theo cách này."),
    "too_slow": Words("It took too long to arrive.", "Gửi tới quá chậm."),
    "too_large": Words("The file is too large: 10 MB at most.", "Tệp quá lớn: tối đa 10 MB."),
    "wrong_type": Words(
        "Only JSON, PNG, JPEG, WebP, PDF and a code's text are read.",
        "Chỉ đọc JSON, PNG, JPEG, WebP, PDF và nội dung mã.",
    ),
    "no_code": Words("No code was found in the picture.", "Không tìm thấy mã trong ảnh."),
    "no_picture": Words("The picture cannot be read.", "Không đọc được ảnh."),
    "several": Words("Several codes were sent together.", "Có nhiều mã được gửi cùng lúc."),
    "mode_unknown": Words("There are no such rules here.", "Ở đây không có quy định này."),
    "nothing": Words("Give a picture, or the code's text.", "Hãy chọn ảnh hoặc dán nội dung mã."),
    "too_many": Words("Too many requests: wait a moment.", "Quá nhiều yêu cầu: hãy đợi một lát."),
    "busy": Words("Busy: try again in a moment.", "Đang bận: hãy thử lại sau giây lát."),
    "not_ready": Words(
        "The list of keys is too old, or the clock is wrong.", "Danh sách khóa quá hạn, hoặc đồng hồ sai."
    ),
    "fault": Words("A fault of the app. Nothing was accepted.", "Lỗi của ứng dụng. Chưa chấp nhận mã nào."),
    **STANDING,
}

# What to do about a problem, by the name that it has above as well. Constant: nothing that was sent is quoted.
DETAILS = {
    "bad_request": Words(
        'As JSON it has to be {"text": "HC1:…"}, with `mode` alone beside it.',
        'Nếu là JSON thì phải có dạng {"text": "HC1:…"}, ngoài ra chỉ có thể thêm `mode`.',
    ),
    "no_token": Words(
        "Send it as Authorization: Bearer …; whoever runs this app knows it.",
        "Gửi kèm Authorization: Bearer …; hãy hỏi người vận hành ứng dụng.",
    ),
    "not_found": Words(
        "openapi.json describes what there is for programs.", "openapi.json mô tả những gì dành cho chương trình."
    ),
    "wrong_method": Words("The Allow header says in which.", "Tiêu đề Allow cho biết cách nào dùng được."),
    "too_slow": Words(
        "Send it again, where the network is better, or a smaller picture.",
        "Hãy gửi lại ở nơi mạng tốt hơn, hoặc gửi ảnh nhỏ hơn.",
    ),
    "too_large": Words(
        "A picture or PDF may have 10 MB, a text 70 kB.", "Ảnh hoặc PDF tối đa 10 MB, nội dung mã tối đa 70 kB."
    ),
    "wrong_type": Words(
        "Send one of these as the body, as it is and not as a form.",
        "Hãy gửi nguyên một trong các loại này làm nội dung yêu cầu, không gửi dạng biểu mẫu.",
    ),
    "no_code": Words(
        "Take it nearer and sharp, without glare, with the whole code in it.",
        "Hãy chụp gần, rõ nét, không lóa và thấy toàn bộ mã.",
    ),
    "no_picture": Words(
        "It is damaged, too large once unpacked, or of another type than it says.",
        "Ảnh bị hỏng, quá lớn khi giải nén, hoặc khác loại đã nêu.",
    ),
    "several": Words(
        "One answer must not stand for several people: send one code at a time.",
        "Một kết quả không được dùng cho nhiều người: hãy gửi từng mã một.",
    ),
    "mode_unknown": Words(
        "Nothing was checked: these rules are not here any more. Open the page anew and choose.",
        "Chưa kiểm tra gì: không còn quy định này. Hãy mở lại trang và chọn quy định.",
    ),
    "nothing": Words("Nothing was checked.", "Chưa kiểm tra gì."),
    "too_many": Words(
        "Nothing was checked. Retry-After says in how many seconds a program may ask again.",
        "Chưa kiểm tra gì. Tiêu đề Retry-After cho biết sau bao nhiêu giây chương trình có thể yêu cầu lại.",
    ),
    "busy": Words(
        "Nothing was checked. Retry-After says in how many seconds a program may ask again.",
        "Chưa kiểm tra gì. Tiêu đề Retry-After cho biết sau bao nhiêu giây chương trình có thể yêu cầu lại.",
    ),
    "not_ready": Words(
        "No certificate is accepted until the list is synced and the clock is right.",
        "Chưa chấp nhận chứng nhận nào cho đến khi cập nhật danh sách và chỉnh đúng đồng hồ.",
    ),
    "fault": Words("The log of the app says where it happened.", "Nhật ký của ứng dụng cho biết lỗi ở đâu."),
}


def language() -> str:
    """The language of this request: chosen, else the site's."""
    chosen = request.args.get("lang") or request.cookies.get("lang")
    if chosen in LANGUAGES:
        return chosen
    site: str = current_app.extensions["settings"].language
    return site


def asked_language() -> str:
    """Of a program's request: what its header prefers, else English."""
    for tag, quality in request.accept_languages:
        # Regions make no difference here, and a star is anything.
        lang = "en" if tag == "*" else tag.partition("-")[0].lower()
        if quality > 0 and lang in LANGUAGES:
            return lang
    return "en"


def say(name: str, lang: str) -> str:
    """The words of that name."""
    return WORDS[name].of(lang)


def advise(name: str, lang: str) -> str:
    """What to do about the problem of that name."""
    return DETAILS[name].of(lang)
