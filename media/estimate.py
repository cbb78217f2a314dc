"""What a render would take, before it is begun: what is cached, and how fast this machine's renders were."""

from dataclasses import dataclass

from media.cache import ChunkCache
from media.encoder import Quality
from media.files import known_digest_of
from media.paces import PaceBook
from media.render import Film
from media.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Estimate:
    """A render that was not begun: the film's length, what of it is in the cache, and what is likely.

    `scaled` says that nothing of this size, rate and quality was rendered here yet, so that other films had to serve.
    Before the first render the estimates are None, and before the first of this quality so are the bytes.
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


def estimate(timeline: Timeline, *, quality: Quality, cache: ChunkCache, book: PaceBook) -> Estimate:
    """Plan a render and look what of it is there; nothing is begun.

    Raises `ImageUnreadable` and `AudioUnreadable`, with the segment unless it is the music.
    """
    film = Film(timeline, quality, read=known_digest_of)
    meter = film.meter({key for key in film.tasks if key in cache})
    now = meter.now()
    pace, scaled = book.pace(timeline, quality)
    seconds, size = pace.seconds_of(meter.work_left()), pace.bytes_of(timeline.pixels)
    return Estimate(
        frames=now.total_frames,
        seconds=film.timeline.seconds,
        segments=now.total_segments,
        cached_segments=now.cached_segments,
        cached_indices=now.cached_indices,
        cached_frames=now.rendered_frames,
        estimated_seconds=None if seconds is None else round(seconds, 1),
        estimated_bytes=None if size is None else round(size),
        scaled=scaled and seconds is not None,
    )
