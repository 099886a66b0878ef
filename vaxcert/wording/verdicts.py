"""What staff see of a verdict: a headline, a sentence for every reason, and what the fields of a card are called.

Short, in plain words, and saying what to do where something can be done.
"""

from vaxcert.errors import Reason
from vaxcert.wording.words import Words

# Undetermined for another cause than the card: these have headlines of their own.
OWN_HEADLINES: dict[str, str] = {
    Reason.TRUST_LIST_STALE: "stale",
    Reason.CLOCK_ROLLED_BACK: "clock",
    Reason.CLOCK_SUSPECT: "clock",
    Reason.FORMAT_UNSUPPORTED: "unsupported",
    Reason.NOT_A_CERTIFICATE: "other",
    Reason.FORMAT_UNKNOWN: "unknown",
    Reason.KEYBOARD_LAYOUT: "keyboard",
}

# Accepted means genuine, in date and not revoked. Whether to let somebody in is not for these words to say.
HEADLINES = {
    "accepted": Words("Genuine certificate", "Chứng nhận thật"),
    "refused": Words("Refused", "Không hợp lệ"),
    "undetermined": Words(
        "Not verified: do not admit on this code", "Chưa kiểm tra được: không cho qua chỉ với mã này"
    ),
    "stale": Words("This device must be updated before it can check", "Cần cập nhật thiết bị này trước khi kiểm tra"),
    "clock": Words(
        "The clock of this device must be set before it can check", "Cần chỉnh giờ thiết bị này trước khi kiểm tra"
    ),
    "unsupported": Words(
        "Cannot be checked here: ask for other proof", "Không kiểm tra được tại đây: cần giấy tờ khác"
    ),
    "other": Words("Not a certificate", "Không phải chứng nhận"),
    "unknown": Words("Not a code that is known here", "Mã không thuộc loại nào đã biết"),
    "not_enough": Words("Genuine, not enough here", "Chứng nhận thật, chưa đủ tại đây"),
    "not_judged": Words("Genuine, cannot be judged here", "Chứng nhận thật, chưa xét được tại đây"),
    "keyboard": Words("The scanner must be set right", "Cần chỉnh lại máy quét"),
}

CLOCK_WRONG = Words(
    "Clock wrong: this device shows {shown}, the list is from {published}.",
    "Sai giờ: thiết bị này chỉ {shown}, danh sách công bố lúc {published}.",
)

