"""Faults in the middle of a render. `make faults` repeats the random ones a hundred times."""

import os
import random
import threading
from pathlib import Path

import psutil
import pytest

from media.cache import ChunkCache
from media.exceptions import DiskFull, EncoderFailed, RenderCancelled
from media.progress import Progress
from media.render import render
from media.workers import Worker
from tests.disks import little_room, no_more_entries, small_disk, temporary

from .conftest import FilmMaker
from .processes import workers

ROUNDS = 100 if os.environ.get("RUSHES_SOAK") else 5


def test_a_disk_that_fills_up_in_the_middle_of_a_chunk_is_said(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """When a finished chunk can't be stored the render fails with advice; the next one needs only what is missing."""
    timeline, film = make_film(1.0, 1.0), tmp_path / "film.mp4"
    with little_room(600), pytest.raises(DiskFull, match="Free some space"):
        render(timeline, film, cache=cache, preview=tmp_path / "preview.jpg")
    assert not film.exists()
    assert temporary(tmp_path) == []
    assert render(timeline, film, cache=cache).frames == 30


def test_a_disk_that_fills_up_in_the_middle_of_joining_leaves_the_earlier_film(
    make_film: FilmMaker, cache: ChunkCache, tmp_path: Path
):
    """When the film can't be written whole the earlier one stays, and every finished chunk is kept."""
    timeline, film = make_film(1.0, 1.0), tmp_path / "film.mp4"
    size = render(timeline, film, cache=cache).bytes
    earlier = film.read_bytes()
    seen: list[Progress] = []
    with little_room(size * 2 // 3), pytest.raises(DiskFull):
        render(timeline, film, cache=cache, on_progress=seen.append)
    assert seen[0].rendered_frames == seen[0].total_frames
    assert film.read_bytes() == earlier
    assert temporary(tmp_path) == []


def test_a_disk_on_which_no_file_can_be_made_is_said(make_film: FilmMaker, tmp_path: Path):
    """Where there is room for not one name more the render fails with advice; with some it goes on."""
    timeline = make_film(0.5)
    with small_disk(tmp_path / "disk") as disk:
        film, cache = disk / "films" / "film.mp4", ChunkCache(disk / "cache")
        with no_more_entries(disk), pytest.raises(DiskFull, match="Free some space"):
            render(timeline, film, cache=cache)
        (disk / "cache").mkdir()
        spare = disk / "spare"
        spare.touch()
        with no_more_entries(disk):
            spare.unlink()  # enough for the list of what is used, but for no part of it
            with pytest.raises(DiskFull, match="Free some space"):
                render(timeline, film, cache=cache)
        assert sorted(path.name for path in disk.rglob("*")) == ["cache"]
        assert render(timeline, film, cache=cache).frames == 8


@pytest.mark.timeout(900)
def test_a_render_cancelled_or_broken_at_any_frame_leaves_nothing_behind(
    make_film: FilmMaker, cache: ChunkCache, tmp_path: Path
):
    """Cancelled, or its encoder killed, at any frame: a render leaves no process, thread, handle or file."""
    timeline = make_film(*[0.4] * 12)
    process, dice = psutil.Process(), random.Random(4)
    Worker().kill()  # the fork server stays, once there is one
    threads, handles = threading.active_count(), process.num_fds()
    for number in range(ROUNDS):
        at, kills, cancelled = dice.randrange(timeline.total_frames), number % 2, threading.Event()
        fresh = ChunkCache(tmp_path / f"cache-{number}")

        def strike(
            progress: Progress, at: int = at, kills: int = kills, cancelled: threading.Event = cancelled
        ) -> None:
            if progress.rendered_frames < at:
                return
            if not kills or progress.finishing:
                cancelled.set()
            for worker in workers() if kills else ():
                worker.kill()

        with pytest.raises((RenderCancelled, EncoderFailed)):
            render(
                timeline,
                tmp_path / "film.mp4",
                cache=fresh,
                on_progress=strike,
                preview=tmp_path / "preview.jpg",
                cancelled=cancelled,
                before_replace=lambda cancelled=cancelled: _unless(cancelled),
            )
        assert workers() == []
        assert (threading.active_count(), process.num_fds()) == (threads, handles)
        assert temporary(tmp_path) == []
        assert not (tmp_path / "film.mp4").exists()
    assert render(timeline, tmp_path / "film.mp4", cache=cache).frames == timeline.total_frames


def _unless(cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise RenderCancelled
