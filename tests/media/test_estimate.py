"""What a render would take, from what this machine's renders took."""

from dataclasses import replace
from pathlib import Path

import pytest

from media.cache import ChunkCache
from media.effort import of_frame
from media.encoder import DRAFT, STANDARD
from media.estimate import Pace, PaceBook, Stopwatch, estimate
from media.exceptions import ImageUnreadable
from media.render import Film, render
from media.testing import make_picture
from media.timeline import Motion, Timeline

from .conftest import FilmMaker


@pytest.fixture
def book(tmp_path: Path) -> PaceBook:
    """A machine that has rendered nothing yet."""
    return PaceBook(tmp_path / "data" / "paces.json")


def test_what_is_cached_is_what_a_render_finds_cached(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """The estimate counts as the render does, before and after a change."""
    timeline = make_film(0.4, 0.4, 0.4)
    before = estimate(timeline, quality=STANDARD, cache=cache, book=book)
    assert (before.frames, before.cached_frames, before.cached_segments) == (18, 0, 0)
    assert (before.estimated_seconds, before.estimated_bytes) == (None, None)
    render(timeline, book.path.with_name("film.mp4"), cache=cache)
    after = estimate(timeline, quality=STANDARD, cache=cache, book=book)
    assert (after.cached_frames, after.cached_segments) == (18, 3)
    first, *others = timeline.segments
    changed = replace(timeline, segments=(replace(first, caption="Another"), *others))
    assert estimate(changed, quality=STANDARD, cache=cache, book=book).cached_segments == 2
    assert estimate(timeline, quality=DRAFT, cache=cache, book=book).cached_segments == 0


def test_a_stopwatch_leaves_out_what_was_cached(tmp_path: Path, cache: ChunkCache, make_film: FilmMaker) -> None:
    """Its own clock tells the frames that were rendered from those that were there; joining is timed apart."""
    timeline = make_film(0.4, 0.4, motion=Motion.PAN_LEFT)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    first, second = timeline.segments
    times = iter(range(10_000))
    watch = Stopwatch(lambda: next(times))
    changed = replace(timeline, segments=(first, replace(second, caption="Another")))
    rendered = render(changed, tmp_path / "film.mp4", cache=cache, on_progress=watch.see)
    pace = watch.pace(rendered.frames, rendered.bytes)
    assert (pace.rendered, pace.joined, pace.bytes) == (pytest.approx(6), 12, rendered.bytes)
    assert pace.rendering > 0
    assert pace.joining > 0
    unchanged = Stopwatch()
    render(changed, tmp_path / "film.mp4", cache=cache, on_progress=unchanged.see)
    assert unchanged.pace(12, 100).rendering == 0


def work(timeline: Timeline) -> float:
    """All that is to draw, to encode and to mix, in frames of a pan."""
    film = Film(timeline)
    efforts = [*(chunk.effort for chunk in film.chunks), film.sound.effort]
    return sum(efforts) / of_frame(timeline.width, timeline.height, STANDARD)


def test_the_estimate_is_the_pace_of_the_renders_before(
    cache: ChunkCache, book: PaceBook, make_film: FilmMaker
) -> None:
    """What is to render and what is to join cost what they cost; a book opened anew says the same."""
    timeline = make_film(2.0)
    book.add(timeline, STANDARD, Pace(rendered=100, rendering=10, joined=100, joining=1, bytes=50_000))
    for opened in (book, PaceBook(book.path)):
        said = estimate(timeline, quality=STANDARD, cache=cache, book=opened)
        assert said.estimated_seconds == pytest.approx(work(timeline) * 0.1 + 30 * 0.01, abs=0.05)
        assert said.estimated_bytes == 15_000
        assert said.scaled is False


def test_sound_that_is_to_be_mixed_takes_its_time(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """Where every picture is cached, an estimate is that of the sound; where the sound is, too, that of joining."""
    timeline = make_film(2.0)
    film = book.path.with_name("film.mp4")
    render(timeline, film, cache=cache)
    book.add(timeline, STANDARD, Pace(rendered=100, rendering=100, joined=100, joining=1, bytes=50_000))
    assert estimate(timeline, quality=STANDARD, cache=cache, book=book).estimated_seconds == 0.3
    music = replace(timeline, music=timeline.segments[0].audio)
    said = estimate(music, quality=STANDARD, cache=cache, book=book)
    mixing = Film(music).sound.effort / of_frame(160, 90, STANDARD)
    assert (said.cached_frames, said.estimated_seconds) == (30, pytest.approx(mixing + 0.3, abs=0.05))


def test_another_size_counts_by_its_pixels(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """A frame four times as large takes four times as long; another quality stays unknown."""
    small = make_film(2.0)
    book.add(small, STANDARD, Pace(rendered=100, rendering=10, joined=100, joining=1, bytes=50_000))
    large = replace(small, width=320, height=180)
    said = estimate(large, quality=STANDARD, cache=cache, book=book)
    assert said.estimated_seconds == pytest.approx(4 * (work(large) * 0.1 + 30 * 0.01), abs=0.05)
    assert said.estimated_bytes == 60_000
    assert said.scaled is True
    assert estimate(small, quality=DRAFT, cache=cache, book=book).estimated_seconds is None


def test_old_renders_fade(book: PaceBook, make_film: FilmMaker) -> None:
    """However long a machine was slow, some long films later it is as fast as it is now."""
    timeline = make_film(1.0)
    for _ in range(100):
        book.add(timeline, STANDARD, Pace(10_000, 10_000, 10_000, 0, 0))
    for _ in range(20):
        book.add(timeline, STANDARD, Pace(10_000, 100, 10_000, 0, 0))
    pace, _ = book.pace(timeline, STANDARD)
    assert pace.rendered / pace.rendering > 50


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": 1}', b'{"1x1 1 draft": {"speed": 3}}', b"\xff"])
def test_a_damaged_book_is_begun_anew(book: PaceBook, make_film: FilmMaker, content: bytes) -> None:
    """It is worth no render."""
    book.path.parent.mkdir()
    book.path.write_bytes(content)
    timeline = make_film(1.0)
    assert book.pace(timeline, STANDARD) == (Pace(), True)
    book.add(timeline, STANDARD, Pace(1, 1, 1, 1, 1))
    assert book.pace(timeline, STANDARD) == (Pace(1, 1, 1, 1, 1), False)


def test_a_replaced_picture_is_read_again(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """Digests are remembered only as long as the file stays as it is."""
    timeline = make_film(0.4)
    render(timeline, book.path.with_name("film.mp4"), cache=cache)
    assert estimate(timeline, quality=STANDARD, cache=cache, book=book).cached_segments == 1
    make_picture(Path(str(timeline.segments[0].image)), width=300, height=200, seed=9)
    assert estimate(timeline, quality=STANDARD, cache=cache, book=book).cached_segments == 0


def test_a_lost_picture_is_named(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """With its segment, as the render would."""
    timeline = make_film(0.4, 0.4)
    Path(str(timeline.segments[1].image)).unlink()
    with pytest.raises(ImageUnreadable) as error:
        estimate(timeline, quality=STANDARD, cache=cache, book=book)
    assert (error.value.segment_id, error.value.segment_index) == ("id-1", 1)
