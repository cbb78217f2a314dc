"""The film's sound: each narration at the sample where its segment begins, silence where there is none.

Blocks are float32 samples (2, n) at 48 kHz.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from media import encoder
from media.exceptions import AudioUnreadable, MediaError
from media.timeline import SAMPLE_RATE, Timeline

_ENGINE = f"1, PyAV {av.__version__}"  # a new number whenever the same narrations would sound otherwise

Block: TypeAlias = NDArray[np.float32]

_FADE = 240  # 5 ms: enough that a cut in the middle of a wave does not click
_BLOCK = SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Narration:
    """One segment's stretch of the film's sound: its length in samples, and the file that is heard, if any."""

    segment_id: str
    samples: int
    audio: Path | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class MixSound:
    """The task of mixing the film's sound to the bytes of an M4A file."""

    narrations: tuple[Narration, ...]

    @classmethod
    def of(cls, timeline: Timeline, digests: list[str | None]) -> "MixSound":
        """The sound of a film; `digests` are those of the segments' sound files."""
        bounds = [timeline.sample_at(frame) for frame in (*timeline.starts, timeline.total_frames)]
        return cls(
            tuple(
                Narration(segment.id, end - start, segment.audio, digest)
                for segment, digest, (start, end) in zip(timeline.segments, digests, pairwise(bounds), strict=True)
            )
        )

    @property
    def key(self) -> str:
        """The sound's name in the cache."""
        decides = [_ENGINE, *((part.samples, part.digest) for part in self.narrations)]
        return blake2b(json.dumps(decides).encode(), digest_size=20).hexdigest()

    @property
    def group(self) -> int:
        """The sound shares nothing with any segment's picture."""
        return -1

    def run(self, _report: Callable[[object], None], /) -> bytes:
        """Mix and encode. Raises `AudioUnreadable` with the segment."""
        return encoder.encode_sound(self._blocks())

    def blame(self, error: MediaError) -> MediaError:
        """An error already knows its segment, if it has one."""
        return error

    def _blocks(self) -> Iterator[Block]:
        for index, part in enumerate(self.narrations):
            try:
                yield from _segment(part)
            except AudioUnreadable as error:
                error.segment_id, error.segment_index = part.segment_id, index
                raise


def _segment(part: Narration) -> Iterator[Block]:
    """One segment's samples, its narration faded for a moment at both ends, and silence behind it."""
    heard = 0
    if part.audio is not None:
        for block in _faded(_trimmed(decode(_read(part.audio, part.digest)), part.samples)):
            heard += block.shape[1]
            yield block
    while heard < part.samples:
        silence = np.zeros((2, min(_BLOCK, part.samples - heard)), np.float32)
        heard += silence.shape[1]
        yield silence


def _read(path: Path, digest: str | None) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AudioUnreadable(f"The sound's file is gone ({error.strerror}). Upload the sound again.") from error
    if blake2b(data, digest_size=16).hexdigest() != digest:
        raise AudioUnreadable("The sound was changed during the render. Start the render again.")
    return data


def decode(data: bytes) -> Iterator[Block]:
    """A sound file's samples as blocks of float32 (2, n) at 48 kHz; mono is heard on both sides.

    Raises `AudioUnreadable` with the reason.
    """
    try:
        with av.open(io.BytesIO(data)) as container:
            assert isinstance(container, InputContainer)
            if not container.streams.audio:
                raise AudioUnreadable("The file has no sound in it.")
            stream = container.streams.audio[0]
            layout = "mono" if stream.codec_context.channels == 1 else "stereo"
            resampler = av.AudioResampler("fltp", layout, SAMPLE_RATE)
            for frame in container.decode(stream):
                yield from _blocks(resampler.resample(frame))
            yield from _blocks(resampler.resample(None))
    except av.FFmpegError as error:
        raise AudioUnreadable(f"The sound can't be decoded: {error.strerror}.") from error


def _blocks(frames: list[av.AudioFrame]) -> Iterator[Block]:
    for frame in frames:
        samples = frame.to_ndarray().astype(np.float32, copy=False)
        yield np.repeat(samples, 2, axis=0) if samples.shape[0] == 1 else samples


def _trimmed(blocks: Iterator[Block], samples: int) -> Iterator[Block]:
    left = samples
    for block in blocks:
        yield block[:, :left]
        left -= block.shape[1]
        if left <= 0:
            return


def _faded(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same sound with its first and last 5 ms faded; holds one stretch of that length back until it knows more."""
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    held = np.zeros((2, 0), np.float32)
    at_start = True
    for block in blocks:
        held = np.concatenate((held, block), axis=1)
        if held.shape[1] < 2 * _FADE:
            continue
        if at_start:
            held[:, :_FADE] *= ramp
            at_start = False
        yield held[:, :-_FADE]
        held = held[:, -_FADE:]
    tail = min(_FADE, held.shape[1])
    if tail:
        held[:, -tail:] *= ramp[:tail][::-1]
        yield held
