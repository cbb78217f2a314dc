import errno
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from media.cache import ChunkCache
from media.exceptions import DiskFull, RenderCancelled
from tests.disks import little_room


def stored(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_put_can_be_got(cache: ChunkCache):
    """A part comes back as it was put, and a name never put is not there."""
    cache.put("aabb", b"content")
    assert "aabb" in cache
    assert cache.get("aabb") == b"content"
    assert "ccdd" not in cache
    assert cache.get("ccdd") is None


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"\xff" + b[1:], lambda b: b[:-1] + b"x", lambda _: b""]
)
def test_a_damaged_part_is_found_out_and_removed(cache: ChunkCache, tmp_path: Path, damage):
    """A part that was cut off or has a wrong byte counts as not there."""
    cache.put("aabb", b"some content")
    (file,) = stored(tmp_path / "cache")
    file.write_bytes(damage(file.read_bytes()))
    assert cache.get("aabb") is None
    assert "aabb" not in cache


def test_the_least_recently_used_parts_leave_first(tmp_path: Path):
    """Beyond its limit the cache forgets the parts that were used longest ago."""
    cache = ChunkCache(tmp_path, max_bytes=3 * 132)
    for age, key in enumerate(("aa", "bb", "cc", "dd")):
        cache.put(key, bytes(100))
        os.utime(tmp_path / key / key, (1000 + age, 1000 + age))
    cache.get("aa")
    with cache.using([]):
        pass
    assert [key in cache for key in ("aa", "bb", "cc", "dd")] == [True, False, True, True]


def test_no_part_leaves_while_a_render_needs_it(tmp_path: Path):
    """Parts in use stay beyond the limit until the last render that uses them is over."""
    cache = ChunkCache(tmp_path, max_bytes=0)
    cache.put("aa", b"1")
    with cache.using(["aa"]):
        with cache.using(["aa", "bb"]):
            cache.put("bb", b"2")
        assert "aa" in cache
        assert "bb" not in cache
    assert "aa" not in cache


def test_it_shrinks_after_a_render_that_failed(tmp_path: Path):
    """A render that ends with an error leaves no more than the limit behind."""
    cache = ChunkCache(tmp_path, max_bytes=0)
    cache.put("aa", bytes(50))
    with little_room(100), pytest.raises(DiskFull), cache.using(["aa", "bb"]):
        cache.put("bb", bytes(100))
    assert stored(tmp_path) == []


def test_what_cannot_be_removed_is_no_error_of_a_render(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Where the cache can't shrink a render ends as it does anyway, and the log says why; what isn't ours stays."""
    cache = ChunkCache(tmp_path, max_bytes=0)
    (tmp_path / ".snapshot").mkdir()
    (tmp_path / "aa" / "folder").mkdir(parents=True)
    with pytest.raises(RenderCancelled), cache.using([]):
        raise RenderCancelled
    assert "can't be brought to its limit" in caplog.text
    assert (tmp_path / ".snapshot").is_dir()


def test_renders_that_end_at_once_don_t_trip_over_each_other(tmp_path: Path):
    """However many are used, read and shrunk at once, nobody fails because something has just left."""
    cache = ChunkCache(tmp_path, max_bytes=0)

    def go(number: int) -> None:
        key = f"{number % 7:02}"
        with cache.using([]):
            cache.put(key, b"1")
            cache.get(key)

    with ThreadPoolExecutor(4) as renders:
        list(renders.map(go, range(400)))
    assert stored(tmp_path) == []


def test_no_part_leaves_while_a_render_in_another_process_needs_it(tmp_path: Path):
    """A part that another process uses stays; once that is gone, however it went, it may leave."""
    other = subprocess.Popen([sys.executable, "-c", _USER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    with other:
        assert other.stdout.readline() == b"using\n"
        cache = ChunkCache(tmp_path, max_bytes=0)
        with cache.using([]):
            pass
        assert "aa" in cache
        other.kill()
    with cache.using([]):
        pass
    assert stored(tmp_path) == []


ROOT = Path(__file__).parents[2]
_USER = """
import pathlib, sys, threading
from media.cache import ChunkCache
cache = ChunkCache(pathlib.Path(sys.argv[1]), max_bytes=0)
with cache.using(["aa"]):
    cache.put("aa", b"1")
    print("using", flush=True)
    threading.Event().wait()
"""


@pytest.mark.parametrize("most", [0, 1000])
def test_what_a_killed_process_was_writing_goes(tmp_path: Path, most: int):
    """A temporary file whose writer is gone is removed after the next render; one of a living writer stays.

    However little the cache may hold.
    """
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "aa").mkdir()
    (tmp_path / f".in-use-.{gone.pid}-0badf00d").touch()
    left, current = tmp_path / "aa" / f".aa.{gone.pid}-0badf00d", tmp_path / "aa" / f".aa.{os.getpid()}-0badf00d"
    left.write_bytes(b"half")
    current.write_bytes(b"half")
    with ChunkCache(tmp_path, max_bytes=most).using([]):
        pass
    assert stored(tmp_path) == [current]


def test_two_writers_of_one_part_do_not_harm_each_other(cache: ChunkCache, tmp_path: Path):
    """However many put the same part at once, it is whole and nothing else stays."""
    content = os.urandom(300_000)
    writers = [threading.Thread(target=cache.put, args=("aabb", content)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert cache.get("aabb") == content
    assert len(stored(tmp_path / "cache")) == 1


def test_a_full_disk_is_said_and_leaves_nothing(cache: ChunkCache, tmp_path: Path):
    """When a file can't grow, putting fails with `DiskFull`, and no half-written file stays."""
    with little_room(1000), pytest.raises(DiskFull) as full:
        cache.put("aabb", bytes(5000))
    assert full.value.__cause__.errno == errno.EFBIG
    assert stored(tmp_path / "cache") == []
