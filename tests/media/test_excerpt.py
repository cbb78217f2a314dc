"""One segment of a film, joined from the parts that are finished."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from media.cache import ChunkCache
from media.encoder import DRAFT, STANDARD
from media.exceptions import EncoderFailed
from media.excerpt import excerpt
from media.progress import Progress
from media.render import render
from media.timeline import Timeline

from .conftest import FilmMaker


def test_a_segment_is_a_video_of_its_own(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """It has the segment's frames, and the film's sound for as long; every frame and sample decodes."""
    timeline = make_film(0.4, 0.8, 0.4)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    found = excerpt(timeline, 1, quality=STANDARD, cache=cache)
    assert found is not None
    found.write(tmp_path / "segment.mp4", cache)
    with av.open(tmp_path / "segment.mp4") as container:
        assert sum(1 for _ in container.decode(video=0)) == 12
        container.seek(0)
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / 48_000 == pytest.approx(0.8, abs=0.05)


def test_what_is_not_rendered_is_not_there(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """Neither before the render, nor after a change of that segment, nor at another quality."""
    timeline = make_film(0.4, 0.4)
    assert excerpt(timeline, 0, quality=STANDARD, cache=cache) is None
    render(timeline, tmp_path / "film.mp4", cache=cache)
    first, second = timeline.segments
    changed = replace(timeline, segments=(first, replace(second, caption="Another")))
    assert excerpt(changed, 1, quality=STANDARD, cache=cache) is None
    assert excerpt(changed, 0, quality=DRAFT, cache=cache) is None
    still = excerpt(changed, 0, quality=STANDARD, cache=cache)
    assert still is not None
    assert still.chunks[0].key == excerpt_key(timeline, cache)


def excerpt_key(timeline: Timeline, cache: ChunkCache) -> str:
    """The name of the first segment's first part."""
    found = excerpt(timeline, 0, quality=STANDARD, cache=cache)
    assert found is not None
    return found.chunks[0].key


def test_a_segment_may_be_shorter_than_a_piece_of_the_sound(
    tmp_path: Path, cache: ChunkCache, make_film: FilmMaker
) -> None:
    """Each of some single frames, most of which begin and end inside a packet, is a video of that frame."""
    timeline = replace(make_film(*[1 / 60] * 6), framerate=60)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    for index in range(6):
        found = excerpt(timeline, index, quality=STANDARD, cache=cache)
        assert found is not None
        found.write(tmp_path / "segment.mp4", cache)
        with av.open(tmp_path / "segment.mp4") as container:
            assert sum(1 for _ in container.decode(video=0)) == 1


def test_a_sound_that_left_is_not_taken_for_silence(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """What is named after its sound has it, or isn't written."""
    timeline = make_film(0.4)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    found = excerpt(timeline, 0, quality=STANDARD, cache=cache)
    assert found is not None
    assert found.sound is not None
    for part in (tmp_path / "cache").rglob(found.sound):
        part.write_bytes(b"damaged")
    with pytest.raises(EncoderFailed):
        found.write(tmp_path / "segment.mp4", cache)
    assert not (tmp_path / "segment.mp4").exists()


def test_a_segment_is_there_once_all_of_it_counts(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """Whoever hears that all of a segment is rendered can have it at that moment."""
    timeline = make_film(0.4, 5.0, 0.1)
    there: dict[int, bool] = {}

    def see(progress: Progress) -> None:
        for index, share in enumerate(progress.segments):
            if share == 100 and index not in there:
                there[index] = excerpt(timeline, index, quality=STANDARD, cache=cache) is not None

    render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=see)
    assert there == {0: True, 1: True, 2: True}


def test_a_segment_is_there_before_the_sound_is(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """Then it is silent."""
    timeline = make_film(0.4)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    found = excerpt(timeline, 0, quality=STANDARD, cache=cache)
    assert found is not None
    replace(found, sound=None).write(tmp_path / "silent.mp4", cache)
    with av.open(tmp_path / "silent.mp4") as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert sum(1 for _ in container.decode(video=0)) == 6
