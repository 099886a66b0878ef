"""How offices in Vietnam spell the headings of each field, in Vietnamese and English, as `names.plain` makes them."""

from __future__ import annotations

from typing import NamedTuple


class Spelling(NamedTuple):
    """How a field's heading is known.

    `whole`: headings that mean it word for word. `core`: words that mean it wherever they stand, as long as all
    other words are among `beside`.
    """

    whole: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    beside: str = ""


# Words that say nothing beside any field's.
ANYWHERE = frozenset(("cua", "neu", "co", "bat", "buoc", "covid", "hoac", "va", "or", "of", "the"))
# What it is against has numbers that are none of a dose.
AGAINST = (" covid 19 ", " sars cov 2 ", " covid19 ", " ncov ")
# Whose date, number or name it is: of the person whom the row is about.
PERSON = (
    "nguoi duoc tiem chung", "nguoi duoc tiem", "nguoi tiem chung", "nguoi duoc chung nhan", "doi tuong tiem chung",
    "doi tuong tiem", "doi tuong", "nguoi dan", "cong dan", "benh nhan", "nguoi benh", "khach hang", "hoc sinh",
    "hoc vien", "sinh vien", "nguoi lao dong", "cong nhan vien", "cong nhan", "nhan vien", "cbcnv", "can bo",
    "giao vien", "tre em", "tre", "chau", "be", "patient", "vaccinee", "recipient", "person", "child",
)  # fmt: skip

# What a certificate is made of.
_ISSUED = {
    "full_name": Spelling(
        ("name", "name of", "ten nguoi tiem", "ho ten nguoi tiem", "ho va ten nguoi tiem", "fullname"),
        ("ho va ten", "ho ten", "full name", "ten day du", "ho chu dem va ten", "ho dem va ten", "ho ten dem va ten",
         "ho chu dem ten"),
        "day du khai sinh chu in hoa viet co dau name",
    ),
    "family_name": Spelling(("family name", "surname", "last name", "lastname", "ho")),
    "family_middle_name": Spelling(
        ("family middle name", "ho dem", "ho va dem", "ho va ten dem", "ho ten dem", "ho chu dem", "ho va chu dem",
         "ho lot", "ho va lot", "ho chu lot", "ho va chu lot", "ho va ten lot", "ho ten lot")
    ),
    "middle_name": Spelling(("middle name", "middle names", "dem", "ten dem", "chu dem", "ten lot", "chu lot")),
    "given_name": Spelling(
        ("given name", "given names", "first name", "firstname", "forename", "ten", "ten rieng", "ten goi",
         "ten dem va ten", "chu dem va ten", "dem va ten", "ten lot va ten", "chu lot va ten", "lot va ten")
    ),
    "family_name_transliterated": Spelling(("family name transliterated",)),
    "given_name_transliterated": Spelling(("given name transliterated",)),
    "date_of_birth": Spelling(
        ("born", "dob", "d o b", "ntns", "birthday", "sinh ngay", "n sinh", "ng sinh", "date of birth dob"),
        ("ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang sinh", "sinh nam", "date of birth", "birth date",
         "birthdate", "year of birth"),
        "ngay thang nam dd mm yyyy",
    ),
    "product": Spelling(
        ("product", "ten thuoc", "san pham", "ten san pham", "vx", "ten vx", "loai vx", "biet duoc", "thuoc tiem",
         "loai thuoc", "vaccine administered", "vaccine given", "vaccine received"),
        ("vac xin", "vacxin", "vaccine", "vaccin"),
        "ten ma tiem da duoc su dung chung hang thuong mai product name code brand loai type phong",
    ),
    "number": Spelling(
        ("number", "mui so", "mui tiem so", "tiem mui so", "lan tiem so", "lieu so", "mui thu may", "lan thu",
         "so thu tu mui", "so thu tu mui tiem", "thu tu mui", "thu tu mui tiem", "stt mui", "stt mui tiem", "lieu",
         "lieu thu", "mui lieu", "lan", "mui tiem thu may", "dose no", "dose sequence", "dose nr"),
        ("mui", "lan tiem", "lieu tiem", "dose"),
        "tiem thu chung vac xin vacxin vaccine number no",
    ),
    "series": Spelling(
        ("series", "doses in series", "total doses", "tong so mui", "so mui", "so mui can tiem", "tong so mui can tiem",
         "tong so lieu", "tong so mui tiem", "so mui theo phac do", "so lieu can tiem", "so mui co ban",
         "so mui phai tiem", "tong mui", "total number of doses", "number of doses in series")
    ),
    "date": Spelling(
        ("date", "administered on", "dose date", "date of dose", "vaccine date", "date given", "date administered",
         "administered date", "administration date", "date of administration", "vaccinated on", "injection date",
         "date of injection", "immunization date", "immunisation date", "date of immunization", "tiem ngay",
         "ngay thuc hien", "ngay duoc tiem", "ngay tiem mui nay", "ngay chich", "ngay chich ngua"),
        ("ngay tiem", "thoi gian tiem", "thoi diem tiem", "ngay gio tiem", "ngay thuc hien tiem", "ngay thang tiem",
         "ngay thang nam tiem", "vaccination date", "date of vaccination", "date vaccinated", "ngay da tiem"),
        "chung vac xin vacxin vaccine phong ngua thuc te ngay gio thang nam dd mm yyyy",
    ),
    "site": Spelling(
        ("site", "site id", "site code", "noi tiem", "diem tiem", "vaccination site", "clinic", "facility",
         "facility name", "health facility", "place of vaccination", "vaccination centre", "vaccination center",
         "vaccination place", "cstc", "co so tc", "tram y te", "don vi thuc hien",
         "don vi thuc hien tiem", "noi thuc hien tiem", "noi chich"),
        ("co so", "diem tiem", "noi tiem", "dia diem tiem", "don vi tiem", "site"),
        "ma ten tiem chung vac xin vacxin thuc hien y te id code name vaccination",
    ),
    "lot": Spelling(
        ("lot", "batch", "lo"),
        ("so lo", "lo vac xin", "lo vacxin", "lo vaccine", "lo san xuat", "lo sx", "lo thuoc", "ma lo", "lot number",
         "lot no", "batch number", "batch no", "lot", "lo"),
        "so vac xin vacxin vaccine thuoc san xuat sx tiem batch number no",
    ),
    "disease": Spelling(("disease", "benh", "ma benh", "ten benh", "phong benh", "benh phong ngua", "benh duoc phong")),
    "prophylaxis": Spelling(("prophylaxis",)),
    "holder": Spelling(
        ("holder", "manufacturer", "nsx"),
        ("nha san xuat", "hang san xuat", "cong ty san xuat", "nha sx", "hang sx", "manufacturer"),
        "ten vac xin vacxin vaccine",
    ),
    "country": Spelling(("country", "nuoc", "quoc gia")),
    "issuer": Spelling(("issuer", "authority", "co quan cap")),
}  # fmt: skip

