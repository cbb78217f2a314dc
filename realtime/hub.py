"""The way from render threads to every client: newest states only, encoded once, never in anybody's way."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from itertools import chain
from typing import Any

from realtime.exceptions import TooManyConnections
from realtime.followers import CloseCode, Follower
from realtime.payload import encode
from realtime.relay import EVERYTHING, Relay, group_of
from realtime.snapshot import RenderSnapshot, RenderState
from realtime.store import SnapshotStore

GOODBYE_SECONDS = 3.0


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
        # In order of their coming, which is that of their places in memory.
        self._connections: dict[str | None, dict[Follower, None]] = {}
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
        self._connections.setdefault(connection.project_id, {})[connection] = None
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
        group = self._connections.get(connection.project_id, {})
        if connection not in group:
            return
        del group[connection]
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
        for connection in tuple(chain.from_iterable(self._connections.values())):
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
