"""Captions: text shaped, wrapped and painted once a segment, then laid over each frame in its own box.

HarfBuzz shapes and rasterises (both come in uharfbuzz's wheel, so every script that the font covers works on a
machine without FriBiDi), python-bidi says which way each run of text reads (Unicode Standard Annex 9).
"""

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import uharfbuzz as hb
from bidi import algorithm as bidi
from numpy.typing import NDArray

from media.frames import Plane, Planes, to_yuv
from media.timeline import Backdrop, CaptionStyle, Position

FONT = Path(__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"

_LINES = 2
_WIDEST = 0.86  # of the film's width
_SMALLEST = 0.5  # of the size that was asked for, to keep to two lines
_MARGIN = 0.06  # of the film's height, above and below
_DENSEST = 8  # characters in a stretch as wide as the type is high
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


@dataclass(frozen=True, slots=True)
class _Glyph:
    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Line:
    glyphs: tuple[_Glyph, ...]
    width: float


def paragraphs(text: str) -> list[str]:
    """A caption's own lines, without blank ones, with single spaces, and without what is no character."""
    return [line for line in (" ".join(_characters(raw).split()) for raw in text.splitlines()) if line]


def _characters(text: str) -> str:
    return "".join(one for one in text if one.isspace() or unicodedata.category(one) not in ("Cc", "Cs"))


def paint(text: str, width: int, height: int, style: CaptionStyle) -> Sprite | None:
    """The caption for a film of `width` x `height` pixels, or None if there is nothing to show.

    Text that is too long for two lines shrinks to half the size; what is still longer takes more lines.
    """
    wanted_lines = [(paragraph, _levels(paragraph)) for paragraph in paragraphs(text)]
    if not wanted_lines:
        return None
    font = style.font or FONT
    wanted = max(10.0, style.size * min(width, height))
    size = wanted
    while True:
        lines = [line for paragraph in wanted_lines for line in _wrap(*paragraph, font, size, width * _WIDEST)]
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


def _wrap(text: str, levels: bytes, font: Path, size: float, widest: float) -> Iterator[_Line]:
    """Lines of at most `widest` pixels, broken between words, and inside a word only if it fills a line alone."""

    def shaped(start: int, end: int) -> _Line:
        end = start + len(text[start:end].rstrip())
        return _shape(text[start:end], levels[start:end], font, size)

    most = math.ceil(widest / size * _DENSEST)
    begin = end = 0  # of the line
    for word in _words(text):
        if begin < end and shaped(begin, end + len(word)).width > widest:
            yield shaped(begin, end)
            begin = end
        last = end + len(word.rstrip())
        while begin >= end and last - begin > 1 and shaped(begin, min(last, begin + most)).width > widest:
            lengths = range(1, min(last - begin, most))
            fitting = bisect_right(lengths, widest, key=lambda length: shaped(begin, begin + length).width)
            yield shaped(begin, begin + max(1, fitting))
            begin += max(1, fitting)
        end += len(word)
    yield shaped(begin, end)


def _words(text: str) -> Iterator[str]:
    """Pieces between which a line may break: words with the space behind them, and single ideographs."""
    piece = ""
    for character in text:
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    yield piece


def _may_break(before: str, after: str) -> bool:
    """Behind a space, and beside an ideograph unless that parts it from its punctuation."""
    if before == " " or after == " ":
        return before == " "
    if unicodedata.category(after) in ("Pe", "Pf", "Po") or unicodedata.category(before) in ("Ps", "Pi"):
        return False
    return _is_ideograph(before) or _is_ideograph(after)


def _is_ideograph(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


@cache
def _face(font: Path) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(font)))


def _sized(font: Path, size: float) -> hb.Font:
    sized = hb.Font(_face(font))
    sized.scale = (round(size * 64), round(size * 64))
    return sized


def _shape(text: str, levels: bytes, font: Path, size: float) -> _Line:
    """A line's glyphs from left to right with their places in pixels."""
    sized = _sized(font, size)
    glyphs: list[_Glyph] = []
    pen = 0.0
    for run, level in _visual_runs(text, levels):
        buffer = hb.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if level % 2 else "ltr"
        hb.shape(sized, buffer)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(_Glyph(info.codepoint, pen + place.x_offset / 64, place.y_offset / 64))
            pen += place.x_advance / 64
    return _Line(tuple(glyphs), pen)


_EMBEDDINGS = {"LRI": "LRE", "RLI": "RLE", "PDI": "PDF"}


def _levels(text: str) -> bytes:
    """The embedding level of each character of a paragraph (UAX 9, rules P2 to I2).

    python-bidi knows no isolates, which are embeddings here, and no character that is younger than Python, which is
    neutral. What rule X9 takes away has the level of what stands before it: joiners are for the shaper to see.
    """
    base = bidi.get_base_level(text)
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    for at, character in enumerate(text):
        kind = unicodedata.bidirectional(character) or "ON"
        if kind == "FSI":
            kind = ("LRE", "RLE")[bidi.get_base_level(text[at + 1 :])]
        kind = _EMBEDDINGS.get(kind, kind)
        storage["chars"].append({"at": at, "ch": character, "level": base, "type": kind, "orig": kind})
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    resolved = {one["at"]: one["level"] for one in storage["chars"]}
    levels = bytearray()
    for at in range(len(text)):
        levels.append(resolved.get(at, levels[-1] if levels else base))
    return bytes(levels)


def _visual_runs(text: str, levels: bytes) -> list[tuple[str, int]]:
    """A line's runs of one level and one script each, in the order in which they stand on it (UAX 9, rule L2)."""
    runs = [
        ("".join(character for character, *_ in characters), level)
        for (level, _), characters in groupby(zip(text, levels, _scripts(text), strict=True), key=lambda one: one[1:])
    ]
    for threshold in range(max(levels, default=0), 0, -1):
        runs = _reverse_from(runs, threshold)
    return runs


def _scripts(text: str) -> Iterator[str]:
    """The script of each character: the first word of a letter's name; what is no letter goes with the one before."""
    script = next(filter(None, map(_script, text)), "")
    for character in text:
        script = _script(character) or script
        yield script


@cache
def _script(character: str) -> str:
    """The script of a letter, nothing for what may stand in any."""
    if unicodedata.category(character) not in ("Lu", "Ll", "Lt", "Lo"):
        return ""
    return unicodedata.name(character, "").split(" ")[0]


def _reverse_from(runs: list[tuple[str, int]], threshold: int) -> list[tuple[str, int]]:
    """Each unbroken sequence of runs at `threshold` or above, turned around."""
    turned: list[tuple[str, int]] = []
    for high, group in groupby(runs, key=lambda run: run[1] >= threshold):
        sequence = list(group)
        turned += reversed(sequence) if high else sequence
    return turned


def _rasterise(lines: list[_Line], font: Path, size: float, width: int, baseline: float, height: int) -> Plane:
    """The lines' coverage (height, width), centred, the first one on `baseline` above the lower edge."""
    sized = _sized(font, size)
    draw = hb.RasterDraw()
    draw.scale_factor = (64.0, 64.0)
    draw.extents = hb.RasterExtents(0, 0, width, height, 0)
    leading = size * _LINE_HEIGHT
    for line in lines:
        left = (width - line.width) / 2
        for glyph in line.glyphs:
            draw.transform = (1, 0, 0, 1, (left + glyph.x) * 64, (baseline + glyph.y) * 64)
            draw.draw_glyph(sized, glyph.index)
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
