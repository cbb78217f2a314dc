"""Where the newest snapshot of each project lives."""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol

from realtime.snapshot import RenderSnapshot


class SnapshotStore(Protocol):
    """Keeps the newest snapshot of each project, and which were deleted lately. Safe to use from any thread."""

    waits: bool
    """Whether a call may wait for another process, and so has no place on an event loop; `at_hand` never does."""

    def at_hand(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project, if this process can be sure of it without asking another one."""

    def get(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project, or None if none is kept."""

    def put(self, snapshot: RenderSnapshot) -> None:
        """Keep `snapshot`, unless one of the same or a higher revision is kept already."""

    def delete(self, project_id: str) -> None:
        """Keep nothing more of this project but that it was deleted."""

    def deletions(self, after: str | None) -> tuple[list[str], str | None]:
        """The projects deleted since the mark `after`, oldest first, and the mark behind them.

        With None, all that are remembered: the last so many. If a store can't be asked now, there are none, and the
        mark is such that they will be had later.
        """

    def active(self) -> list[RenderSnapshot]:
        """The snapshots of all renders that have not ended, oldest render first."""


class MemoryStore:
    """A store in this process. It keeps all renders that go on, the last `keep` that ended, and as many deletions."""

    waits = False

    def __init__(self, keep: int = 1000) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._active: dict[str, RenderSnapshot] = {}
        self._ended: dict[str, RenderSnapshot] = {}
        self._deletions: deque[str] = deque(maxlen=keep)
        self._deleted = 0

    def at_hand(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project: all that there is."""
        return self.get(project_id)

    def get(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project, or None if none is kept."""
        with self._lock:
            return self._active.get(project_id) or self._ended.get(project_id)

    def put(self, snapshot: RenderSnapshot) -> None:
        """Keep `snapshot`, unless one of the same or a higher revision is kept already."""
        project_id = snapshot.project_id
        with self._lock:
            kept = self._active.get(project_id) or self._ended.get(project_id)
            if kept and kept.revision >= snapshot.revision:
                return
            if not snapshot.state.is_terminal:
                self._ended.pop(project_id, None)
                self._active[project_id] = snapshot
                return
            self._active.pop(project_id, None)
            self._ended.pop(project_id, None)
            self._ended[project_id] = snapshot
            while len(self._ended) > self._keep:
                del self._ended[next(iter(self._ended))]

    def delete(self, project_id: str) -> None:
        """Keep nothing more of this project but that it was deleted."""
        with self._lock:
            self._active.pop(project_id, None)
            self._ended.pop(project_id, None)
            self._deletions.append(project_id)
            self._deleted += 1

    def deletions(self, after: str | None) -> tuple[list[str], str | None]:
        """The projects deleted since the mark `after`, oldest first, and the mark behind them."""
        with self._lock:
            known = len(self._deletions) - (self._deleted - int(after or 0))
            return list(self._deletions)[max(0, known) :], str(self._deleted)

    def active(self) -> list[RenderSnapshot]:
        """The snapshots of all renders that have not ended, oldest render first."""
        with self._lock:
            return list(self._active.values())
