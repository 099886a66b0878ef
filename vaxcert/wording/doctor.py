"""What whoever answers for a registry has to see to: how each matter stands, and what to do about it."""

from typing import NamedTuple

from vaxcert.wording.words import Words


class Matters(NamedTuple):
    """A matter's name, how it stands (`never`: where nothing was shown or found yet), and what to do.

    `amiss`, `mend`: how it stands and what to do where it is not as usual; without `mend`, the usual.
    """

    title: Words
    stands: Words
    never: Words
    do: Words
    amiss: Words | None = None
    mend: Words | None = None


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
        amiss=Words(
            "{n} were not right when last counted, on {day}, and were put right",
            "{n} số sai ở lần đếm gần nhất, ngày {day}, và đã được sửa",
        ),
        mend=Words(
            "Numbers that were read before that day may have been wrong. Run registry sums again; where sums are wrong "
            "once more, keep what it prints with registry audit's last entries, and report both to whoever maintains "
            "the program.",
            "Số liệu đã xem trước ngày đó có thể sai. Chạy lại registry sums; nếu vẫn còn số sai, giữ lại kết quả cùng "
            "các mục cuối của registry audit và báo cho bên bảo trì phần mềm.",
        ),
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
        amiss=Words("key {kid}: nobody showed when it ends", "khóa {kid}: chưa ai cho biết ngày hết hạn"),
        mend=Words(
            "Run registry doctor --trust DIR with the keys that are published; it is remembered.",
            "Chạy registry doctor --trust THƯ_MỤC với các khóa đã công bố; chương trình sẽ nhớ.",
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
        Words("Units of which nothing came for more than a week", "Đơn vị hơn một tuần không có số liệu mới"),
        Words("{units}", "{units}"),
        Words("none", "không có"),
        Words("Ask them for their newest file.", "Đề nghị các đơn vị này gửi tệp mới nhất."),
    ),
    "administrators": Matters(
        Words("Administrators", "Người quản trị"),
        Words("{accounts}", "{accounts}"),
        Words("no accounts yet", "chưa có tài khoản nào"),
        Words(
            "Make a second administrator's account: where the only one is locked out, nobody can let anybody in.",
            "Tạo thêm một tài khoản quản trị: nếu người duy nhất bị khóa thì không ai mở được cho ai.",
        ),
        amiss=Words("none", "không có"),
        mend=Words(
            "Make one on the machine: registry account NAME --role administrator.",
            "Tạo trên máy chủ: registry account TÊN --role administrator.",
        ),
    ),
    "nobodys_accounts": Matters(
        Words(
            "Accounts without owner: no site, area or e-mail", "Tài khoản không rõ chủ: không có cơ sở, địa bàn, thư"
        ),
        Words("{accounts}", "{accounts}"),
        Words("none", "không có"),
        Words(
            "Enter where its owner works, or an e-mail address, or close the account.",
            "Ghi nơi làm việc hoặc thư điện tử của chủ tài khoản, hoặc đóng tài khoản.",
        ),
    ),
    "unused_accounts": Matters(
        Words("Accounts that nobody signed in to for 60 days", "Tài khoản 60 ngày không ai đăng nhập"),
        Words("{accounts}", "{accounts}"),
        Words("none", "không có"),
        Words(
            "Ask whose they are; close those that nobody needs.",
            "Hỏi xem của ai; đóng những tài khoản không còn cần.",
        ),
    ),
}
WELL = Words("good", "tốt")
TO_DO = Words("to do", "cần làm")
SUMS_RIGHT = Words("All sums were right.", "Mọi số tổng hợp đều đúng.")
SUMS_WRONG = Words("{n} sums were not right, and are now.", "{n} số tổng hợp sai, đã được sửa.")


def told(matter: str, said: dict[str, str | int], *, amiss: bool = False) -> tuple[Words, Words]:
    """How a matter stands, and what to do where something is."""
    words = MATTERS[matter]
    if amiss and words.amiss is not None:
        return words.amiss.filled(said), words.mend or words.do
    # Of zero there is nothing to say but that there is none.
    return words.stands.filled(said) if any(said.values()) else words.never, words.do
