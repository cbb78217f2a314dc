"""The way from render threads to every client: newest states only, encoded once, never in anybody's way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import types
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from realtime.exceptions import TooManyConnections
from realtime.payload import Payload, encode, message
from realtime.relay import EVERYTHING, Relay, group_of
from realtime.snapshot import RenderSnapshot, RenderState
from realtime.store import SnapshotStore

GOODBYE_SECONDS = 3.0

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


class Pace:
    """When a project's states may go out: a change of state at once, others one an interval, newest only.

    Times are seconds on any clock that doesn't go back.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._revision = 0
        self._waiting: RenderSnapshot | None = None
        self._taken: RenderState | None = None
        self._due = 0.0

    def offer(self, snapshot: RenderSnapshot, now: float) -> float | None:
        """Seconds until the newest snapshot is to be taken; None if `snapshot` is not newer than the last."""
        if snapshot.revision <= self._revision:
            return None
        self._revision = snapshot.revision
        self._waiting = snapshot
        if snapshot.state is not self._taken:
            return 0.0
        return max(0.0, self._due - now)

    def take(self, now: float) -> RenderSnapshot | None:
        """The newest snapshot, if it was not taken before."""
        snapshot, self._waiting = self._waiting, None
        if snapshot is not None:
            self._taken = snapshot.state
            self._due = now + self._interval
        return snapshot

    @property
    def is_over(self) -> bool:
        """Whether the last snapshot of a render was taken."""
        return self._waiting is None and self._taken is not None and self._taken.is_terminal


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

    def take(self) -> tuple[str, Payload | None] | None:
        """The project that waited longest, with its newest state or None for gone; None if nothing waits."""
        if not self._waiting:
            return None
        project_id = next(iter(self._waiting))
        return project_id, self._waiting.pop(project_id)


News = tuple[str, Payload | None]
"""A project, and its newest state or None for gone."""


class Follower:
    """Somebody who follows one project, or all of them (`project_id` None), at their own speed.

    They ask for `news` when they can take it, and find the newest state then. Whoever reads slowly skips states.
    """

    __slots__ = ("_dismissed", "_outbox", "_rung", "project_id")

    def __init__(self, project_id: str | None) -> None:
        self.project_id = project_id
        self._outbox = Outbox()
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


