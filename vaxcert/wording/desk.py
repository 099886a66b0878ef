"""What people at a desk are told: warnings before a dose is recorded, adverse events, a session's sheet."""

from vaxcert.wording.words import Words

# By the codes of `registry.states.WarningKind`.
WARNINGS = {
    "too_early": Words(
        "too early: {days} days after the dose before, at least {least}",
        "quá sớm: mới {days} ngày sau mũi trước, tối thiểu {least} ngày",
    ),
    "other_product": Words("another vaccine than the dose before: {before}", "khác vắc xin với mũi trước: {before}"),
    "already_held": Words("dose {number} is on record already: {before}", "mũi {number} đã có hồ sơ: {before}"),
    "other_lot": Words(
        "this dose is on record already, from lot {before}: this lot will not be noted",
        "mũi này đã có hồ sơ, lô {before}: lô đang chọn sẽ không được ghi",
    ),
    "earlier_dose_missing": Words(
        "dose {missing} is not on record; without it there is no certificate",
        "chưa có hồ sơ mũi {missing}; thiếu mũi này thì không cấp chứng nhận",
    ),
    "too_young": Words("younger than the vaccine is for: {least}", "chưa đủ tuổi tiêm vắc xin này: {least}"),
    "guardian_missing": Words("under 18, and no guardian is known", "dưới 18 tuổi, chưa có người giám hộ"),
}
MONTHS = Words("{n} months", "{n} tháng tuổi")
YEARS = Words("{n} years", "{n} tuổi")

# By the codes of `registry.states.EventKind`.
EVENTS = {
    "local": Words("pain, redness or swelling where it was given", "đau, đỏ hoặc sưng tại chỗ tiêm"),
    "fever": Words("fever", "sốt"),
    "fainting": Words("fainting", "ngất"),
    "allergic": Words("allergic reaction", "phản ứng dị ứng"),
    "anaphylaxis": Words("anaphylaxis", "phản vệ"),
    "other": Words("other", "khác"),
}

# Headings of a session's sheet; tables know all but the first two, which are the sheet's own.
SHEET = {
    "request_id": Words("Row id", "Mã dòng"),
    "given": Words("Given (x)", "Đã tiêm (x)"),
    "full_name": Words("Full name", "Họ và tên"),
    "date_of_birth": Words("Date of birth", "Ngày sinh"),
    "sex": Words("Sex", "Giới tính"),
    "national_id": Words("National id", "Số CCCD"),
    "phone": Words("Phone", "Số điện thoại"),
    "guardian": Words("Guardian", "Người giám hộ"),
    "commune": Words("Commune", "Xã"),
    "district": Words("District", "Huyện"),
    "priority_group": Words("Priority group", "Nhóm ưu tiên"),
    "product": Words("Vaccine", "Vắc xin"),
    "number": Words("Dose", "Mũi"),
    "date": Words("Vaccination date", "Ngày tiêm"),
    "site": Words("Site", "Cơ sở tiêm"),
    "lot": Words("Lot", "Số lô"),
}
