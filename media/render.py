"""The story of a render, from a timeline to a file."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from media import chunks, cores, digests, encoder, subtitles
from media.cache import ChunkCache
from media.chunks import ChunkReport, RenderChunk
from media.encoder import STANDARD, Quality
from media.exceptions import (
    DiskFull,
    EncoderFailed,
    EncoderMissing,
    RenderCancelled,
)
from media.files import digest_of, replacing, telling_full, written
from media.paces import Pace, PaceBook
from media.poster import POSTER, DrawPoster
from media.progress import Progress, ProgressBars, ProgressMeter
from media.sound import MixSound, SoundReport
from media.timeline import Timeline
from media.workers import Report, Result, WorkerPool

if TYPE_CHECKING:
    from proglog import ProgressBarLogger


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished film: its length in frames and seconds, its size in bytes."""

    frames: int
    seconds: float
    bytes: int


def render(
    timeline: Timeline,
    output: Path,
    *,
    cache: ChunkCache,
    workers: int | None = None,
    preview: Path | None = None,
    companions: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    logger: "Literal['bar'] | ProgressBarLogger | None" = None,
    cancelled: threading.Event | None = None,
    before_replace: Callable[[], None] = lambda: None,
    quality: Quality = STANDARD,
    paces: PaceBook | None = None,
    stall_timeout: float = 120.0,
) -> Rendered:
    """Render a timeline to an MP4 at `output`, which is replaced only once the new film is complete.

    Parts that are in the cache are not rendered again, and finished ones stay there whatever happens. `workers`
    processes share the work (default: one a core), beside one for the sound. `on_progress` is called on this thread,
    ten times a second or so, and a proglog `logger` ("bar" for one in the terminal) hears of the frames as MoviePy has
    it. `before_replace` is called when only the renaming is left to do, and may raise to prevent it. With
    `companions`, a poster and the captions as text lie beside the film and are replaced with it (see `media.poster`
    and `media.subtitles`). The time left begins with the pace that stands in `paces`, to which this render's is added.
    Raises a `MediaError`; `ValueError` for less than one worker.
    """
    if not encoder.available():
        raise EncoderMissing
    if workers is not None and workers < 1:
        raise ValueError(f"workers has to be at least 1, not {workers}")
    if logger is not None:
        on_progress = ProgressBars(logger, then=on_progress).see
    film = Film(timeline, quality, previews=preview is not None, companions=companions)
    with telling_full(), cache.using(film.tasks):
        cached = {key for key in film.tasks if key in cache}
        meter = film.meter(cached, paces.pace(timeline, quality)[0].seconds_of(1.0) if paces else None)
        begun, fresh = time.monotonic(), meter.work_left()
        making = _Making(
            film,
            cache,
            meter,
            preview=preview,
            on_progress=on_progress,
            workers=workers or cores.available(),
            cancelled=cancelled or threading.Event(),
            stall_timeout=stall_timeout,
        )
        making.make([key for key in film.tasks if key not in cached])
        making.say("Joining segments")
        with making.companions(output), replacing(output) as temporary:
            size = making.join(temporary)
            making.say("Finishing file")
            before_replace()
        making.done()
    if paces:
        pace = Pace(fresh, time.monotonic() - begun, timeline.pixels, size)
        few = fresh < meter.work / 2  # so that some workers may have had nothing to do
        _remember(paces, timeline, quality, replace(pace, work=0.0, seconds=0.0) if few else pace)
    return Rendered(timeline.total_frames, timeline.seconds, size)


def _remember(paces: PaceBook, timeline: Timeline, quality: Quality, pace: Pace) -> None:
    """Keep the pace for later renders; that this can't be written is nothing to fail a finished film for."""
    try:
        paces.add(timeline, quality, pace)
    except (OSError, DiskFull) as error:
        logger.warning("The pace of a render can't be remembered: %s", error)


