"""What is the matter with a scanner, or with what it was shown."""

from vaxcert.wording.words import Words

LAYOUT_HELP = Words(
    "The scanner's keyboard layout is wrong: it types other characters than it reads. "
    "Set the scanner to the computer's layout (usually “USB HID, English (US)”, caps lock off; its manual has a "
    "code to scan for that), and turn off Vietnamese typing (Telex, VNI) on the computer.",
    "Sai bố cục bàn phím của máy quét: máy gõ ra ký tự khác với mã đã đọc. "
    "Hãy đặt máy quét theo bàn phím “USB HID, English (US)”, tắt Caps Lock (quét mã cài đặt trong sách hướng dẫn), "
    "và tắt bộ gõ tiếng Việt (Telex, VNI) trên máy tính.",
)

SAME_PERSON = Words(
    "The same person was checked here a short while ago.",
    "Người này vừa được kiểm tra tại đây.",
)
