"""The film cut into parts that are rendered alone, each named by everything that decides its pixels."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from media import captions, encoder
from media.encoder import STANDARD, Quality
from media.exceptions import ImageUnreadable, MediaError
from media.files import digest_of, replacing
from media.frames import Planes, Shot, decode, to_rgb
from media.motion import CameraPath, resolve
from media.timeline import Motion, Timeline

LONGEST = 120
"""Frames in a chunk at the most: what a crash can cost, and how finely a film is shared out among workers."""

_ENGINE = f"1, PyAV {av.__version__}"  # a new number whenever the same look would come out as other pixels
_REPORT_SECONDS = 0.05
_PREVIEW_SECONDS = 1.0
_PREVIEW_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides a chunk's pixels, and nothing else."""

    picture: str
    """The picture's digest."""
    motion: Motion
    caption: str
    width: int
    height: int
    framerate: int
    segment_frames: int
    start: int
    """The chunk's first frame, counted from the segment's."""
    frames: int
    quality: Quality

    @property
    def key(self) -> str:
        """The name in the cache: the same for the same pixels, in whatever film."""
        decides = json.dumps([_ENGINE, _font_digest(), asdict(self)], sort_keys=True)
        return blake2b(decides.encode(), digest_size=20).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of one segment, and its name in the cache."""

    key: str
    look: Look
    image: Path
    segment_id: str
    segment_index: int


def plan(timeline: Timeline, pictures: Sequence[str], quality: Quality = STANDARD) -> tuple[Chunk, ...]:
    """The film's chunks in its order; `pictures` are the digests of the segments' pictures."""
    chunks = []
    for index, segment in enumerate(timeline.segments):
        total = timeline.frames[index]
        for start in range(0, total, LONGEST):
            look = Look(
                picture=pictures[index],
                motion=resolve(segment.motion, pictures[index]),
                caption=segment.caption,
                width=timeline.width,
                height=timeline.height,
                framerate=timeline.framerate,
                segment_frames=total,
                start=start,
                frames=min(LONGEST, total - start),
                quality=quality,
            )
            chunks.append(Chunk(look.key, look, segment.image, segment.id, index))
    return tuple(chunks)


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """A chunk's frames encoded so far, and whether a preview picture was written since the last report."""

    frames: int
    preview: bool


@dataclass(frozen=True, slots=True)
class RenderChunk:
    """The task of rendering one chunk to the bytes of an MP4, with a preview of the newest frame now and then."""

    chunk: Chunk
    preview: Path | None

    @property
    def key(self) -> str:
        """The chunk's name in the cache."""
        return self.chunk.key

    @property
    def group(self) -> int:
        """Chunks of one segment share its prepared picture."""
        return self.chunk.segment_index

    def run(self, report: Callable[[ChunkReport], None], /) -> bytes:
        """Render; reports at most twenty times a second. Raises `ImageUnreadable` and what the encoder raises."""
        look = self.chunk.look
        preview = _Preview(self.preview)
        reported = 0.0

        def on_frames(encoded: int) -> None:
            nonlocal reported
            now = time.monotonic()
            if now - reported >= _REPORT_SECONDS or encoded == look.frames:
                reported = now
                report(ChunkReport(encoded, preview.taken()))

        return encoder.encode_chunk(
            (preview.see(planes) for planes in draw(self.chunk)),
            width=look.width,
            height=look.height,
            framerate=look.framerate,
            quality=look.quality,
            on_frames=on_frames,
        )

    def blame(self, error: MediaError) -> MediaError:
        """The error belongs to the chunk's segment."""
        error.segment_id, error.segment_index = self.chunk.segment_id, self.chunk.segment_index
        return error


def draw(chunk: Chunk) -> Iterator[Planes]:
    """The chunk's frames, one after another in the same planes."""
    look = chunk.look
    shot = _shot(chunk.image, look.picture, look.motion, look.width, look.height)
    caption = captions.paint(look.caption, look.width, look.height)
    planes = Planes.empty(look.width, look.height)
    for number in range(look.start, look.start + look.frames):
        shot.draw(number / max(1, look.segment_frames - 1), planes)
        if caption:
            caption.draw(planes)
        yield planes


@lru_cache(maxsize=1)
def _shot(image: Path, digest: str, motion: Motion, width: int, height: int) -> Shot:
    """The prepared picture of the segment that this worker is at."""
    try:
        data = image.read_bytes()
    except OSError as error:
        raise ImageUnreadable(f"The picture's file is gone ({error.strerror}). Upload the picture again.") from error
    if blake2b(data, digest_size=16).hexdigest() != digest:
        raise ImageUnreadable("The picture was changed during the render. Start the render again.")
    rgb = decode(data)
    path = CameraPath.over(motion, (rgb.shape[1], rgb.shape[0]), (width, height))
    return Shot(rgb, path, width)


class _Preview:
    """Saves a frame that passes by as a small JPEG, at most one a second among all workers of a render."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._due = 0.0
        self._taken = False

    def see(self, planes: Planes) -> Planes:
        if self._path and time.time() >= self._due:
            newest = self._path.stat().st_mtime if self._path.exists() else 0.0
            self._due = newest + _PREVIEW_SECONDS
            if time.time() >= self._due:
                self._save(planes, self._path)
                self._taken = True
        return planes

    def taken(self) -> bool:
        taken, self._taken = self._taken, False
        return taken

    def _save(self, planes: Planes, path: Path) -> None:
        height, width = planes.y.shape
        scale = min(1.0, _PREVIEW_WIDTH / width)
        half = (max(1, round(width * scale / 2)), max(1, round(height * scale / 2)))
        full = (half[0] * 2, half[1] * 2)
        sizes = zip(planes, (full, half, half), strict=True)
        small = Planes(
            *(np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8) for plane, size in sizes)
        )
        with replacing(path) as temporary:
            Image.fromarray(to_rgb(small)).save(temporary, "JPEG", quality=82)


@cache
def _font_digest() -> str:
    return digest_of(captions.FONT)