# What is known of people beside that.
_RECORDED = {
    "national_id": Spelling(
        ("national id", "id number", "identity number", "id card", "id card number", "id no", "ddcn", "so ddcn",
         "identity card", "identity card number", "identity card no", "citizen id", "citizen id number", "personal id",
         "personal id number", "identification number", "identification no", "passport id", "id passport",
         "id passport no", "id passport number", "passport or id number", "id card passport", "so cc", "the cc"),
        ("cccd", "cmnd", "cmtnd", "cmt", "can cuoc", "chung minh nhan dan", "chung minh thu", "dinh danh",
         "giay to tuy than"),
        "so ma the cccd cmnd cmtnd cmt can cuoc cong dan chung minh nhan thu dinh danh ca ho chieu passport giay to "
        "tuy than gan chip khac ddcn gks khai sinh moi cu id no number hc cc",
    ),
    "phone": Spelling(
        ("phone", "dt", "sdt", "dtdd", "tel", "mobile", "cell phone", "so dt", "so dtdd", "contact number", "di dong",
         "so di dong", "mobile phone", "mobile phone number", "mobile number", "dt lien he", "dt lien lac", "so may",
         "sdt 1", "so dt 1", "dien thoai 1", "so dien thoai 1", "sdt chinh", "phone 1"),
        ("dien thoai", "sdt", "dtdd", "so dt", "telephone", "phone", "mobile", "tel"),
        "so di dong lien he lac ca nhan number no contact zalo",
    ),
    "district": Spelling(
        ("district", "dia ban", "quan", "thi xa", "huyen", "county"),
        ("quan huyen", "huyen quan", "huyen", "district"),
        "quan thi xa thanh pho tp tx ten thuoc tinh noi o hien tai nay thuong tru cu tru town city",
    ),
    "priority_group": Spelling(
        ("group", "nhom", "ma nhom", "doi tuong", "nhom dt", "dien uu tien", "nhom nguy co", "target group"),
        ("nhom uu tien", "nhom doi tuong", "doi tuong uu tien", "loai doi tuong", "doi tuong tiem", "priority group"),
        "nhom uu tien doi tuong tiem chung ma ten thuoc dien theo nghi quyet nq 21 nq21",
    ),
    "sex": Spelling(("sex", "gender", "gt", "phai", "nam nu"), ("gioi tinh", "gioi"), "nam nu nu nam khac"),
    "nationality": Spelling(("nationality", "citizenship"), ("quoc tich",), "ten ma"),
    "commune": Spelling(
        ("commune", "ward", "xa", "phuong", "thi tran"),
        ("xa phuong", "phuong xa", "xa thi tran", "phuong thi tran", "ten xa", "ten phuong"),
        "xa phuong thi tran tt ten dac khu noi o hien tai nay thuong tru cu tru",
    ),
    "address": Spelling(
        ("address", "home address", "residence", "cho o", "noi o", "noi dk hktt", "noi dkhktt", "dkhktt"),
        ("dia chi", "noi o", "noi cu tru", "cho o", "thuong tru", "ho khau", "dktt", "hktt"),
        "chi tiet hien tai nay thuong tru noi o cu ho khau so nha duong pho thon xom ap to dan khu ban lien he dang "
        "ky dktt hktt day du",
    ),
    "insurance_number": Spelling(
        ("health insurance", "insurance", "insurance number", "insurance no", "bhxh bhyt", "bhyt bhxh"),
        ("bhyt", "bao hiem y te", "health insurance", "insurance number"),
        "so the ma number no card",
    ),
    "guardian": Spelling(
        ("guardian", "parent", "cha me", "bo me", "ten me", "ten cha", "ten bo", "phu huynh", "ho ten phu huynh",
         "ho va ten phu huynh", "ten phu huynh", "mother s name", "mother name", "name of mother", "parent guardian",
         "parent or guardian", "nguoi bao ho"),
        ("nguoi giam ho", "giam ho", "ho ten me", "ho va ten me", "ho ten cha me", "ho ten bo me", "cha me", "bo me",
         "nguoi cham soc", "nguoi nuoi duong", "guardian", "parent", "ho va ten cha me", "ho va ten bo me"),
        "ho ten cha me bo nguoi giam hop phap tre name nguoi nuoi duong cham soc",
    ),
    "occupation": Spelling(("occupation", "job", "profession", "nghe"), ("nghe nghiep",), "cong viec hien tai nay"),
}  # fmt: skip

