"""Brushes for painting a place in numpy: gradients, noise, skylines, trees, houses, stars.

A canvas is float32, 0 to 1 and above where light glares, its three colours in planes: numpy is far faster over
long rows as over three values a pixel, and masks need no axis of their own. x and y run from 0 to 1.
"""

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Canvas = NDArray[Any]
"""A picture in the making, (3, height, width), one value a pixel, (height, width), or what broadcasts to either."""
Colour = tuple[float, float, float]

# OpenCV draws polygons at fractions of a pixel when told how many bits of each coordinate are the fraction.
_FRACTION_BITS = 4


def rgb(red: float, green: float, blue: float) -> Canvas:
    """A colour, shape (3, 1, 1), that mixes with canvases without widening them to float64."""
    return np.array((red, green, blue), np.float32)[:, None, None]


def grid(width: int, height: int) -> tuple[Canvas, Canvas]:
    """Where each pixel is: x as one row, y as one column, both from 0 to 1."""
    return np.linspace(0, 1, width, dtype=np.float32)[None, :], np.linspace(0, 1, height, dtype=np.float32)[:, None]


def smooth(low: float | Canvas, high: float | Canvas, values: Canvas) -> Canvas:
    """0 below `low`, 1 above `high`, an S-curve between (smoothstep)."""
    t: Canvas = (values - low) / (high - low)
    np.clip(t, 0, 1, out=t)
    eased: Canvas = t * -2
    eased += 3
    eased *= t
    eased *= t
    return eased


def distance(across: Canvas, up: Canvas) -> Canvas:
    """The length of the way `across` and `up`; np.hypot takes five times as long."""
    length: Canvas = across * across + up * up
    return np.sqrt(length, out=length)


def fraction(values: Canvas) -> Canvas:
    """What is left of each value above the integer below it; np.mod takes ten times as long."""
    return values - np.floor(values)


def mix(a: Canvas, b: Canvas, t: Canvas | float) -> Canvas:
    """`a` where t is 0, `b` where it is 1."""
    mixed: Canvas = (b - a) * np.asarray(t, np.float32)
    mixed += a
    return mixed


def lay(canvas: Canvas, colour: Canvas, cover: Canvas | float) -> None:
    """Cover the canvas with the colour, in place, wholly where `cover` is 1."""
    for plane, shade in zip(canvas, colour, strict=True):
        change = shade - plane
        change *= cover
        plane += change


def shine(canvas: Canvas, colour: Canvas, light: Canvas) -> None:
    """Add light of the colour to the canvas, in place."""
    for plane, shade in zip(canvas, colour, strict=True):
        plane += shade * light


def gradient(values: Canvas, *stops: tuple[float, Colour]) -> Canvas:
    """The colour at each value between the stops, without a visible bend at any of them."""
    fine = np.linspace(0, 1, 4096)
    table = np.array([np.interp(fine, [at for at, _ in stops], [c[k] for _, c in stops]) for k in range(3)], np.float32)
    soft: Canvas = cv2.GaussianBlur(table, (601, 1), 110, borderType=cv2.BORDER_REPLICATE)
    return soft[:, np.clip(values * 4095, 0, 4095).astype(np.int32)]


def noise(u: Canvas, v: Canvas, random: Generator, *, octaves: int = 5) -> Canvas:
    """Fractal noise, 0 to 1 around one half, at the points (u, v); it repeats after 32 units."""
    side, cell = 512, 16
    tile = np.zeros((side, side), np.float32)
    for octave in range(octaves):
        cells = side // cell << octave
        # Wrapped around by two cells before it is enlarged, so that the tile has no seam.
        coarse = np.pad(random.uniform(-1, 1, (cells, cells)).astype(np.float32), 2, mode="wrap")
        scale = side // cells
        fine = cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        tile += 0.5**octave * fine[2 * scale : 2 * scale + side, 2 * scale : 2 * scale + side]
    tile = np.clip(0.5 + 0.42 * tile, 0, 1)
    wrapped = np.pad(tile, 2, mode="wrap")
    columns, rows = (np.asarray(fraction(at * (cell / side)) * side + 2, np.float32) for at in (u, v))
    columns, rows = (np.ascontiguousarray(at) for at in np.broadcast_arrays(columns, rows))
    return cv2.remap(wrapped, columns, rows, cv2.INTER_CUBIC)


def skyline(x: Canvas, rough: float, tall: float, random: Generator, *, octaves: int = 4) -> Canvas:
    """A skyline over `x`: heights from 0 to about `tall`."""
    along = x[None, :] * (rough * 2) + random.uniform(0, 60)
    line = noise(along, along * 0, random, octaves=min(octaves, 5))
    if octaves > 5:
        line += 0.045 * (noise(along * 16, along * 0, random) - 0.5)
    heights: Canvas = line[0] * tall
    return heights


def foreground(ridge: Canvas, y: Canvas) -> slice:
    """The rows from just above the ridge's highest point on: nothing of what it bounds shows in those before."""
    return slice(max(0, int(np.searchsorted(y[:, 0], ridge.min())) - 2), None)


