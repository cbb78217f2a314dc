"""What Daphne's clients are sent."""

import pytest
from websockets.frames import Frame, Opcode

from realtime.daphne import frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536])
def test_a_frame(length):
    """A frame made once for all is what any WebSocket library writes, whatever its length."""
    text = "ü" * (length // 2) + "x" * (length % 2)
    assert frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
