"""What managers and units are told: what records lack, and coverage on charts."""

from vaxcert.wording.words import Words, by_english

# Kinds of finding, as commands and tables name them.
FINDINGS = by_english(
    Words("earlier dose missing", "thiếu mũi trước"),
    Words("products differ", "khác vắc xin trong một liệu trình"),
    Words("dates out of order", "ngày tiêm không theo thứ tự"),
    Words("disputed", "có hồ sơ mâu thuẫn"),
    Words("unknown lot", "số lô không có trong danh mục"),
    Words("another product's lot", "số lô của vắc xin khác"),
    Words("unknown district", "huyện không có trong danh mục"),
    Words("a question is open", "còn câu hỏi chưa quyết định"),
    Words("cannot be on a certificate", "không thể ghi trên giấy chứng nhận"),
)

CHART_TITLES = {
    "district": Words("People vaccinated, by district", "Số người đã tiêm theo huyện"),
    "priority_group": Words("People vaccinated, by priority group", "Số người đã tiêm theo nhóm ưu tiên"),
    "age": Words("People vaccinated, by age", "Số người đã tiêm theo độ tuổi"),
    "site": Words("People vaccinated, by site", "Số người đã tiêm theo cơ sở"),
    "product": Words("People vaccinated, by product", "Số người đã tiêm theo vắc xin"),
    "dose": Words("People vaccinated, by dose", "Số người đã tiêm theo mũi"),
    "day": Words("Doses given, by day", "Số mũi tiêm theo ngày"),
}
CHART = {
    "complete": Words("series complete", "đủ liều"),
    "begun": Words("series begun", "mới tiêm một phần"),
    "either": Words("vaccinated", "đã tiêm"),
    "target": Words("target", "chỉ tiêu"),
    "hidden": Words("not published", "không công bố"),
    "days": Words("{n} days: not published", "{n} ngày: không công bố"),
    "until": Words("until {day}", "đến ngày {day}"),
    "unknown": Words("not known", "chưa rõ"),
    "all": Words("All", "Tất cả"),
    "doses": Words("doses", "mũi tiêm"),
    "dose": Words("Dose {n}", "Mũi {n}"),
}
