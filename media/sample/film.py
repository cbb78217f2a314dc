"""The sample film: six painted places from dawn to deep night, and a chord for each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from media.sample import places
from media.sample.brushes import Canvas, develop, fraction
from media.testing import Samples, write_sound


@dataclass(frozen=True, slots=True)
class SampleSegment:
    """One segment of the sample film, its files written."""

    image: Path
    audio: Path
    caption: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One place: how it is painted, what is said of it, which notes (MIDI numbers) sound for how long."""

    name: str
    caption: str
    paint: Callable[[int, int, Generator], Canvas]
    notes: tuple[int, ...]
    seconds: float


SCENES = (
    Scene("sea", "First light finds the edge of the sea.", places.sea_at_dawn, (48, 55, 64, 67, 71, 74), 4.5),
    Scene(
        "forest",
        "The forest wakes slowly, row behind row.",
        places.forest_in_fog,
        (45, 52, 60, 64, 67, 71),
        4.5,
    ),
    Scene(
        "dunes",
        "By evening the wind has drawn new lines.",
        places.dunes_at_dusk,
        (41, 53, 57, 60, 64, 67),
        4.5,
    ),
    Scene("city", "Then the city lights stars of its own.", places.city_lights, (43, 50, 59, 62, 66, 69), 4.5),
    Scene("aurora", "Further north, the dark takes on colour.", places.aurora, (40, 52, 59, 62, 67, 71), 4.5),
    Scene(
        "stars",
        "And above it all, everything keeps turning.",
        places.milky_way,
        (36, 48, 55, 62, 64, 71, 76),
        5.0,
    ),
)


def make_sample(
    folder: Path, *, width: int = 1920, height: int = 1152, scenes: tuple[Scene, ...] = SCENES, seed: int = 5
) -> list[SampleSegment]:
    """Paint the pictures and write the chords into `folder`; the same seed makes the same files."""
    folder.mkdir(parents=True, exist_ok=True)

    def make(index: int, scene: Scene) -> SampleSegment:
        random = np.random.default_rng((seed, index))
        image = folder / f"{index + 1} {scene.name}.jpg"
        develop(scene.paint(width, height, random), random).save(image, quality=92, subsampling=0)
        audio = write_sound(image.with_suffix(".m4a"), chord(scene.notes, scene.seconds, random))
        return SampleSegment(image, audio, scene.caption)

    # numpy and OpenCV let go of the interpreter while they paint.
    with ThreadPoolExecutor() as painters:
        return list(painters.map(make, range(len(scenes)), scenes))


def chord(notes: tuple[int, ...], seconds: float, random: Generator, rate: int = 48_000) -> Samples:
    """Strike `notes` one after the other, a felt piano over a soft pad; in stereo."""
    length = round(seconds * rate)
    time = np.arange(length, dtype=np.float64) / rate
    sound: NDArray[Any] = np.zeros((2, length), np.float32)
    for order, note in enumerate(notes):
        hertz = 440.0 * 2 ** ((note - 69) / 12)
        begun = np.clip(time - 0.13 * order, 0, None)
        since = begun.astype(np.float32)
        strike = np.minimum(since / 0.012, 1) * np.exp(-since * (0.9 + hertz / 700))
        pad = np.minimum(since / 0.9, 1) * 0.30
        dying = [np.exp(-since * 1.6 * k) / k**1.7 for k in range(1, 7)]
        pan = 0.5 + 0.32 * (-1) ** order * order / len(notes)
        for side, loud in enumerate((1 - pan, pan)):
            detuned = hertz * (1 + (side - 0.5) * 0.0012)
            # Sines of float32 are far faster, and exact enough only within the first few turns.
            turns = detuned * begun + random.uniform(0, 0.4) / (2 * np.pi)
            phase = (2 * np.pi * fraction(turns)).astype(np.float32)
            harmonics = [np.sin(phase * k) for k in range(1, 7)]
            felt = sum(sine * decay for sine, decay in zip(harmonics, dying, strict=True))
            sound[side] += loud * (strike * felt + pad * (harmonics[0] + 0.18 * harmonics[1]))
    sound = 0.72 * sound + 0.55 * _hall(sound, rate, random)
    # A segment begins and ends in silence, so that chords meet without a click.
    sound *= np.minimum(time / 0.02, 1) * np.clip((seconds - time) / 0.7, 0, 1) ** 1.5
    return np.asarray(sound * (0.42 / np.abs(sound).max()), np.float32)


def _hall(sound: NDArray[Any], rate: int, random: Generator) -> NDArray[Any]:
    """The sound's echo in a hall: noise that dies away over a second and a half, convolved."""
    length = sound.shape[1]
    time = np.arange(round(1.5 * rate)) / rate
    fading = np.exp(-time * 4.2) * np.minimum(time / 0.03, 1)
    tail = (random.normal(0, 1, (2, len(time))) * fading).astype(np.float32)
    size = length + len(time)
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:, :length]
    echo: NDArray[Any] = wet * (np.abs(sound).max() / np.abs(wet).max())
    return echo
