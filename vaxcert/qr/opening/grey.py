"""From a picture of any mode to a grey one, the right way up, in strips: one in colour is there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels that are made grey at a time: a picture in colour is there once, beside its grey one.
STRIP = 1_000_000

# What turns a picture upright (CIPA DC-008, section 4.6.5.1.6): Pillow's `Transpose`, by the tag's value.
_UPRIGHT = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_ORIENTATION = 0x0112


def grey_of(image: Image, paper: str = "white") -> tuple[Image, bool]:
    """A picture in grey, and whether some of it is transparent: there it is `paper`."""
    from PIL import Image as Pictures

    if image.mode == "L" and "transparency" not in image.info:
        return image.convert("L"), False
    grey, transparent = Pictures.new("L", image.size), False
    rows = max(1, STRIP // max(1, image.width))
    for top in range(0, image.height, rows):
        strip, is_clear = _grey_strip(image.crop((0, top, image.width, min(image.height, top + rows))), paper)
        grey.paste(strip, (0, top))
        transparent = transparent or is_clear
    return grey, transparent


def upright(grey: Image, orientation: int) -> Image:
    """A grey picture as it was held, by the value of its camera's tag."""
    from PIL import Image

    way = _UPRIGHT.get(orientation)
    return grey if way is None else grey.transpose(Image.Transpose(way))


def orientation(image: Image) -> int:
    """The value of the camera's tag."""
    return int(image.getexif().get(_ORIENTATION, 1))


def _grey_strip(image: Image, paper: str) -> tuple[Image, bool]:
    from PIL import Image as Pictures

    transparent = False
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        opacity: Any = image.getchannel("A").getextrema()
        transparent = opacity[0] < 255
        image = Pictures.alpha_composite(Pictures.new("RGBA", image.size, paper), image)
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert("L"), transparent
