import numpy as np
import psutil
import pytest

from media import memory

MEGABYTE = 2**20


def test_rooms_that_are_in_use_share_nothing():
    """Two rooms of one size at the same time are two pieces of memory, and a part of a room keeps all of it."""
    first = memory.room((2, 300))
    part = first[1]
    part.fill(1)
    del first
    second = memory.room((2, 300))
    second.fill(2)
    assert (part == 1).all()


def test_a_room_is_used_again():
    """Once nobody has a room any more, the next one of that size, of whatever shape, is the same memory."""
    room = memory.room((3, 500))
    room.fill(7)
    address = room.ctypes.data
    del room
    again = memory.room((1500,))
    assert again.ctypes.data == address
    assert (again == 7).all()


@pytest.mark.skipif(not memory._malloc_trim, reason="Only glibc's malloc can be told to.")
def test_what_is_kept_is_given_back():
    """What was freed, here and by malloc, belongs to the system again once that is asked for."""
    process = psutil.Process()
    rooms = [memory.room((64 * MEGABYTE,))]
    rooms[0].fill(1)
    blocks = [np.ones(100_000, np.uint8) for _ in range(320)]
    kept = blocks.pop()  # the last one, so that what was before it can't go by itself
    full = process.memory_info().rss
    rooms.clear()
    blocks.clear()
    memory.give_back()
    assert full - process.memory_info().rss > 80 * MEGABYTE
    assert kept.all()
