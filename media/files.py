"""Files that are either whole or not there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b, file_digest
from pathlib import Path

from media.exceptions import DiskFull

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file can't grow."""


def digest_of(path: Path) -> str:
    """A file's content as 32 hexadecimal digits (BLAKE2b, RFC 7693). Raises `OSError`."""
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()


def known_digest_of(path: Path) -> str:
    """The same, read once as long as nobody touches the file. Raises `OSError`."""
    stat = path.stat()
    return _digest_of(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _digest_of(path: Path, _modified: int, _size: int) -> str:
    return digest_of(path)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Hands out a temporary name beside `path`, which takes the place of `path` if the block ends well.

    The writer syncs the file's content; the folder's entry is synced here. Whatever happens, no temporary file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_full(error: BaseException) -> bool:
    """Whether an error says that a file can't grow, in the system's words or our own."""
    return isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in _FULL)


@contextmanager
def telling_full() -> Iterator[None]:
    """Raises `DiskFull` where the block says so in the system's words."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise DiskFull from error
        raise


@contextmanager
def written(path: Path, content: bytes) -> Iterator[None]:
    """Writes `content` under a temporary name, which takes the place of `path` if the block ends well.

    Raises `DiskFull`.
    """
    with telling_full(), replacing(path) as temporary:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield
