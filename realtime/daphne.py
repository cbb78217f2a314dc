"""Lets Daphne end WebSockets the way that the contract says, and wait for clients that read slowly.

By itself it takes whatever an application sends into its memory (daphne issue 170).
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twisted.internet.interfaces import IPushProducer
from twisted.internet.tcp import Server
from zope.interface import implementer  # type: ignore[import-untyped]

from realtime.followers import CloseCode
from realtime.hub import ProgressHub

REMEMBERED = 64
"""How many frames are kept for the next client."""

REFUSED_CODES = (CloseCode.GOING_AWAY, CloseCode.TOO_LONG)
"""Autobahn, Daphne's WebSocket library, lets applications close with 1000 and 3000 to 4999 only."""


@lru_cache(REMEMBERED)
def frame(text: str) -> bytes:
    """A text message as a server writes it without extensions: the same bytes for every client (RFC 6455, 5.2)."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", 0x81, length) + payload
    if length < 2**16:
        return struct.pack("!BBH", 0x81, 126, length) + payload
    return struct.pack("!BBQ", 0x81, 127, length) + payload


@implementer(IPushProducer)
class Gate:
    """Shut by Twisted while a connection's buffer is full."""

    __slots__ = ("_opened", "is_shut")

    def __init__(self) -> None:
        self.is_shut = False
        """Whether there is something to wait for."""
        self._opened: asyncio.Event | None = None

    async def passed(self) -> None:
        """Return once the gate is open."""
        if self.is_shut:
            self._opened = self._opened or asyncio.Event()
            await self._opened.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Shut the gate."""
        self.is_shut = True

    def resumeProducing(self) -> None:  # noqa: N802
        """Open the gate."""
        self.is_shut = False
        if self._opened is not None:
            self._opened.set()
            self._opened = None

    def stopProducing(self) -> None:  # noqa: N802
        """Open the gate for good: there is nobody left to wait for."""
        self.resumeProducing()


class Outlet(Gate):
    """The gate of a WebSocket, and what writing to it takes.

    A protocol and its transport are large objects; of a thousand of them the processor's cache holds few. This is
    small.
    """

    __slots__ = ("_is_drained", "_send", "_transport")

    def __init__(self, transport: Any) -> None:
        super().__init__()
        self._transport = transport
        self._send = transport.socket.send if type(transport) is Server and not transport.TLS else None
        # Twisted waits for the kernel as long as it has something to write: until it says otherwise, the handshake.
        self._is_drained = False
        transport.startWriting = self._fill
        transport.stopWriting = self._drain

    def write(self, data: bytes) -> None:
        """Write `data` right away as far as the kernel takes it, and leave the rest to Twisted.

        Twisted would keep all of it for the next round of the event loop, and ask the kernel twice for each write to
        be told when there is room. Whatever waits there already goes first, and so does what TLS does with it.
        """
        if self._is_drained and self._send is not None:
            # There may be no room; or the connection is lost, which Twisted finds out by itself.
            with contextlib.suppress(OSError):
                data = data[self._send(data) :]
        if data:
            self._transport.write(data)

    def stopProducing(self) -> None:  # noqa: N802
        """Open the gate for good, and let go of the transport's methods."""
        super().stopProducing()
        del self._transport.startWriting, self._transport.stopWriting

    def _fill(self) -> None:
        self._is_drained = False
        type(self._transport).startWriting(self._transport)

    def _drain(self) -> None:
        self._is_drained = True
        type(self._transport).stopWriting(self._transport)


def teach_daphne(hub: ProgressHub) -> None:
    """Close with 1001 and 1009, too, with 1001 before Daphne stops, and send no faster than a client reads.

    Does nothing under another server.
    """
    daphne: Any = sys.modules.get("daphne.server")
    if daphne is None:
        return
    _speak_all_codes(daphne.WebSocketFactory)
    _wait_for_readers(daphne.Server)
    _say_goodbye(daphne.Server, hub)


def before_daphne_stops(call: Callable[[], object]) -> None:
    """Let Daphne do `call` in a thread when it is told to stop, and wait for its end.

    Earlier than `atexit`, which comes after every thread that answers a request has ended, whatever that waits for.
    Does nothing under another server.
    """
    if "daphne.server" in sys.modules:
        from twisted.internet import reactor
        from twisted.internet.threads import deferToThread

        loop: Any = reactor
        loop.addSystemEventTrigger("before", "shutdown", deferToThread, call)


def _speak_all_codes(factory: Any) -> None:
    is_open = factory.protocol.STATE_OPEN

    # `protocol` is where a Twisted factory keeps the class that it builds.
    class Protocol(factory.protocol):  # type: ignore[misc]
        # What each message asks for lies together, not in the hundred attributes of this object's dictionary.
        __slots__ = ("_perMessageCompress", "outlet", "state")
        outlet: Any

        def onConnect(self, request: object) -> object:  # noqa: N802 - Autobahn's name
            self.outlet = Gate()  # replaced by one that writes, as soon as it is open
            # A client that breaks the rules is told so before it is dropped.
            self.failByDrop = False  # type: ignore[misc]
            return super().onConnect(request)

        def onOpen(self) -> None:  # noqa: N802
            self.outlet = Outlet(self.transport)
            self.transport.unregisterProducer()  # the HTTP channel that this connection began as
            self.transport.registerProducer(self.outlet, True)
            super().onOpen()

        def send_text(self, text: str) -> None:
            # A client that just left is about to be reported to the application; until then it is told nothing.
            # Autobahn would raise an error that isn't the OSError that ASGI asks for.
            if self.state != is_open:
                return
            if self._perMessageCompress is None:
                self.outlet.write(frame(text))
            else:
                self.serverSend(text)

        def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - Daphne's name
            if code in REFUSED_CODES:
                self.sendCloseFrame(code)
            else:
                super().serverClose(code)

    factory.protocol = Protocol


def _wait_for_readers(server: Any) -> None:
    handle_reply = server.handle_reply

    async def handle_reply_and_wait(self: Any, protocol: Any, message: Any) -> None:
        if message["type"] == "websocket.send":
            protocol.send_text(message["text"])
            if protocol.outlet.is_shut:
                await protocol.outlet.passed()
        else:  # a close never waits: it may be what a client that stopped reading is sent away with
            await handle_reply(self, protocol, message)

    server.handle_reply = handle_reply_and_wait


def _say_goodbye(server: Any, hub: ProgressHub) -> None:
    # Daphne's own method cancels every application at once, whatever it may still have to say, and fails (KeyError
    # 'application_instance') once one has ended before its connection.
    from twisted.internet.defer import Deferred

    async def goodbye(connections: dict[Any, dict[str, Any]]) -> None:
        await hub.close_all()
        running = [
            details["application_instance"] for details in connections.values() if "application_instance" in details
        ]
        for application in running:
            application.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def kill_all_applications(self: Any) -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(goodbye(self.connections)))

    server.kill_all_applications = kill_all_applications