# What says a field less well than another column of the same table does: read only where that is missing.
SECOND = {
    "date_of_birth": Spelling((), ("nam sinh", "sinh nam", "year of birth"), "yyyy"),
    "product": Spelling((), ("loai vac xin", "loai vacxin", "loai vaccine", "vaccine type"), "tiem"),
    "site": Spelling((), ("ten co so", "ten diem tiem", "ten don vi tiem", "site name"), "tiem chung y te"),
    "national_id": Spelling(("so ho chieu", "ho chieu", "passport", "passport number", "passport no")),
    "phone": Spelling(
        ("sdt 2", "so dt 2", "dien thoai 2", "so dien thoai 2", "dien thoai co dinh", "sdt khac", "phone 2")
    ),
    "address": Spelling(
        (
            "thon",
            "thon xom",
            "thon xom to",
            "thon ap",
            "ap",
            "ap khom",
            "khu pho ap",
            "to dan pho",
            "so nha duong pho",
            "so nha duong to ap",
            "so nha thon xom",
        ),
        ("tam tru",),
        "dia chi noi dang ky o hien tai nay",
    ),
    "guardian": Spelling(
        (
            "ho ten cha",
            "ho ten bo",
            "ho va ten cha",
            "ho va ten bo",
            "ten cha",
            "ten bo",
            "father s name",
            "father name",
            "name of father",
        )
    ),
    "number": Spelling(("loai mui", "loai mui tiem", "ten mui", "ten mui tiem")),
}

SPELLINGS = _ISSUED | _RECORDED
FIELDS = frozenset(_ISSUED)
# Those that a registry may keep beside them.
RECORDED = frozenset(_RECORDED)
# What a sheet with several doses in a row says once for each of them.
OF_A_DOSE = frozenset(
    ("product", "number", "series", "date", "site", "lot", "disease", "prophylaxis", "holder", "country", "issuer")
)
