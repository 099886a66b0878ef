"""What managers and units are told: what records lack, and coverage on charts."""

from vaxcert.wording.words import Words

# Kinds of finding, by their codes; the last one only keeps a certificate back.
FINDINGS = {
    "earlier_dose_missing": Words("earlier dose missing", "thiếu mũi trước"),
    "products_differ": Words("products differ", "khác vắc xin trong một liệu trình"),
    "dates_out_of_order": Words("dates out of order", "ngày tiêm không theo thứ tự"),
    "disputed": Words("disputed", "có hồ sơ mâu thuẫn"),
    "unknown_lot": Words("unknown lot", "số lô không có trong danh mục"),
    "another_products_lot": Words("another product's lot", "số lô của vắc xin khác"),
    "unknown_district": Words("unknown district", "huyện không có trong danh mục"),
    "unknown_group": Words("a priority group without a code", "nhóm ưu tiên không có mã"),
    "unknown_site": Words("a site without a code", "cơ sở tiêm không có mã"),
    "question_open": Words("a question is open", "còn câu hỏi chưa quyết định"),
    "not_certifiable": Words("cannot be on a certificate", "không thể ghi trên giấy chứng nhận"),
    "no_dose_that_counts": Words("no dose that counts", "không có mũi tiêm nào được tính"),
}

CHART_TITLES = {
    "district": Words("People vaccinated, by district", "Số người đã tiêm theo huyện"),
    "commune": Words("People vaccinated, by commune", "Số người đã tiêm theo xã, phường"),
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
    "most": Words("most: {doses} on {day}", "nhiều nhất: {doses} ngày {day}"),
}
