"""Sounds that are like speech and like music; how loud a sound is, and a second opinion on its peaks."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import av.filter
import numpy as np

from media.recordings import Block, decode
from media.timeline import SAMPLE_RATE


def speech(seconds: float, seed: int = 0, *, dynamic: float = 1.0) -> Block:
    """Somebody who speaks: a voice of 120 Hz in syllables, with hisses, and a pause every other second.

    The higher `dynamic`, the further the peaks stand out.
    """
    noise = np.random.default_rng(seed).standard_normal(round(seconds * SAMPLE_RATE))
    hiss = np.diff(np.convolve(noise, np.hanning(8) / 3, "same"), prepend=0.0)
    time = np.arange(len(noise)) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(120 + 20 * np.sin(2 * np.pi * 0.7 * time + seed)) / SAMPLE_RATE
    voice = sum(np.sin(k * phase) / k**1.2 for k in range(1, 30))
    syllables = np.sin(2 * np.pi * 4 * time + seed)
    words = np.convolve(np.sin(2 * np.pi * 0.6 * time) > -0.6, np.hanning(2400) / 1200, "same")
    wave = (voice * np.clip(syllables, 0, 1) ** 0.7 + hiss * np.clip(-syllables, 0, 1) ** 4) * words
    wave /= np.abs(wave).max()
    return np.tile((np.sign(wave) * 0.7 * np.abs(wave) ** dynamic).astype(np.float32), (2, 1))


def song(seconds: float, seed: int = 0) -> Block:
    """A band: a chord that changes each second, and drums of noise four times a second; different on both sides."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    note = 110 * 2 ** ((np.floor(time) * 5 % 12) / 12)
    phase = 2 * np.pi * np.cumsum(note) / SAMPLE_RATE
    chord = np.stack([sum(np.sin(k * phase + side) / k for k in (1, 1.5, 2, 2.5, 3, 4)) for side in (0, 1)])
    drum = random.standard_normal((2, len(time))) * np.exp(-(time * 4 % 1) * 12)
    return (0.15 * chord + 0.12 * drum).astype(np.float32)


def drums(seconds: float, seed: int = 0) -> Block:
    """A kick and a hiss, four times a second and each fourth time hard: as far as peaks stand out of any music."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    since = time * 4 % 1 / 4
    hard = np.where(time * 4 % 4 < 1, 1.0, 0.3)
    hiss = np.random.default_rng(seed).standard_normal((2, len(time))) * np.exp(-since * 32) * hard
    return (0.2 * (hiss + np.sin(2 * np.pi * 60 * since) * np.exp(-since * 12))).astype(np.float32)


def in_blocks(samples: Block, size: int = SAMPLE_RATE) -> Iterator[Block]:
    """The same samples in blocks of a size."""
    return (samples[:, start : start + size] for start in range(0, samples.shape[1], size))


def joined(blocks: Iterator[Block]) -> Block:
    """All samples of the blocks."""
    return np.concatenate(list(blocks), axis=1)


def heard(file: bytes) -> Block:
    """What a player makes of a sound file."""
    return joined(decode(io.BytesIO(file)))


def judged(samples: Block) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, as libavfilter's `ebur128` measures both."""
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=Fraction(1, SAMPLE_RATE)),
        graph.add("ebur128", "metadata=1:peak=true:framelog=quiet"),
        graph.add("abuffersink"),
    ).configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), 0
    graph.push(frame)
    graph.push(None)
    integrated, peak = -70.0, 0.0
    try:
        while True:
            if said := graph.pull().metadata:
                integrated, peak = float(said["lavfi.r128.I"]), float(said["lavfi.r128.true_peak"])
    except av.EOFError:
        return integrated, float(20 * np.log10(max(peak, 1e-6)))
