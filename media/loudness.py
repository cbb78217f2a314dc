"""How loud a film is: measured as people hear it, brought to one level, with no peak beyond what players can take.

Blocks are float32 samples (2, n) at 48 kHz. Whatever the film's length, a few of them are held at a time.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

import av
import av.filter
import cv2
import numpy as np
from numpy.typing import NDArray

from media.encoder import SOUND_BANDWIDTH
from media.recordings import Block
from media.timeline import SAMPLE_RATE

TARGET = -16.0
"""The loudness of every film, in LUFS."""
PEAK = -1.0
"""The highest true peak that a player may find in a film, in dBTP."""
CEILING = -3.0
"""The highest one before encoding; AAC adds to a drum what may come to two decibels."""
SILENCE = -50.0
"""What is softer than this, in LUFS, is the noise of a silent room, and is left as it is."""

_GATE = round(0.4 * SAMPLE_RATE)  # BS.1770 averages over 400 ms and has no figure for less
_NOTHING = -70.0  # where the meter's scale ends
_LOUDEST = 9.0  # it ends at 10, too, which only samples far beyond full scale reach
_NEAR = 0.2  # LU from the target that are not worth another pass
_PASSES = 3
_SQUEEZE = 4.0  # dB; a film of a few bangs stays softer rather than be crushed


@dataclass(frozen=True, slots=True)
class Loudness:
    """A sound's length, its integrated loudness in LUFS and its highest sample in dBFS; -inf for silence."""

    samples: int
    integrated: float
    peak: float

    @property
    def silent(self) -> bool:
        """Whether there is nothing in it that is meant to be heard."""
        return self.integrated < SILENCE


def normalised(play: Callable[[], Iterator[Block]], ceiling: float = CEILING) -> Iterator[Block]:
    """What `play` plays, at `TARGET` and under the ceiling; it is played a second time for that, or a few times more.

    One gain for the whole film comes first. Only where that drives peaks over the ceiling they are limited, and only
    if that makes the film audibly softer the gain is raised.
    """

    def heard() -> Iterator[Block]:
        return _in_time(play(), _LowPass().hear, _LowPass.delay)

    loudness = _measured(heard)
    if loudness.silent:
        return limited(heard(), 0.0, ceiling)
    gain = TARGET - loudness.integrated
    if loudness.peak + gain > ceiling:
        highest = gain + _SQUEEZE
        for _ in range(_PASSES):
            missing = TARGET - measure(limited(heard(), gain, ceiling)).integrated
            if missing < _NEAR or gain == highest:
                break
            gain = min(gain + missing, highest)
    return limited(heard(), gain, ceiling)


def _measured(play: Callable[[], Iterator[Block]]) -> Loudness:
    """As `measure`, of a sound however loud."""
    loudness = measure(play())
    if loudness.integrated < _LOUDEST:
        return loudness
    softer = measure(block * np.float32(1 / 64) for block in play())
    return replace(loudness, integrated=softer.integrated + 20 * math.log10(64))


def measure(blocks: Iterable[Block]) -> Loudness:
    """Measure a whole sound as ITU-R BS.1770-4 and EBU R 128 say, with libavfilter's `ebur128`."""
    meter = _Meter()
    samples, highest = 0, 0.0
    for block in blocks:
        samples += block.shape[1]
        highest = max(highest, float(np.abs(block).max(initial=0)))
        meter.hear(block)
    return Loudness(samples, meter.integrated(), 20 * math.log10(highest) if highest else -math.inf)


class _Meter:
    """libavfilter's meter, which says after each 100 ms how loud all of it was so far."""

    def __init__(self) -> None:
        self._graph = av.filter.Graph()
        self._clock = Fraction(1, SAMPLE_RATE)
        self._heard = 0
        self._integrated = _NOTHING
        nodes = (
            self._graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=self._clock),
            self._graph.add("ebur128", "metadata=1:framelog=quiet"),
            self._graph.add("abuffersink"),
        )
        self._graph.link_nodes(*nodes).configure()

    def hear(self, block: Block) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, self._clock, self._heard
        self._heard += block.shape[1]
        self._graph.push(frame)
        self._read()

    def integrated(self) -> float:
        """What all of it comes to; a sound that is too short to be measured is taken with silence behind it."""
        if self._heard < _GATE:
            self.hear(np.zeros((2, _GATE - self._heard), np.float32))
        self._graph.push(None)
        self._read()
        return self._integrated if self._integrated > _NOTHING else -math.inf

    def _read(self) -> None:
        try:
            while True:
                if said := self._graph.pull().metadata.get("lavfi.r128.I"):  # the last, shorter stretch says nothing
                    self._integrated = float(said)
        except (av.BlockingIOError, av.EOFError):
            return


def _in_time(blocks: Iterable[Block], late: Callable[[Block], Block], delay: int) -> Iterator[Block]:
    """What `late` makes of the blocks, `delay` samples earlier, and as long as they are."""
    early = delay
    for block in chain(blocks, [np.zeros((2, delay), np.float32)]):
        made = late(block)
        if made.shape[1] > early:
            yield made[:, early:]
        early = max(0, early - made.shape[1])


def _sinc(distance: NDArray[np.float64], half_width: float, cutoff: float = 1.0) -> Block:
    """A low pass at a part of half the sample rate: a sinc under a Kaiser window, as one row."""
    weights: NDArray[np.float64] = np.sinc(distance * cutoff) * np.i0(5 * np.sqrt(1 - (distance / half_width) ** 2))
    row: Block = (weights / weights.sum()).astype(np.float32)[np.newaxis]
    return row


