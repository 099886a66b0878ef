"""Words of units' tables sent up, and of runs."""

from vaxcert.wording import Words

WORDS = {
    "intake": Words("Import tables", "Nhập bảng"),
    "intake_lead": Words(
        "Send the file that a unit exported. It is only looked at first: nothing is taken over before you say so.",
        "Gửi tệp do cơ sở xuất ra. Trước hết tệp chỉ được kiểm tra: chưa nhập gì cho đến khi bạn đồng ý.",
    ),
    "table_file": Words("The unit's file", "Tệp của cơ sở"),
    "table_hint": Words("{endings}; up to {most} MB.", "{endings}; tối đa {most} MB."),
    "table_send": Words("Send and check", "Gửi và kiểm tra"),
    "file_missing": Words("Choose a file first.", "Hãy chọn tệp trước."),
    "file_kind": Words(
        "This is not a table that can be read here: CSV, Excel (XLSX, XLS), ODS or Parquet.",
        "Không phải loại bảng đọc được ở đây: CSV, Excel (XLSX, XLS), ODS hoặc Parquet.",
    ),
    "file_empty": Words("The file is empty.", "Tệp rỗng."),
    "file_many": Words(
        "Too many of your tables wait: take over or delete some first.",
        "Bạn có quá nhiều bảng đang chờ: hãy nhập hoặc xóa bớt trước.",
    ),
    "file_too_large": Words(
        "The file has more than {most} MB. Nothing was kept. Have the unit export fewer months, or save it as CSV.",
        "Tệp lớn hơn {most} MB. Chưa lưu gì. Hãy đề nghị cơ sở xuất ít tháng hơn, hoặc lưu dạng CSV.",
    ),
    "tables_waiting": Words("Your tables", "Các bảng của bạn"),
    "tables_kept": Words(
        "A table that nobody takes over is deleted after a day.", "Bảng không được nhập sẽ bị xóa sau một ngày."
    ),
    "table_state_checking": Words("being checked", "đang kiểm tra"),
    "table_state_checked": Words("checked: yours to decide", "đã kiểm tra: chờ bạn quyết định"),
    "table_state_taking": Words("being taken over", "đang nhập"),
    "table_state_taken": Words("taken over", "đã nhập"),
    "table_state_refused": Words("not understood", "chưa hiểu được"),
    "table_state_check_stopped": Words("check stopped", "kiểm tra bị dừng"),
    "table_state_take_stopped": Words("stopped half-way", "dừng giữa chừng"),
    "all_runs": Words("All runs", "Mọi lượt"),
    "progress": Words("How far it is", "Tiến độ"),
    "progress_reading": Words("{done} rows read", "Đã đọc {done} dòng"),
    "progress_reading_of": Words("{done} of {rows} rows checked", "Đã kiểm tra {done} trên {rows} dòng"),
    "progress_taking": Words("{done} rows taken over", "Đã nhập {done} dòng"),
    "progress_taking_of": Words("{done} of {rows} rows taken over", "Đã nhập {done} trên {rows} dòng"),
    "progress_waiting": Words(
        "Another import is under way; this one begins when it has ended.",
        "Một lượt nhập khác đang chạy; bảng này bắt đầu khi lượt đó xong.",
    ),
    "progress_leave": Words(
        "You may leave this page: the work goes on, and the table stands under “Import tables”.",
        "Bạn có thể rời trang này: việc vẫn tiếp tục, bảng nằm ở mục “Nhập bảng”.",
    ),
    "look_again": Words("Look again", "Xem lại"),
    "check_stopped": Words(
        "The check was stopped before its end. Nothing was taken over.", "Việc kiểm tra bị dừng. Chưa nhập gì."
    ),
    "check_again": Words("Check again", "Kiểm tra lại"),
    "take_stopped": Words(
        "It was stopped half-way. What was taken over until then is saved. Go on: each row is taken once.",
        "Bị dừng giữa chừng. Phần đã nhập vẫn được lưu. Hãy tiếp tục: mỗi dòng chỉ được nhập một lần.",
    ),
    "take_go_on": Words("Go on", "Tiếp tục nhập"),
    "take_stopped_discard": Words(
        "If you delete the file instead, take its run back too (“All runs”).",
        "Nếu xóa tệp, hãy hủy cả lượt nhập của nó (ở “Mọi lượt”).",
    ),
    "table_discard": Words("Delete the file", "Xóa tệp"),
    "table_discarded": Words("The file is deleted.", "Đã xóa tệp."),
    "table_not_discarded": Words(
        "The file is not deleted: it is being worked on. Delete it once that is over.",
        "Chưa xóa tệp: bảng đang được xử lý. Hãy xóa khi xử lý xong.",
    ),
    "table_taken": Words("Taken over as run {run}.", "Đã nhập, là lượt {run}."),
    "to_run": Words("To run {run}", "Đến lượt {run}"),
    "refused_title": Words("The table cannot be taken over like this", "Chưa thể nhập bảng này"),
    "refused_detail": Words("In detail (English)", "Chi tiết (tiếng Anh)"),
    "verdict_good": Words("{n} rows can be taken over.", "{n} dòng có thể nhập."),
    "verdict_rejected": Words(
        "{n} rows would be left out. They are kept for you to mend.",
        "{n} dòng sẽ không được nhập. Các dòng này được giữ lại để sửa.",
    ),
    "verdict_none": Words("No row can be taken over.", "Không có dòng nào nhập được."),
    "verdict_passed": Words("{n} empty lines are passed over.", "{n} dòng trống được bỏ qua."),
    "why_rejected": Words("Why rows would be left out", "Lý do không nhập"),
    "rows": Words("Rows", "Số dòng"),
    "reason_column": Words("Reason", "Lý do"),
    "dates_unclear": Words(
        "Some dates have the day first and others the month. Choose which is meant, below.",
        "Có ngày ghi ngày trước, có ngày ghi tháng trước. Hãy chọn cách hiểu ở bên dưới.",
    ),
    "columns_read": Words("Columns that are read", "Các cột được đọc"),
    "columns_unread": Words("Columns that nothing reads", "Các cột không được đọc"),
    "column": Words("Column", "Cột"),
    "heading": Words("Heading", "Tiêu đề"),
    "no_heading": Words("(no heading)", "(không có tiêu đề)"),
    "means": Words("Taken for", "Được hiểu là"),
    "of_dose": Words("dose {dose}", "mũi {dose}"),
    "suspicious": Words(
        "Looks like identity or telephone numbers: say what it is, or leave it out.",
        "Giống số định danh hoặc số điện thoại: hãy cho biết là gì, hoặc bỏ qua.",
    ),
    "leave_out": Words("Leave out “{name}”: it is not needed", "Bỏ qua cột “{name}”: không cần"),
    "leave_out_title": Words("A yes or no first", "Cần xác nhận trước"),
    "leave_out_wrong": Words("Say yes to each column that is left out.", "Hãy xác nhận từng cột bị bỏ qua."),
    "found_of_table": Words("Found in the whole table", "Ghi nhận của cả bảng"),
    "converted_title": Words("Cells that the font makes another text", "Các ô được chuyển theo phông"),
    "as_it_stands": Words("As it stands", "Nguyên văn"),
    "as_it_is_read": Words("As it is read", "Cách đọc"),
    "first_rows": Words("The first rows, as they are understood", "Các dòng đầu, theo cách được hiểu"),
    "line": Words("Line", "Dòng"),
    "options": Words("Read it otherwise", "Đọc theo cách khác"),
    "option_sheet": Words("Sheet", "Trang tính"),
    "option_auto": Words("as it is found", "tự nhận"),
    "option_dates": Words("Dates", "Ngày tháng"),
    "option_dmy": Words("day first (17/05/2021)", "ngày trước (17/05/2021)"),
    "option_mdy": Words("month first (05/17/2021)", "tháng trước (05/17/2021)"),
    "option_font": Words("Font that it was typed for", "Phông chữ khi gõ"),
    "option_unicode": Words("Unicode (usual)", "Unicode (thông dụng)"),
    "option_tcvn3": Words("TCVN3 (.VnTime)", "TCVN3 (.VnTime)"),
    "option_vni": Words("VNI (VNI-Times)", "VNI (VNI-Times)"),
    "option_series": Words("Doses of a series, where nothing tells", "Tổng số mũi, khi bảng không ghi"),
    "option_columns": Words("Columns", "Các cột"),
    "option_field": Words("{letter} “{name}” is", "{letter} “{name}” là"),
    "option_not_read": Words("not read", "không đọc"),
    "option_leave_out": Words("left out: I have looked", "bỏ qua: đã xem"),
    "option_values": Words("What texts mean (a JSON file)", "Ý nghĩa của nội dung (tệp JSON)"),
    "option_values_hint": Words(
        "For vaccines or sites that the unit names in its own way; the guide shows one. Up to {most} MB.",
        "Khi cơ sở gọi vắc xin hoặc địa điểm theo cách riêng; xem mẫu trong hướng dẫn. Tối đa {most} MB.",
    ),
    "option_no_values": Words("Forget the file that was sent before", "Bỏ tệp đã gửi trước"),
    "values_wrong": Words(
        "This is not such a file: JSON, with a field and the meaning of its texts.",
        "Không phải tệp đúng dạng: JSON, mỗi trường với ý nghĩa của từng nội dung.",
    ),
    "take_title": Words("Take it over?", "Nhập bảng này?"),
    "take_changed": Words(
        "Nothing was taken over: the table was checked again since you read it. This is how it is understood now.",
        "Chưa nhập gì: bảng đã được kiểm tra lại sau khi bạn mở trang. Dưới đây là cách hiểu hiện tại.",
    ),
    "take_over": Words("Take over {n} rows", "Nhập {n} dòng"),
    "runs": Words("Runs", "Các lượt"),
    "runs_lead": Words(
        "All that changed the registry: imports, decisions, corrections, certificates.",
        "Mọi thay đổi của hệ thống: nhập bảng, quyết định, sửa, cấp chứng nhận.",
    ),
    "run_title": Words("Run {run}", "Lượt {run}"),
    "run_number": Words("Run", "Lượt"),
    "run_when": Words("When", "Thời gian"),
    "run_kind": Words("What", "Việc"),
    "run_who": Words("Who", "Người làm"),
    "run_source": Words("File", "Tệp"),
    "run_counts": Words("What came of it", "Kết quả"),
    "run_older": Words("Older runs", "Các lượt cũ hơn"),
    "run_none": Words("Nothing yet.", "Chưa có gì."),
    "run_kind_import": Words("import", "nhập bảng"),
    "run_kind_correction": Words("correction", "sửa"),
    "run_kind_decision": Words("answers", "trả lời câu hỏi"),
    "run_kind_issue": Words("certificates", "cấp chứng nhận"),
    "run_kind_deletion": Words("deletion", "xóa người"),
    "run_kind_record": Words("dose at a desk", "ghi mũi tại bàn"),
    "run_state_running": Words("under way", "đang chạy"),
    "run_state_stopped": Words("stopped half-way", "dừng giữa chừng"),
    "run_state_done": Words("done", "xong"),
    "run_state_undone": Words("taken back", "đã hủy"),
    "run_stopped": Words(
        "This run was stopped half-way. Send the same file again, and it goes on; or take it back.",
        "Lượt này bị dừng giữa chừng. Gửi lại đúng tệp đó để tiếp tục; hoặc hủy lượt.",
    ),
    "count_decisions": Words("answers", "câu trả lời"),
    "count_people": Words("people", "người"),
    "count_doses": Words("doses", "mũi tiêm"),
    "count_questions": Words("new questions", "câu hỏi mới"),
    "count_revoked": Words("revoked", "thu hồi"),
    "count_next_dose": Words("next dose", "mũi tiếp theo"),
    "count_corrected": Words("corrected", "sửa lại"),
    "count_renewed": Words("renewed", "gia hạn"),
    "count_name_completed": Words("name completed", "bổ sung tên"),
    "count_stopped_after": Words("stopped after", "dừng sau"),
    "rejects_title": Words("Rows to mend ({n})", "Các dòng cần sửa ({n})"),
    "rejects_lead": Words(
        "Download them, correct them in their own columns, and send that file: what is right is taken, each row once.",
        "Tải về, sửa ngay trong các cột đó rồi gửi lại tệp: dòng đúng sẽ được nhập, mỗi dòng một lần.",
    ),
    "rejects_get": Words("Download as {form}", "Tải dạng {form}"),
    "rejects_people": Words(
        "The file has people's names: delete it when it is done with.",
        "Tệp có tên người: hãy xóa sau khi dùng xong.",
    ),
    "rejects_send": Words("Send the mended file", "Gửi tệp đã sửa"),
    "rejects_closed": Words(
        "The rows as they came are shown to whoever sent them, and to reviewers of all sites.",
        "Nguyên văn các dòng chỉ dành cho người đã gửi và người duyệt của mọi cơ sở.",
    ),
    "understood_title": Words("How the table was understood", "Bảng đã được hiểu thế nào"),
    "run_undo": Words("Take this run back", "Hủy lượt này"),
    "undo_title": Words("Take run {run} back?", "Hủy lượt {run}?"),
    "undo_lead": Words(
        "All that this run did is undone exactly: the registry is as it was before it.",
        "Mọi việc lượt này đã làm được hoàn tác đúng như cũ: hệ thống trở lại như trước đó.",
    ),
    "undo_yes": Words("Yes, take it back", "Có, hủy lượt này"),
    "undo_no": Words("No, leave it", "Không, giữ nguyên"),
    "undo_upon": Words(
        "It cannot be taken back yet, since later work stands on it:", "Chưa hủy được, vì có việc sau đó dựa vào nó:"
    ),
    "undo_upon_do": Words(
        "Take that back first, the newest run before the older ones.", "Hãy hủy việc đó trước, từ lượt mới nhất trở về."
    ),
    "run_undone": Words("Run {run} is taken back.", "Đã hủy lượt {run}."),
    "withdraw_title": Words("Or withdraw its doses", "Hoặc loại các mũi của lượt này"),
    "withdraw_lead": Words(
        "For a wrong import from which certificates are out already: its doses count no more, and their certificates "
        "are revoked when certificates are issued next. Doses that other tables state too stay.",
        "Dùng khi nhập sai mà đã cấp chứng nhận: các mũi này không được tính nữa, chứng nhận của chúng bị thu hồi ở "
        "lần cấp tiếp theo. Mũi có trong bảng khác vẫn giữ.",
    ),
    "why": Words("Why", "Lý do"),
    "why_hint": Words(
        "It is kept for good: write no name and no number of a person.",
        "Được lưu mãi: không ghi tên hay số giấy tờ của ai.",
    ),
    "withdraw_yes": Words("Withdraw its doses", "Loại các mũi của lượt"),
    "run_withdrawn": Words("The doses of run {run} are withdrawn.", "Đã loại các mũi của lượt {run}."),
    "run_withdrawn_left": Words("{n} stay: other tables state them too.", "{n} mũi vẫn giữ: có trong bảng khác."),
    "upon_a_later_change_of_somebody": Words("a person was changed again", "thông tin một người đã được sửa tiếp"),
    "upon_a_dose_of_somebody": Words(
        "a person whom it brought has further doses", "người do lượt này thêm đã có thêm mũi"
    ),
    "upon_a_later_change_of_a_dose": Words("a dose was changed again", "một mũi tiêm đã được sửa tiếp"),
    "upon_a_decision": Words("a question that it asked is answered", "câu hỏi từ lượt này đã được trả lời"),
    "upon_an_open_question": Words(
        "a later import asks about somebody whom it brought", "lượt nhập sau có câu hỏi về người do lượt này thêm"
    ),
    "upon_a_row_that_says_the_same": Words("another table states the same dose", "bảng khác cũng ghi cùng mũi tiêm"),
    "upon_a_certificate": Words("a certificate was issued from it", "đã cấp chứng nhận từ lượt này"),
    "upon_a_later_dose_of_somebody": Words(
        "somebody whom it changed got a further dose", "người được lượt này sửa đã có thêm mũi"
    ),
    "upon_a_later_row_about_somebody": Words(
        "a later table tells of somebody whom it changed", "bảng sau nói về người được lượt này sửa"
    ),
    "upon_a_certificate_of_somebody": Words(
        "a certificate was issued to somebody whom it changed", "đã cấp chứng nhận cho người được lượt này sửa"
    ),
    "upon_a_desk_record_of_the_same": Words("a desk recorded the same dose", "bàn tiêm đã ghi cùng mũi tiêm"),
    "upon_an_adverse_event": Words("an adverse event is noted of a dose", "đã ghi phản ứng sau tiêm của một mũi"),
    "upon_run": Words("run {run}", "lượt {run}"),
}
