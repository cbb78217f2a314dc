"""Finished parts of films by the hash of everything that decides their content."""

import fcntl
import hmac
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from media.files import written

logger = logging.getLogger(__name__)

_CHECKSUM = 32
_CLAIM = "in-use-"
_TEMPORARY = re.compile(r"\..+\.(\d+)-[0-9a-f]+")  # as `media.files.replacing` names them


class ChunkCache:
    """A folder of finished parts, at most `max_bytes` of them; the least recently used leave first.

    A part is written under a temporary name, synced and renamed, and ends with the checksum of its content, so that
    one that is there is whole, or is found out when it is read. Safe for several renders and processes at once.
    """

    def __init__(self, folder: Path, max_bytes: int = 20 * 1024**3) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def __contains__(self, key: str) -> bool:
        return self._path(key).exists()

    def get(self, key: str) -> bytes | None:
        """The part of that name, or None if it isn't there or is damaged; a damaged one is removed."""
        path = self._path(key)
        try:
            stored = path.read_bytes()
        except FileNotFoundError:
            return None
        content, checksum = stored[:-_CHECKSUM], stored[-_CHECKSUM:]
        if not hmac.compare_digest(_checksum(content), checksum):
            logger.warning("cached part %s is damaged and will be rendered again", key)
            path.unlink(missing_ok=True)
            return None
        with suppress(FileNotFoundError):  # it has just left
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep a part under that name. Raises `DiskFull`."""
        with written(self._path(key), content + _checksum(content)):
            return

    @contextmanager
    def using(self, keys: Iterable[str]) -> Iterator[None]:
        """No part of these names leaves the cache inside the block; afterwards it shrinks to its limit.

        The names stand in a file that is locked for as long; its lock ends with the process, however that ends.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        claim = self._folder / f".{_CLAIM}.{name}"
        try:
            with claim.open("x") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write("\n".join(keys))
                file.flush()
                claim = claim.rename(self._folder / f"{_CLAIM}{name}")
                yield
        finally:
            claim.unlink(missing_ok=True)
            try:
                self._shrink()
            except OSError as error:  # neither a film that is in its place nor what failed before is about that
                logger.warning("the cache can't be brought to its limit: %s", error)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _shrink(self) -> None:
        """Remove the least recently used parts beyond the limit, and what a killed process was writing."""
        parts = []
        for path in (*self._folder.glob(f".{_CLAIM}.*"), *self._folder.glob("??/*")):
            try:
                parts.append((path.stat(), path))
            except FileNotFoundError:  # another process was here first
                continue
        in_use = self._claimed()
        total = sum(stat.st_size for stat, _ in parts)
        for stat, path in sorted(parts, key=lambda part: part[0].st_mtime):
            if temporary := _TEMPORARY.fullmatch(path.name):
                leaves = not _runs(int(temporary[1]))
            else:
                leaves = total > self._max_bytes and path.name not in in_use
            if leaves:
                path.unlink(missing_ok=True)
                total -= stat.st_size

    def _claimed(self) -> set[str]:
        """The names that any render of any process is using."""
        claimed: set[str] = set()
        for path in self._folder.glob(f"{_CLAIM}*"):
            try:
                with path.open() as file:
                    names = file.read().split()
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        path.unlink()  # its process is gone
                    except BlockingIOError:
                        claimed.update(names)
            except FileNotFoundError:  # that render has just ended
                continue
        return claimed


def _runs(pid: int) -> bool:
    """Whether there is such a process, be it another user's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _checksum(content: bytes) -> bytes:
    return blake2b(content, digest_size=_CHECKSUM).digest()
