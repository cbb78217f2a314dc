"""The film's sound: each narration at the sample where its segment begins, music under it, all of it equally loud.

Of a long film no more than some seconds of it are held: the files are read once to find out how loud they are, and
once more to be heard.
"""

import io
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from media import effort, encoder
from media.exceptions import AudioUnreadable, MediaError
from media.loudness import CEILING, PEAK, exceeds, normalised
from media.music import Bed
from media.recordings import Block, Recording, Tape, decode, spans
from media.timeline import SAMPLE_RATE, Timeline

if TYPE_CHECKING:
    from media.footage import Soundtrack

_ENGINE = f"5, PyAV {av.__version__}"  # a new number whenever the same recordings would sound otherwise
_CEILINGS = (CEILING, CEILING - 1.5, CEILING - 3)  # the lower ones for what the coder makes too loud
_KEPT = 60 * SAMPLE_RATE  # of a film at the most, which is 23 MB
_SIGN = 60 * SAMPLE_RATE  # of the film, from one report of listening to the next


@dataclass(frozen=True, slots=True)
class Narration:
    """What a segment says, from one sample of the film to another; crossfaded for so many at either end."""

    segment_id: str
    segment_index: int
    recording: "Recording | Soundtrack"
    start: int
    end: int
    entering: int
    leaving: int


@dataclass(frozen=True, slots=True)
class SoundReport:
    """How much of a film's sound is made, from 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class MixSound:
    """The task of mixing the film's sound, which is so many samples long, to the bytes of an M4A file."""

    samples: int
    narrations: tuple[Narration, ...]
    music: Recording | None = None

    @classmethod
    def of(cls, timeline: Timeline, digests: list[str | None], music_digest: str | None = None) -> "MixSound":
        """The sound of a film; the digests are those of the segments' sound files, and of the music."""
        overlaps = [0, *(seam.overlap for seam in timeline.seams), 0]
        narrations = []
        for index, (segment, digest) in enumerate(zip(timeline.segments, digests, strict=True)):
            if segment.audio is None or digest is None:
                continue
            first, last = timeline.starts[index], timeline.starts[index] + timeline.frames[index]
            start, entered, left, end = map(
                timeline.sample_at, (first, first + overlaps[index], last - overlaps[index + 1], last)
            )
            recording = Recording(segment.audio, digest) if isinstance(segment.audio, Path) else segment.audio
            narrations.append(Narration(segment.id, index, recording, start, end, entered - start, end - left))
        music = Recording(timeline.music, music_digest, "music") if timeline.music and music_digest else None
        return cls(timeline.sample_at(timeline.total_frames), tuple(narrations), music)

    @property
    def key(self) -> str:
        """The sound's name in the cache, which what is heard alone decides."""
        heard = [(part.recording.digest, part.start, part.end, part.entering, part.leaving) for part in self.narrations]
        decides = [_ENGINE, self.samples, heard, self.music and self.music.digest]
        return blake2b(json.dumps(decides).encode(), digest_size=20).hexdigest()

    @property
    def group(self) -> None:
        """The sound shares nothing with any segment's picture."""

    @property
    def effort(self) -> float:
        """Of mixing and encoding all of it."""
        return effort.of_sound(self.samples / SAMPLE_RATE, music=self.music is not None)

    def run(self, report: Callable[[SoundReport], None], /) -> bytes:
        """Mix and encode, and report meanwhile. Raises `AudioUnreadable`, with the segment unless it is the music."""
        account = _Account(report, music=self.music is not None)

        def seen(blocks: Iterator[Block]) -> Iterator[Block]:
            made = 0
            for block in blocks:
                made += block.shape[1]
                account.encoded(made / self.samples)
                yield block

        file, play = b"", self._mixed(account.heard)
        for ceiling in _CEILINGS:
            file = encoder.encode_sound(seen(normalised(play, ceiling)))
            if not exceeds(decode(io.BytesIO(file)), PEAK):
                break
        return file

    def blame(self, error: MediaError) -> MediaError:
        """An error already knows its segment, if it has one."""
        return error

    def blocks(self) -> Iterator[Block]:
        """The film's sound as it will be heard."""
        yield from normalised(self._mixed())

    def _mixed(self, heard: Callable[[float], None] = lambda _: None) -> Callable[[], Iterator[Block]]:
        """What plays the film's sound before it is brought to its loudness."""
        voices = partial(self.voices, heard)
        if self.music is None:
            return self._replayable(voices)
        bed = Bed.under(voices() if self.narrations else iter(()), self.music, self.samples)
        return self._replayable(lambda: (voice + music for voice, music in zip(voices(), bed.play(), strict=True)))

    def _replayable(self, play: Callable[[], Iterator[Block]]) -> Callable[[], Iterator[Block]]:
        """What plays the same each time: kept if it is short, else made anew."""
        if self.samples > _KEPT:
            return play
        blocks = list(play())
        return lambda: iter(blocks)

    def voices(self, heard: Callable[[float], None] = lambda _: None) -> Iterator[Block]:
        """The narrations, each as loud as it was recorded; `heard` is told how much of them was, each time."""
        waiting = deque(self.narrations)
        speaking: list[_Voice] = []
        for start, end in spans(self.samples):
            if start % _SIGN == 0:
                heard(start / self.samples)
            while waiting and waiting[0].start < end:
                speaking.append(_Voice(waiting.popleft()))
            block = np.zeros((2, end - start), np.float32)
            for voice in speaking:
                voice.speak(block, start)
            speaking = [voice for voice in speaking if voice.narration.end > end]
            yield block


class _Account:
    """Tells how much of a sound is made: it is listened to first, to find out how loud it is, and then encoded."""

    def __init__(self, report: Callable[[SoundReport], None], *, music: bool) -> None:
        self._report = report
        self._times, self._listening = (2, 0.4) if music else (1, 0.2)  # how often, and in what part of the time
        self._begun = 0
        self._made = 0.0

    def heard(self, share: float) -> None:
        """So much of it once more, from 0 on."""
        self._begun += not share
        self._tell(self._listening * min(1.0, (self._begun - 1 + share) / self._times))

    def encoded(self, share: float) -> None:
        """So much of it, having listened."""
        self._tell(self._listening + (1 - self._listening) * share)

    def _tell(self, made: float) -> None:
        self._made = max(self._made, made)
        self._report(SoundReport(self._made))


class _Voice:
    """A narration that is being heard."""

    def __init__(self, narration: Narration) -> None:
        self.narration = narration
        self._tape = Tape(narration.recording.play(narration.end - narration.start))

    def speak(self, block: Block, start: int) -> None:
        """Add to a block of the film, which begins at sample `start`, what is heard in it."""
        heard = self.narration
        first, last = max(heard.start, start), min(heard.end, start + block.shape[1])
        try:
            samples = self._tape.read(last - first)
        except AudioUnreadable as error:
            error.within(heard.segment_id, heard.segment_index)
            raise
        if first < heard.start + heard.entering:
            samples *= _rise(np.arange(first - heard.start, last - heard.start) / heard.entering)
        if last > heard.end - heard.leaving:
            samples *= _rise((heard.end - np.arange(first, last)) / heard.leaving)
        block[:, first - start : last - start] += samples


def _rise(way: NDArray[np.float64]) -> Block:
    """One side of a crossfade of equal power: the squares of both sides add up to one."""
    return np.sin(np.clip(way, 0, 1) * np.pi / 2).astype(np.float32)
