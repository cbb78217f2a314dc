"""How many cores there are to work with."""

import math
import os
from contextlib import suppress
from pathlib import Path


def available(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """How many cores this process may use: those that it may run on, or fewer if its container gets less time.

    `quota` is where the second version of Linux's control groups say that, in microseconds of each so many.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no such file, or "max"
        time, period = map(int, quota.read_text().split())
        cores = min(cores, math.ceil(time / period))
    return cores
