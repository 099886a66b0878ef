"""What a code is that is none of ours, in words: certificates of other systems, and what is no certificate at all."""

from vaxcert.errors import Reason
from vaxcert.wording.verdicts import VERDICTS
from vaxcert.wording.words import Words

KINDS = {
    "smart_health_card": Words("SMART Health Card", "Thẻ SMART Health Card"),
    "smart_health_link": Words("SMART Health Link", "Liên kết SMART Health Link"),
    "vhl": Words("Verifiable Health Link", "Liên kết y tế VHL"),
    "nz_covid_pass": Words("NZ COVID Pass", "Thẻ NZ COVID Pass"),
    "divoc": Words("DIVOC certificate", "Chứng nhận DIVOC"),
    "2d_doc": Words("French 2D-DOC", "Mã 2D-DOC của Pháp"),
    "foreign_dcc": Words("National variant of the EU certificate", "Biến thể quốc gia của chứng nhận EU"),
    "openid_credential": Words("Digital wallet's offer", "Mã của ví giấy tờ điện tử"),
    "signed_token": Words("Signed token of another system", "Mã có chữ ký của hệ thống khác"),
    "vds_nc": Words("ICAO VDS-NC", "Chứng nhận ICAO VDS-NC"),
    "verifiable_credential": Words("W3C Verifiable Credential", "Chứng nhận W3C Verifiable Credential"),
    "fhir": Words("Health data (FHIR) without a signature", "Dữ liệu y tế (FHIR) không có chữ ký"),
    "who_ddcc": Words("WHO DDCC", "Chứng nhận WHO DDCC"),
    "who_icvp": Words("WHO certificate of vaccination (ICVP)", "Chứng nhận tiêm chủng quốc tế của WHO (ICVP)"),
    "identity_card": Words("Identity card", "Thẻ căn cước"),
    "insurance_card": Words("Health insurance card", "Thẻ bảo hiểm y tế"),
    "travel_document": Words("Travel document", "Hộ chiếu hoặc giấy tờ đi lại"),
    "boarding_pass": Words("Boarding pass", "Thẻ lên máy bay"),
    "ticket": Words("Ticket", "Vé"),
    "vietqr": Words("VietQR payment code", "Mã thanh toán VietQR"),
    "payment": Words("Payment code", "Mã thanh toán"),
    "wifi": Words("Wi-Fi access", "Mã Wi-Fi"),
    "contact": Words("Contact", "Danh bạ"),
    "event": Words("Calendar entry", "Lịch hẹn"),
    "message": Words("Message or telephone number", "Tin nhắn hoặc số điện thoại"),
    "place": Words("Place on a map", "Vị trí bản đồ"),
    "login": Words("Login code", "Mã đăng nhập"),
    "link": Words("Link to a web page", "Đường dẫn trang web"),
    "product": Words("Product code", "Mã hàng hóa"),
}


def name(kind: str, lang: str = "en") -> str:
    """What a kind of code is called, or "" for one that is not known."""
    return KINDS[kind].of(lang) if kind in KINDS else ""


def told(reason: Reason, kind: str, lang: str = "en") -> str:
    """The sentence for a code that is none of ours, with the name of what it is."""
    called, sentence = name(kind, lang), VERDICTS[reason].of(lang)
    return f"{called}: {sentence[0].lower()}{sentence[1:]}" if called else sentence
