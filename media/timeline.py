"""The film as it was ordered: segments in sequence, counted in whole frames."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from media.exceptions import TimelineInvalid

MIN_SIZE, MAX_SIZE = 64, 4096
MIN_RATE, MAX_RATE = 1, 60
SAMPLE_RATE = 48_000


class Motion(StrEnum):
    """How the camera moves over a picture while its segment is shown."""

    AUTO = "auto"
    """One of the moving paths, always the same one for the same picture."""
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    PAN_UP = "pan_up"
    PAN_DOWN = "pan_down"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class Segment:
    """One picture with its narration and caption, shown for `seconds`.

    A narration that is longer is cut at the segment's end; after a shorter one there is silence.
    """

    id: str
    image: Path
    seconds: float
    audio: Path | None = None
    caption: str = ""
    motion: Motion = Motion.AUTO


@dataclass(frozen=True)
class Timeline:
    """Everything that decides what a film looks and sounds like; sizes in pixels, `framerate` in frames a second.

    Raises `TimelineInvalid` for what no encoder could make a film of.
    """

    width: int
    height: int
    framerate: int
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        for name, size in (("width", self.width), ("height", self.height)):
            if size % 2 or not MIN_SIZE <= size <= MAX_SIZE:
                raise TimelineInvalid(f"The {name} must be an even number from {MIN_SIZE} to {MAX_SIZE}, not {size}.")
        if not MIN_RATE <= self.framerate <= MAX_RATE:
            raise TimelineInvalid(
                f"The frame rate must be from {MIN_RATE} to {MAX_RATE} frames a second, not {self.framerate}."
            )
        if not self.segments:
            raise TimelineInvalid("A film needs at least one segment.")
        for index, segment in enumerate(self.segments):
            if not segment.seconds > 0:
                raise TimelineInvalid(
                    f"Segment {index + 1} must last longer than 0 seconds.",
                    segment_id=segment.id,
                    segment_index=index,
                )

    @cached_property
    def frames(self) -> tuple[int, ...]:
        """Each segment's length in frames: its seconds rounded to the nearest frame, and one at the least."""
        return tuple(max(1, round(segment.seconds * self.framerate)) for segment in self.segments)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The frame at which each segment begins."""
        return tuple(accumulate(self.frames[:-1], initial=0))

    @property
    def total_frames(self) -> int:
        """The film's length in frames."""
        return sum(self.frames)

    @property
    def seconds(self) -> float:
        """The film's length in seconds."""
        return self.total_frames / self.framerate

    def sample_at(self, frame: int) -> int:
        """The sound sample, at 48 kHz, that is heard as `frame` appears."""
        return round(frame * SAMPLE_RATE / self.framerate)
