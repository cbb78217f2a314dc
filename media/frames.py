"""From a picture to frames: decoded, scaled and converted once, then drawn as YUV 4:2:0 planes.

Colours are BT.709 in limited range (ITU-R BT.709-6, section 3). Chroma is sited as H.264 has it by default:
between two luma rows, on the left of two luma columns.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from media.exceptions import ImageUnreadable
from media.memory import give_back, room
from media.motion import TRAVEL, CameraPath
from media.timeline import Fit

Plane: TypeAlias = NDArray[np.uint8]
Point: TypeAlias = tuple[float, float]
Size: TypeAlias = tuple[int, int]

FORMATS = ("JPEG", "PNG", "WEBP")
_DEPTHS: dict[object, int] = {"1": 1, "L;2": 2, "L;4": 4, "I;16B": 16, "RGB;16B": 16}  # by Pillow's names
MAX_PIXELS = 100_000_000
_LARGE = 8_000_000  # pixels that take so much room that it is made beforehand

PRESCALE = 1 + 1 / math.sqrt(5)
"""How many pixels of the scaled picture lie under one pixel of the film in the tightest view.

With fewer, linear sampling softens; with more, it aliases (structural similarity to a Lanczos filter falls on either
side of 1.45). Of the numbers near that, multiples of this one spread most evenly between whole numbers, which is what
`_cut` lives on.
"""

_FINEST = 2 * PRESCALE * TRAVEL  # pixels of a canvas for one of the film: twice what any camera comes near to

_OFFSETS = 16
_PHASES = 12  # places in a pixel where a frame of a glide may begin
_BLUR_WIDTH = 160
_BAND = 64
_MARGIN = 36  # at least _OFFSETS * PRESCALE * motion.TRAVEL, and room for the last sample

_RGB_TO_YUV = (
    np.array(
        [
            [0.2126 * 219, 0.7152 * 219, 0.0722 * 219, 16 * 255],
            [-0.2126 / 1.8556 * 224, -0.7152 / 1.8556 * 224, 0.5 * 224, 128 * 255],
            [0.5 * 224, -0.7152 / 1.5748 * 224, -0.0722 / 1.5748 * 224, 128 * 255],
        ],
        np.float64,
    )
    / 255
)
_FROM_CHROMA = np.array([[0.5, 0, 0], [0, 0.5, -0.25]])  # where a pixel's chroma is, in pixels of a plane of chroma


class Planes(NamedTuple):
    """A frame: luma (height, width) and two planes of chroma (height / 2, width / 2), each of bytes."""

    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def black(cls, width: int, height: int) -> "Planes":
        """A black frame of that size."""
        planes = cls.empty(width, height)
        planes.y.fill(16)
        planes.u.fill(128)
        planes.v.fill(128)
        return planes

    @classmethod
    def empty(cls, width: int, height: int) -> "Planes":
        """New planes for a frame of that size, their content undefined."""
        chroma = (height // 2, width // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(chroma, np.uint8), np.empty(chroma, np.uint8))


def decode(data: bytes, *, max_pixels: int = MAX_PIXELS, at_least: int | None = None) -> Plane:
    """The picture in a JPEG, PNG or WebP file as RGB bytes (height, width, 3), upright and on black.

    Where `at_least` pixels a side are enough, a JPEG is decoded no larger than need be, which is several times faster.
    Raises `ImageUnreadable` with the reason.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > max_pixels:
                raise ImageUnreadable(
                    f"The picture has {image.width} x {image.height} pixels; "
                    f"the limit is {max_pixels:,}. Make it smaller."
                )
            if at_least:
                image.draft(None, (at_least, at_least))
            if image.width * image.height > _LARGE:
                give_back()
            _tell_transparent(image)
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return _pixels(_on_black(image))
    except ImageUnreadable:
        raise
    except UnidentifiedImageError:
        raise ImageUnreadable("The file is no JPEG, PNG or WebP picture.") from None
    except Image.DecompressionBombError as error:  # Pillow's own limit comes before its user's
        raise ImageUnreadable(
            f"The picture has too many pixels; the limit is {max_pixels:,}. Make it smaller."
        ) from error
    except Exception as error:  # Pillow's decoders raise nearly every type on damaged input
        raise ImageUnreadable(f"The picture is damaged: {error}.") from error


