"""Who is told: clients, each with what they have not been told yet, and the speed that they read at."""

from __future__ import annotations

import asyncio
import logging
import types
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator
from enum import IntEnum
from typing import Any

from realtime.payload import Payload, message

NEVER_AGAIN = 2**53
"""Higher than any revision: what an outbox remembers of a deleted project."""

logger = logging.getLogger(__name__)


class CloseCode(IntEnum):
    """Why the server ends a connection."""

    GOING_AWAY = 1001
    TOO_LONG = 1009
    NOT_SIGNED_IN = 4401
    ORIGIN_NOT_ALLOWED = 4403
    NO_SUCH_PROJECT = 4404
    DELETED = 4410
    TOO_MANY_CONNECTIONS = 4429


News = tuple[str, Payload | None]
"""A project, and its newest state or None for gone."""


class Latest:
    """What one client has not been told yet of the one project that it follows."""

    __slots__ = ("_news", "_revision")

    def __init__(self) -> None:
        self._revision = -1
        self._news: News | None = None

    def put(self, payload: Payload) -> bool:
        """Replace what waits, if `payload` is newer than all that was put before."""
        if payload.revision <= self._revision:
            return False
        self._revision = payload.revision
        self._news = payload.project_id, payload
        return True

    def put_deletion(self, project_id: str) -> None:
        """Let the client know, once, that the project is gone, and nothing of it after that."""
        if self._revision != NEVER_AGAIN:
            self._revision = NEVER_AGAIN
            self._news = project_id, None

    def pass_over(self, payload: Payload) -> None:
        """Take `payload`, and all that is older, for told."""
        if self.put(payload):
            self._news = None

    def take(self) -> News | None:
        """The project with its newest state or None for gone; None if nothing waits."""
        news, self._news = self._news, None
        return news


class Outbox:
    """What one client has not been told yet: of each project the newest state, or that it is gone."""

    __slots__ = ("_revisions", "_waiting")

    def __init__(self) -> None:
        self._revisions: dict[str, int] = {}
        self._waiting: dict[str, Payload | None] = {}

    def put(self, payload: Payload) -> bool:
        """Replace what waits of this project, if `payload` is newer than all that was put before."""
        if payload.revision <= self._revisions.get(payload.project_id, -1):
            return False
        self._revisions[payload.project_id] = payload.revision
        self._waiting[payload.project_id] = payload
        return True

    def put_deletion(self, project_id: str) -> None:
        """Let the client know, once, that a project is gone, and nothing of it after that."""
        if self._revisions.get(project_id) != NEVER_AGAIN:
            self._revisions[project_id] = NEVER_AGAIN
            self._waiting[project_id] = None

    def pass_over(self, payload: Payload) -> None:
        """Take `payload`, and all that is older, for told."""
        if self.put(payload):
            del self._waiting[payload.project_id]

    def take(self) -> News | None:
        """The project that waited longest, with its newest state or None for gone; None if nothing waits."""
        if not self._waiting:
            return None
        project_id = next(iter(self._waiting))
        return project_id, self._waiting.pop(project_id)


class Follower:
    """Somebody who follows one project, or all of them (`project_id` None), at their own speed.

    They ask for `news` when they can take it, and find the newest state then. Whoever reads slowly skips states.
    """

    __slots__ = ("_dismissed", "_outbox", "_rung", "project_id")

    def __init__(self, project_id: str | None) -> None:
        self.project_id = project_id
        self._outbox = Outbox() if project_id is None else Latest()
        self._rung = asyncio.Event()
        self._dismissed = False

    def offer(self, payload: Payload) -> None:
        """Let them have `payload`, unless a newer one of its project was offered."""
        if self._outbox.put(payload):
            self._ring()

    def offer_deletion(self, project_id: str) -> None:
        """Let them know that a project is gone."""
        self._outbox.put_deletion(project_id)
        self._ring()

    def knows(self, payload: Payload) -> None:
        """Take it that they have seen `payload`: only what is newer is news."""
        self._outbox.pass_over(payload)

    async def news(self) -> News | None:
        """What they have not been told yet, as soon as there is something; None if the server goes away."""
        while (news := self._outbox.take()) is None and not self._dismissed:
            self._rung.clear()
            await self._rung.wait()
        return news

    def stop(self) -> None:
        """Called by the hub when it offers nothing more."""

    async def end(self, code: CloseCode) -> None:  # noqa: ARG002 - for those who can say it
        """Let them go."""
        self._dismissed = True
        self._rung.set()

    def _ring(self) -> None:
        self._rung.set()


