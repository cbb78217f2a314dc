import tracemalloc
from itertools import repeat

import numpy as np
import pytest

from media import encoder
from media.loudness import CEILING, PEAK, TARGET, exceeds, limited, measure, normalised
from media.timeline import SAMPLE_RATE
from tests.media.hearing import drums, heard, in_blocks, joined, judged, song, speech

MATERIAL = {
    "speech": lambda: speech(6),
    "somebody loud and soft": lambda: speech(6, 1, dynamic=1.5),
    "a whisper": lambda: speech(6, 2) * 0.03,
    "three seconds": lambda: speech(3, 3),
    "a band": lambda: song(6),
    "a band, far too loud": lambda: np.clip(song(6, 1) * 20, -1, 1),
    "beyond the end of the meter's scale": lambda: np.clip(speech(6) * 10, -8, 8),
    "far beyond it": lambda: np.clip(speech(6) * 32_767, -8, 8),
    "drums": lambda: drums(6),
    "both": lambda: speech(6) + song(6) * 0.2,
}


def levelled(samples: np.ndarray) -> np.ndarray:
    """The same sound at the level of a film."""
    return joined(normalised(lambda: in_blocks(samples)))


@pytest.mark.parametrize("material", MATERIAL.values(), ids=MATERIAL)
def test_every_film_is_equally_loud(material):
    """Whatever came in, players get -16 LUFS and no true peak over -1 dBTP, as long as it was to the sample."""
    samples = material()
    made = levelled(samples)
    assert made.shape == samples.shape
    integrated, peak = judged(heard(encoder.encode_sound(in_blocks(made))))
    assert integrated == pytest.approx(TARGET, abs=0.5)
    assert peak <= PEAK


def test_what_needs_no_limiting_is_made_louder_and_nothing_else():
    """Speech whose peaks fit is multiplied by one number, and comes neither late nor early."""
    samples = speech(4) * 0.1
    made = levelled(samples)
    factor = float((made * samples).sum() / (samples**2).sum())
    assert np.abs(made - factor * samples).max() < 0.02 * np.abs(made).max()


@pytest.mark.parametrize("level", [0, 1e-3])
def test_silence_stays_silence(level):
    """Neither nothing nor the noise of a quiet room is amplified."""
    silence = speech(4) * np.float32(level)
    made = levelled(silence)
    assert made.shape == silence.shape
    assert np.abs(made).max() <= np.abs(silence).max() * 1.01


def test_a_few_bangs_are_not_crushed():
    """Where peaks alone would have to be loud, the film stays softer, and they under the ceiling."""
    bangs = np.zeros((2, 5 * SAMPLE_RATE), np.float32)
    bangs[:, ::SAMPLE_RATE] = 0.9
    integrated, peak = judged(levelled(bangs))
    assert integrated < TARGET - 5
    assert peak <= CEILING + 0.1


@pytest.mark.parametrize("length", [1, 800, 4_000, 19_199, 19_200, 30_000])
def test_the_shortest_films_are_levelled_too(length):
    """A film of less than the 400 ms that a measurement needs has its length and a sensible level."""
    samples = 0.01 * np.sin(np.arange(length, dtype=np.float32) / 10)[np.newaxis].repeat(2, axis=0)
    made = levelled(samples)
    assert made.shape == samples.shape
    assert np.isfinite(made).all()
    assert judged(made)[1] <= CEILING + 0.1


@pytest.mark.parametrize("size", [7, 255, 256, 4_800])
def test_how_the_sound_comes_in_does_not_matter(size):
    """In blocks of any size the same is heard."""
    samples = speech(0.5, dynamic=2) * 3
    pieces = joined(limited(in_blocks(samples, size), 6.0))
    assert np.allclose(pieces, joined(limited(iter([samples]), 6.0)), atol=1e-5)


@pytest.mark.parametrize("hertz", [55, 997, 6_000, 11_997])
def test_peaks_between_samples_are_limited(hertz):
    """A wave that is highest between two samples is kept under the ceiling there too."""
    wave = np.hanning(SAMPLE_RATE) * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE + 0.7)
    made = joined(limited(in_blocks(np.tile(wave.astype(np.float32), (2, 1))), 6.0))
    assert judged(made)[1] == pytest.approx(CEILING, abs=0.15)


def test_a_peak_between_samples_is_found_across_blocks():
    """A wave at a quarter of the sample rate is 3 dB higher than any sample of it, wherever it is cut."""
    wave = 0.9 * np.sin(np.pi / 2 * np.arange(4_800) + np.pi / 4) * np.hanning(4_800)
    for size in (5, 100, 4_800):
        blocks = list(in_blocks(np.tile(wave.astype(np.float32), (2, 1)), size))
        assert exceeds(blocks, -1.2)
        assert not exceeds(blocks, -0.8)


def test_the_limiter_is_gone_soon_after_a_peak():
    """It is down before the peak and back within a quarter of a second; what is far from peaks is as it was."""
    samples = np.full((2, SAMPLE_RATE), 0.1, np.float32)
    samples[:, SAMPLE_RATE // 2] = 2.0
    made = joined(limited(in_blocks(samples), 0.0))
    assert np.abs(made).max() <= 10 ** (CEILING / 20)
    assert np.array_equal(made[:, : SAMPLE_RATE // 2 - 600], samples[:, : SAMPLE_RATE // 2 - 600])
    assert np.array_equal(made[:, SAMPLE_RATE * 3 // 4 :], samples[:, SAMPLE_RATE * 3 // 4 :])
    assert np.abs(np.diff(np.delete(made, SAMPLE_RATE // 2, axis=1))).max() < 1e-3


def test_the_measure_is_that_of_the_standard():
    """A sine of 997 Hz at -20 dBFS on both sides is -20 LUFS (EBU Tech 3341, case 1 at another level)."""
    wave = 0.1 * np.sin(2 * np.pi * 997 * np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE)
    measured = measure(in_blocks(np.tile(wave.astype(np.float32), (2, 1))))
    assert measured.samples == 5 * SAMPLE_RATE
    assert measured.integrated == pytest.approx(-20, abs=0.1)
    assert measured.peak == pytest.approx(-20, abs=0.01)
    assert measure(iter(())).silent


def test_two_minutes_take_no_more_memory_than_twelve_seconds():
    """What is held at a time does not grow with the film."""
    second = speech(1)

    def peak(seconds: int) -> int:
        tracemalloc.start()
        for _ in normalised(lambda: repeat(second, seconds)):
            pass
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    assert peak(120) < peak(12) * 1.1