@dataclass(slots=True)
class Topic:
    """What the hub knows of a project that somebody follows."""

    pace: Pace
    timer: asyncio.TimerHandle | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the store says of the projects that somebody follows, and which were deleted between two of its marks."""

    snapshots: list[RenderSnapshot]
    deleted: list[str]
    since: str | None
    until: str | None


class ProgressHub:
    """Hands each new state to the clients of this process. A listener of the TaskManager.

    What other processes publish comes through the channel `layer`, if there is one.

    Everything but `published` and `deleted` belongs to the event loop that the connections live on.
    """

    def __init__(
        self,
        store: SnapshotStore,
        *,
        layer: Any = None,
        interval: float = 0.1,
        sweep_interval: float = 1.0,
        max_connections: int = 1000,
    ) -> None:
        self._store = store
        self._interval = interval
        self._sweep_interval = sweep_interval
        self._max_connections = max_connections
        self._connections: dict[str | None, set[Follower]] = {}
        self._count = 0
        self._topics: dict[str, Topic] = {}
        self._relay = layer and Relay(layer, self._offer, self._drop)
        self._sweeper: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None
        # How far the store's deletions were read since there are connections; None for not at all.
        self._mark: str | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._lock = threading.Lock()
        # Guarded by the lock: the loop, and what threads left for it since it last looked; None for deleted.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: dict[str, RenderSnapshot | None] = {}

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return self._count >= self._max_connections

    # What threads may call

    def published(self, snapshot: RenderSnapshot) -> None:
        """Send `snapshot` to those who follow its project."""
        self._cross(snapshot.project_id, snapshot)

    def deleted(self, project_id: str) -> None:
        """Tell those who follow a project that it is gone."""
        self._cross(project_id, None)

    def _cross(self, project_id: str, news: RenderSnapshot | None) -> None:
        # The one place where a thread reaches the event loop. `call_soon_threadsafe` wakes an idle loop, as a
        # channel layer does not; one call carries all that comes in until the loop gets to it.
        with self._lock:
            if self._loop is None:
                # Nobody is connected. Whoever connects from now on reads the store, where this is already.
                return
            first = not self._inbox
            self._inbox[project_id] = news
            if first:
                self._loop.call_soon_threadsafe(self._arrive)

    # Connections

    def register(self, connection: Follower) -> None:
        """Send `connection` what comes in from now on. Raises TooManyConnections."""
        if self.is_full:
            raise TooManyConnections(self._max_connections)
        self._connections.setdefault(connection.project_id, set()).add(connection)
        self._count += 1
        if self._count == 1:
            self._wake()
        self._join()
        if connection.project_id is None:
            # So that the sweep looks after these even if nothing but their end happens, and that gets lost.
            self._look()

    def unregister(self, connection: Follower) -> None:
        """Send `connection` nothing more. Harmless if it is not registered."""
        connection.stop()
        group = self._connections.get(connection.project_id, set())
        if connection not in group:
            return
        group.remove(connection)
        self._count -= 1
        if not group:
            del self._connections[connection.project_id]
            self._join()
            for project_id in tuple(self._topics):
                self._tidy(project_id)
        if self._count == 0:
            self._rest()

    async def close_all(self) -> None:
        """Tell every client that the server goes away, and give them some seconds to leave."""
        for connection in set().union(*self._connections.values()):
            await connection.end(CloseCode.GOING_AWAY)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GOODBYE_SECONDS)

    def _wake(self) -> None:
        self._idle.clear()
        loop = asyncio.get_running_loop()
        with self._lock:
            self._loop = loop
        self._mark = None
        self._sweeper = loop.call_later(self._sweep_interval, self._sweep)

    def _rest(self) -> None:
        with self._lock:
            self._loop = None
            self._inbox.clear()
        if self._sweeper is not None:
            self._sweeper.cancel()
        self._idle.set()

    def _followers(self, project_id: str) -> tuple[Follower, ...]:
        return (*self._connections.get(project_id, ()), *self._connections.get(None, ()))

    # States

    def _arrive(self) -> None:
        with self._lock:
            inbox, self._inbox = self._inbox, {}
        for project_id, snapshot in inbox.items():
            if snapshot is None:
                self._drop(project_id)
            else:
                self._offer(snapshot)

    def _offer(self, snapshot: RenderSnapshot) -> None:
        project_id = snapshot.project_id
        if project_id not in self._connections and None not in self._connections:
            return
        topic = self._topics.setdefault(project_id, Topic(Pace(self._interval)))
        loop = asyncio.get_running_loop()
        delay = topic.pace.offer(snapshot, loop.time())
        if delay == 0:
            self._flush(project_id)
        elif delay is not None and topic.timer is None:
            topic.timer = loop.call_later(delay, self._flush, project_id)

    def _flush(self, project_id: str) -> None:
        topic = self._topics[project_id]
        if topic.timer is not None:
            topic.timer.cancel()
            topic.timer = None
        snapshot = topic.pace.take(asyncio.get_running_loop().time())
        if snapshot is not None:
            payload = encode(snapshot)
            for connection in self._followers(project_id):
                connection.offer(payload)
        self._tidy(project_id)

    def _drop(self, project_id: str) -> None:
        topic = self._topics.pop(project_id, None)
        if topic is not None and topic.timer is not None:
            topic.timer.cancel()
        for connection in self._followers(project_id):
            connection.offer_deletion(project_id)

    def _tidy(self, project_id: str) -> None:
        """Keep no topic that nobody follows, nor that of an ended render that nobody follows alone."""
        topic = self._topics[project_id]
        if project_id in self._connections or (None in self._connections and not topic.pace.is_over):
            return
        if topic.timer is not None:
            topic.timer.cancel()
        del self._topics[project_id]

    def _join(self) -> None:
        """Hear of what is followed here, whichever process publishes it."""
        if self._relay is not None:
            self._relay.join({EVERYTHING if one is None else group_of(one) for one in self._connections})

    def _sweep(self) -> None:
        """Make good whatever got lost on the way here: compare with the store, one read a project."""
        self._sweeper = asyncio.get_running_loop().call_later(self._sweep_interval, self._sweep)
        self._look()

    def _look(self) -> None:
        if not self._store.waits:
            self._compare(self._read(self._followed(), self._mark))
        elif self._reading is None:
            self._reading = asyncio.create_task(self._read_elsewhere())

    async def _read_elsewhere(self) -> None:
        try:
            self._compare(await asyncio.to_thread(self._read, self._followed(), self._mark))
        finally:
            self._reading = None

    def _followed(self) -> set[str | None]:
        return self._connections.keys() | self._topics.keys()

    def _read(self, followed: set[str | None], mark: str | None) -> Reading:
        found = [self._store.get(project_id) for project_id in followed if project_id is not None]
        active = self._store.active() if None in followed else []
        deleted, behind = self._store.deletions(mark)
        return Reading([*filter(None, found), *active], deleted, since=mark, until=behind)

    def _compare(self, reading: Reading) -> None:
        for snapshot in reading.snapshots:
            self._offer(snapshot)
        for project_id in reading.deleted:
            # What the first reading finds may be from long before; who follows the project has to hear of it anyhow.
            if reading.since is not None or project_id in self._connections:
                self._drop(project_id)
        self._mark = reading.until
