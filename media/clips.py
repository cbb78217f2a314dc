"""A film as a MoviePy clip: its frames are those that the engine encodes, its sound is the engine's mix."""

import math
import os
import tempfile
import threading
import weakref
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from moviepy.audio.AudioClip import AudioClip
from moviepy.video.VideoClip import VideoClip
from numpy.typing import NDArray

from media.chunks import Chunk, draw
from media.exceptions import MediaError
from media.frames import Plane, Planes, to_rgb
from media.render import Film
from media.sound import MixSound
from media.timeline import SAMPLE_RATE, Timeline

_SHARE = 1e-4  # of a frame or a sample, by which a time may miss its beginning and still mean it
_BYTES = 2 * np.dtype(np.float32).itemsize  # of a sample of both channels
_OVER = object()

Samples: TypeAlias = NDArray[np.float32]
"""Sound, (n, 2) or (2,), at 48 kHz: MoviePy has channels last."""


def film_clip(timeline: Timeline) -> VideoClip:
    """The film with sound, of its own size, rate and length; nothing is drawn or mixed before it is asked for."""
    film = Film(timeline)
    clip = VideoClip(duration=_lasting(timeline.total_frames, timeline.framerate))
    clip.frame_function = _Frames(film.chunks)
    clip.size = (timeline.width, timeline.height)
    clip.fps = timeline.framerate
    clip.audio = AudioClip(duration=_lasting(film.sound.samples, SAMPLE_RATE), fps=SAMPLE_RATE)
    clip.audio.frame_function = _Samples(film.sound)
    clip.audio.nchannels = 2
    return clip


def _lasting(count: int, rate: int) -> float:
    """Seconds which, times `rate`, are never less than `count`: MoviePy cuts fractions off."""
    seconds = count / rate
    return seconds if int(seconds * rate) == count else math.nextafter(seconds, math.inf)


class _Frames:
    """The film's frame at any time; each is drawn after the one before it where they are asked for in order."""

    def __init__(self, chunks: tuple[Chunk, ...]) -> None:
        look = chunks[0].look
        self._chunks = chunks
        self._starts = list(accumulate((chunk.look.frames for chunk in chunks), initial=0))
        self._framerate = look.framerate
        self._planes = Planes.empty(look.width, look.height)
        self._shown: int | None = None
        self._drawing: Iterator[None] = iter(())
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self._chunks,)

    def __call__(self, t: float) -> Plane:
        number = math.floor(t * self._framerate + _SHARE)
        with self._lock:
            self._draw(min(max(number, 0), self._starts[-1] - 1))
            return to_rgb(self._planes)

    def _draw(self, number: int) -> None:
        if number == self._shown:
            return
        follows = self._shown is not None and number == self._shown + 1
        self._shown = None
        if not follows or next(self._drawing, _OVER) is _OVER:
            self._drawing = self._from(number)
            next(self._drawing)
        self._shown = number

    def _from(self, number: int) -> Iterator[None]:
        """The drawing of what is left of the chunk that holds a frame."""
        index = bisect_right(self._starts, number) - 1
        chunk, past = self._chunks[index], number - self._starts[index]
        look = replace(chunk.look, start=chunk.look.start + past, frames=chunk.look.frames - past)
        return draw(replace(chunk, look=look), self._planes)


class _Samples:
    """The film's samples at any times, mixed as far as somebody wants to hear, and kept in a file without a name."""

    def __init__(self, mix: MixSound) -> None:
        self._mix = mix
        self._blocks = mix.blocks()
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the clip is there
        weakref.finalize(self, self._kept.close)
        self._mixed = 0
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self._mix,)

    def __call__(self, t: float | NDArray[np.float64]) -> Samples:
        """Both channels in the last axis; between two samples, a straight line."""
        last = self._mix.samples - 1
        at = np.clip(np.asarray(t) * SAMPLE_RATE, 0, last)
        whole = np.floor(at + _SHARE).astype(int)
        following = np.minimum(whole + 1, last)
        way = np.clip(at - whole, 0, 1)[..., np.newaxis].astype(np.float32)
        first = int(whole.min(initial=last))
        with self._lock:
            samples = self._read(first, int(following.max(initial=first)) + 1)
        return np.asarray(samples[whole - first] * (1 - way) + samples[following - first] * way)

    def _read(self, first: int, end: int) -> Samples:
        self._kept.seek(0, os.SEEK_END)
        while self._mixed < end:
            try:
                block = next(self._blocks)
            except MediaError:  # it ends what yields them; who asks again gets the same answer
                self._blocks, self._mixed = self._mix.blocks(), 0
                self._kept.truncate(0)
                raise
            self._kept.write(np.ascontiguousarray(block.T).tobytes())
            self._mixed += block.shape[1]
        self._kept.seek(first * _BYTES)
        return np.frombuffer(self._kept.read((end - first) * _BYTES), np.float32).reshape(-1, 2)