VERDICTS = {
    Reason.FORMAT_UNKNOWN: Words(
        "Nothing was checked: the code is of no known kind. Ask for the certificate.",
        "Chưa kiểm tra gì: không rõ đây là loại mã nào. Hãy yêu cầu đưa chứng nhận.",
    ),
    Reason.FORMAT_UNSUPPORTED: Words(
        "This device cannot check it. Ask for other proof.",
        "Thiết bị này không kiểm tra được. Hãy yêu cầu giấy tờ khác.",
    ),
    Reason.NOT_A_CERTIFICATE: Words(
        "This is no certificate. Ask for the certificate.",
        "Đây không phải là chứng nhận. Hãy yêu cầu đưa chứng nhận.",
    ),
    Reason.KEYBOARD_LAYOUT: Words(
        "Nothing was checked: the scanner types other characters than it reads. Set its keyboard right.",
        "Chưa kiểm tra gì: máy quét gõ ra ký tự khác với mã đã đọc. Hãy chỉnh lại bàn phím của máy quét.",
    ),
    Reason.TEXT_TOO_LONG: Words("The code is longer than any certificate.", "Mã dài hơn mọi chứng nhận hợp lệ."),
    Reason.PARTS_MISSING: Words(
        "This certificate is in several codes. Scan all of them.",
        "Chứng nhận này gồm nhiều mã. Hãy quét đủ các mã.",
    ),
    Reason.PARTS_DIFFER: Words(
        "These codes are parts of different certificates. Scan those of one certificate.",
        "Các mã này thuộc những chứng nhận khác nhau. Hãy quét các mã của cùng một chứng nhận.",
    ),
    Reason.PART_INVALID: Words(
        "The code says that it is a part that cannot be.", "Mã tự ghi là một phần không thể có của chứng nhận."
    ),
    Reason.SEVERAL_CARDS: Words(
        "There are several certificates in this file. Check them one by one.",
        "Tệp này có nhiều chứng nhận. Hãy kiểm tra từng chứng nhận.",
    ),
    Reason.FILE_INVALID: Words("The file of certificates cannot be read.", "Không đọc được tệp chứng nhận."),
    Reason.NUMERIC_INVALID: Words(
        "The digits of the code are damaged or were read wrongly. Scan it again.",
        "Các chữ số của mã bị hỏng hoặc đọc sai. Hãy quét lại.",
    ),
    Reason.BASE32_INVALID: Words(
        "The letters of the code are damaged or were read wrongly. Scan it again.",
        "Các chữ cái của mã bị hỏng hoặc đọc sai. Hãy quét lại.",
    ),
    Reason.JWS_INVALID: Words("The code carries no signed health card.", "Mã không chứa thẻ y tế có chữ ký."),
    Reason.SEAL_INVALID: Words("The code carries no signed seal of ICAO.", "Mã không chứa con dấu ICAO có chữ ký."),
    Reason.REVOCATION_UNKNOWN: Words(
        "This device lacks the issuer's list of withdrawn certificates. Do not admit on this code alone.",
        "Thiết bị thiếu danh sách thu hồi của đơn vị cấp. Không cho qua nếu chỉ có mã này.",
    ),
    Reason.ISSUER_MISSING: Words(
        "The list does not say whose key it is.", "Danh sách không cho biết khóa này của đơn vị nào."
    ),
    Reason.BASE45_INVALID: Words(
        "The code is damaged or was read wrongly. Scan it again.", "Mã bị hỏng hoặc đọc sai. Hãy quét lại."
    ),
    Reason.COMPRESSION_INVALID: Words(
        "The code is damaged or incomplete. Scan it again.", "Mã bị hỏng hoặc không đầy đủ. Hãy quét lại."
    ),
    Reason.INFLATED_TOO_LARGE: Words(
        "The code holds far more than a certificate does.", "Mã chứa nhiều dữ liệu hơn một chứng nhận."
    ),
    Reason.CBOR_INVALID: Words("The content of the code is malformed.", "Nội dung của mã sai cấu trúc."),
    Reason.COSE_INVALID: Words("The code carries no signed certificate.", "Mã không chứa chứng nhận có chữ ký."),
    Reason.KEY_UNKNOWN: Words(
        "The signer of this code is not on this device's list. Do not admit on this code alone.",
        "Đơn vị ký mã này không có trong danh sách của thiết bị. Không cho qua nếu chỉ có mã này.",
    ),
    Reason.KEY_ID_MISSING: Words(
        "The certificate does not say who signed it. Do not admit on this code alone.",
        "Chứng nhận không cho biết đơn vị nào đã ký. Không cho qua nếu chỉ có mã này.",
    ),
    Reason.TOO_MANY_KEYS: Words(
        "Too many signers share this key id; tell support.",
        "Quá nhiều đơn vị ký dùng chung một mã khóa; hãy báo bộ phận hỗ trợ.",
    ),
    Reason.TRUST_LIST_STALE: Words(
        "The list of signers on this device is out of date. Update it.",
        "Danh sách đơn vị ký trên thiết bị đã quá hạn. Hãy cập nhật.",
    ),
    Reason.CLOCK_ROLLED_BACK: Words(
        "The clock of this device is wrong. Set it right.", "Đồng hồ của thiết bị bị sai. Hãy chỉnh lại."
    ),
    Reason.CLOCK_SUSPECT: Words(
        "The clock of this device is far ahead of its list. Set it right, or update the list.",
        "Đồng hồ của thiết bị chạy quá xa so với danh sách. Hãy chỉnh lại, hoặc cập nhật danh sách.",
    ),
    Reason.SIGNATURE_INVALID: Words(
        "The signature is false: the certificate was changed or forged.",
        "Chữ ký không đúng: chứng nhận đã bị sửa hoặc làm giả.",
    ),
    Reason.ALGORITHM_NOT_ALLOWED: Words(
        "The certificate was signed in a way that is not allowed.",
        "Chứng nhận được ký theo cách không được phép.",
    ),
    Reason.USAGE_NOT_ALLOWED: Words(
        "The signer may not sign this kind of certificate.",
        "Đơn vị ký không được phép cấp loại chứng nhận này.",
    ),
    Reason.FORMAT_NOT_ALLOWED: Words(
        "The signer may not sign certificates of this system.",
        "Đơn vị ký không được phép cấp chứng nhận theo hệ thống này.",
    ),
    Reason.SIGNER_COUNTRY_DIFFERS: Words(
        "The certificate names another country than its signer's.",
        "Quốc gia ghi trên chứng nhận khác với quốc gia của đơn vị ký.",
    ),
    Reason.EXPIRED: Words("The certificate has expired.", "Chứng nhận đã hết hạn."),
    Reason.NOT_YET_VALID: Words(
        "The certificate is not valid yet. Check this device's clock.",
        "Chứng nhận chưa có hiệu lực. Hãy kiểm tra đồng hồ thiết bị.",
    ),
    Reason.SIGNER_EXPIRED: Words("The signer's key has expired.", "Khóa của đơn vị ký đã hết hạn."),
    Reason.SIGNER_NOT_YET_VALID: Words(
        "The signer's key is not valid yet. Check this device's clock.",
        "Khóa của đơn vị ký chưa có hiệu lực. Hãy kiểm tra đồng hồ thiết bị.",
    ),
    Reason.ISSUED_OUTSIDE_SIGNER_VALIDITY: Words(
        "The certificate was issued when its signer's key was not valid.",
        "Chứng nhận được cấp khi khóa của đơn vị ký không có hiệu lực.",
    ),
    Reason.CONTENT_INVALID: Words(
        "The content is not a certificate that can be read.", "Nội dung không phải là chứng nhận đọc được."
    ),
    Reason.CONTENT_UNKNOWN: Words(
        "The certificate is of a kind that is not known here.", "Loại chứng nhận này chưa được hỗ trợ."
    ),
    Reason.CONTENT_EMPTY: Words(
        "The certificate states no vaccination, test or recovery.",
        "Chứng nhận không ghi mũi tiêm, xét nghiệm hay khỏi bệnh nào.",
    ),
    Reason.REVOKED: Words("The certificate has been withdrawn.", "Chứng nhận đã bị thu hồi."),
    Reason.SITE_REVOKED: Words(
        "All certificates of this site have been withdrawn.", "Mọi chứng nhận của cơ sở này đã bị thu hồi."
    ),
    Reason.KEY_REVOKED: Words("The signer's key has been withdrawn.", "Khóa của đơn vị ký đã bị thu hồi."),
    Reason.REVOCATION_NOT_HELD: Words(
        "Revocation is not checked here: this device does not hold the list. Have it checked where there is a network.",
        "Tại đây chưa kiểm tra được việc thu hồi: thiết bị này không giữ danh sách. Hãy kiểm tra ở nơi có mạng.",
    ),
    Reason.TEST_POSITIVE: Words("The test found the disease.", "Kết quả xét nghiệm dương tính."),
    Reason.EVENT_BEFORE_BIRTH: Words(
        "The dates cannot be true: before the date of birth.", "Ngày tháng không hợp lý: trước ngày sinh."
    ),
    Reason.EVENT_IN_FUTURE: Words("The dates cannot be true: in the future.", "Ngày tháng không hợp lý: ở tương lai."),
    Reason.RECOVERY_NOT_YET_VALID: Words(
        "The first day of this recovery certificate is still to come.",
        "Chưa đến ngày đầu tiên chứng nhận khỏi bệnh này có giá trị.",
    ),
    Reason.RECOVERY_EXPIRED: Words(
        "The last day of this recovery certificate has passed.",
        "Đã qua ngày cuối cùng chứng nhận khỏi bệnh này có giá trị.",
    ),
    Reason.RULE_NOT_MET: Words("It does not meet the rules of this place.", "Chưa đạt yêu cầu của nơi này."),
    Reason.RULE_NOT_EVALUABLE: Words(
        "A rule of this place cannot be answered from this certificate. Look at it yourself.",
        "Không xét được một quy định tại đây theo chứng nhận này. Hãy tự xem xét.",
    ),
    Reason.RULE_TOO_MANY_STEPS: Words(
        "A rule of this place takes too long to answer; tell support.",
        "Một quy định tại đây mất quá lâu để xét; hãy báo bộ phận hỗ trợ.",
    ),
    Reason.RULE_SCHEMA_LATER: Words(
        "A rule of this place is for later versions of such certificates. Look at it yourself.",
        "Một quy định tại đây dành cho phiên bản chứng nhận mới hơn. Hãy tự xem xét.",
    ),
    Reason.NO_RULE_APPLIES: Words(
        "No rule of this place says anything about such a certificate today.",
        "Hôm nay không có quy định nào tại đây nói về loại chứng nhận này.",
    ),
    Reason.NOT_CONFIGURED: Words("Not checked here.", "Không kiểm tra tại đây."),
    Reason.NOT_REACHED: Words("Not checked, because an earlier step failed.", "Chưa kiểm tra vì bước trước không đạt."),
    Reason.ALGORITHM_UNPROTECTED: Words(
        "The algorithm is not named in the signed part.", "Thuật toán không nằm trong phần được ký."
    ),
    Reason.PRODUCT_HOLDER_MISMATCH: Words(
        "Vaccine and manufacturer do not belong together.", "Tên vắc xin và nhà sản xuất không khớp nhau."
    ),
    Reason.CODE_DEPRECATED: Words("The certificate uses an old code.", "Chứng nhận dùng mã cũ."),
    Reason.TEST_RESULT_UNKNOWN: Words("The test result is not known here.", "Không rõ kết quả xét nghiệm."),
    Reason.CERTIFICATE_INVALID: Words("The key's certificate cannot be read.", "Không đọc được chứng thư của khóa."),
    Reason.KEY_TYPE_UNSUPPORTED: Words("The key is of an unsupported kind.", "Loại khóa không được hỗ trợ."),
    Reason.KEY_WEAK: Words("The key is too weak or too large.", "Khóa quá yếu hoặc quá lớn."),
    Reason.ISSUING_AUTHORITY: Words(
        "An authority's certificate, which signs signers and no cards.",
        "Chứng thư của cơ quan gốc, không dùng để ký chứng nhận.",
    ),
    Reason.PRIVATE_KEY_PRESENT: Words(
        "A private key among published certificates.", "Có khóa bí mật nằm giữa các chứng thư công khai."
    ),
    Reason.ENVIRONMENT_DIFFERS: Words(
        "A test key among real ones, or a real one among test keys, is left out.",
        "Không được để lẫn khóa thử nghiệm với khóa chính thức.",
    ),
    Reason.DUPLICATE: Words("The same key is listed twice.", "Khóa này được liệt kê hai lần."),
    Reason.CHAIN_INVALID: Words(
        "No trusted authority has issued this key's certificate.",
        "Chứng thư của khóa này không do cơ quan tin cậy cấp.",
    ),
    Reason.CRITICAL_EXTENSION_UNKNOWN: Words(
        "The key's certificate has a critical limit that is not known here.",
        "Chứng thư của khóa có giới hạn bắt buộc mà hệ thống này không biết.",
    ),
}

