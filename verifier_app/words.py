"""What the pages say, in Vietnamese and English; verdicts and reasons come from `vaxcert.wording`."""

from __future__ import annotations

from flask import current_app, request

WORDS = {
    "title": ("Check a certificate", "Kiểm tra chứng nhận"),
    "scanner": ("Hand scanner, or paste the code's text", "Máy quét cầm tay, hoặc dán nội dung mã"),
    "picture": ("Photo or PDF of the code", "Ảnh hoặc PDF của mã"),
    "check": ("Check", "Kiểm tra"),
    "next": ("Next", "Tiếp theo"),
    "compare": (
        "Compare name and date of birth with an identity document.",
        "Đối chiếu họ tên và ngày sinh với giấy tờ tùy thân.",
    ),
    "test": ("TEST", "THỬ NGHIỆM"),
    "status": ("Device status", "Tình trạng thiết bị"),
    "keys": ("Keys", "Số khóa"),
    "revocations": ("Revoked entries", "Số mục bị thu hồi"),
    "published": ("List published", "Danh sách công bố lúc"),
    "until": ("To be relied on until", "Dùng được đến"),
    "unsigned": (
        "The list is not signed and does not say how old it is.",
        "Danh sách không có chữ ký và không cho biết ngày.",
    ),
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
    "fault": ("A fault of the app. Nothing was accepted.", "Lỗi của ứng dụng. Chưa chấp nhận mã nào."),
}


def language() -> str:
    """Of this request: chosen, else the site's."""
    chosen = request.args.get("lang") or request.cookies.get("lang")
    if chosen in ("vi", "en"):
        return chosen
    site: str = current_app.extensions["settings"].language
    return site


def say(name: str, lang: str) -> str:
    """The words of that name."""
    english, vietnamese = WORDS[name]
    return vietnamese if lang == "vi" else english