def _tell_transparent(image: ImageFile.ImageFile) -> None:
    """Have a PNG's transparent colour in the 8 bits that its pixels will have; Pillow leaves it at the file's depth."""
    colour, depth = image.info.get("transparency"), _DEPTHS.get(image.tile[0].args) if image.tile else None
    if colour is None or depth is None:
        return

    def scaled(value: int) -> int:
        return value >> (depth - 8) if depth > 8 else value * 255 // (2**depth - 1)

    image.info["transparency"] = scaled(colour) if isinstance(colour, int) else tuple(map(scaled, colour))


def _on_black(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    rgba = image.convert("RGBA")
    black = Image.new("RGBA", rgba.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, rgba).convert("RGB")


def _pixels(image: Image.Image) -> Plane:
    """An RGB picture's bytes, some rows at a time: for all at once Pillow takes twice their room beside its own."""
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _BAND):
        rows = rgb[top : top + _BAND]
        rows[:] = np.asarray(image.crop((0, top, image.width, top + len(rows))))
    return rgb


def fitted(rgb: Plane, fit: Fit, film: Size) -> Plane:
    """A picture as `fit` would have it: as it is, or whole on a canvas of the film's shape (width, height).

    Of whatever shape the picture is, the canvas is no larger than the film can show.
    """
    height, width = rgb.shape[:2]
    across, down = _around(width, height, film)
    if fit is Fit.COVER or (across, down) == (width, height):
        return rgb
    share = film[0] * _FINEST / across
    if share < 1:
        width, height = max(1, round(width * share)), max(1, round(height * share))
        rgb = np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        across, down = _around(width, height, film)
    left, top = (across - width) // 2, (down - height) // 2
    canvas = _background(rgb, across, down) if fit is Fit.BLUR else np.zeros((down, across, 3), np.uint8)
    canvas[top : top + height, left : left + width] = rgb
    return canvas


def _around(width: int, height: int, film: Size) -> Size:
    """The smallest size of the film's shape that a picture finds room in."""
    return max(width, round(height * film[0] / film[1])), max(height, round(width * film[1] / film[0]))


def _background(rgb: Plane, width: int, height: int) -> Plane:
    """The picture blurred and darkened to fill a canvas; made small, where a wide blur costs nothing."""
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    shape = max(1, round(height / scale)), max(1, round(width / scale))
    top, left = (rgb.shape[0] - shape[0]) // 2, (rgb.shape[1] - shape[1]) // 2
    middle = rgb[top : top + shape[0], left : left + shape[1]]
    small = cv2.resize(middle, (_BLUR_WIDTH, max(1, _BLUR_WIDTH * height // width)), interpolation=cv2.INTER_AREA)
    dark = cv2.convertScaleAbs(cv2.GaussianBlur(small, (0, 0), _BLUR_WIDTH / 40), alpha=0.7)
    return np.asarray(cv2.resize(dark, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def blend(going: Planes, coming: Planes, share: float, onto: Planes) -> None:
    """Mix two frames, `share` from 0 to 1 of the second one; `onto` may be either."""
    for a, b, plane in zip(going, coming, onto, strict=True):
        cv2.addWeighted(a, 1 - share, b, share, 0, dst=plane)


def to_yuv(rgb: Plane) -> Plane:
    """RGB bytes (height, width, 3) as full-resolution BT.709 YUV bytes of the same shape."""
    return np.asarray(cv2.transform(rgb, _RGB_TO_YUV), np.uint8)


def to_planes(rgb: Plane, onto: Planes) -> None:
    """Fill a frame with RGB bytes of its size; chroma is averaged around the place at which it is sited."""
    y, u, v = cv2.split(to_yuv(rgb))
    np.copyto(onto.y, y)
    for full, plane in ((u, onto.u), (v, onto.v)):
        right = cv2.resize(full, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        shifted = cv2.copyMakeBorder(full, 0, 0, 1, 0, cv2.BORDER_REPLICATE)[:, :-1]
        left = cv2.resize(shifted, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        np.copyto(plane, cv2.addWeighted(left, 0.5, right, 0.5, 0))


def to_rgb(planes: Planes) -> Plane:
    """A frame's planes as RGB bytes (height, width, 3)."""
    height, width = planes.y.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    u, v = (
        cv2.warpAffine(plane, _FROM_CHROMA, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        for plane in planes[1:]
    )
    return from_yuv(np.asarray(cv2.merge((planes.y, u, v)), np.uint8))


def from_yuv(yuv: Plane) -> Plane:
    """Full-resolution BT.709 YUV bytes (height, width, 3) as RGB bytes of the same shape."""
    inverse = np.linalg.inv(_RGB_TO_YUV[:, :3])
    matrix = np.column_stack((inverse, -inverse @ _RGB_TO_YUV[:, 3]))
    return np.asarray(cv2.transform(yuv, matrix), np.uint8)


def to_jpeg(image: Image.Image, quality: int) -> bytes:
    """A picture as the bytes of a JPEG file; `quality` from 1 to 95."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


class Shot:
    """A picture under the moving camera of its segment, drawn frame by frame.

    The part of the picture that the camera ever sees is scaled once and kept as YUV planes; each frame samples them
    linearly.
    """

    def __init__(self, rgb: Plane, path: CameraPath, width: int) -> None:
        self.path = path
        crop = path.crop
        left, top = math.floor(crop.x), math.floor(crop.y)
        right, bottom = math.ceil(crop.x + crop.width), math.ceil(crop.y + crop.height)
        seen = rgb[top:bottom, left:right]
        density = PRESCALE * width / path.tightest
        half = (round((right - left) * density / 2), round((bottom - top) * density / 2))
        full = (half[0] * 2, half[1] * 2)
        self._corner = (left, top)
        self._density = (full[0] / (right - left), full[1] / (bottom - top))
        self.planes = Planes(
            *map(_bordered, _enlarged(seen, full, half) if density > 1 else _reduced(seen, full, half))
        )

    def draw(self, t: float, onto: Planes) -> None:
        """Draw what the camera sees at `t` (0 first frame, 1 last) onto `onto`."""
        step, starts = self.samples(t, onto.y.shape[1])
        for source, start, plane in zip(self.planes, starts, onto, strict=True):
            _sample(source, plane, step, start)

    def samples(self, t: float, width: int) -> tuple[Point, tuple[Point, Point, Point]]:
        """How far apart a frame of that width samples the planes at `t`, and where its first pixel begins in each."""
        view = self.path.at(t)
        left = (view.x - self._corner[0]) * self._density[0]
        top = (view.y - self._corner[1]) * self._density[1]
        step = (view.width / width * self._density[0], view.width / width * self._density[1])
        chroma = (left / 2 - step[0] / 4, top / 2)
        return step, ((left, top), chroma, chroma)


class Glide:
    """A shot whose scale never changes, a pan or a camera that stands still: drawn by copying, to 1/12 of a pixel."""

    def __init__(self, shot: Shot, size: Size) -> None:
        self._samples = partial(shot.samples, width=size[0])
        (step, first), (_, last) = self._samples(0), self._samples(1)
        chroma = (size[0] // 2, size[1] // 2)
        self._strips = [
            _Strip(*each, step) for each in zip(shot.planes, (size, chroma, chroma), first, last, strict=True)
        ]

    def draw(self, t: float, onto: Planes) -> None:
        """Draw what the camera sees at `t` (0 first frame, 1 last) onto `onto`."""
        _, starts = self._samples(t)
        for strip, start, plane in zip(self._strips, starts, onto, strict=True):
            strip.draw(start, plane)


class _Strip:
    """All that a camera passes over in one plane, sampled once for each fraction of a pixel that a frame begins at."""

    def __init__(self, source: Plane, size: Size, first: Point, last: Point, step: Point) -> None:
        self._source = source
        self._step = step
        self._begin = (min(first[0], last[0]), min(first[1], last[1]))
        across, down = (math.ceil(abs(b - a) / pace) for a, b, pace in zip(first, last, step, strict=True))
        # A camera that glides does so along one axis, so that there are no more fractions than phases.
        self._room = room((_PHASES, size[1] + down, size[0] + across))
        self._sampled: dict[tuple[int, int], Plane] = {}

    def draw(self, start: Point, onto: Plane) -> None:
        """Fill `onto` with the frame whose first pixel begins at `start` in the source."""
        (column, right), (row, down) = (
            divmod(round((at - begin) / pace * _PHASES), _PHASES)
            for at, begin, pace in zip(start, self._begin, self._step, strict=True)
        )
        height, width = onto.shape
        if (right, down) not in self._sampled:
            whole = self._room[len(self._sampled)]
            moved = (self._begin[0] + right / _PHASES * self._step[0], self._begin[1] + down / _PHASES * self._step[1])
            _sample(self._source, whole, self._step, moved)
            self._sampled[right, down] = whole
        np.copyto(onto, self._sampled[right, down][row : row + height, column : column + width])


def _enlarged(rgb: Plane, full: Size, half: Size) -> Iterator[Plane]:
    """A picture's planes, luma larger than the picture."""
    y, u, v = cv2.split(to_yuv(rgb))
    yield np.asarray(cv2.resize(y, full, interpolation=cv2.INTER_CUBIC), np.uint8)
    for chroma in (u, v):
        way = cv2.INTER_AREA if half[0] < chroma.shape[1] else cv2.INTER_CUBIC
        yield np.asarray(cv2.resize(chroma, half, interpolation=way), np.uint8)


def _reduced(rgb: Plane, full: Size, half: Size) -> Iterator[Plane]:
    """A large picture's planes, one after another: it is the largest thing that a worker holds."""
    for row, size in zip(_RGB_TO_YUV, (full, half, half), strict=True):
        plane = np.asarray(cv2.transform(rgb, row[None]), np.uint8)
        yield np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.LANCZOS))


def _bordered(plane: Plane) -> Plane:
    """A plane inside a margin that repeats its border."""
    return np.asarray(cv2.copyMakeBorder(plane, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_REPLICATE), np.uint8)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Resize `taken` pixels of the source from `first` on to `made`, and drop the first `skip` of them."""

    first: int
    taken: int
    made: int
    skip: int


def _cut(start: float, step: float, wanted: int) -> _Cut:
    """How a resize of whole pixels to whole pixels gives the `wanted` ones, each `step` further on from `start`.

    `cv2.resize` is several times as fast as `cv2.warpAffine` and weighs with 11 bits or more where that has 5, but
    knows no fraction of a pixel. Output pixel k of a resize by `step` lies k * step further on, so among sixteen places
    before the first one that is wanted, and sixteen behind the last, there are two that lie near whole pixels of the
    source: within hundredths of one, or a tenth where a zoom passes 1.5.
    """
    skip = min(range(_OFFSETS), key=lambda k: _off(start - k * step))
    end = min(range(wanted, wanted + _OFFSETS), key=lambda k: _off(start + k * step))
    first = round(start - skip * step)
    return _Cut(first, round(start + end * step) - first, skip + end, skip)


def _off(value: float) -> float:
    """How far it is from a whole number."""
    return abs(value - round(value))


def _sample(source: Plane, onto: Plane, step: Point, start: Point) -> None:
    """Fill `onto` with `source` sampled each `step` pixels, its first pixel's edge at `start` (both x, y)."""
    height, width = onto.shape
    x, y = (_cut(at + _MARGIN, pace, wanted) for at, pace, wanted in zip(start, step, (width, height), strict=True))
    cv2.ipp.setUseIPP_NotExact(True)  # in this thread, on x86: half as fast again, and rounds where OpenCV cuts off
    region = source[y.first : y.first + y.taken, x.first : x.first + x.taken]
    resized = cv2.resize(region, (x.made, y.made), interpolation=cv2.INTER_LINEAR)
    np.copyto(onto, resized[y.skip : y.skip + height, x.skip : x.skip + width])
