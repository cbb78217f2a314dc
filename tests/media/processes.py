"""The processes that this one has at work, and how many more it may have."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


def workers() -> list[psutil.Process]:
    """The living workers, in the order in which they began."""
    forked = [worker for server in psutil.Process().children() for worker in server.children()]
    return sorted((one for one in forked if one.status() != psutil.STATUS_ZOMBIE), key=psutil.Process.create_time)


@contextmanager
def spare_handles(count: int) -> Iterator[None]:
    """Let this process open so many files more, and no other."""
    free = [os.dup(0) for _ in range(count + 1)]
    for handle in free:
        os.close(handle)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(free), limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
