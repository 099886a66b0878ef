"""What whoever answers for a registry has to see to: how each matter stands, and what to do about it."""

from typing import NamedTuple

from vaxcert.wording.words import Words


class Matters(NamedTuple):
    """A matter's name, how it stands (`never`: where nothing was shown or found yet), and what to do."""

    title: Words
    stands: Words
    never: Words
    do: Words


MATTERS = {
    "key_copy": Matters(
        Words("Copy of the registry's key", "Bản sao khóa của sổ đăng ký"),
        Words("last shown on {day}, {days} days ago", "kiểm tra lần cuối ngày {day}, {days} ngày trước"),
        Words("never shown", "chưa từng kiểm tra"),
        Words(
            "Fetch the copy from where it is kept and run: registry doctor --key-copy FILE. Without the key no number, "
            "telephone or certificate can be read again.",
            "Lấy bản sao từ nơi cất giữ và chạy: registry doctor --key-copy TỆP. Mất khóa thì không đọc lại được số "
            "định danh, điện thoại và giấy chứng nhận.",
        ),
    ),
    "restore": Matters(
        Words("Restoring a backup", "Khôi phục bản sao lưu"),
        Words("last tried on {day}, {days} days ago", "thử lần cuối ngày {day}, {days} ngày trước"),
        Words("never tried", "chưa từng thử"),
        Words(
            "Restore the newest export into a new database (registry init, registry restore), then run: registry "
            "doctor --restored URL, and delete that database.",
            "Khôi phục bản xuất mới nhất vào một cơ sở dữ liệu mới (registry init, registry restore), rồi chạy: "
            "registry doctor --restored URL, sau đó xóa cơ sở dữ liệu đó.",
        ),
    ),
    "audit_head": Matters(
        Words("End of the audit log, noted elsewhere", "Điểm cuối nhật ký, ghi lại ở nơi khác"),
        Words("last compared on {day}, {days} days ago", "đối chiếu lần cuối ngày {day}, {days} ngày trước"),
        Words("never compared", "chưa từng đối chiếu"),
        Words(
            "Compare with the hash that was noted last (registry audit --expect HASH), and note the new one on paper. "
            "Where none was noted: registry audit prints it; note it, and compare at once.",
            "Đối chiếu với mã băm đã ghi lần trước (registry audit --expect MÃ) và ghi mã mới ra giấy. Nếu chưa ghi "
            "bao giờ: registry audit in ra mã; hãy ghi lại và đối chiếu ngay.",
        ),
    ),
    "sums": Matters(
        Words("Sums counted anew", "Số tổng hợp được đếm lại"),
        Words("last on {day}, {days} days ago", "lần cuối ngày {day}, {days} ngày trước"),
        Words("never", "chưa lần nào"),
        Words("Have registry sums run every night.", "Cho chạy registry sums mỗi đêm."),
    ),
    "key_end": Matters(
        Words("End of the signing key", "Ngày hết hạn của khóa ký"),
        Words("key {kid} ends on {day}, in {days} days", "khóa {kid} hết hạn ngày {day}, còn {days} ngày"),
        Words("nothing was signed yet", "chưa ký giấy nào"),
        Words(
            "Give the keys that are published (--trust DIR) to have this looked at; where the end is near, make the "
            "next key (keys rotate) and publish it before the old one ends.",
            "Chỉ ra các khóa đã công bố (--trust THƯ_MỤC) để kiểm tra; nếu sắp hết hạn, hãy tạo khóa mới (keys rotate) "
            "và công bố trước khi khóa cũ hết hạn.",
        ),
    ),
    "stopped_runs": Matters(
        Words("Work that was stopped half-way", "Công việc bị dừng giữa chừng"),
        Words("{runs} runs", "{runs} lượt"),
        Words("none", "không có"),
        Words(
            "Of an import, give the same file again, or take it back (registry undo NUMBER). Of issuing, issue again.",
            "Nếu là nhập dữ liệu, nhập lại chính tệp đó hoặc hoàn tác (registry undo SỐ). Nếu là cấp giấy, cấp lại.",
        ),
    ),
    "questions": Matters(
        Words("Questions that wait for an answer", "Câu hỏi chờ trả lời"),
        Words("{questions}, the oldest for {days} days", "{questions}, lâu nhất đã {days} ngày"),
        Words("none", "không có"),
        Words(
            "Answer them (registry review): whoever is asked about gets no certificate meanwhile.",
            "Trả lời (registry review): người liên quan chưa được cấp giấy cho đến lúc đó.",
        ),
    ),
    "silent_units": Matters(
        Words("Units without a file for more than a week", "Đơn vị quá một tuần chưa gửi tệp"),
        Words("{units}", "{units}"),
        Words("none", "không có"),
        Words("Ask them for their newest file.", "Đề nghị các đơn vị này gửi tệp mới nhất."),
    ),
}
WELL = Words("good", "tốt")
TO_DO = Words("to do", "cần làm")
SUMS_RIGHT = Words("All sums were right.", "Mọi số tổng hợp đều đúng.")
SUMS_WRONG = Words("{n} sums were not right, and are now.", "{n} số tổng hợp sai, đã được sửa.")
