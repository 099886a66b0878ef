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
        "--ignore-column",
        "giống số định danh hoặc số điện thoại; hãy ghi rõ bằng --map, hoặc bỏ qua bằng --ignore-column",
    ),
    "evidence": Words("Found", "Ghi nhận"),
    "sample": Words("The first rows as they are understood", "Các dòng đầu được hiểu như sau"),
    "no_heading": Words("(no heading)", "(không có tiêu đề)"),
}
