"""What an operator is told of a table before anything of it is taken."""

from vaxcert.wording.words import Words

SURVEY = {
    "read": Words("Columns that are read", "Các cột được đọc"),
    "unread": Words("Columns that nothing reads", "Các cột không được đọc"),
    "unknown": Words("not known", "không nhận ra"),
    "left": Words("{field}: not used here", "{field}: không dùng ở đây"),
    "dose": Words("dose {dose}", "mũi {dose}"),
    "suspicious": Words(
        "looks like numbers of identity cards or telephones; say what it is with --map, or leave it out with "
        "--ignore-column {name}",
        "giống số định danh hoặc số điện thoại; hãy ghi rõ bằng --map, hoặc bỏ qua bằng --ignore-column {name}",
    ),
    "evidence": Words("Found", "Ghi nhận"),
    "converted": Words(
        "Cells that the font makes another text: as they stand, and as they are read",
        "Các ô được chuyển theo phông: nguyên văn, và cách đọc",
    ),
    "sample": Words("The first rows as they are understood", "Các dòng đầu được hiểu như sau"),
    "no_heading": Words("(no heading)", "(không có tiêu đề)"),
}

# What a whole table shows.
EVIDENCE = {
    "dates": Words(
        "dates: {day} can only have the day first, {month} only the month, {either} either",
        "ngày tháng: {day} ô chỉ có thể là ngày trước, {month} ô chỉ có thể là tháng trước, {either} ô không phân biệt",
    ),
    "month_first": Words("the month first in row {row}", "tháng trước ở dòng {row}"),
    "font": Words(
        "most names were typed for a {font} font, see --legacy-font",
        "phần lớn họ tên gõ bằng phông {font}, xem --legacy-font",
    ),
    "several": Words(
        "{count} × several telephone numbers in one cell: people are found by the first, the others are kept",
        "{count} × nhiều số điện thoại trong một ô: tra cứu theo số đầu, các số khác vẫn được lưu",
    ),
    "completed": Words(
        "{count} × an identity number without its leading zeros: they are put back",
        "{count} × số định danh mất số 0 ở đầu: đã được bổ sung",
    ),
}

# What is said of a table once it was taken over, or checked.
RUN = Words("run {run}, {rows} rows", "lượt {run}, {rows} dòng")
REFUSED = Words("nothing was taken over", "không nhập được gì")
STOPPED = Words(
    "stopped half-way. Give the same file again, or take it back (`registry runs`).",
    "đã dừng giữa chừng. Hãy nhập lại đúng tệp này, hoặc hủy lượt (`registry runs`).",
)
MEND = Words(
    "to mend them: vaxcert registry rejects {run} --out FILE.xlsx",
    "để sửa các dòng này: vaxcert registry rejects {run} --out FILE.xlsx",
)
TO_MEND = Words("{rows} rows to mend in {path}", "{rows} dòng cần sửa trong {path}")
FORGOTTEN = Words("{rows} rows are forgotten.", "đã xóa nội dung {rows} dòng, chỉ còn số dòng và lý do.")
OUTCOMES = {
    "good": Words("good", "hợp lệ"),
    "new": Words("new", "người mới"),
    "matched": Words("matched", "khớp người đã có"),
    "known": Words("known", "mũi đã có"),
    "again": Words("again", "đã nhập trước đây"),
    "question": Words("question", "cần hỏi"),
    "disputed": Words("disputed", "mâu thuẫn"),
    "deleted": Words("deleted", "của người đã xóa"),
    "rejected": Words("rejected", "bị từ chối"),
    "passed_over": Words("passed over", "bỏ qua (trống)"),
}
LEAVE_OUT = Words(
    "{heading} looks like numbers of identity cards or telephones, and nothing reads it. Leave it out?",
    "{heading} giống số định danh hoặc số điện thoại, và không được đọc. Bỏ qua cột này?",
)
NONE = Words("none", "không có")
