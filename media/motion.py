"""The camera: which part of a picture is seen at each moment.

A picture is first cropped to the film's shape around its centre. Every path stays inside that crop, so that
no motion hides more than `TRAVEL` allows.
"""

import math
from dataclasses import dataclass

from media.timeline import Motion

TRAVEL = 1.15
"""How much larger the whole crop is than the tightest view of it."""

_AUTOMATIC = (Motion.ZOOM_IN, Motion.PAN_RIGHT, Motion.ZOOM_OUT, Motion.PAN_LEFT)

_PANS = {
    Motion.PAN_LEFT: (-1, 0),
    Motion.PAN_RIGHT: (1, 0),
    Motion.PAN_UP: (0, -1),
    Motion.PAN_DOWN: (0, 1),
}


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle in a picture, in its pixels and fractions of them; (0, 0) is the upper left corner."""

    x: float
    y: float
    width: float
    height: float


def ease(t: float) -> float:
    """From 0 to 1 as a camera on rails: starts and stops without a jerk (half a cosine)."""
    return (1 - math.cos(math.pi * t)) / 2


def resolve(motion: Motion, digest: str) -> Motion:
    """The path that `auto` stands for, decided by the picture's digest alone."""
    if motion is not Motion.AUTO:
        return motion
    return _AUTOMATIC[int(digest[:8], 16) % len(_AUTOMATIC)]


@dataclass(frozen=True, slots=True)
class CameraPath:
    """The way of the camera over a picture of the given size, for a film of the given shape."""

    motion: Motion
    crop: View

    @classmethod
    def over(cls, motion: Motion, picture: tuple[int, int], film: tuple[int, int]) -> "CameraPath":
        """The path over a picture (width, height) that fills a film (width, height)."""
        scale = min(picture[0] / film[0], picture[1] / film[1])
        # The side that limits, divided and multiplied again, may be a hair longer than it was.
        width, height = min(picture[0], film[0] * scale), min(picture[1], film[1] * scale)
        return cls(motion, View((picture[0] - width) / 2, (picture[1] - height) / 2, width, height))

    @property
    def tightest(self) -> float:
        """The width of the closest view, in pixels of the picture."""
        return self.crop.width if self.motion is Motion.STILL else self.crop.width / TRAVEL

    @property
    def glides(self) -> bool:
        """Whether the scale stays as it is from the first frame to the last."""
        return self.motion not in (Motion.ZOOM_IN, Motion.ZOOM_OUT)

    def at(self, t: float) -> View:
        """What is seen at `t`, from 0 at the segment's first frame to 1 at its last."""
        match self.motion:
            case Motion.STILL:
                return self.crop
            case Motion.ZOOM_IN:
                return self._view(TRAVEL ** -ease(t))
            case Motion.ZOOM_OUT:
                return self._view(TRAVEL ** (ease(t) - 1))
            case _:
                x, y = _PANS[self.motion]
                shift = 2 * ease(t) - 1
                return self._view(1 / TRAVEL, x * shift, y * shift)

    def _view(self, size: float, x: float = 0, y: float = 0) -> View:
        """A view of `size` times the crop; x and y place it from -1 (left, top) to 1 (right, bottom)."""
        crop = self.crop
        width, height = crop.width * size, crop.height * size
        return View(
            crop.x + (crop.width - width) * (1 + x) / 2,
            crop.y + (crop.height - height) * (1 + y) / 2,
            width,
            height,
        )
