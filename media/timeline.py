"""The film as it was ordered: segments in sequence, counted in whole frames."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from media.exceptions import TimelineInvalid

if TYPE_CHECKING:  # MoviePy takes its time to import, and most films need none of it
    from moviepy.audio.AudioClip import AudioClip
    from moviepy.video.VideoClip import VideoClip

    from media.footage import Footage, Soundtrack

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


class Fit(StrEnum):
    """How a picture of another shape fills the film."""

    COVER = "cover"
    """As large as it must be to leave no gap; what sticks out is cut off."""
    CONTAIN = "contain"
    """As large as it can be with nothing cut off, on black."""
    BLUR = "blur"
    """The same, on a blurred copy of itself."""


class TransitionKind(StrEnum):
    """How one segment gives way to the next."""

    CUT = "cut"
    CROSSFADE = "crossfade"
    """Both are seen and heard for a while, the one going, the other coming; the film is shorter by that."""
    FADE_BLACK = "fade_black"
    """The one goes into black, the other comes out of it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A kind and its length in seconds, of which no more than half the shorter neighbour is used."""

    kind: TransitionKind = TransitionKind.CUT
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Seam:
    """A transition counted in frames: so many at one segment's end, and so many at the next one's start."""

    kind: TransitionKind
    leaving: int
    entering: int

    @property
    def overlap(self) -> int:
        """How many frames both segments share."""
        return self.leaving if self.kind is TransitionKind.CROSSFADE else 0

    @property
    def frames(self) -> int:
        """How long the transition lasts in the film."""
        return self.leaving + self.entering - self.overlap


class Position(StrEnum):
    """Where captions stand."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Backdrop(StrEnum):
    """What keeps captions readable on any picture."""

    OUTLINE = "outline"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """How captions look: `size` in parts of the film's shorter side, `colour` as #rrggbb, `font` a file or ours.

    Raises `TimelineInvalid` for another size or colour.
    """

    position: Position = Position.BOTTOM
    size: float = 0.055
    colour: str = "#ffffff"
    backdrop: Backdrop = Backdrop.OUTLINE
    font: Path | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch("#[0-9a-fA-F]{6}", self.colour):
            raise TimelineInvalid(f"The colour of captions must be written as #rrggbb, not {self.colour!r}.")
        if not 0 < self.size <= 1:
            raise TimelineInvalid(f"The size of captions must be more than 0 and at most 1, not {self.size}.")


@dataclass(frozen=True, slots=True)
class Segment:
    """One picture with its narration and caption, shown for `seconds`.

    A narration that is longer is cut at the segment's end; after a shorter one there is silence. `transition` leads
    from this segment to the next; the last one's counts for nothing. A MoviePy clip moves by itself: it stands still
    under the camera unless `motion` says otherwise, and what it sounds like is heard where there is no narration.
    """

    id: str
    image: "Path | VideoClip | Footage"
    seconds: float
    audio: "Path | AudioClip | Soundtrack | None" = None
    caption: str = ""
    motion: Motion = Motion.AUTO
    fit: Fit = Fit.COVER
    transition: Transition = Transition()


@dataclass(frozen=True)
class Timeline:
    """Everything that decides what a film looks and sounds like; sizes in pixels, `framerate` in frames a second.

    Raises `TimelineInvalid` for what no encoder could make a film of.
    """

    width: int
    height: int
    framerate: int
    segments: tuple[Segment, ...]
    captions: CaptionStyle = CaptionStyle()
    music: Path | None = None
    """A sound that is heard under all of it: repeated or cut to the film's length, softer under narration."""

    def __post_init__(self) -> None:
        for name, size in (("width", self.width), ("height", self.height)):
            if not isinstance(size, int) or size % 2 or not MIN_SIZE <= size <= MAX_SIZE:
                raise TimelineInvalid(
                    f"The {name} must be a whole, even number from {MIN_SIZE} to {MAX_SIZE}, not {size!r}."
                )
        if not isinstance(self.framerate, int) or not MIN_RATE <= self.framerate <= MAX_RATE:
            raise TimelineInvalid(
                f"The frame rate must be a whole number from {MIN_RATE} to {MAX_RATE}, not {self.framerate!r}."
            )
        if not isinstance(self.music, Path | None):
            raise TimelineInvalid(f"Music is a pathlib.Path, not {self.music!r}.")
        if not self.segments:
            raise TimelineInvalid("A film needs at least one segment.")
        for index, segment in enumerate(self.segments):
            if not 0 < segment.seconds < math.inf or not 0 <= segment.transition.seconds < math.inf:
                raise TimelineInvalid(
                    f"Segment {index + 1} must last longer than 0 seconds, and its transition no less than 0; "
                    "neither may last for ever.",
                    segment_id=segment.id,
                    segment_index=index,
                )

    @cached_property
    def frames(self) -> tuple[int, ...]:
        """Each segment's length in frames: its seconds rounded to the nearest frame, and one at the least."""
        return tuple(max(1, round(segment.seconds * self.framerate)) for segment in self.segments)

    @cached_property
    def seams(self) -> tuple[Seam, ...]:
        """The transitions between the segments: one less than there are segments."""
        return tuple(
            self._seam(segment.transition, min(pair))
            for segment, pair in zip(self.segments, pairwise(self.frames), strict=False)
        )

    def _seam(self, transition: Transition, shorter: int) -> Seam:
        length = min(round(transition.seconds * self.framerate), shorter // 2)
        match transition.kind:
            case TransitionKind.CROSSFADE if length:
                return Seam(TransitionKind.CROSSFADE, length, length)
            case TransitionKind.FADE_BLACK if length:
                return Seam(TransitionKind.FADE_BLACK, length // 2, length - length // 2)
        return Seam(TransitionKind.CUT, 0, 0)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The frame of the film at which each segment begins; in a crossfade that is before the last one's end."""
        lengths = (frames - seam.overlap for frames, seam in zip(self.frames, self.seams, strict=False))
        return tuple(accumulate(lengths, initial=0))

    @property
    def total_frames(self) -> int:
        """The film's length in frames."""
        return self.starts[-1] + self.frames[-1]

    @property
    def seconds(self) -> float:
        """The film's length in seconds."""
        return self.total_frames / self.framerate

    @property
    def pixels(self) -> int:
        """How many pixels all its frames have."""
        return self.total_frames * self.width * self.height

    def packed(self) -> "Timeline":
        """The film as workers can take it: MoviePy's clips packed, where there are any. Raises `TimelineInvalid`."""
        if all(isinstance(part.image, Path) and isinstance(part.audio, Path | None) for part in self.segments):
            return self
        from media.footage import packed

        return packed(self)

    def to_clip(self) -> "VideoClip":
        """The film as a MoviePy clip with sound, to be shown, composed or written with MoviePy.

        Raises a `MediaError` for what `media.render` would raise it for.
        """
        from media.clips import film_clip

        return film_clip(self)

    def sample_at(self, frame: int) -> int:
        """The sound sample, at 48 kHz, that is heard as `frame` appears."""
        return round(frame * SAMPLE_RATE / self.framerate)
