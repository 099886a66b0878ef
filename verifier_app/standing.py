"""What a page says of the device that checks by itself: who checks, until when, what is the matter."""

from __future__ import annotations

from vaxcert.wording import Words

# `device_…` by what is the matter with what the device holds, as the engine names it.
STANDING = {
    "device_checks": Words(
        "This device checks by itself: good until {n}", "Thiết bị này tự kiểm tra: dùng được đến {n}"
    ),
    "device_offline": Words("Offline: good until {n}", "Không có mạng: dùng được đến {n}"),
    "device_soon": Words(
        "This device needs a network before {n}: connect it soon.",
        "Thiết bị này cần có mạng trước {n}: hãy kết nối sớm.",
    ),
    "device_stale": Words(
        "The list ran out at {n}. Nothing is accepted until this device meets a network.",
        "Danh sách hết hạn lúc {n}. Không chấp nhận mã nào cho đến khi thiết bị có mạng.",
    ),
    "device_clock": Words(
        "The clock of this device is wrong: set it right. The list is good until {n}.",
        "Đồng hồ của thiết bị bị sai: hãy chỉnh lại. Danh sách dùng được đến {n}.",
    ),
    "device_first": Words(
        "First use on this device: it fetches its list and needs a network for that.",
        "Lần đầu dùng trên thiết bị này: cần có mạng để tải danh sách.",
    ),
    "device_empty": Words(
        "This device holds no list and no server answers. Nothing was checked: do not admit on this code.",
        "Thiết bị không có danh sách và máy chủ không trả lời. Chưa kiểm tra được: không cho qua chỉ với mã này.",
    ),
    "device_lost": Words(
        "A part of what this device kept is lost. It needs a network to fetch it again.",
        "Một phần dữ liệu lưu trên thiết bị đã mất. Cần có mạng để tải lại.",
    ),
    "device_incomplete": Words(
        "What this device kept is not whole. It needs a network to fetch it again.",
        "Dữ liệu lưu trên thiết bị không đầy đủ. Cần có mạng để tải lại.",
    ),
    "device_not_authentic": Words(
        "What this device kept was changed: it is not what the publisher signed. It needs a network to fetch it again.",
        "Dữ liệu lưu trên thiết bị đã bị sửa: không đúng với bản nhà phát hành đã ký. Cần có mạng để tải lại.",
    ),
    "device_rolled_back": Words(
        "What this device kept is older than what it had before. It needs a network to fetch the new one.",
        "Dữ liệu lưu trên thiết bị cũ hơn bản đã có trước đây. Cần có mạng để tải bản mới.",
    ),
    "device_mixed": Words(
        "What this device kept is of two publications. It needs a network to fetch one whole.",
        "Dữ liệu lưu trên thiết bị lẫn lộn giữa hai lần công bố. Cần có mạng để tải lại trọn một bản.",
    ),
    "device_form_unknown": Words(
        "This page cannot read the list: a newer page is needed.",
        "Trang này không đọc được danh sách: cần trang mới hơn.",
    ),
    "device_no_storage": Words(
        "This browser lets the page keep nothing: the server checks.",
        "Trình duyệt không cho trang lưu dữ liệu: máy chủ kiểm tra.",
    ),
    "device_not_capable": Words(
        "This browser cannot check by itself (too old, or no HTTPS): the server checks.",
        "Trình duyệt này không tự kiểm tra được (quá cũ hoặc không có HTTPS): máy chủ kiểm tra.",
    ),
    "device_environment_differs": Words(
        "The list is for another environment (test or real) than this device.",
        "Danh sách thuộc môi trường khác (thử nghiệm hoặc thật) với thiết bị này.",
    ),
    "who_device": Words("Checked by this device", "Thiết bị này kiểm tra"),
    "who_server": Words("Checked by the server", "Máy chủ kiểm tra"),
    "checks_by": Words("Checks", "Nơi kiểm tra"),
    "this_device": Words("this device", "thiết bị này"),
    "the_server": Words("the server", "máy chủ"),
    "network_before": Words("Needs a network before", "Cần có mạng trước"),
    "publication": Words("Publication", "Lần công bố"),
    "believed": Words("Publisher believed since first use", "Tin nhà phát hành từ lần đầu dùng"),
    "believed_root": Words("Its root (SHA-256)", "Khóa gốc (SHA-256)"),
    "update_refused": Words("Last update refused", "Bản cập nhật vừa qua bị từ chối"),
    "kept_for_good": Words("The browser keeps it", "Trình duyệt giữ lại"),
    "yes": Words("yes", "có"),
    "not_promised": Words("not promised: it may be cleared", "không bảo đảm: có thể bị xóa"),
    "opens_offline": Words("Opens without a network", "Mở được khi không có mạng"),
    "not_yet": Words("not yet", "chưa"),
    "no_worker": Words(
        "no: the phone does not trust this address's certificate",
        "không: điện thoại không tin chứng thư của địa chỉ này",
    ),
    "not_held": Words("not held: too many", "không giữ: quá nhiều"),
    "clear": Words("Clear everything on this device", "Xóa toàn bộ dữ liệu trên thiết bị này"),
    "clear_sure": Words(
        "Sure? Without a network this page cannot check after that.",
        "Chắc chắn? Sau đó không có mạng thì trang không kiểm tra được.",
    ),
    "counts_today": Words("On this device, today", "Trên thiết bị này, hôm nay"),
    "photo_unread": Words(
        "This picture can be read only where there is a network. Nothing was checked.",
        "Ảnh này chỉ đọc được khi có mạng. Chưa kiểm tra được.",
    ),
    "decoder_stuck": Words(
        "The camera's decoder stopped several times. Try again, or use a photo.",
        "Bộ giải mã camera dừng nhiều lần. Hãy thử lại hoặc dùng ảnh chụp.",
    ),
    "part_lost": Words(
        "A part of this page is lost on this device. Nothing can be checked.",
        "Một phần của trang này trên thiết bị đã mất. Không kiểm tra được.",
    ),
    "part_lost_help": Words(
        "Open it again where there is a network. Do not admit anybody on a code meanwhile.",
        "Hãy mở lại ở nơi có mạng. Trong lúc đó không cho ai qua chỉ với mã.",
    ),
}
