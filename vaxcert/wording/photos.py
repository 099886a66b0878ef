"""What to do about a picture of which nothing was read. Its keys are the values of `vaxcert.qr.Advice`."""

from vaxcert.wording.words import Words

PHOTOS = {
    "too_dark": Words(
        "The picture is too dark: turn on a light, or make the screen brighter.",
        "Ảnh quá tối: hãy bật đèn hoặc tăng độ sáng màn hình.",
    ),
    "too_bright": Words(
        "Light washes the code out: tilt it out of the reflection, or make the screen darker.",
        "Mã bị chói sáng: hãy nghiêng để tránh phản chiếu hoặc giảm độ sáng màn hình.",
    ),
    "too_small": Words(
        "The code is too small in the picture: go nearer, or send the original file.",
        "Mã trong ảnh quá nhỏ: hãy chụp gần hơn hoặc gửi tệp gốc.",
    ),
    "blurred": Words(
        "The picture is blurred: wipe the lens, hold still, and wait until it is sharp.",
        "Ảnh bị mờ: hãy lau ống kính, giữ yên và chờ ảnh rõ nét.",
    ),
    "unclear": Words(
        "A code is there, but cannot be read: lay it flat, show all of it, with nothing over it.",
        "Có mã nhưng không đọc được: hãy trải phẳng, chụp toàn bộ mã và không che mã.",
    ),
    "no_code": Words(
        "No code was seen: take it from nearer, flat, with its light margin in view.",
        "Không thấy mã nào: hãy chụp gần hơn, thẳng, thấy cả viền sáng quanh mã.",
    ),
}


def advise(advice: str | None, lang: str = "en") -> str:
    """What to do, for a value of `vaxcert.qr.Advice`; as for "no_code" where there is none."""
    return PHOTOS[advice or "no_code"].of(lang)
