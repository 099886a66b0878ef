"""Words of questions that are answered together."""

from vaxcert.wording import Words

WORDS = {
    "groups": Words("Questions of one kind", "Câu hỏi cùng loại"),
    "groups_lead": Words(
        "Of questions that are alike a sample is answered one by one."
        " If all of it has the same answer, the others get it at once.",
        "Với các câu hỏi giống nhau, hãy trả lời từng câu của một mẫu."
        " Nếu cả mẫu cùng một câu trả lời, các câu còn lại được trả lời một lần.",
    ),
    "groups_link": Words("Answer questions of one kind together", "Trả lời chung các câu hỏi cùng loại"),
    "groups_none": Words("No two open questions are of one kind.", "Không có hai câu hỏi đang mở nào cùng loại."),
    "group_kind": Words("What they have in common", "Điểm chung"),
    "group_sample": Words("Sample", "Mẫu"),
    "group_state": Words("{done} of {all} answered", "đã trả lời {done}/{all} câu"),
    "group_state_ready": Words("answered alike: ready", "trả lời giống nhau: sẵn sàng"),
    "group_state_unlike": Words("not answered alike", "trả lời không giống nhau"),
    "group_title": Words("Questions of one kind", "Nhóm câu hỏi cùng loại"),
    "group_so_far": Words("Answered so far, all", "Đã trả lời, tất cả"),
    "group_sample_lead": Words(
        "Look at each question of the sample by itself. It was drawn by chance.",
        "Hãy xem riêng từng câu của mẫu. Mẫu được chọn ngẫu nhiên.",
    ),
    "group_begin": Words("Next question of the sample", "Câu tiếp theo của mẫu"),
    "group_exceptions": Words("Answered otherwise than most", "Được trả lời khác số đông"),
    "group_exceptions_lead": Words(
        "While there is one, the group is not answered at once. Look again: if the answer was a slip, take it back;"
        " if it is right, such questions are to be seen one by one.",
        "Khi còn một câu như vậy, nhóm không được trả lời chung. Hãy xem lại: nếu trả lời nhầm thì hoàn tác;"
        " nếu đúng thì loại này phải xem từng câu.",
    ),
    "group_all": Words("Answer all others", "Trả lời tất cả các câu còn lại"),
    "group_all_same": Words(
        "All of the sample are one person. The {n} others are answered so, too;"
        " where records contradict one another the question stays open.",
        "Cả mẫu đều là cùng một người. {n} câu còn lại cũng được trả lời như vậy;"
        " câu nào hồ sơ mâu thuẫn nhau thì vẫn để mở.",
    ),
    "group_all_different": Words(
        "All of the sample are two people. The {n} others are answered so, too.",
        "Cả mẫu đều là hai người khác nhau. {n} câu còn lại cũng được trả lời như vậy.",
    ),
    "group_answer": Words("{n} questions: {answer}", "{n} câu: {answer}"),
    "group_all_hint": Words(
        "It is one run, and can be taken back as a whole.", "Đây là một lượt và có thể hoàn tác toàn bộ."
    ),
    "group_not_yours": Words(
        "Your account is for one site or area. Who is shown the whole province answers these.",
        "Tài khoản của bạn chỉ thuộc một cơ sở hoặc địa bàn. Người được xem toàn tỉnh sẽ trả lời nhóm này.",
    ),
    "group_meanwhile": Words(
        "There are more or fewer questions of this kind by now. Look again before you answer.",
        "Số câu hỏi loại này vừa thay đổi. Hãy xem lại trước khi trả lời.",
    ),
    "group_done": Words("{n} questions are answered.", "Đã trả lời {n} câu hỏi."),
    "group_left": Words(
        "{n} stay open: what their records state contradicts.", "{n} câu vẫn mở: thông tin trong hồ sơ mâu thuẫn nhau."
    ),
    "group_take_back": Words("Take these {n} answers back", "Hoàn tác {n} câu trả lời này"),
    "group_taken_back": Words(
        "{n} answers are taken back; the questions are open again.", "Đã hoàn tác {n} câu trả lời; các câu hỏi mở lại."
    ),
    "group_back_already": Words("They were taken back already.", "Các câu trả lời này đã được hoàn tác."),
}
