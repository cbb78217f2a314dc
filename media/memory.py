"""Memory that is used again before the system is asked for more, which costs as much time as what is drawn on it."""

import ctypes
import math
import mmap
import weakref
from collections import defaultdict
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

_malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
_spare: defaultdict[int, list[mmap.mmap]] = defaultdict(list)


def room(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An array of bytes with whatever is in them, in memory of its own.

    The system gives a page only once it is written to, so that more may be asked for than is used. The next room of
    that size, once nobody has this one, is the same memory.
    """
    size = math.prod(shape)
    try:
        memory = _spare[size].pop()
    except IndexError:
        memory = _mapped(size)
    whole = np.frombuffer(memory, np.uint8)
    weakref.finalize(whole, _spare[size].append, memory)
    return whole.reshape(shape)


def _mapped(size: int) -> mmap.mmap:
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if large_pages := getattr(mmap, "MADV_HUGEPAGE", None):
        with suppress(OSError):  # a kernel may have none
            memory.madvise(large_pages)
    return memory


def give_back() -> None:
    """Return to the system what is kept here, and what malloc keeps where it can be told to (glibc)."""
    _spare.clear()
    if _malloc_trim:
        _malloc_trim(0)
