from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from media.files import digest_of
from media.music import Bed
from media.recordings import Block, Recording
from media.testing import write_sound
from media.timeline import SAMPLE_RATE
from tests.media.hearing import in_blocks, joined, judged, song, speech


@pytest.fixture
def band(tmp_path: Path) -> Recording:
    """Ten seconds of music."""
    return recorded(tmp_path / "band.wav", song(10))


def recorded(path: Path, samples: Block) -> Recording:
    """A recording of these samples."""
    write_sound(path, samples)
    return Recording(path, digest_of(path), "music")


def nobody() -> Iterator[Block]:
    """A film in which nobody speaks."""
    return iter(())


def played(recording: Recording, seconds: float, voices: Block | None = None) -> Block:
    """The music as it goes under a film of so many seconds."""
    spoken = nobody() if voices is None else in_blocks(voices)
    return joined(Bed.under(spoken, recording, round(seconds * SAMPLE_RATE)).play())


def course(samples: Block, seconds: float = 0.1) -> np.ndarray:
    """The level in dB of one stretch of so many seconds after another."""
    size = round(seconds * SAMPLE_RATE)
    whole = samples[:, : samples.shape[1] // size * size].reshape(2, -1, size).astype(np.float64)
    return 10 * np.log10((whole**2).mean(axis=(0, 2)) + 1e-12)


def said(seconds: float, *when: tuple[float, float]) -> Block:
    """A voice that is heard from one second to another, and room noise at all times."""
    voice = np.random.default_rng(0).standard_normal((2, round(seconds * SAMPLE_RATE))).astype(np.float32) * 2e-4
    for start, end in when:
        heard = slice(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE))
        voice[:, heard] += np.tile(0.2 * np.sin(np.arange(heard.stop - heard.start) / 30), (2, 1)).astype(np.float32)
    return voice


def steady(path: Path, seconds: float = 30) -> Recording:
    """Music that is always equally loud: noise."""
    noise = np.random.default_rng(1).standard_normal((2, round(seconds * SAMPLE_RATE))) * 0.1
    return recorded(path, noise.astype(np.float32))


def test_music_is_cut_to_the_film_and_fades(band):
    """It comes in softly and is gone at the end, as long as the film to the sample."""
    music = played(band, 6.3)
    assert music.shape == (2, round(6.3 * SAMPLE_RATE))
    levels = course(music, 0.05)
    assert levels[0] < levels[30:60].max() - 20
    assert levels[-1] < levels[30:60].max() - 40
    assert np.abs(music[:, [0, -1]]).max() < 1e-4


def test_music_that_is_shorter_is_repeated_without_a_seam(tmp_path: Path):
    """Where the music begins again, it neither stops nor clicks nor changes its level."""
    music = played(steady(tmp_path / "noise.wav", 2.5), 12)
    assert np.ptp(course(music)[10:-20]) < 1.0


def test_a_wave_that_is_repeated_does_not_click(tmp_path: Path):
    """The step from sample to sample is never larger than the wave's own, at no place where it is joined."""
    time = np.arange(round(1.7 * SAMPLE_RATE)) / SAMPLE_RATE
    wave = np.tile(0.5 * np.sin(2 * np.pi * 211 * time), (2, 1)).astype(np.float32)
    music = played(recorded(tmp_path / "wave.wav", wave), 10)
    assert np.abs(np.diff(music)).max() <= np.abs(np.diff(wave)).max() * np.sqrt(2)


@pytest.mark.parametrize("length", [1, 500, 5_000, 60_000])
def test_the_shortest_music_goes_under_any_film(tmp_path: Path, length):
    """A blip is repeated each second; nothing is too short to be repeated, and no film too short for music."""
    blip = recorded(tmp_path / "blip.wav", np.full((2, length), 0.5, np.float32))
    for samples in (1, 999, 3 * SAMPLE_RATE):
        assert played(blip, samples / SAMPLE_RATE).shape == (2, samples)


def test_music_makes_way_before_somebody_speaks(tmp_path: Path):
    """It is 14 dB lower from the first word to the last, and at its own level long before and after."""
    levels = course(played(steady(tmp_path / "noise.wav"), 16, said(16, (6, 9))))
    alone = np.median(levels[20:50])
    assert levels[60:90] == pytest.approx(alone - 14, abs=0.7)
    assert levels[20:55] == pytest.approx(alone, abs=0.7)
    assert levels[110:138] == pytest.approx(alone, abs=0.7)


def test_music_goes_down_and_comes_back_gently(tmp_path: Path):
    """Never by more than 6 dB in a tenth of a second on the way down, and 2 on the way up."""
    levels = course(played(steady(tmp_path / "noise.wav"), 16, said(16, (6, 9))))
    steps = np.diff(levels[15:138])
    assert steps.min() > -6
    assert steps.max() < 2


def test_music_does_not_pump_between_words_nor_in_silence(tmp_path: Path):
    """A pause for breath leaves it down; the noise of a room, however it swells, does not touch it."""
    levels = course(played(steady(tmp_path / "noise.wav"), 16, said(16, (4, 5), (5.4, 6.5), (6.9, 8))))
    assert np.ptp(levels[40:80]) < 1.0
    assert np.ptp(levels[12:36]) < 1.0
    assert np.ptp(levels[100:138]) < 1.0


@pytest.mark.parametrize(("voice", "music"), [(1.0, 0.05), (0.05, 1.0), (1.0, 1.0)])
def test_speech_stands_20_db_over_the_music_however_they_were_recorded(tmp_path: Path, voice, music):
    """A soft voice under loud music is understood as well as a loud one over soft music."""
    spoken = speech(10) * voice
    under = played(recorded(tmp_path / "m.wav", song(10) * music), 10, spoken)
    middle = slice(3 * SAMPLE_RATE, 8 * SAMPLE_RATE)
    assert judged(spoken[:, middle])[0] - judged(under[:, middle])[0] == pytest.approx(20, abs=2.5)


def test_silent_music_stays_silent(tmp_path: Path):
    """Music that holds nothing is not amplified under speech."""
    nothing = recorded(tmp_path / "m.wav", np.zeros((2, SAMPLE_RATE), np.float32))
    assert not played(nothing, 4, speech(4)).any()
