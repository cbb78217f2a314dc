"""What takes how long beside what: in pixels of a pan that are drawn and encoded at `STANDARD` meanwhile.

Measured with the benchmarks' film at 1920x1080.
"""

from typing import TypeAlias

from media.encoder import Quality
from media.timeline import Motion, TransitionKind

Shown: TypeAlias = Motion | TransitionKind | None

_FRAME = 100_000  # beside its pixels
STARTING = 40_000_000
"""Until the first frame is drawn: processes, pictures, memory that nobody had used yet."""

_SOUND = 1_900_000  # a second of it
_MUSIC = 1_200_000  # a second of music under it
_JOINING = 700_000  # a second of film
_PRESETS = {"ultrafast": 0.75, "veryfast": 1.0, "medium": 2.3}
_DRAWING = {"ultrafast": 50, "veryfast": 60, "medium": 35}
_SHOWN: dict[Shown, float] = {
    Motion.STILL: 0.5,
    Motion.ZOOM_IN: 1.2,
    Motion.ZOOM_OUT: 1.2,
    TransitionKind.CROSSFADE: 1.5,
    TransitionKind.FADE_BLACK: 1.5,
    None: 1.8,
}


def of_frame(width: int, height: int, quality: Quality, shown: Shown = Motion.PAN_RIGHT) -> float:
    """The effort of drawing and encoding one frame of a camera's motion, of a transition, or of footage (None)."""
    return (width * height + _FRAME) * _PRESETS.get(quality.preset, 1.0) * _SHOWN.get(shown, 1.0)


def drawing(quality: Quality) -> int:
    """How many hundredths of a frame's effort are drawing it, and looking at it before its turn to be encoded."""
    return _DRAWING.get(quality.preset, 50)


def of_sound(seconds: float, *, music: bool) -> float:
    """The effort of mixing and encoding so much sound, with music or without."""
    return seconds * (_SOUND + _MUSIC * music)


def of_joining(seconds: float) -> float:
    """The effort of joining a film of that length."""
    return seconds * _JOINING
