"""What the pages say, in Vietnamese and English; verdicts and reasons come from `vaxcert.wording`."""

from __future__ import annotations

from flask import current_app, request

LANGUAGES = ("vi", "en")

WORDS = {
    "title": ("Check a certificate", "Kiểm tra chứng nhận"),
    "scanner": ("Hand scanner, or paste the code's text", "Máy quét cầm tay, hoặc dán nội dung mã"),
    "photo": ("Take a photo of the code", "Chụp ảnh mã"),
    "picture": ("Photo or PDF from this device", "Ảnh hoặc PDF có sẵn trong máy"),
    "check": ("Check", "Kiểm tra"),
    "next": ("Next", "Tiếp theo"),
    "hold": ("Hold", "Giữ lại"),
    "seconds": ("Next in {n} s", "Tiếp theo sau {n} giây"),
    "held": ("Held", "Đang giữ"),
    "same_card": (
        "The same card was shown here {n} min ago.",
        "Chứng nhận này đã được quét tại đây {n} phút trước.",
    ),
    "same_now": ("The same card was shown here just now.", "Chứng nhận này vừa được quét tại đây."),
    "compare": (
        "Compare name and date of birth with an identity document.",
        "Đối chiếu họ tên và ngày sinh với giấy tờ tùy thân.",
    ),
    "test": ("TEST", "THỬ NGHIỆM"),
    "point": ("Hold the code before the camera", "Đưa mã vào trước camera"),
    "starting": ("The camera is starting …", "Đang mở camera …"),
    "checking": ("Checking …", "Đang kiểm tra …"),
    "seen": ("Checked. Show the next card.", "Đã kiểm tra. Mời thẻ tiếp theo."),
    "several_seen": ("Several codes in view: show one at a time.", "Có nhiều mã: chỉ đưa từng mã một."),
    "tips": (
        "Nothing read yet: hold it closer and still, avoid glare, try the light.",
        "Chưa đọc được: đưa lại gần, giữ yên, tránh lóa, thử bật đèn.",
    ),
    "camera_denied": (
        "This page may not use the camera. Allow it in the browser, then try again.",
        "Trang này chưa được phép dùng camera. Hãy cho phép trong trình duyệt rồi thử lại.",
    ),
    "camera_insecure": (
        "A browser gives the camera only to pages over HTTPS. Photo, paste and hand scanner work.",
        "Trình duyệt chỉ cho dùng camera qua HTTPS. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "camera_none": (
        "No camera can be used. Photo, paste and hand scanner work.",
        "Không dùng được camera. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "camera_busy": (
        "Another program uses the camera. Close it, then try again.",
        "Camera đang được chương trình khác dùng. Hãy đóng lại rồi thử lại.",
    ),
    "decoder_missing": (
        "This installation cannot read from the camera. Photo, paste and hand scanner work.",
        "Bản cài đặt này không đọc được từ camera. Vẫn có thể chụp ảnh, dán mã hoặc dùng máy quét.",
    ),
    "again": ("Try again", "Thử lại"),
    "torch": ("Light", "Đèn"),
    "switch": ("Other camera", "Đổi camera"),
    "zoom": ("Zoom", "Thu phóng"),
    "camera": ("Camera", "Camera"),
    "other_ways": ("Photo, file or text", "Ảnh, tệp hoặc nội dung mã"),
    "wedge": ("Hand scanner", "Máy quét cầm tay"),
    "wedge_ready": ("Hand scanner: ready", "Máy quét cầm tay: sẵn sàng"),
    "wedge_off": ("Hand scanner: tap here first", "Máy quét cầm tay: chạm vào đây trước"),
    "settings": ("Sound and counts", "Âm thanh và số lượt"),
    "sound": ("Sound", "Âm thanh"),
    "vibration": ("Vibration", "Rung"),
    "counts": ("On this page, since it was opened", "Trên trang này, từ khi mở"),
    "hour": ("Hour", "Giờ"),
    "verdict": ("Verdict", "Kết quả"),
    "number": ("Number", "Số lượt"),
    "none_yet": ("None yet", "Chưa có"),
    "count_accepted": ("genuine", "thật"),
    "count_test": ("genuine (TEST)", "thật (THỬ NGHIỆM)"),
    "count_refused": ("refused", "không hợp lệ"),
    "count_undetermined": ("not verified", "chưa kiểm tra được"),
    "no_answer": (
        "The server does not answer. Nothing was checked: do not admit on this code.",
        "Máy chủ không trả lời. Chưa kiểm tra được: không cho qua chỉ với mã này.",
    ),
    "offline": ("No connection", "Mất kết nối"),
    "status": ("Device status", "Tình trạng thiết bị"),
    "keys": ("Keys", "Số khóa"),
    "revocations": ("Revoked entries", "Số mục bị thu hồi"),
    "published": ("List published", "Danh sách công bố lúc"),
    "until": ("To be relied on until", "Dùng được đến"),
    "unsigned": (
        "The list is not signed and does not say how old it is.",
        "Danh sách không có chữ ký và không cho biết ngày.",
    ),
    "age": ("Age of the list", "Danh sách đã công bố"),
    "left": ("To its expiry", "Thời hạn còn lại"),
    "back": ("Back to scanning", "Trở lại quét mã"),
    "trial": ("TRIAL: unsigned lists are taken", "DÙNG THỬ: nhận danh sách không có chữ ký"),
    "ready": ("Ready", "Sẵn sàng"),
    "soon": ("Sync soon", "Cần cập nhật sớm"),
    "stale": ("Too old: sync now", "Quá hạn: cập nhật ngay"),
    "version": ("Version", "Phiên bản"),
    "other": ("Tiếng Việt", "English"),
    "support": ("Code for support", "Mã hỗ trợ"),
    "bad_request": ("The request cannot be read.", "Không đọc được yêu cầu."),
    "no_token": ("A token is needed.", "Cần mã truy cập."),
    "not_found": ("There is no such page.", "Không có trang này."),
    "wrong_method": ("Not to be asked for in this way.", "Không thể yêu cầu theo cách này."),
    "too_large": ("The file is too large: 10 MB at most.", "Tệp quá lớn: tối đa 10 MB."),
    "wrong_type": ("Only JSON, PNG, JPEG, WebP and PDF are read.", "Chỉ đọc JSON, PNG, JPEG, WebP và PDF."),
    "no_code": ("No code was found in the picture.", "Không tìm thấy mã trong ảnh."),
    "no_picture": ("The picture cannot be read.", "Không đọc được ảnh."),
    "several": ("There are several codes in the picture.", "Ảnh có nhiều mã."),
    "nothing": ("Give a picture, or the code's text.", "Hãy chọn ảnh hoặc dán nội dung mã."),
    "too_many": ("Too many requests: wait a moment.", "Quá nhiều yêu cầu: hãy đợi một lát."),
    "busy": ("Busy: try again in a moment.", "Đang bận: hãy thử lại sau giây lát."),
    "not_ready": ("The list of keys is too old, or the clock is wrong.", "Danh sách khóa quá hạn, hoặc đồng hồ sai."),
    "fault": ("A fault of the app. Nothing was accepted.", "Lỗi của ứng dụng. Chưa chấp nhận mã nào."),
}


def language() -> str:
    """Of this request: chosen, else the site's."""
    chosen = request.args.get("lang") or request.cookies.get("lang")
    if chosen in LANGUAGES:
        return chosen
    site: str = current_app.extensions["settings"].language
    return site


def say(name: str, lang: str) -> str:
    """The words of that name."""
    english, vietnamese = WORDS[name]
    return vietnamese if lang == "vi" else english
