"""Daphne, made to wait for slow readers.

By itself it takes whatever an application sends into its memory (daphne issue 170): somebody who downloads a film
over a slow line would have all of it there. Twisted does say when a connection's buffer is full; here that is
what `send` waits for.
"""

import asyncio
from typing import Any

from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer  # type: ignore[import-untyped]


@implementer(IPushProducer)
class Gate:
    """Shut by Twisted while a connection's buffer is full."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    async def passed(self) -> None:
        """Return once the gate is open."""
        await self._open.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Shut the gate."""
        self._open.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        """Open the gate."""
        self._open.set()

    def stopProducing(self) -> None:  # noqa: N802
        """Open the gate for good: there is nobody left to wait for."""
        self._open.set()


class PatientServer(Server):  # type: ignore[misc]
    """A Daphne server that reads on in a file only as fast as its client takes it."""

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Send one message of an application, and return when the client can take the next one."""
        if message["type"] != "http.response.body":
            await super().handle_reply(protocol, message)
        elif message.get("more_body"):
            if protocol.producer is None and not protocol.finished:
                protocol.registerProducer(Gate(), True)
            await super().handle_reply(protocol, message)
            if isinstance(protocol.producer, Gate):
                await protocol.producer.passed()
        else:
            if protocol.producer is not None:
                protocol.unregisterProducer()
            await super().handle_reply(protocol, message)
