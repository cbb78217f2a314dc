"""One segment of a film, as soon as it is rendered and long before the film is: joined from the cache."""

import io
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

import av

from media import chunks, digests, encoder
from media.cache import ChunkCache
from media.chunks import Chunk
from media.encoder import Quality
from media.exceptions import EncoderFailed
from media.files import known_digest_of, replacing
from media.sound import MixSound
from media.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A segment's finished chunks, with the seam to the next one, and the film's sound if it is mixed already."""

    chunks: tuple[Chunk, ...]
    sound: str | None
    """The sound's name in the cache."""
    samples: tuple[int, int]
    """The first and the last sample of the film's sound that are heard."""

    @property
    def key(self) -> str:
        """The same for the same content."""
        names = [*(chunk.key for chunk in self.chunks), self.sound or ""]
        return blake2b("".join(names).encode(), digest_size=8).hexdigest()

    def write(self, output: Path, cache: ChunkCache) -> None:
        """Join it to an MP4 at `output`; nothing is encoded. Raises `DiskFull`, `EncoderFailed` if a part is gone."""
        sound = None if self.sound is None else _cut(_part(cache, self.sound), *self.samples)
        with replacing(output) as temporary:
            encoder.join(
                [partial(_part, cache, chunk.key) for chunk in self.chunks],
                [chunk.look.frames for chunk in self.chunks],
                sound,
                temporary,
            )


def excerpt(timeline: Timeline, index: int, *, quality: Quality, cache: ChunkCache) -> Excerpt | None:
    """The segment `index` of a film whose segments are files; None as long as not all of it is rendered.

    Raises `ImageUnreadable` and `AudioUnreadable` if a file is gone.
    """
    timeline = timeline.packed()
    plan = chunks.plan(timeline, digests.pictures(timeline, known_digest_of), quality)
    own = tuple(chunk for chunk in plan if chunk.segment_index == index)
    if not all(chunk.key in cache for chunk in own):
        return None
    narrations, music = digests.narrations(timeline, known_digest_of), digests.music(timeline, known_digest_of)
    mix = MixSound.of(timeline, narrations, music).key
    start = sum(chunk.look.frames for chunk in plan if chunk.segment_index < index)
    end = start + sum(chunk.look.frames for chunk in own)
    samples = timeline.sample_at(start), timeline.sample_at(end)
    return Excerpt(own, mix if mix in cache else None, samples)


def _part(cache: ChunkCache, key: str) -> bytes:
    content = cache.get(key)
    if content is None:
        raise EncoderFailed("A finished part of the film left the cache. Start the render again.")
    return content


def _cut(sound: bytes, start: int, end: int) -> bytes | None:
    """The packets of an M4A file that begin between two of its samples, moved to the beginning; None if none does."""
    file = io.BytesIO()
    with av.open(io.BytesIO(sound), "r") as whole, av.open(file, "w", format="mp4") as container:
        stream = container.add_stream_from_template(whole.streams.audio[0])
        for packet in whole.demux(audio=0):
            if packet.pts is None or not start <= packet.pts < end:
                continue
            packet.pts -= start
            packet.dts = packet.pts
            packet.stream = stream
            container.mux(packet)
    return file.getvalue() or None
