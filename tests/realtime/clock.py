"""An event loop whose time moves only as fast as its timers need, so that minutes pass in no time."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class ImpatientSelector(selectors.DefaultSelector):
    """Instead of waiting for the next timer it moves the clock there."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """What is ready; if nothing is, it is `timeout` seconds later now."""
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout:
            self.now += timeout
        return ready


class ImpatientLoop(asyncio.SelectorEventLoop):
    """An event loop that tells its selector's time."""

    def __init__(self) -> None:
        self._clock = ImpatientSelector()
        super().__init__(self._clock)

    def time(self) -> float:
        """Seconds since this loop was made, as far as its timers can tell."""
        return self._clock.now


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run `story` to its end on a loop that doesn't wait."""
    with asyncio.Runner(loop_factory=ImpatientLoop) as runner:
        runner.run(story)
