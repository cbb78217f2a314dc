"""How fast this machine's renders were, remembered in a small file."""

import json
import logging
import math
import threading
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from media.encoder import Quality
from media.files import written
from media.timeline import Timeline

logger = logging.getLogger(__name__)

_MEMORY = 4e9
"""Of how many pixels of film the pace is remembered, a minute at 1920x1080: older renders count for less and less."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast films became: `work` (see `media.effort`) in `seconds`; `pixels` of film had so many `bytes`.

    Raises `ValueError` for what nobody can have measured.
    """

    work: float = 0.0
    seconds: float = 0.0
    pixels: float = 0.0
    bytes: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= measured < math.inf for measured in (self.work, self.seconds, self.pixels, self.bytes)):
            raise ValueError(f"no pace of any render: {self}")

    def __add__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Pace)))

    def fading(self) -> "Pace":
        """The same pace, weighing no more than `_MEMORY`."""
        share = min(1.0, _MEMORY / self.pixels) if self.pixels else 1.0
        return Pace(*(getattr(self, field.name) * share for field in fields(Pace)))

    def seconds_of(self, work: float) -> float | None:
        """How long so much work takes; None if nothing was measured."""
        return work * self.seconds / self.work if self.work else None

    def bytes_of(self, pixels: float) -> float | None:
        """How large a film of so many pixels is; None if nothing was measured."""
        return pixels * self.bytes / self.pixels if self.pixels else None


class PaceBook:
    """The paces of this machine, by the films' size, rate, quality and encoder.

    Of two processes that add to it at the same moment, the later one wins.
    """

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
        """The pace of such films, and whether others had to serve, as none of this size, rate and quality was rendered.

        Of other qualities only the time is known, not the bytes.
        """
        try:
            paces = self._read()
        except OSError as error:
            logger.warning("%s can't be read, so nothing can be estimated: %s", self.path, error)
            paces = {}
        own = paces.get(_name(timeline, quality), Pace())
        if own.work:
            return own, False
        same = sum((pace for name, pace in paces.items() if name.endswith(f" {_kind(quality)}")), Pace())
        return same if same.work else replace(sum(paces.values(), Pace()), pixels=0.0, bytes=0.0), True

    def _read(self) -> dict[str, Pace]:
        try:
            content = json.loads(self.path.read_bytes())
            return {name: Pace(**pace) for name, pace in content.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("%s can't be read, so estimates begin anew: %s", self.path, error)
            return {}


def _name(timeline: Timeline, quality: Quality) -> str:
    return f"{timeline.width}x{timeline.height} {timeline.framerate} {_kind(quality)}"


def _kind(quality: Quality) -> str:
    return f"{quality.name} {quality.codec}"
