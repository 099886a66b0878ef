"""What is the matter with a scanner, or with what it was shown."""

from vaxcert.wording.words import Words

LAYOUT_HELP = Words(
    "Set the scanner to “USB HID, English (US)”, caps lock off (a code for that is in its manual), and turn off "
    "Vietnamese typing (Telex, VNI) on this computer.",
    "Hãy đặt máy quét theo bàn phím “USB HID, English (US)”, tắt Caps Lock (quét mã cài đặt trong sách hướng dẫn), "
    "và tắt bộ gõ tiếng Việt (Telex, VNI) trên máy tính này.",
)

PASSCODE = Words("the holder has to give one", "người giữ phải cung cấp")

MISSING = Words("Still missing: {parts}.", "Còn thiếu: {parts}.")

SAME_PERSON = Words(
    "The same person was checked here a short while ago.",
    "Người này vừa được kiểm tra tại đây.",
)
