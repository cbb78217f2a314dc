"""How far a render is: the only place where a percentage, a rate or a time left is computed."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from media import effort
from media.chunks import Chunk

if TYPE_CHECKING:
    from proglog import ProgressBarLogger

STALL_SECONDS = 30
_RATE_SECONDS = 5.0
_WARMING_SECONDS = 1.0  # in which a render is slower: its memory is new
_STEADY_SECONDS = 1.0
_STEADY_FRAMES = 15
_EARLIER_FRAMES = 200  # by that many, this render's own pace counts as much as an earlier one's
_SETTLED_SECONDS = 2.0
_SETTLED_SHARE = 0.02  # of the whole render: how little the foretold end may have moved in those seconds


def percentage(part: int, whole: int) -> int:
    """The exact floor of part / whole * 100: whole numbers only, so that 29 of 100 is 29."""
    return part * 100 // whole


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a render.

    `overall` runs from 0 to 1, by frames and what each kind of them takes, some of it when they are drawn, with the
    sound and the joining; it never goes back. `segments` holds each segment's percentage, which counts drawn frames,
    too; `cached_indices` names those that were there from the start. `frames_per_second` is of the last seconds, None
    until there is something to measure. `eta_seconds` begins with the pace of earlier renders and goes over to this
    one's, from shortly after the first new frame, or the first sound where no frame is new, what was cached left out;
    where no earlier pace is known, it is None until it has settled, and while the render is stalled. `previews` counts
    the preview pictures written.
    """

    finished_segments: int
    total_segments: int
    percentage: int
    phase: str
    overall: float
    rendered_frames: int
    total_frames: int
    frames_per_second: float | None
    eta_seconds: float | None
    segments: tuple[int, ...]
    cached_segments: int
    cached_indices: tuple[int, ...]
    stalled: bool
    finishing: bool
    previews: int


class ProgressBars:
    """Tells a proglog logger where a render stands, as MoviePy's writer does: by a bar named `frame_index`.

    "bar" stands for the one that proglog draws in a terminal. What comes after the frames are messages. `then` hears
    of it too.
    """

    def __init__(self, logger: "Literal['bar'] | ProgressBarLogger", then: Callable[[Progress], None]) -> None:
        from proglog import default_bar_logger

        self._logger = default_bar_logger(logger)
        self._then = then
        self._index: int | None = None
        self._phase = ""

    def see(self, progress: Progress) -> None:
        """Show this moment."""
        if self._index is None:
            self._logger(frame_index__total=progress.total_frames)
        if self._index != progress.rendered_frames:
            self._index = progress.rendered_frames
            self._logger(frame_index__index=self._index)
        if progress.finishing and progress.phase != self._phase:
            self._phase = progress.phase
            self._logger(message=self._phase)
        self._then(progress)


