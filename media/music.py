"""Music under the whole film: repeated or cut to its length, and out of the way of whoever speaks.

It is turned down as an editor would do it by hand, who knows what is coming: before somebody speaks, through the pauses
between the words, and up again slowly. A compressor with a sidechain, but one that looks ahead and holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media.loudness import measure
from media.recordings import Block, Recording, Tape, spans
from media.timeline import SAMPLE_RATE

# WCAG 2.2, technique G56: 20 dB between speech and what is heard behind it.
_UNDER = 6.0  # dB below the narration where nobody speaks
_DUCKED = 14.0  # dB lower still under speech
_SPEECH = 30.0  # dB below the narration's loudness: what is softer is not spoken

_HOP = SAMPLE_RATE // 100
_HOLD = 50  # hops; the pauses of somebody who goes on speaking
_DOWN = _DUCKED / 30  # dB a hop, so that it is down as the first word begins
_UP = _DUCKED / 120

_LOOP = SAMPLE_RATE // 10  # by which the end and the next beginning overlap
_FADE_IN = SAMPLE_RATE
_FADE_OUT = 2 * SAMPLE_RATE


@dataclass(frozen=True, slots=True, eq=False)
class Bed:
    """Music as it goes under one film: a recording, how long it is, and its level at each hundredth of a second."""

    recording: Recording
    lap: int
    levels: NDArray[np.float64]
    samples: int

    @classmethod
    def under(cls, voices: Iterator[Block], recording: Recording, samples: int) -> "Bed":
        """Music for a film of so many samples in which `voices` are heard."""
        hops: list[NDArray[np.float64]] = []
        speech = measure(_noted(voices, hops))
        music = measure(recording.play(samples + _LOOP))
        if speech.silent or music.silent:
            levels = np.zeros(1)
        else:
            levels = speech.integrated - _UNDER - music.integrated - _ducking(np.concatenate(hops) - speech.integrated)
        return cls(recording, max(music.samples, SAMPLE_RATE), 10 ** (levels / 20), samples)

    def play(self) -> Iterator[Block]:
        """The music from the film's first sample to its last."""
        tape = Tape(self._laps())
        for start, end in spans(self.samples):
            yield tape.read(end - start) * self._level(np.arange(start, end)).astype(np.float32)

    def _laps(self) -> Iterator[Block]:
        """The recording again and again, each end crossfaded with the next beginning."""
        rising = np.sin(np.linspace(0, np.pi / 2, _LOOP, dtype=np.float32))
        ending = np.zeros((2, _LOOP), np.float32)
        while True:
            tape = Tape(self.recording.play(self.lap))
            beginning = tape.read(_LOOP)
            yield beginning * rising + ending * rising[::-1]
            for start, end in spans(self.lap - 2 * _LOOP):
                yield tape.read(end - start)
            ending = tape.read(_LOOP)

    def _level(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        level: NDArray[np.float64] = np.interp(at / _HOP - 0.5, np.arange(len(self.levels)), self.levels)
        coming, going = min(_FADE_IN, self.samples / 2), min(_FADE_OUT, self.samples / 2)
        if at[0] < coming:
            level *= _rise(at / coming)
        if at[-1] > self.samples - going:
            level *= _rise((self.samples - at) / going)
        return level


def _rise(way: NDArray[np.float64]) -> NDArray[np.float64]:
    """From silence to full level, without a kink at either end."""
    level: NDArray[np.float64] = np.sin(np.clip(way, 0, 1) * np.pi / 2) ** 2
    return level


def _noted(blocks: Iterator[Block], hops: list[NDArray[np.float64]]) -> Iterator[Block]:
    """The same blocks; the level of each hop in them is noted, in dB."""
    for block in blocks:
        starts = np.arange(0, block.shape[1], _HOP)
        power = np.add.reduceat((block.astype(np.float64) ** 2).sum(axis=0), starts) / _HOP
        hops.append(10 * np.log10(np.maximum(power, 1e-12)))
        yield block


def _ducking(speech: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how many dB the music makes way in each hop for speech that is so loud, relative to all of it."""
    wanted = np.clip(speech + _SPEECH, 0, _DUCKED)
    held = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, (_HOLD, 0)), _HOLD + 1).max(axis=1)
    return _sloping(_sloping(held, _UP)[::-1], _DOWN)[::-1]


def _sloping(values: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The lowest curve over the values that never falls by more than a step."""
    fallen = np.arange(len(values)) * step
    sloping: NDArray[np.float64] = np.maximum.accumulate(values + fallen) - fallen
    return sloping
