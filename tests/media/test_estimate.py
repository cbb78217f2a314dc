"""What a render would take, from what this machine's renders took."""

from dataclasses import replace
from pathlib import Path

import pytest

from media.cache import ChunkCache
from media.effort import of_joining
from media.encoder import DRAFT, STANDARD
from media.estimate import estimate
from media.exceptions import ImageUnreadable
from media.paces import Pace, PaceBook
from media.progress import Progress
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


def test_a_render_adds_its_pace(tmp_path: Path, cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """The next one begins with it. One that had little to do has bytes to tell of, but no pace."""
    timeline = make_film(0.4, 0.4, motion=Motion.PAN_LEFT)
    told: list[Progress] = []
    first = render(timeline, tmp_path / "film.mp4", cache=cache, paces=book, on_progress=told.append)
    assert told[0].eta_seconds is None
    cold, _ = book.pace(timeline, STANDARD)
    assert cold.work == pytest.approx(work(timeline))
    assert cold.seconds > 0
    assert (cold.pixels, cold.bytes) == (12 * 160 * 90, first.bytes)
    render(timeline, tmp_path / "film.mp4", cache=ChunkCache(tmp_path), paces=book, on_progress=told.append)
    both, scaled = PaceBook(book.path).pace(timeline, STANDARD)
    assert both.work == pytest.approx(2 * work(timeline))
    assert (both.pixels, scaled) == (24 * 160 * 90, False)
    assert any(moment.overall == 0 and moment.eta_seconds == round(cold.seconds, 1) for moment in told)
    render(timeline, tmp_path / "film.mp4", cache=cache, paces=book)
    unchanged, _ = book.pace(timeline, STANDARD)
    assert (unchanged.work, unchanged.seconds, unchanged.pixels) == (both.work, both.seconds, 36 * 160 * 90)


def test_a_pace_that_cant_be_kept_costs_no_film(
    tmp_path: Path, cache: ChunkCache, book: PaceBook, make_film: FilmMaker, caplog: pytest.LogCaptureFixture
) -> None:
    """The film is there, and the log says what is not."""
    (book.path / "full").mkdir(parents=True)
    render(make_film(0.4), tmp_path / "film.mp4", cache=cache, paces=book)
    assert (tmp_path / "film.mp4").exists()
    assert "can't be read" in caplog.text
    assert "can't be remembered" in caplog.text


def work(timeline: Timeline) -> float:
    """All that a render has to do for it, where nothing is cached."""
    return Film(timeline).meter(()).work_left()


def test_the_estimate_is_the_pace_of_the_renders_before(
    cache: ChunkCache, book: PaceBook, make_film: FilmMaker
) -> None:
    """Work takes as long as it took, and films are as large; a book opened anew says the same."""
    timeline = make_film(2.0)
    book.add(timeline, STANDARD, Pace(work=work(timeline), seconds=10, pixels=2 * timeline.pixels, bytes=50_000))
    for opened in (book, PaceBook(book.path)):
        said = estimate(timeline, quality=STANDARD, cache=cache, book=opened)
        assert (said.estimated_seconds, said.estimated_bytes, said.scaled) == (10.0, 25_000, False)


def test_sound_that_is_to_be_mixed_takes_its_time(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """Where every picture is cached, an estimate is that of the sound; where the sound is, too, that of joining."""
    timeline = make_film(2.0)
    render(timeline, book.path.with_name("film.mp4"), cache=cache)
    book.add(timeline, STANDARD, Pace(work=of_joining(2.0), seconds=3))
    assert estimate(timeline, quality=STANDARD, cache=cache, book=book).estimated_seconds == 3.0
    music = replace(timeline, music=timeline.segments[0].audio)
    said = estimate(music, quality=STANDARD, cache=cache, book=book)
    mixing = Film(music).sound.effort / of_joining(2.0) * 3
    assert (said.cached_frames, said.estimated_seconds) == (30, pytest.approx(mixing + 3, abs=0.05))


def test_another_size_counts_by_its_pixels(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """A film of four times the pixels is four times as large, and takes as long as its work does."""
    small = make_film(2.0)
    book.add(small, STANDARD, Pace(work=work(small), seconds=10, pixels=small.pixels, bytes=50_000))
    large = replace(small, width=320, height=180)
    said = estimate(large, quality=STANDARD, cache=cache, book=book)
    assert said.estimated_seconds == pytest.approx(10 * work(large) / work(small), abs=0.05)
    assert (said.estimated_bytes, said.scaled) == (200_000, True)


def test_another_quality_counts_by_its_work(cache: ChunkCache, book: PaceBook, make_film: FilmMaker) -> None:
    """Of a quality that was never rendered the time can be told, but not the size; once it was, both are its own."""
    film = make_film(2.0)
    book.add(film, STANDARD, Pace(work=work(film), seconds=10, pixels=film.pixels, bytes=50_000))
    said = estimate(film, quality=DRAFT, cache=cache, book=book)
    share = Film(film, DRAFT).meter(()).work_left() / work(film)
    assert said.estimated_seconds == pytest.approx(10 * share, abs=0.05)
    assert (said.estimated_bytes, said.scaled) == (None, True)
    large = replace(film, width=320, height=180)
    book.add(large, DRAFT, Pace(work=1, seconds=1, pixels=large.pixels, bytes=100_000))
    assert estimate(film, quality=DRAFT, cache=cache, book=book).estimated_bytes == 25_000


def test_old_renders_fade(book: PaceBook, make_film: FilmMaker) -> None:
    """However long a machine was slow, some long films later it is as fast as it is now."""
    timeline = make_film(1.0)
    for _ in range(100):
        book.add(timeline, STANDARD, Pace(1e10, 10_000, 1e10, 0))
    for _ in range(20):
        book.add(timeline, STANDARD, Pace(1e10, 100, 1e10, 0))
    pace, _ = book.pace(timeline, STANDARD)
    assert pace.work / pace.seconds > 5e7


DAMAGED = [
    *(b"", b"{", b"[1]", b"\xff", b"[" * 100_000, b'{"a": 1}', b'{"1x1 1 draft libx264": {"speed": 3}}'),
    *(b'{"1x1 1 draft libx264": {"work": %s}}' % wrong for wrong in (b'"x"', b"null", b"-1", b"NaN", b"1e999")),
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_book_is_begun_anew(book: PaceBook, make_film: FilmMaker, content: bytes) -> None:
    """It is worth no render."""
    book.path.parent.mkdir()
    book.path.write_bytes(content)
    timeline = make_film(1.0)
    assert book.pace(timeline, STANDARD) == (Pace(), True)
    book.add(timeline, STANDARD, Pace(1, 1, 1, 1))
    assert book.pace(timeline, STANDARD) == (Pace(1, 1, 1, 1), False)


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