class ProgressMeter:
    """Counts what the workers report and says where the render stands. Times in seconds of `clock`.

    `cached` are the keys of the chunks that were there from the start, `sound` says how much of the sound was, `mixing`
    what effort all of it takes, `pace` how many seconds an effort of one took in earlier renders, if that is known.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        seconds: float,
        cached: Collection[str] = (),
        *,
        mixing: float = 0.0,
        sound: float = 0.0,
        pace: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._frames = [0] * (chunks[-1].segment_index + 1)
        self._chunks: defaultdict[str, list[Chunk]] = defaultdict(list)
        """By their names: a film may show the same more than once."""
        for chunk in chunks:
            self._frames[chunk.segment_index] += chunk.look.frames
            self._chunks[chunk.key].append(chunk)
        self._total = sum(self._frames)
        self._encoded = dict.fromkeys(self._chunks, 0)
        self._drawn = dict.fromkeys(self._chunks, 0)
        look = chunks[0].look
        self._drawing = effort.drawing(look.quality)
        self._done = [0] * len(self._frames)
        self._hundredths = [0] * len(self._frames)
        """Of each segment's frames: what is made of drawing and encoding them."""
        self._rendering = 0.0
        """What effort was made of drawing and encoding."""
        for key, same in self._chunks.items():
            if key in cached:
                self._count(key, same[0].look.frames, same[0].look.frames)
        self._from_cache = sum(self._done)
        self._cached = tuple(
            index for index, (part, whole) in enumerate(zip(self._done, self._frames, strict=True)) if part == whole
        )
        self._fresh = self._from_cache < self._total
        self._starting = effort.STARTING if self._fresh else 0.0
        self._mixing = mixing
        rendering = sum(same[0].effort for same in self._chunks.values())
        self.work = self._starting + rendering + self._mixing + effort.of_joining(seconds)
        """What effort the whole film takes, with what is cached of it."""
        self._sound = sound
        self._forecast = _Forecast(pace, effort.of_frame(look.width, look.height, look.quality))
        self._finishing: str | None = None
        self._completed = False
        self._previews = 0
        self._last_frame = clock()
        self._begun = False
        """Whether a new frame came, or some sound where no frame is new."""
        self._recent: deque[tuple[float, int]] = deque([(self._last_frame, self._from_cache)])

    def frames(self, key: str, encoded: int, *, drawn: int = 0, preview: bool = False) -> None:
        """So many frames of the chunks named `key` are encoded, and so many drawn."""
        self._previews += preview
        encoded = max(encoded, self._encoded[key])
        drawn = max(drawn, encoded, self._drawn[key])
        if (encoded, drawn) != (self._encoded[key], self._drawn[key]):
            self._count(key, encoded, drawn)
            self._last_frame = self._clock()
            self._moved()

    def kept(self, key: str) -> None:
        """The part of that name is in the cache: if it is a chunk, all of its frames count."""
        if key in self._chunks:
            self.frames(key, self._chunks[key][0].look.frames)

    def sound(self, share: float) -> None:
        """So much of the sound is made, from 0 to 1."""
        if share > self._sound:
            self._sound = share
            if self._begun or not self._fresh:
                self._moved()

    def finishing(self, phase: str) -> None:
        """All parts are there; what remains is called `phase`."""
        self._finishing = phase

    def completed(self) -> None:
        """The film is in its place."""
        self._completed = True

    def now(self) -> Progress:
        """Where the render stands at this moment."""
        now = self._clock()
        rendered, finished, made = sum(self._done), self._finished(), self._made()
        stalled = rendered < self._total and now - self._last_frame >= STALL_SECONDS
        return Progress(
            finished_segments=finished,
            total_segments=len(self._frames),
            percentage=percentage(finished, len(self._frames)),
            phase=self._phase(),
            overall=self._progress(made),
            rendered_frames=rendered,
            total_frames=self._total,
            frames_per_second=self._rate(now, rendered),
            eta_seconds=None if stalled else self._eta(now, made),
            segments=tuple(part // whole for part, whole in zip(self._hundredths, self._frames, strict=True)),
            cached_segments=len(self._cached),
            cached_indices=self._cached,
            stalled=stalled,
            finishing=self._finishing is not None,
            previews=self._previews,
        )

    def work_left(self) -> float:
        """What effort is left until the film is in its place."""
        return self.work - self._made()

    def _moved(self) -> None:
        self._begun = True
        self._forecast.moved(self._clock(), self._made())

    def _count(self, key: str, encoded: int, drawn: int) -> None:
        newly_encoded, newly_drawn = encoded - self._encoded[key], drawn - self._drawn[key]
        self._encoded[key], self._drawn[key] = encoded, drawn
        hundredths = self._drawing * newly_drawn + (100 - self._drawing) * newly_encoded
        self._rendering += hundredths / 100 * self._chunks[key][0].effort_of_frame
        for chunk in self._chunks[key]:
            self._done[chunk.segment_index] += newly_encoded
            self._hundredths[chunk.segment_index] += hundredths

    def _finished(self) -> int:
        return sum(part == whole for part, whole in zip(self._done, self._frames, strict=True))

    def _phase(self) -> str:
        if self._completed:
            return "Export complete"
        if self._finishing:
            return self._finishing
        for number, (part, whole) in enumerate(zip(self._done, self._frames, strict=True), start=1):
            if part < whole:  # the first of several that are at work, most of the time
                return f"Rendering segment {number} of {len(self._frames)}"
        return "Mixing audio"

    def _made(self) -> float:
        """How much of the `work` is made."""
        return self._begun * self._starting + self._rendering + self._sound * self._mixing

    def _progress(self, made: float) -> float:
        if self._completed:
            return 1.0
        return min(round(made / self.work, 4), 0.9999)

    def _eta(self, now: float, made: float) -> float | None:
        return 0.0 if self._completed else self._forecast.seconds_left(now, made, self.work)

    def _rate(self, now: float, rendered: int) -> float | None:
        self._recent.append((now, rendered))
        while now - self._recent[0][0] > _RATE_SECONDS:
            self._recent.popleft()
        begun, before = self._recent[0]
        if now - begun < _STEADY_SECONDS or rendered == before:
            return None
        return round((rendered - before) / (now - begun), 1)


class _Forecast:
    """When a render will end, by its own pace; at first by an earlier one's, if that is known.

    `pace` is how many seconds an effort of one took earlier, `frame` what effort a frame of a pan is.
    """

    def __init__(self, pace: float | None, frame: float) -> None:
        self._pace = pace
        self._frame = frame
        self._first: float | None = None
        """When the render first moved on."""
        self._warm: tuple[float, float] | None = None
        """When its pace began to count, and the effort that was made then."""
        self._ends: deque[tuple[float, float]] = deque()
        """At which moments of the last seconds the end was expected when."""
        self._settled = False

    def moved(self, now: float, made: float) -> None:
        """So much effort is made."""
        self._first = now if self._first is None else self._first
        if self._warm is None and now - self._first >= _WARMING_SECONDS:
            self._warm = (now, made)

    def seconds_left(self, now: float, made: float, whole: float) -> float | None:
        """How long it goes on; None as long as there is nothing to tell it by."""
        begun, before = self._warm or (now, made)
        elapsed, done = now - begun, made - before
        if self._pace is not None:  # what one's own says is worth little at first: the squares are the weights
            own, earlier = done**2, (_EARLIER_FRAMES * self._frame) ** 2
            return round((whole - made) * (elapsed * done + self._pace * earlier) / (own + earlier), 1)
        if elapsed < _STEADY_SECONDS or done < _STEADY_FRAMES * self._frame:
            return None
        left = (whole - made) * elapsed / done
        return round(left, 1) if self._is_settled(now, elapsed, left) else None

    def _is_settled(self, now: float, elapsed: float, left: float) -> bool:
        """Whether the end that is foretold has stopped moving; from then on it is told."""
        if not self._settled:
            self._ends.append((now, now + left))
            while len(self._ends) > 1 and now - self._ends[1][0] >= _SETTLED_SECONDS:
                self._ends.popleft()
            since, end = self._ends[0]
            moved = abs(now + left - end)
            self._settled = now - since >= _SETTLED_SECONDS and moved <= _SETTLED_SHARE * (elapsed + left)
        return self._settled
