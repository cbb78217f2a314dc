"""Captions: text painted once a segment, then laid over each frame in its own box."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import uharfbuzz as hb
from numpy.typing import NDArray

from media.frames import Plane, Planes, to_yuv
from media.timeline import Backdrop, CaptionStyle, Position
from media.typesetting import Line, Paragraph, paragraphs, sized

FONT = Path(__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"

_LINES = 2
_WIDEST = 0.86  # of the film's width
_SMALLEST = 0.5  # of the size that was asked for, to keep to two lines
_MARGIN = 0.06  # of the film's height, above and below
_LINE_HEIGHT = 1.28
_OUTLINE = 0.085  # of the size of the type
_PADDING = 0.45  # of the size of the type, around it in a box
_BOX = 0.6  # how much a box hides
_BLACK, _GREY = 16, 128


@dataclass(frozen=True, slots=True)
class Sprite:
    """A painted caption: for each plane its box, what shines through of the picture, and what is added to it."""

    x: int
    y: int
    through: Planes
    added: Planes

    def faded(self, opacity: float) -> "Sprite":
        """The same caption, from 0 unseen to 1 as it is."""
        if opacity >= 1:
            return self
        through = (255 - (255 - plane) * opacity for plane in self.through)
        added = (plane * opacity for plane in self.added)
        return Sprite(self.x, self.y, Planes(*map(_bytes, through)), Planes(*map(_bytes, added)))

    def draw(self, onto: Planes) -> None:
        """Lay the caption over a frame."""
        for index, (plane, through, added) in enumerate(zip(onto, self.through, self.added, strict=True)):
            scale = 1 if index == 0 else 2
            x, y = self.x // scale, self.y // scale
            box = plane[y : y + through.shape[0], x : x + through.shape[1]]
            np.copyto(box, cv2.add(cv2.multiply(box, through, scale=1 / 255), added))


def paint(text: str, width: int, height: int, style: CaptionStyle) -> Sprite | None:
    """The caption for a film of `width` x `height` pixels, or None if there is nothing to show.

    Text that is too long for two lines shrinks to half the size; what is still longer takes more lines.
    """
    wanted_lines = [Paragraph.of(paragraph) for paragraph in paragraphs(text)]
    if not wanted_lines:
        return None
    wanted = max(10.0, style.size * min(width, height))
    size = wanted
    while True:
        font = sized(style.font or FONT, size)
        lines = [line for paragraph in wanted_lines for line in paragraph.wrapped(font, width * _WIDEST)]
        fits = len(lines) <= max(_LINES, len(wanted_lines)) or size <= wanted * _SMALLEST
        if (fits and len(lines) * size * _LINE_HEIGHT <= height * (1 - 2 * _MARGIN)) or size <= 6:
            break
        size *= 0.92
    fill = _rasterise(lines, font, size, width, _baseline(style.position, len(lines), size, height), height)
    return _sprite(fill, size, style)


def _baseline(position: Position, lines: int, size: float, height: int) -> float:
    """How far the first line's baseline is from the film's lower edge."""
    below = size * _LINE_HEIGHT * (lines - 1) + size * 0.25
    block = below + size * 0.8
    match position:
        case Position.TOP:
            return height * (1 - _MARGIN) - size * 0.8
        case Position.MIDDLE:
            return (height - block) / 2 + below
        case _:
            return height * _MARGIN + below


def _rasterise(lines: list[Line], font: hb.Font, size: float, width: int, baseline: float, height: int) -> Plane:
    """The lines' coverage (height, width), centred, the first one on `baseline` above the lower edge."""
    draw = hb.RasterDraw()
    draw.scale_factor = (64.0, 64.0)
    draw.extents = hb.RasterExtents(0, 0, width, height, 0)
    leading = size * _LINE_HEIGHT
    for line in lines:
        left = (width - line.width) / 2
        for glyph in line.glyphs:
            draw.transform = (1, 0, 0, 1, (left + glyph.x) * 64, (baseline + glyph.y) * 64)
            draw.draw_glyph(font, glyph.index)
        baseline -= leading
    image = draw.render()
    rows = np.frombuffer(image.buffer, np.uint8).reshape(image.extents.height, image.extents.stride)
    return rows[::-1, :width]


def _sprite(fill: Plane, size: float, style: CaptionStyle) -> Sprite | None:
    """Type in its colour on what keeps it readable, cut to the even box that holds all of it."""
    if not fill.any():
        return None
    outline = max(1.0, size * _OUTLINE)
    reach = math.ceil(max(outline * 4, size * _PADDING))
    height, width = fill.shape
    x, y, w, h = cv2.boundingRect(fill)
    left, top = max(0, x - reach) & ~1, max(0, y - reach) & ~1
    right, bottom = min(width, (x + w + reach + 1) & ~1), min(height, (y + h + reach + 1) & ~1)
    fill = np.ascontiguousarray(fill[top:bottom, left:right])

    type_ = fill / 255.0
    behind = _outlined(fill, outline) if style.backdrop is Backdrop.OUTLINE else _boxed(fill, size)
    dark = behind * (1 - type_)
    luma, *chroma = _colour(style.colour)
    covered, halved = type_ + dark, _halved(type_ + dark)
    type_halved = _halved(type_)
    added = (_bytes(value * type_halved + _GREY * (halved - type_halved)) for value in chroma)
    through = _bytes(255 * (1 - covered)), _bytes(255 * (1 - halved))
    return Sprite(
        left, top, Planes(through[0], through[1], through[1]), Planes(_bytes(luma * type_ + _BLACK * dark), *added)
    )


def _outlined(fill: Plane, outline: float) -> NDArray[np.float64]:
    """A dark edge around the type and a soft shadow around that, from 0 to 1."""
    radius = max(1, round(outline))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    edge = cv2.GaussianBlur(cv2.dilate(fill, disc), (0, 0), 0.5)
    shadow = cv2.GaussianBlur(edge, (0, 0), outline) * 0.5
    return np.asarray(np.maximum(edge, shadow) / 255.0, np.float64)


def _boxed(fill: Plane, size: float) -> NDArray[np.float64]:
    """A box behind all of the type, from 0 to 1."""
    x, y, width, height = cv2.boundingRect(fill)
    padding = round(size * _PADDING)
    box = np.zeros(fill.shape)
    box[max(0, y - padding) : y + height + padding, max(0, x - padding) : x + width + padding] = _BOX
    return box


def _colour(colour: str) -> tuple[float, float, float]:
    """A colour given as #rrggbb in YUV."""
    rgb = np.array([[[int(colour[at : at + 2], 16) for at in (1, 3, 5)]]], np.uint8)
    y, u, v = to_yuv(rgb)[0, 0]
    return float(y), float(u), float(v)


def _halved(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.resize(values, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _bytes(values: NDArray[np.floating[Any]]) -> Plane:
    return np.asarray(np.rint(values), np.uint8)
