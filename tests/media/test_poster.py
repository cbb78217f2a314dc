"""The picture that stands for a film."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.cache import ChunkCache
from media.chunks import plan
from media.exceptions import ImageUnreadable
from media.files import digest_of
from media.poster import DrawPoster
from media.render import render
from media.testing import make_picture
from media.timeline import Segment, Timeline, Transition, TransitionKind

BLACK = Transition(TransitionKind.FADE_BLACK, 10.0)


def film(folder: Path, *, size: tuple[int, int] = (160, 90), caption: str = "") -> Timeline:
    """A red segment that gives way to a blue one through as much black as there can be."""
    colours = ((200, 30, 30), (30, 30, 200))
    pictures = [make_picture(folder / f"{n}.png", colour=colour) for n, colour in enumerate(colours)]
    segments = (Segment(str(n), path, 1.0, caption=caption, transition=BLACK) for n, path in enumerate(pictures))
    return Timeline(*size, 10, tuple(segments))


def poster(timeline: Timeline) -> DrawPoster:
    """The poster's task."""
    return DrawPoster.of(plan(timeline, [digest_of(Path(str(part.image))) for part in timeline.segments]))


def drawn(timeline: Timeline) -> Image.Image:
    """The poster itself."""
    return Image.open(io.BytesIO(poster(timeline).run(lambda _: None)))


def test_it_shows_the_first_segment_without_a_transition(tmp_path: Path) -> None:
    """All of it red, though the film is on its way into black there."""
    pixels = np.asarray(drawn(film(tmp_path))).reshape(-1, 3)
    assert np.abs(pixels.mean(axis=0) - (200, 30, 30)).max() < 8


def test_it_has_the_caption_on(tmp_path: Path) -> None:
    """A poster looks as the film does."""
    plain, captioned = (np.asarray(drawn(film(tmp_path, caption=text)), np.int16) for text in ("", "Hello"))
    assert np.abs(captioned - plain).max() > 100


@pytest.mark.parametrize(
    ("size", "expected"), [((160, 90), (160, 90)), ((1920, 1080), (1280, 720)), ((1080, 1920), (1080, 1920))]
)
def test_it_is_no_wider_than_1280_pixels(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    """Larger films are scaled down in their shape, smaller ones never up."""
    assert drawn(film(tmp_path, size=size)).size == expected


def test_its_name_is_that_of_its_pixels(tmp_path: Path) -> None:
    """What happens after the first segment leaves it as it is; another caption on it does not."""
    timeline = film(tmp_path)
    first, second = timeline.segments
    changed = replace(timeline, segments=(first, replace(second, caption="Another")))
    assert poster(changed).key == poster(timeline).key
    changed = replace(timeline, segments=(replace(first, caption="Another"), second))
    assert poster(changed).key != poster(timeline).key


def test_a_lost_picture_is_blamed_on_its_segment(tmp_path: Path) -> None:
    """As the same frame would be in the film."""
    task = poster(film(tmp_path))
    (tmp_path / "0.png").unlink()
    with pytest.raises(ImageUnreadable) as error:
        task.run(lambda _: None)
    assert task.blame(error.value).segment_id == "0"


def test_it_lies_beside_the_film_only_if_asked_for(tmp_path: Path, cache: ChunkCache) -> None:
    """A film of one's own folder gets no files that nobody named; drawn once, the poster comes from the cache."""
    timeline, output = film(tmp_path, caption="Hello"), tmp_path / "out" / "final.mp4"
    render(timeline, output, cache=cache)
    assert [path.name for path in output.parent.iterdir()] == ["final.mp4"]
    render(timeline, output, cache=cache, companions=True)
    names = ["captions.srt", "captions.vtt", "chapters.vtt", "final.mp4", "poster.jpg"]
    assert sorted(path.name for path in output.parent.iterdir()) == names
    assert poster(timeline).key in cache
