"""Sound files, read piece by piece whatever their length.

Blocks are float32 samples (2, n) at 48 kHz.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import BinaryIO, TypeAlias

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from media.exceptions import AudioChanged, AudioUnreadable
from media.timeline import SAMPLE_RATE

Block: TypeAlias = NDArray[np.float32]

_OPTIONS = {
    "format_whitelist": "wav,mp3,mov,aac,ogg,flac",  # no playlist: libav would open the files that it names
    "max_probe_packets": "1",  # a WAV file is what it says; to look for hidden DTS in it takes 20 ms
}
_FADE = 240  # 5 ms: enough that a cut in the middle of a wave does not click
_HIGHEST = 8.0  # 18 dB over full scale; a file of floats that says more is not of sound


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file of known content; `name` is what a person calls it."""

    path: Path
    digest: str
    name: str = "sound"

    def play(self, most: int) -> Iterator[Block]:
        """Its samples, so many of them at most, soft at both ends.

        Raises `AudioUnreadable`, also if the file is not what it was.
        """
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise AudioUnreadable(
                f"The {self.name}'s file is gone ({error.strerror}). Upload the {self.name} again."
            ) from error
        with file:
            if file_digest(file, lambda: blake2b(digest_size=16)).hexdigest() != self.digest:
                raise AudioChanged(f"The {self.name} was changed during the render. Start the render again.")
            file.seek(0)
            yield from softened(decode(file, self.name), most)


class Tape:
    """Blocks of any length, read in pieces of the length that is asked for; silence when they are over."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._rest = np.zeros((2, 0), np.float32)

    def read(self, count: int) -> Block:
        """The next `count` samples, which are the caller's own."""
        pieces, missing = [self._rest], count - self._rest.shape[1]
        while missing > 0:
            block = next(self._blocks, None)
            pieces.append(np.zeros((2, missing), np.float32) if block is None else block)
            missing -= pieces[-1].shape[1]
        samples = np.concatenate(pieces, axis=1)
        self._rest = samples[:, count:]
        return samples[:, :count]


def softened(blocks: Iterator[Block], most: int) -> Iterator[Block]:
    """So many samples at most, soft at both ends."""
    return _faded(_trimmed(blocks, most))


def spans(samples: int) -> Iterator[tuple[int, int]]:
    """Where each second of so many samples begins and ends."""
    for start in range(0, samples, SAMPLE_RATE):
        yield start, min(start + SAMPLE_RATE, samples)


def decode(file: BinaryIO, name: str = "sound") -> Iterator[Block]:
    """A sound file's samples as blocks; mono is heard on both sides.

    Raises `AudioUnreadable` with the reason.
    """
    try:
        with av.open(_Content(file), options=_OPTIONS, metadata_errors="replace") as container:
            assert isinstance(container, InputContainer)
            if not container.streams.audio:
                raise AudioUnreadable("The file has no sound in it.")
            for frames in _resampled(container.decode(container.streams.audio[0])):
                for frame in frames:
                    yield in_stereo(frame.to_ndarray().astype(np.float32, copy=False))
    except av.FFmpegError as error:
        raise AudioUnreadable(f"The {name} can't be decoded: {error.strerror}.") from error


class _Content:
    """A file as libav is to see it: by its content alone, not by its name."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read, self.tell = file.read, file.tell

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go there; -1 if there is no such place, which decoders of broken files look for."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):
            return -1


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[list[av.AudioFrame]]:
    """The frames at 48 kHz; in a broadcast that was recorded, rate and channels may change on the way."""
    resampler, shape = None, None
    for frame in frames:
        now = (frame.sample_rate, frame.layout.name, frame.format.name)
        if now != shape:
            if resampler:
                yield resampler.resample(None)
            layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
            resampler, shape = av.AudioResampler("fltp", layout, SAMPLE_RATE), now
        assert resampler
        yield resampler.resample(frame)
    if resampler:
        yield resampler.resample(None)


def in_stereo(samples: Block) -> Block:
    """One or two rows of samples as two, within what can be sound."""
    if not np.abs(samples).max(initial=0) <= _HIGHEST:  # nor is what is not a number
        samples = np.clip(np.nan_to_num(samples, nan=0), -_HIGHEST, _HIGHEST)
    return np.repeat(samples, 2, axis=0) if samples.shape[0] == 1 else samples


def _trimmed(blocks: Iterator[Block], most: int) -> Iterator[Block]:
    left = most
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
        if at_start:
            held[:, :tail] *= ramp[:tail]
        yield held
