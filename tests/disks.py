"""Disks without room, and what was being written on them."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest


@contextmanager
def little_room(limit: int, pid: int = 0) -> Iterator[None]:
    """No file of a process (its own by default) grows beyond `limit` bytes, as on a disk that has only so much left."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        # A process that begins meanwhile has no more room, and would leave half of each module that it compiles.
        with patch.dict(os.environ, PYTHONDONTWRITEBYTECODE="1"):
            yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a tmpfs of 4 MB and a hundred files and folders there; where that is not allowed, the test is skipped."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=100", "tmpfs", folder]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def no_more_entries(disk: Path) -> Iterator[None]:
    """Let no file and no folder be made on a small disk, as long as the block lasts."""
    with ExitStack() as fillers:
        try:
            for number in count():
                filler = disk / f"filler-{number}"
                filler.touch()
                fillers.callback(filler.unlink)
        except OSError:
            yield


def temporary(folder: Path) -> list[Path]:
    """Files below a folder that were not finished."""
    return [path for path in folder.rglob(".*") if path.is_file()]