def dune(turn: Canvas) -> Canvas:
    """The height, 0 to 1, of a row of dunes that repeats with 1: a long climb, a crest, a short fall."""
    at = fraction(turn)
    climb, fall = at / 0.42, (1 - at) / 0.58
    return np.where(at < 0.42, climb**1.5 * (1.6 - 0.6 * climb), fall**1.7 * (1.5 - 0.5 * fall))


def row_of_trees(
    width: int,
    height: int,
    ground: float,
    tall: float,
    random: Generator,
    *,
    spacing: float = 0.42,
    gap: tuple[float, float] = (0.0, 0.0),
) -> Canvas:
    """The cover, 0 to 1, of a row of conifers that stand about `ground` and are about `tall` high.

    No tree stands in the `gap`, two values of x.
    """
    mask = np.zeros((height, width), np.uint8)
    at = -0.1 * tall
    lie = skyline(np.linspace(0, 1, width, dtype=np.float32), 1.6, 1.0, random)
    while at * height < width + 0.1 * tall * height:
        centre = at * height
        at += tall * spacing * random.uniform(0.35, 1.3)
        if gap[0] * width < centre < gap[1] * width:
            continue
        size = tall * random.uniform(0.55, 1.1) * height
        foot = ground * height - (lie[int(np.clip(centre, 0, width - 1))] - 0.5) * 0.25 * tall * height
        steps = 2 * int(np.clip(size / height * 110, 24, 64))
        t = np.linspace(0, 1, steps) ** 0.9
        half = size * random.uniform(0.13, 0.18) * t**0.8
        tips = np.arange(steps) % 2 == 1
        left, right = (
            half * np.where(tips, random.uniform(0.70, 1.12, steps), random.uniform(0.42, 0.66, steps)) + size * 0.003
            for _ in range(2)
        )
        droop = np.where(tips, 0.012, 0.0) * size
        ys = foot - size + t * size * 0.97
        outline = np.concatenate([[centre - left, ys + droop], np.array([centre + right, ys + droop])[:, ::-1]], 1)
        _fill(mask, outline.T)
    y = np.arange(height, dtype=np.float32)[:, None] / height
    floor = ground - (lie - 0.5) * 0.25 * tall - 0.02 * tall
    front = foreground(floor - 0.001, y)
    cover = np.divide(mask, 255, dtype=np.float32)
    np.maximum(cover[front], smooth(-0.001, 0.001, y[front] - floor), out=cover[front])
    return cover