_REACH = 31  # samples on either side
_BAND = _sinc(np.arange(-_REACH, _REACH + 1.0), _REACH + 1, SOUND_BANDWIDTH / (SAMPLE_RATE / 2))


class _LowPass:
    """Takes away what the coder does not carry, so that what is measured and limited is what will be heard."""

    delay = _REACH

    def __init__(self) -> None:
        self._samples = np.zeros((2, 2 * _REACH), np.float32)

    def hear(self, block: Block) -> Block:
        count = block.shape[1]
        samples = np.concatenate((self._samples, block), axis=1)
        self._samples = samples[:, count:]
        passed: Block = cv2.filter2D(samples, -1, _BAND, anchor=(0, 0)).astype(np.float32, copy=False)
        return passed[:, :count]


# The limiter's gain is low before a peak comes and rises gently behind it, as in D. Giannoulis et al., "Digital Dynamic
# Range Compressor Design" (JAES 60, 2012), but looks ahead for the highest peak rather than follow it.
_AHEAD = 256  # 5 ms; a power of two, see _highest
_RELEASE = 150.0 / SAMPLE_RATE  # dB a sample
_BETWEEN = 6  # samples on either side that decide the wave's height between two, as in BS.1770-4, annex 2
_POINTS = [_sinc(np.arange(1.0 - _BETWEEN, 1 + _BETWEEN) - point, _BETWEEN) for point in (0.25, 0.5, 0.75)]


def limited(blocks: Iterable[Block], gain: float, ceiling: float = CEILING) -> Iterator[Block]:
    """The same sound, `gain` dB louder, its true peaks softened to the ceiling."""
    return _in_time(blocks, _Limiter(gain, ceiling).hear, _Limiter.delay)


def exceeds(blocks: Iterable[Block], ceiling: float) -> bool:
    """Whether a sound has a true peak over so many dBTP."""
    last = np.zeros((2, 2 * _BETWEEN - 1), np.float32)
    for block in chain(blocks, [np.zeros((2, _BETWEEN), np.float32)]):
        samples = np.concatenate((last, block), axis=1)
        if _over(samples, ceiling).any():
            return True
        last = samples[:, 1 - 2 * _BETWEEN :]
    return False


class _Limiter:
    """Hands out as much as it hears, `delay` samples later: so far it looks ahead."""

    delay = _AHEAD - 1 + _BETWEEN

    def __init__(self, gain: float, ceiling: float) -> None:
        self._ceiling = ceiling
        self._level = np.float32(10 ** (gain / 20))
        self._samples = np.zeros((2, self.delay), np.float32)
        self._wanted = np.zeros(_AHEAD - 1)
        self._held = np.zeros(_AHEAD - 1)
        self._last = 0.0

    def hear(self, block: Block) -> Block:
        count = block.shape[1]
        samples = np.concatenate((self._samples, block * self._level), axis=1)
        self._samples = samples[:, count:]
        reduction = self._reduction(samples[:, 1 - 2 * _BETWEEN - count :])
        ready = samples[:, :count]
        return ready if reduction is None else ready * (10 ** (-reduction / 20)).astype(np.float32)

    def _reduction(self, samples: Block) -> NDArray[np.float64] | None:
        """By how many dB to soften the samples that are ready; None if not at all."""
        wanted = self._released(_over(samples, self._ceiling))
        if not (wanted.any() or self._wanted.any() or self._held.any()):
            return None
        wanted = np.concatenate((self._wanted, wanted))
        held = np.concatenate((self._held, _highest(wanted)))
        self._wanted, self._held = wanted[1 - _AHEAD :], held[1 - _AHEAD :]
        total = np.cumsum(held)
        return (total[_AHEAD - 1 :] - np.concatenate(([0.0], total[:-_AHEAD]))) / _AHEAD

    def _released(self, over: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same, but never falling faster than the release."""
        if not self._last and not over.any():
            return over
        fallen = np.arange(1, len(over) + 1) * _RELEASE
        wanted: NDArray[np.float64] = np.maximum.accumulate(np.maximum(over + fallen, self._last)) - fallen
        self._last = max(0.0, float(wanted[-1]))
        return np.maximum(wanted, 0)


def _over(samples: Block, ceiling: float) -> NDArray[np.float64]:
    """How many dB the louder side's true peak is over the ceiling at each sample but the first few and the last."""
    count = samples.shape[1] - 2 * _BETWEEN + 1
    allowed = 10 ** (ceiling / 20)
    # No wave is twice as high as its samples, except one made up for it.
    if not count or np.abs(samples).max() < allowed / 2:
        return np.zeros(count)
    height = np.abs(samples[:, _BETWEEN - 1 : _BETWEEN - 1 + count]).max(axis=0)
    for point in _POINTS:
        wave = cv2.filter2D(samples, -1, point, anchor=(0, 0))
        np.maximum(height, np.abs(wave[:, :count]).max(axis=0), out=height)
    over: NDArray[np.float64] = 20 * np.log10(np.maximum(height / allowed, 1, dtype=np.float64))
    return over


def _highest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The maximum over each `_AHEAD` neighbours: over two, over four, and so on."""
    width = 1
    while width < _AHEAD:
        values = np.maximum(values[width:], values[:-width])
        width *= 2
    return values
