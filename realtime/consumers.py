"""One WebSocket client: registered first, then told the whole state, then every newer one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from realtime.exceptions import TooManyConnections
from realtime.followers import CloseCode, Connection
from realtime.hub import ProgressHub
from realtime.payload import Active, Lookup, Payload, message

LONGEST_MESSAGE = 4096
"""Bytes that a client may send in one message."""


class Socket(Connection):
    """A connection that stops receiving before it closes."""

    __slots__ = ("_stop_receiving",)

    def __init__(
        self, project_id: str | None, send: Callable[[Any], Awaitable[None]], stop_receiving: Callable[[], None]
    ) -> None:
        super().__init__(project_id, send)
        self._stop_receiving = stop_receiving

    async def end(self, code: CloseCode) -> None:
        """Close, and write no more."""
        self._stop_receiving()
        await super().end(code)


class ProgressConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Follows the project that the route names, or every project if it names none."""

    channel_layer_alias = None

    def __init__(self, *, hub: ProgressHub, lookup: Lookup, active: Active) -> None:
        super().__init__()
        self._hub = hub
        self._lookup = lookup
        self._active = active
        self._connection: Connection | None = None
        self._receiving: Any = None
        self._let_go = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve one connection.

        Channels' own loop makes a task and a thread hop for each message, to close database connections.
        There are none here, so this one makes neither.
        """
        self.scope: dict[str, Any] = dict(scope)
        self.base_send: Any = send
        try:
            while True:
                await self.dispatch(await self._event(receive))
        except StopConsumer:
            return
        finally:
            if self._connection is not None:
                self._hub.unregister(self._connection)

    async def dispatch(self, message: Any) -> None:
        """Handle one ASGI event."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        """Accept, register, and only then read the state: what happens meanwhile arrives through the hub."""
        # A browser sees the close code only of a connection that was accepted.
        await self.accept()
        project_id = self.scope["url_route"]["kwargs"].get("project_id")
        self._connection = connection = Socket(project_id and str(project_id), self.base_send, self._stop_receiving)
        try:
            self._hub.register(connection)
        except TooManyConnections:
            await connection.end(CloseCode.TOO_MANY_CONNECTIONS)
            return
        for payload in await self._read_state(connection):
            connection.offer(payload)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer a ping; explain to anything else that there is nothing to say here."""
        if self._connection is None:
            return
        length = len(bytes_data or b"") if text_data is None else len(text_data.encode())
        if length > LONGEST_MESSAGE:
            await self._connection.end(CloseCode.TOO_LONG)
        else:
            self._connection.reply(PONG if text_data is not None and is_ping(text_data) else NOT_UNDERSTOOD)

    async def websocket_disconnect(self, message: Any) -> None:  # noqa: ARG002 - Channels' signature
        """End with the connection."""
        raise StopConsumer

    async def _event(self, receive: ASGIReceiveCallable) -> Any:
        while True:
            self._receiving = receive()
            try:
                return await self._receiving
            except asyncio.CancelledError:
                if not self._let_go:
                    raise
                self._let_go = False

    def _stop_receiving(self) -> None:
        """Give up a `receive` that is a future, as granian's is: it would make the close wait for the client."""
        cancel = getattr(self._receiving, "cancel", None)
        if cancel is not None and not self._receiving.done():
            self._let_go = True
            cancel()

    async def _read_state(self, connection: Connection) -> Sequence[Payload]:
        if connection.project_id is None:
            return await self._active()
        payload = await self._lookup(connection.project_id)
        if payload is not None:
            return [payload]
        await connection.end(CloseCode.NO_SUCH_PROJECT)
        return []


PONG = '{"type":"pong"}'

NOT_UNDERSTOOD = message(
    "error",
    {"code": "not_understood", "message": 'This connection understands nothing but {"type": "ping"}.'},
)


def is_ping(text: str) -> bool:
    """Whether a client's message is `{"type": "ping"}`."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict) and sent.get("type") == "ping"


def refuse(code: CloseCode) -> ASGI3Application:
    """An application that accepts every connection and closes it with `code`."""

    async def application(_: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        await send({"type": "websocket.close", "code": int(code), "reason": None})
        while (await receive())["type"] != "websocket.disconnect":
            pass

    return application