def row_of_houses(
    canvas: Canvas, lamps: Canvas, tallest: float, body: Canvas, lights: float, layer: int, random: Generator
) -> None:
    """Build houses onto `canvas` and put the light of their windows into `lamps`, both in place."""
    height, width = canvas.shape[1:]
    at = -0.01
    while at < 1.0:
        wide = random.uniform(0.018, 0.052) * (0.85 + 0.12 * layer)
        middle = np.exp(-(((at - 0.56) / 0.30) ** 2))
        tall = tallest * (0.25 + 0.75 * middle) * random.uniform(0.42, 1.0)
        left, right = int(at * width), int((at + wide) * width)
        top = int(height * (1 - tall))
        at += wide * random.uniform(0.75, 1.12)
        left, right = max(left, 0), min(right, width)
        if right - left < 6:
            continue
        shade = 0.9 + 0.2 * random.random()
        canvas[:, top:, left:right] = body * shade
        lamps[:, top:, left:right] = 0
        if random.random() < 0.35 and tall > 0.5 * tallest:
            inset = (right - left) // 4
            canvas[:, max(0, top - int(0.02 * height)) : top, left + inset : right - inset] = body * shade
            mast = (left + right) // 2
            canvas[:, max(0, top - int(0.07 * height)) : top, mast : mast + max(1, width // 1200)] = body * shade
        if lights:
            _windows(lamps[:, top:, left:right], lights, width, random)


def _windows(wall: Canvas, lights: float, width: int, random: Generator) -> None:
    cell_w, cell_h = max(3, width // 300), max(3, width // 230)
    rows, columns = wall.shape[1] // cell_h - 1, wall.shape[2] // cell_w - 1
    if rows < 1 or columns < 1:
        return
    share = random.uniform(0.10, 0.46)
    # Whole floors are lit or dark more often than chance has it.
    lit = random.random((rows, columns)) < share * random.uniform(0.3, 1.7, (rows, 1))
    warm = random.random((rows, columns))
    glow = lit * random.uniform(0.35, 1.0, (rows, columns)) * lights
    colour = mix(rgb(1.0, 0.72, 0.38), rgb(1.0, 0.88, 0.66), warm) * glow
    panes = np.zeros((3, rows, cell_h, columns, cell_w), np.float32)
    frame_w, frame_h = max(1, cell_w // 4), max(1, cell_h // 4)
    panes[:, :, frame_h:-frame_h, :, frame_w:-frame_w] = colour[:, :, None, :, None]
    panes = panes.reshape(3, rows * cell_h, columns * cell_w)
    top, left = cell_h // 2, (wall.shape[2] - columns * cell_w) // 2
    region = wall[:, top : top + rows * cell_h, left : left + columns * cell_w]
    np.maximum(region, panes, out=region)


def glow_of(canvas: Canvas, sigma: float) -> Canvas:
    """The light around lights."""

    def spread(plane: Canvas) -> Canvas:
        small = cv2.resize(plane, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        return cv2.resize(cv2.GaussianBlur(small, (0, 0), max(0.5, sigma / 4)), plane.shape[::-1])

    return np.stack([spread(plane) for plane in canvas])


def reflection(mirrored: Iterable[Canvas], columns: Canvas, rows: Canvas) -> Canvas:
    """The planes of what is mirrored, as water shows them whose pixels look at these columns and rows of it."""
    return np.stack(
        [cv2.remap(plane, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for plane in mirrored]
    )


def stars(width: int, height: int, random: Generator, *, density: float, brightest: float = 1.0) -> Canvas:
    """Points of light: many faint, few bright, each a little warm or a little blue."""
    random = random.spawn(1)[0]  # so that the rest of the picture is the same at every size
    count = int(width * height * density)
    rows, columns = random.integers(2, height - 2, count), random.integers(2, width - 2, count)
    bright = np.clip(random.pareto(1.9, count) * 0.10 + 0.05, 0, 1.6) * brightest
    tint = mix(rgb(0.80, 0.88, 1.0), rgb(1.0, 0.90, 0.78), random.random((1, count)))
    scale = width / 2400
    layer = np.zeros((3, height, width), np.float32)
    for plane, shade in zip(layer, tint[:, 0], strict=True):
        np.add.at(plane, (rows, columns), bright * shade)
        halo = cv2.GaussianBlur(np.maximum(plane - 0.55 * brightest, 0), (0, 0), max(1.0, 3.2 * scale))
        cv2.GaussianBlur(plane, (0, 0), max(0.55, 0.75 * scale), dst=plane)
        plane *= 3.2
        plane += 12 * halo
    return layer


def tent(canvas: Canvas, x: Canvas, y: Canvas, at: float, foot: float, size: float) -> None:
    """Put up a tent on the canvas, in place, and light a lamp in it."""
    height, width = canvas.shape[1:]
    aspect = width / height
    # Six times its size away nothing is seen of the lamp any more.
    columns = slice(*np.searchsorted(x[0], (at - 6 * size / aspect, at + 6 * size / aspect)))
    rows = slice(*np.searchsorted(y[:, 0], (foot - 6 * size, foot + 6 * size)))
    canvas = canvas[:, rows, columns]
    across, up = (x[:, columns] - at) * aspect / size, (foot - y[rows]) / size
    shine(canvas, rgb(0.34, 0.17, 0.05), np.exp(distance(across, (up - 0.35) * 1.2) * -1.15))

    def polygon(corners: list[tuple[float, float]]) -> Canvas:
        mask = np.zeros((height, width), np.uint8)
        right, above = np.transpose(corners)
        _fill(mask, np.transpose([(at + right * size / aspect) * width, (foot - above * size) * height]))
        return np.divide(mask[rows, columns], 255, dtype=np.float32)

    side = polygon([(-0.15, 0.86), (0.95, 0.74), (1.35, 0.0), (0.62, 0.0)])
    front = polygon([(-0.95, 0.0), (-0.15, 0.86), (0.62, 0.0)])
    door = polygon([(-0.34, 0.0), (-0.15, 0.66), (0.10, 0.0)])
    lamp = np.exp(distance(across + 0.1, up - 0.25) * -1.5)
    lay(canvas, rgb(0.62, 0.28, 0.085) * (0.35 + lamp), side)
    lay(canvas, rgb(0.98, 0.53, 0.17) * (0.45 + 0.8 * lamp), front)
    lay(canvas, rgb(1.0, 0.86, 0.56) * (0.6 + 0.6 * lamp), door)


def _fill(mask: NDArray[np.uint8], outline: NDArray[Any]) -> None:
    points = np.round(outline * (1 << _FRACTION_BITS)).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, _FRACTION_BITS)


def develop(canvas: Canvas, random: Generator) -> Image.Image:
    """Turn light into a picture: a soft shoulder in place of clipping, a darker rim, grain."""
    height, width = canvas.shape[1:]
    x, y = grid(width, height)
    rim = 1 - 0.26 * smooth(0.45, 1.05, distance((x - 0.5) * (1.15 * 1.25), (y - 0.5) * 1.25))
    tile = random.normal(0, 0.0065, (256, 256)).astype(np.float32)
    grain = np.tile(tile, (height // 256 + 1, width // 256 + 1))[:height, :width]

    def expose(plane: Canvas) -> Image.Image:
        light = plane * rim
        glare = np.maximum(light - 0.8, 0)
        light -= glare
        glare *= 1 / 0.2
        light += 0.2 * np.tanh(glare, out=glare)
        np.maximum(light, 0, out=light)
        light += grain
        light *= 255
        light += 0.5
        return Image.fromarray(np.clip(light, 0, 255, out=light).astype(np.uint8))

    return Image.merge("RGB", [expose(plane) for plane in canvas])
