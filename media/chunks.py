"""The film cut into parts that are rendered alone, each named by everything that decides its pixels."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
from PIL import Image

from media import captions, effort, encoder
from media.encoder import STANDARD, Content, Quality
from media.exceptions import ImageChanged, ImageUnreadable, MediaError, TimelineInvalid
from media.files import digest_of
from media.frames import Glide, Planes, Shot, blend, decode, fitted, from_yuv, to_jpeg
from media.motion import CameraPath, resolve
from media.timeline import MIN_SIZE, CaptionStyle, Fit, Motion, Seam, Timeline, TransitionKind

if TYPE_CHECKING:
    from media.footage import Footage, Reel

LONGEST = encoder.GROUP_OF_PICTURES
"""Frames in a chunk at the most: what a crash can cost, and how finely a film is shared out among workers."""

_ENGINE = f"7, PyAV {av.__version__}"  # a new number whenever the same look would come out as other pixels
_REPORT_SECONDS = 0.1
PREVIEW_SECONDS = 1.0
_PREVIEW_WIDTH = 960

_painted = lru_cache(maxsize=2)(captions.paint)  # once a segment: of the one that this worker is at, or a seam's two


@dataclass(frozen=True, slots=True)
class Clip:
    """What decides how one segment looks: its picture's digest, and all that is done with it for so many frames."""

    picture: str
    motion: Motion
    fit: Fit
    caption: str
    frames: int


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides a chunk's pixels, and nothing else.

    A chunk is a part of one clip, or of the seam between two. `start` is its first frame, counted from the
    beginning of the clip or of the seam.
    """

    clips: tuple[Clip, ...]
    seam: Seam | None
    start: int
    frames: int
    width: int
    height: int
    framerate: int
    quality: Quality
    style: CaptionStyle
    font: str
    """The font's digest."""

    @property
    def key(self) -> str:
        """The name in the cache: the same for the same pixels, in whatever film."""
        decides = asdict(self)
        decides["style"]["font"] = None  # where it lies decides nothing
        return blake2b(json.dumps([_ENGINE, decides], sort_keys=True).encode(), digest_size=20).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a clip's picture comes from, and to which segment it belongs."""

    image: "Path | Footage"
    segment_id: str
    segment_index: int

    def blame(self, error: MediaError) -> MediaError:
        """Add to an error which segment it concerns, unless it knows better."""
        return error.within(self.segment_id, self.segment_index)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the film and its name in the cache. A seam counts as part of the segment before it."""

    key: str
    look: Look
    sources: tuple[Source, ...]
    group: int
    """Its segment's number among groups: a seam shares the pictures of its own and the next; a cut leaves one out."""

    @property
    def segment_index(self) -> int:
        """The segment that the chunk's frames are counted for."""
        return self.sources[0].segment_index

    @property
    def content(self) -> Content:
        """What moves in its frames. Its key tells that, too: a clip's digest is never that of a picture."""
        if any(not isinstance(source.image, Path) for source in self.sources):
            return Content.FOOTAGE
        crossfaded = self.look.seam is not None and self.look.seam.kind is TransitionKind.CROSSFADE
        return Content.BLEND if crossfaded else Content.PICTURE

    @property
    def effort_of_frame(self) -> float:
        """How long each of its frames takes, as `media.effort` counts."""
        look = self.look
        drawn = look.seam.kind if look.seam else look.clips[0].motion
        shown = None if self.content is Content.FOOTAGE else drawn
        return effort.of_frame(look.width, look.height, look.quality, shown)

    @property
    def effort(self) -> float:
        """How long all of its frames take."""
        return self.effort_of_frame * self.look.frames


