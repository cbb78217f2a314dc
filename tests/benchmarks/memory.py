"""Memory of a process and all that it starts."""

import subprocess
import sys
import time

import psutil

PAUSE = 0.1


def peak_mb(*arguments: str) -> float:
    """The highest proportional set size (shared pages divided among their users) of Python and all it starts, MiB.

    `arguments` are Python's own. To look takes a tenth of a core, so nothing that is watched is timed.
    """
    peak = 0.0
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, _proportional_mb(tree))
            time.sleep(PAUSE)  # between two samples
    assert process.returncode == 0
    return peak


def _proportional_mb(root: psutil.Process) -> float:
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it ended meanwhile
            continue
    return total / 2**20