LABELS = {
    "name": Words("Name", "Họ và tên"),
    "date_of_birth": Words("Date of birth", "Ngày sinh"),
    "vaccine": Words("Vaccine", "Vắc xin"),
    "dose": Words("Dose", "Mũi"),
    "date": Words("Date", "Ngày"),
    "disease": Words("Disease", "Bệnh"),
    "issuer": Words("Issuer", "Đơn vị cấp"),
    "test": Words("Test", "Xét nghiệm"),
    "result": Words("Result", "Kết quả"),
    "recovery": Words("Recovery valid", "Khỏi bệnh, giá trị"),
    "link": Words("Documents at", "Tài liệu tại"),
    "label": Words("Called", "Tên tài liệu"),
    "passcode": Words("Passcode", "Mật mã"),
    "pass": Words("Pass", "Thẻ thông hành"),
    "valid_until": Words("Valid until", "Có giá trị đến"),
    "certificate_id": Words("Certificate id", "Mã chứng nhận"),
    "signer": Words("Signed by", "Khóa ký"),
}


def headline(status: str, reason: str | None = None, lang: str = "en") -> str:
    """The large words of a verdict. What is no fault of a card, and no card at all, has words of its own."""
    own = OWN_HEADLINES.get(reason) if status == "undetermined" and reason is not None else None
    return HEADLINES[own or status].of(lang)


def clock_wrong(shown: str, published: str, lang: str = "en") -> str:
    """One sentence for a clock that the list contradicts: what it shows, and when the list was published."""
    return CLOCK_WRONG.of(lang).format(shown=shown, published=published)


def label(field: str, lang: str = "en") -> str:
    """What a field of a card is called."""
    return LABELS[field].of(lang)