def plan(timeline: Timeline, pictures: Sequence[str], quality: Quality = STANDARD) -> tuple[Chunk, ...]:
    """The film's chunks in its order; `pictures` are the digests of the segments' pictures.

    Every frame of the film belongs to exactly one chunk: those of a seam to its own, so that a change of one segment
    touches nothing of another but the seams between them. Raises `TimelineInvalid` if there is no such font.
    """
    style = timeline.captions
    try:
        font = _digest_of_font(style.font or captions.FONT)
    except OSError as error:
        raise TimelineInvalid(f"The captions' font can't be read ({error.strerror}).") from error
    clips, sources, chunks = [], [], []
    for index, (segment, picture) in enumerate(zip(timeline.segments, pictures, strict=True)):
        motion = resolve(segment.motion, picture)
        clips.append(Clip(picture, motion, segment.fit, segment.caption, timeline.frames[index]))
        sources.append(Source(segment.image, segment.id, index))

    def add(
        group: int, seam: Seam | None, first: int, end: int, clips: Sequence[Clip], sources: Sequence[Source]
    ) -> None:
        parts = math.ceil((end - first) / LONGEST)  # of about the same length, which are the easier to share out
        for part in range(parts):
            start, stop = (first + (end - first) * edge // parts for edge in (part, part + 1))
            look = Look(
                clips=tuple(clips),
                seam=seam,
                start=start,
                frames=stop - start,
                width=_scaled(timeline.width, quality),
                height=_scaled(timeline.height, quality),
                framerate=timeline.framerate,
                quality=quality,
                style=style,
                font=font,
            )
            chunks.append(Chunk(look.key, look, tuple(sources), group))

    none = Seam(TransitionKind.CUT, 0, 0)
    seams = (none, *timeline.seams, none)
    groups = accumulate((1 if seam.frames else 2 for seam in timeline.seams), initial=0)
    for index, (group, (before, after)) in enumerate(zip(groups, pairwise(seams), strict=True)):
        frames = timeline.frames[index]
        own, both = slice(index, index + 1), slice(index, index + 2)
        add(group, None, before.entering, frames - after.leaving, clips[own], sources[own])
        add(group, after, 0, after.frames, clips[both], sources[both])
    return tuple(chunks)


def _scaled(size: int, quality: Quality) -> int:
    """The size of a side at that quality: even, as the encoder wants it."""
    return max(MIN_SIZE, round(size * quality.scale / 2) * 2)


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """A chunk's frames drawn so far, those of them that are encoded, all but the last, and a JPEG now and then."""

    drawn: int
    encoded: int
    preview: bytes | None


@dataclass(frozen=True, slots=True)
class RenderChunk:
    """The task of rendering one chunk to the bytes of an MP4, with a preview of the newest frame now and then."""

    chunk: Chunk
    previews: bool

    @property
    def key(self) -> str:
        """The chunk's name in the cache."""
        return self.chunk.key

    @property
    def group(self) -> int:
        """That of the chunk."""
        return self.chunk.group

    @property
    def effort(self) -> float:
        """Of drawing and encoding the chunk."""
        return self.chunk.effort

    def run(self, report: Callable[[ChunkReport], None], /) -> bytes:
        """Render; reports at most ten times a second. Raises `ImageUnreadable` and what the encoder raises."""
        look = self.chunk.look
        reported = 0.0

        def on_frames(drawn: int, encoded: int) -> None:
            nonlocal reported
            now = time.monotonic()
            if now - reported >= _REPORT_SECONDS or encoded == look.frames:
                reported = now
                counted = min(encoded, look.frames - 1)  # the last one counts once the chunk is kept
                report(ChunkReport(drawn, counted, _previews.take() if self.previews else None))

        def drawn(planes: Planes) -> Iterator[None]:
            for _ in draw(self.chunk, planes):
                if self.previews:
                    _previews.see(planes)
                yield

        return encoder.encode_chunk(
            drawn,
            width=look.width,
            height=look.height,
            framerate=look.framerate,
            quality=look.quality,
            content=self.chunk.content,
            on_frames=on_frames,
        )

    def blame(self, error: MediaError) -> MediaError:
        """The error belongs to the chunk's segment, unless it knows better."""
        return self.chunk.sources[0].blame(error)


def draw(chunk: Chunk, planes: Planes) -> Iterator[None]:
    """Draw the chunk's frames onto `planes`, one at each step. Raises `ImageUnreadable` with the segment."""
    look = chunk.look
    takes = [_Take(clip, source, look) for clip, source in zip(look.clips, chunk.sources, strict=True)]
    for number in range(look.start, look.start + look.frames):
        if look.seam is None:
            takes[0].draw(number, planes)
        else:
            _draw_seam(look.seam, takes[0], takes[1], number, planes)
        yield


class _Take:
    """A clip that is ready to be drawn."""

    def __init__(self, clip: Clip, source: Source, look: Look) -> None:
        self._shot = _shown(clip, source, look)
        self._caption = _painted(clip.caption, look.width, look.height, look.style)
        self.frames = clip.frames

    def draw(self, number: int, planes: Planes) -> None:
        self.draw_picture(number, planes)
        self.draw_caption(1.0, planes)

    def draw_picture(self, number: int, planes: Planes) -> None:
        self._shot.draw(number / max(1, self.frames - 1), planes)

    def draw_caption(self, opacity: float, planes: Planes) -> None:
        if self._caption and opacity > 0:
            self._caption.faded(opacity).draw(planes)


def _draw_seam(seam: Seam, going: _Take, coming: _Take, number: int, planes: Planes) -> None:
    """One frame of a transition, `number` counted from its first."""
    height, width = planes.y.shape
    leaving = going.frames - seam.leaving
    if seam.kind is TransitionKind.CROSSFADE:
        other, share = Planes.empty(width, height), (number + 1) / (seam.frames + 1)
        going.draw_picture(leaving + number, planes)
        coming.draw_picture(number, other)
        blend(planes, other, share, planes)
        # One caption after the other: two at once can't be read.
        going.draw_caption(1 - 2 * share, planes)
        coming.draw_caption(2 * share - 1, planes)
    elif number < seam.leaving:
        going.draw(leaving + number, planes)
        blend(planes, _black(width, height), (number + 1) / (seam.leaving + 1), planes)
    else:
        coming.draw(number - seam.leaving, planes)
        blend(_black(width, height), planes, (number - seam.leaving + 1) / (seam.entering + 1), planes)


@lru_cache(maxsize=1)
def _black(width: int, height: int) -> Planes:
    return Planes.black(width, height)


def _shown(clip: Clip, source: Source, look: Look) -> "Shot | Glide | Reel":
    """A segment's picture, or its footage, under its camera."""
    if not isinstance(source.image, Path):
        return source.image.reel(clip, look, source)
    try:
        shot = _shot(clip, source.image, look)
        return _glide(shot, (look.width, look.height)) if shot.path.glides else shot
    except ImageUnreadable as error:
        source.blame(error)
        raise


_shots: dict[tuple[object, ...], Shot] = {}  # of the chunk that this worker is at: one, or the two of a seam


def _shot(clip: Clip, image: Path, look: Look) -> Shot:
    """A segment's picture, prepared once as long as this worker is at it."""
    wanted = [(each.picture, each.motion, each.fit, look.width, look.height) for each in look.clips]
    for name in _shots.keys() - wanted:
        del _shots[name]
    name = wanted[look.clips.index(clip)]
    if name not in _shots:
        _shots[name] = _prepared(clip, image, look)
    return _shots[name]


def _prepared(clip: Clip, image: Path, look: Look) -> Shot:
    _glide.cache_clear()  # of the segment before, which takes the room that preparing the next needs
    try:
        data = image.read_bytes()
    except OSError as error:
        raise ImageUnreadable(f"The picture's file is gone ({error.strerror}). Upload the picture again.") from error
    if blake2b(data, digest_size=16).hexdigest() != clip.picture:
        raise ImageChanged
    film = (look.width, look.height)
    rgb = fitted(decode(data), clip.fit, film)
    path = CameraPath.over(clip.motion, (rgb.shape[1], rgb.shape[0]), film)
    return Shot(rgb, path, look.width)


@lru_cache(maxsize=1)
def _glide(shot: Shot, size: tuple[int, int]) -> Glide:
    """The picture that is being drawn by copying: one, because it takes as much memory as many frames."""
    return Glide(shot, size)


class _Previews:
    """Makes a small JPEG of a frame that passes by, at most one a second."""

    def __init__(self) -> None:
        self._due = 0.0
        self._newest: bytes | None = None

    def see(self, planes: Planes) -> None:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + PREVIEW_SECONDS
            self._newest = _small_jpeg(planes)

    def take(self) -> bytes | None:
        newest, self._newest = self._newest, None
        return newest


_previews = _Previews()  # of this worker, whatever chunk it is at


def _small_jpeg(planes: Planes) -> bytes:
    height, width = planes.y.shape
    scale = min(1.0, _PREVIEW_WIDTH / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    ways = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_LINEAR)  # of a large film, chroma has that size already
    small = [cv2.resize(plane, size, interpolation=way) for plane, way in zip(planes, ways, strict=True)]
    return to_jpeg(Image.fromarray(from_yuv(np.asarray(cv2.merge(small), np.uint8))), quality=82)


@cache
def _digest_of_font(font: Path) -> str:
    return digest_of(font)
