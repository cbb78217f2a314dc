"""Text set in lines: which way each part of it reads, where a line may break, which glyphs stand where.

python-bidi knows how text reads (Unicode Standard Annex 9), HarfBuzz how it is shaped; both come in wheels, so every
script that the font covers works on a machine without FriBiDi.
"""

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import uharfbuzz as hb
from bidi import algorithm as bidi

_UNITS = 64  # of a font's scale, a pixel
_DENSEST = 8  # characters in a stretch as wide as the type is high; marks that are piled higher are broken off
_EMBEDDINGS = {"LRI": "LRE", "RLI": "RLE", "PDI": "PDF"}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of the font, and its place in pixels from the left of its line and from the baseline up."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line's glyphs from left to right, and its width in pixels."""

    glyphs: tuple[Glyph, ...]
    width: float


def sized(font: Path, size: float) -> hb.Font:
    """The font of a file, `size` pixels high."""
    scaled = hb.Font(_face(font))
    scaled.scale = (round(size * _UNITS), round(size * _UNITS))
    return scaled


@cache
def _face(font: Path) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(font)))


def paragraphs(text: str) -> list[str]:
    """A text's own lines, without blank ones, with single spaces, and without what is no character."""
    return [line for line in (" ".join(_characters(raw).split()) for raw in text.splitlines()) if line]


def _characters(text: str) -> str:
    return "".join(one for one in text if one.isspace() or unicodedata.category(one) not in ("Cc", "Cs"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that reads one way as a whole, with the embedding level of each character: odd ones from the right."""

    text: str
    levels: bytes

    @classmethod
    def of(cls, text: str) -> "Paragraph":
        """The levels of UAX 9, rules P2 to I2.

        python-bidi knows no isolates, which are embeddings here, and no character that is younger than Python, which
        is neutral. What rule X9 takes away has the level of what stands before it: joiners are for the shaper to see.
        """
        base = _direction(text)
        storage = bidi.get_empty_storage()
        storage["base_level"], storage["base_dir"] = base, "LR"[base]
        for at, character in enumerate(text):
            kind = unicodedata.bidirectional(character) or "ON"
            if kind == "FSI":
                kind = ("LRE", "RLE")[_direction(text, at + 1)]
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
        return cls(text, bytes(levels))

    def wrapped(self, font: hb.Font, widest: float) -> Iterator[Line]:
        """Lines of at most `widest` pixels, broken between words, and inside a word only if it fills a line alone."""
        begin = end = 0  # of the line
        for word in _words(self.text):
            if begin < end and self.shaped(font, begin, end + len(word)).width > widest:
                yield self.shaped(font, begin, end)
                begin = end
            last = end + len(word.rstrip())
            while begin >= end and (fitting := self._fitting(font, begin, last, widest)) < last - begin:
                yield self.shaped(font, begin, begin + fitting)
                begin += fitting
            end += len(word)
        yield self.shaped(font, begin, end)

    def _fitting(self, font: hb.Font, begin: int, end: int, widest: float) -> int:
        """How many of those characters fit in a line, one at the least."""
        most = min(end - begin, math.ceil(widest / font.scale[0] * _UNITS * _DENSEST))
        lengths = range(1, most + 1)
        return max(1, bisect_right(lengths, widest, key=lambda length: self.shaped(font, begin, begin + length).width))

    def shaped(self, font: hb.Font, begin: int = 0, end: int | None = None) -> Line:
        """A part of it on one line, without the space that it ends with."""
        text = self.text[begin:end].rstrip()
        glyphs: list[Glyph] = []
        pen = 0.0
        for run, level in _visual_runs(text, self.levels[begin : begin + len(text)]):
            buffer = hb.Buffer()
            buffer.add_str(run)
            buffer.guess_segment_properties()
            buffer.direction = "rtl" if level % 2 else "ltr"
            hb.shape(font, buffer)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
                glyphs.append(Glyph(info.codepoint, pen + place.x_offset / _UNITS, place.y_offset / _UNITS))
                pen += place.x_advance / _UNITS
        return Line(tuple(glyphs), pen)


def _direction(text: str, begin: int = 0) -> int:
    """Which way text reads, 1 from the right, as its first letter outside of isolates says (UAX 9, rules P2 and P3).

    Behind the beginning of an isolate, at `begin`, that of the isolate.
    """
    depth = 0
    for at in range(begin, len(text)):
        kind = unicodedata.bidirectional(text[at])
        if kind in ("LRI", "RLI", "FSI"):
            depth += 1
        elif kind == "PDI":
            if begin and not depth:
                break
            depth = max(0, depth - 1)
        elif not depth and kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


def _visual_runs(text: str, levels: bytes) -> list[tuple[str, int]]:
    """A line's runs of one level and one script each, in the order in which they stand on it (UAX 9, rule L2)."""
    runs = [
        ("".join(character for character, *_ in characters), level)
        for (level, _), characters in groupby(zip(text, levels, _scripts(text), strict=True), key=lambda one: one[1:])
    ]
    for threshold in range(max(levels, default=0), 0, -1):
        runs = _reverse_from(runs, threshold)
    return runs


def _reverse_from(runs: list[tuple[str, int]], threshold: int) -> list[tuple[str, int]]:
    """Each unbroken sequence of runs at `threshold` or above, turned around."""
    turned: list[tuple[str, int]] = []
    for high, group in groupby(runs, key=lambda run: run[1] >= threshold):
        sequence = list(group)
        turned += reversed(sequence) if high else sequence
    return turned


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
