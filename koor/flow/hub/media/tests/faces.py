"""Drawn faces: what a detector takes for one, made on the spot, so that no photo of anybody is kept here."""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFilter

SKIN, HAIR, LIPS, DARK = (215, 190, 170), (60, 50, 40), (140, 80, 80), (60, 60, 60)
Round = tuple[int, int, int, int, tuple[int, int, int]]  # middle, half width, half height, colour
_PARTS: tuple[Round, ...] = (
    (120, 165, 85, 115, SKIN),
    (120, 75, 88, 50, HAIR),
    (85, 140, 24, 14, (150, 125, 110)),
    (155, 140, 24, 14, (150, 125, 110)),
    (85, 143, 15, 8, DARK),
    (155, 143, 15, 8, DARK),
    (85, 122, 22, 5, HAIR),
    (155, 122, 22, 5, HAIR),
    (120, 155, 8, 26, (235, 210, 190)),
    (120, 185, 14, 8, (160, 135, 120)),
    (120, 220, 32, 9, LIPS),
)


def face(width: int = 240) -> Image.Image:
    """A drawn face on grey, a third higher than wide."""
    image = Image.new("RGB", (240, 320), (150, 150, 150))
    pen = ImageDraw.Draw(image)
    for x, y, wide, high, colour in _PARTS:
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=colour)
    soft = image.filter(ImageFilter.GaussianBlur(4))
    return soft.resize((width, width * 4 // 3), Image.Resampling.LANCZOS)


def crowd(places: Iterable[tuple[int, int, int]], size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """A picture with a face of so many dots wide at each place (left, top, width)."""
    image = Image.linear_gradient("L").resize(size).point(lambda dot: 120 + dot // 8).convert("RGB")
    for left, top, width in places:
        image.paste(face(width), (left, top))
    return image


def jpeg_of(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
