"""Small films of real files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media.cache import ChunkCache
from media.testing import make_picture, make_tone
from media.timeline import Motion, Segment, Timeline

FilmMaker = Callable[..., Timeline]


@pytest.fixture
def cache(tmp_path: Path) -> ChunkCache:
    """An empty cache."""
    return ChunkCache(tmp_path / "cache")


@pytest.fixture
def make_film(tmp_path: Path) -> FilmMaker:
    """Makes timelines of one segment for each of `seconds`, with pictures, tones and captions."""

    def make(
        *seconds: float, size: tuple[int, int] = (160, 90), framerate: int = 15, motion: Motion = Motion.AUTO
    ) -> Timeline:
        segments = []
        for number, length in enumerate(seconds):
            picture = make_picture(tmp_path / f"{number}.png", width=320, height=200, seed=number)
            tone = make_tone(tmp_path / f"{number}.wav", seconds=length, hertz=300 + 100 * number)
            segments.append(Segment(f"id-{number}", picture, length, tone, f"Caption {number}", motion))
        return Timeline(*size, framerate, tuple(segments))

    return make
