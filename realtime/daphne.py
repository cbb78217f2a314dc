"""Lets Daphne end WebSockets the way that the contract says."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from realtime.hub import CloseCode, ProgressHub

REFUSED_CODES = (CloseCode.GOING_AWAY, CloseCode.TOO_LONG)
"""Autobahn, Daphne's WebSocket library, lets applications close with 1000 and 3000 to 4999 only."""


def teach_daphne(hub: ProgressHub) -> None:
    """Close with 1001 and 1009, too, and with 1001 before Daphne stops. Does nothing under another server."""
    daphne: Any = sys.modules.get("daphne.server")
    if daphne is None:
        return
    _speak_all_codes(daphne.WebSocketFactory)
    _say_goodbye(daphne.Server, hub)


def _speak_all_codes(factory: Any) -> None:
    # `protocol` is where a Twisted factory keeps the class that it builds.
    class Protocol(factory.protocol):  # type: ignore[misc]
        def onConnect(self, request: object) -> object:  # noqa: N802 - Autobahn's name
            self.failByDrop = False  # a client that breaks the rules is told so before it is dropped
            return super().onConnect(request)

        def serverSend(self, content: str | bytes, binary: bool = False) -> None:  # noqa: N802 - Daphne's name
            # A client that just left is about to be reported to the application; until then it is told nothing.
            # Autobahn would raise an error that isn't the OSError that ASGI asks for.
            if self.state == self.STATE_OPEN:
                super().serverSend(content, binary)

        def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - Daphne's name
            if code in REFUSED_CODES:
                self.sendCloseFrame(code)
            else:
                super().serverClose(code)

    factory.protocol = Protocol


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
