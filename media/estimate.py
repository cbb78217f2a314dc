"""What a render would take, before it is begun: what is cached, and how fast this machine's renders were."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from media.cache import ChunkCache
from media.encoder import Quality
from media.files import known_digest_of, written
from media.progress import Progress, ProgressMeter
from media.render import Film
from media.timeline import Timeline

logger = logging.getLogger(__name__)

_MEMORY = 20_000
"""Of how many frames the pace is remembered: older renders count for less and less."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A render that was not begun: the film's length, what of it is in the cache, and what is likely.

    `scaled` says that nothing of this size and rate was rendered here yet, so that other sizes had to serve; without
    any render of this quality the estimates are None.
    """

    frames: int
    seconds: float
    segments: int
    cached_segments: int
    cached_indices: tuple[int, ...]
    cached_frames: int
    estimated_seconds: float | None
    estimated_bytes: int | None
    scaled: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast films became: `rendered` frames in `rendering` seconds, `joined` frames in `joining` seconds.

    What is rendered is counted in frames of a pan, the sound, too (see `media.effort`).
    """

    rendered: float = 0.0
    rendering: float = 0.0
    joined: float = 0.0
    joining: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Pace)))

    def fading(self) -> "Pace":
        """The same pace, weighing no more than `_MEMORY` frames."""
        share = min(1.0, _MEMORY / self.joined) if self.joined else 1.0
        return Pace(*(getattr(self, field.name) * share for field in fields(Pace)))

    def in_frames_of(self, share: float) -> "Pace":
        """The same pace counted in frames each `share` times as large."""
        return Pace(self.rendered / share, self.rendering, self.joined / share, self.joining, self.bytes)

    def seconds(self, fresh: float, total: int) -> float | None:
        """How long it takes to render so many fresh frames and to join all; None if that isn't known."""
        if not self.joined or (fresh and not self.rendered):
            return None
        rendering = fresh * self.rendering / self.rendered if fresh else 0.0
        return round(rendering + total * self.joining / self.joined, 1)

    def size(self, total: int) -> int | None:
        """How many bytes a film of so many frames has; None if that isn't known."""
        return round(total * self.bytes / self.joined) if self.joined else None


class Stopwatch:
    """Times one render by what it says of its progress."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: tuple[float, float] | None = None
        self._rendered: tuple[float, float] | None = None

    def see(self, progress: Progress) -> None:
        """Note the first moment, which has what was cached, and the one at which everything is rendered."""
        moment = self._clock(), progress.work_left
        self._begun = self._begun or moment
        if progress.finishing:
            self._rendered = self._rendered or moment

    def pace(self, frames: int, size: int) -> Pace:
        """The pace of the render that is over now, of so many frames and bytes."""
        assert self._begun, "a render says where it stands before it begins"
        assert self._rendered, "a render says when it joins"
        fresh = self._begun[1] - self._rendered[1]
        rendering = self._rendered[0] - self._begun[0] if fresh else 0.0
        return Pace(fresh, rendering, frames, self._clock() - self._rendered[0], size)


class PaceBook:
    """The paces of this machine in a small file, by the films' size, rate and quality."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, timeline: Timeline, quality: Quality, pace: Pace) -> None:
        """Remember the pace of a finished render. Raises `OSError` and `DiskFull`."""
        with self._lock:
            paces = self._read()
            name = _name(timeline, quality)
            paces[name] = paces.get(name, Pace()).fading() + pace
            content = {name: asdict(pace) for name, pace in sorted(paces.items())}
            with written(self.path, json.dumps(content, indent=1).encode()):
                pass

    def pace(self, timeline: Timeline, quality: Quality) -> tuple[Pace, bool]:
        """The pace of such films, and whether it is scaled by the number of pixels from films of other sizes."""
        paces = self._read()
        name = _name(timeline, quality)
        if name in paces:
            return paces[name], False
        pixels = timeline.width * timeline.height
        others = ((pace, _pixels(name)) for name, pace in paces.items() if name.endswith(f" {quality.name}"))
        return sum((pace.in_frames_of(pixels / other) for pace, other in others), Pace()), True

    def _read(self) -> dict[str, Pace]:
        try:
            content = json.loads(self.path.read_bytes())
            return {name: Pace(**pace) for name, pace in content.items() if _pixels(name)}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            logger.warning("%s can't be read, so estimates begin anew: %s", self.path, error)
            return {}


def estimate(timeline: Timeline, *, quality: Quality, cache: ChunkCache, book: PaceBook) -> Estimate:
    """Plan a render and look what of it is there; nothing is begun.

    Raises `ImageUnreadable` and `AudioUnreadable`, with the segment unless it is the music.
    """
    film = Film(timeline, quality, read=known_digest_of)
    cached = {chunk.key for chunk in film.chunks if chunk.key in cache}
    sound = float(film.sound.key in cache)
    now = ProgressMeter(film.chunks, film.timeline.seconds, cached, mixing=film.sound.effort, sound=sound).now()
    pace, scaled = book.pace(timeline, quality)
    seconds = pace.seconds(now.work_left, now.total_frames)
    return Estimate(
        frames=now.total_frames,
        seconds=film.timeline.seconds,
        segments=now.total_segments,
        cached_segments=now.cached_segments,
        cached_indices=now.cached_indices,
        cached_frames=now.rendered_frames,
        estimated_seconds=seconds,
        estimated_bytes=pace.size(now.total_frames),
        scaled=scaled and seconds is not None,
    )


def _name(timeline: Timeline, quality: Quality) -> str:
    return f"{timeline.width}x{timeline.height} {timeline.framerate} {quality.name}"


def _pixels(name: str) -> int:
    """How many pixels a film of that name has; `ValueError` if it is none."""
    width, height = name.split()[0].split("x")
    return int(width) * int(height)