class Connection(Follower):
    """One WebSocket; `send` is its ASGI server's.

    What the client can take is written right where it is offered, without a task that has to be woken first; only
    what a client makes wait goes on in a task. There is one writer at a time, so states arrive in order, and whoever
    asks without reading the replies costs no more than the number of replies that are owed.
    """

    # What a state touches of each of a thousand clients has to be fetched from far away in memory: the less of it,
    # and the fewer calls on the way, the better.
    __slots__ = ("_owed", "_send", "_stopped", "_writer", "_writing")

    def __init__(self, project_id: str | None, send: Callable[[Any], Awaitable[None]]) -> None:
        super().__init__(project_id)
        self._send = send
        self._owed: Counter[str] = Counter()
        self._writer: asyncio.Task[None] | None = None
        self._writing = False
        self._stopped = False

    def stop(self) -> None:
        """Write no more."""
        self._stopped = True
        if self._writer is not None:
            self._writer.cancel()

    async def end(self, code: CloseCode) -> None:
        """Close, and write no more."""
        if not self._stopped:
            self._stopped = True
            await self._send({"type": "websocket.close", "code": int(code)})  # Daphne takes nothing but a plain int

    def reply(self, text: str) -> None:
        """Send `text` when the client can take it; one of the few texts that replies are made of."""
        self._owed[text] += 1
        self._ring()

    def _ring(self) -> None:
        if not self._writing and not self._stopped:
            self._writer = begin(self._write())

    async def _write(self) -> None:
        """Write until nothing waits."""
        self._writing = True
        try:
            while not self._stopped:
                if (news := self._outbox.take()) is not None:
                    project_id, payload = news
                    if payload is not None:
                        await self._send({"type": "websocket.send", "text": payload.message})
                    else:
                        await self._tell_deletion(project_id)
                elif self._owed:
                    await self._send({"type": "websocket.send", "text": self._take_reply()})
                else:
                    return
        except OSError:
            # ASGI's word for a client that left. Whoever receives from it is told as well, and closes.
            self._stopped = True
        except Exception:
            self._stopped = True
            logger.exception("A client can't be written to")
        finally:
            self._writing = False

    async def _tell_deletion(self, project_id: str) -> None:
        await self._send({"type": "websocket.send", "text": message("deleted", {"project_id": project_id})})
        if self.project_id is not None:
            await self.end(CloseCode.DELETED)

    def _take_reply(self) -> str:
        text = next(iter(self._owed))
        self._owed[text] -= 1
        if not self._owed[text]:
            del self._owed[text]
        return text


def begin(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
    """Run `coroutine` right here up to where it waits, and from there in a task; None if it never waits.

    What tasks with `eager_start` do since Python 3.12.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return asyncio.create_task(_go_on(coroutine, waits_for))


async def _go_on(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
    await _rest(coroutine, waits_for)


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, None, None]:
    """Do what `yield from` does, with a coroutine that has already said what it waits for."""
    while True:
        try:
            try:
                yield waits_for
            except BaseException as error:  # noqa: BLE001 - the coroutine decides
                waits_for = coroutine.throw(error)
            else:
                waits_for = coroutine.send(None)
        except StopIteration:
            return