class Film:
    """What a timeline needs: its chunks in order, its sound, and the task that makes each of them, by name.

    `read` is how its files' digests are come by (see `media.digests`).
    """

    def __init__(
        self,
        timeline: Timeline,
        quality: Quality = STANDARD,
        *,
        previews: bool = False,
        companions: bool = False,
        read: digests.Reader = digest_of,
    ) -> None:
        timeline = timeline.packed()
        self.timeline = timeline
        self.chunks = chunks.plan(timeline, digests.pictures(timeline, read), quality)
        self.sound = MixSound.of(timeline, digests.narrations(timeline, read), digests.music(timeline, read))
        self.poster = DrawPoster.of(self.chunks) if companions else None
        self.tasks: dict[str, RenderChunk | MixSound | DrawPoster] = {
            chunk.key: RenderChunk(chunk, previews) for chunk in self.chunks
        }
        self.tasks[self.sound.key] = self.sound
        if self.poster:
            self.tasks[self.poster.key] = self.poster

    def meter(self, cached: Collection[str], pace: float | None = None) -> ProgressMeter:
        """What counts the rendering of it, where the parts of these names are there already."""
        return ProgressMeter(
            self.chunks,
            self.timeline.seconds,
            cached,
            mixing=self.sound.effort,
            sound=float(self.sound.key in cached),
            pace=pace,
        )


class _Preview:
    """The file with the newest frame, written at most once a second whoever drew it. A render never fails by it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._due = 0.0

    def shows(self, jpeg: bytes | None) -> bool:
        """Whether this picture is in the file now."""
        if self._path is None or jpeg is None or time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + chunks.PREVIEW_SECONDS
        try:
            with written(self._path, jpeg):
                return True
        except (OSError, DiskFull) as error:
            logger.warning("The preview %s can't be written, so there is none: %s", self._path, error)
            self._path = None
            return False


class _Making:
    """One film in the making."""

    def __init__(
        self,
        film: Film,
        cache: ChunkCache,
        meter: ProgressMeter,
        *,
        preview: Path | None,
        on_progress: Callable[[Progress], None],
        workers: int,
        cancelled: threading.Event,
        stall_timeout: float,
    ) -> None:
        self._film = film
        self._cache = cache
        self._meter = meter
        self._preview = _Preview(preview)
        self._on_progress = on_progress
        self._workers = workers
        self._cancelled = cancelled
        self._stall_timeout = stall_timeout

    def make(self, keys: Collection[str]) -> None:
        """Have workers make the parts of these names, and keep each as it is finished."""
        self._tell()
        tasks = [self._film.tasks[key] for key in keys]
        with WorkerPool[RenderChunk | MixSound | DrawPoster](
            self._workers, cancelled=self._cancelled, stall_timeout=self._stall_timeout
        ) as pool:
            for events in pool.run(tasks):
                for task, event in events:
                    match event:
                        case Report(ChunkReport(drawn, encoded, preview)):
                            shown = self._preview.shows(preview)
                            self._meter.frames(task.key, encoded, drawn=drawn, preview=shown)
                        case Report(SoundReport(share)):
                            self._meter.sound(share)
                        case Result(content):
                            self._cache.put(task.key, content)
                            self._meter.kept(task.key)
                self._tell()

    def join(self, output: Path) -> int:
        """Write the film to `output`; returns its bytes."""
        return encoder.join(
            [partial(self._fetch, chunk.key) for chunk in self._film.chunks],
            [chunk.look.frames for chunk in self._film.chunks],
            self._fetch(self._film.sound.key),
            output,
        )

    @contextmanager
    def companions(self, output: Path) -> Iterator[None]:
        """Poster and captions beside `output`, if they are asked for; in their places once the block ends well."""
        if self._film.poster is None:
            yield
            return
        poster = written(output.with_name(POSTER), self._fetch(self._film.poster.key))
        with poster, subtitles.beside(output, self._film.timeline):
            yield

    def say(self, phase: str) -> None:
        """All parts are made, and this is what happens now."""
        self._meter.finishing(phase)
        self._tell()

    def done(self) -> None:
        """The film is in its place."""
        self._meter.completed()
        self._tell()

    def _fetch(self, key: str) -> bytes:
        """A part from the cache; made once more if it was damaged there."""
        if self._cancelled.is_set():
            raise RenderCancelled
        content = self._cache.get(key)
        if content is None:
            self.make([key])
            content = self._cache.get(key)
        if content is None:
            raise EncoderFailed("A finished part of the film can't be read back. Check the disk.")
        return content

    def _tell(self) -> None:
        self._on_progress(self._meter.now())
