"""Runs renders in the order in which they were asked for, and tells everybody how they go."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from realtime.exceptions import (
    AlreadyRunning,
    Cancelled,
    IllegalTransition,
    JobFailed,
    NotRunning,
    QueueFull,
    RecordGone,
    ShuttingDown,
    StillRunning,
)
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import SnapshotStore

logger = logging.getLogger(__name__)

Record = Callable[[RenderSnapshot], None]
"""Writes a snapshot where it outlives the process. Raises RecordGone if there is no place for it any more."""

CANCELLATION = Failure("cancelled", "The render was cancelled. Finished segments are kept for the next try.")
INTERNAL = Failure("internal", "Something went wrong inside the server. Try again; the server's log says more.")

ENDING_PATIENCE = 5.0
"""Seconds that `submit` waits for an earlier render of the project that is over but still being recorded."""

LONGEST_PAUSE = 15.0
"""Seconds between two tries to record how a render ended, at the most."""


T = TypeVar("T")


class Listener(Protocol):
    """Is told of every change, on whichever thread made it; in the order of revisions for each project.

    It must be quick, and may ask the manager for a status but not for a change.
    """

    def published(self, snapshot: RenderSnapshot) -> None:
        """A project has a new snapshot."""

    def deleted(self, project_id: str) -> None:
        """A project is gone; nothing more will be published of it."""


class Task:
    """One render, as its job sees it."""

    def __init__(self, manager: TaskManager, job: Job, snapshot: RenderSnapshot) -> None:
        self.project_id = snapshot.project_id
        self.cancelled = threading.Event()
        """Set when the job is to stop; and when it is over, so that a thread that waits for it ends."""
        self.snapshot = snapshot
        """The newest snapshot."""
        self._manager = manager
        self._job = job
        self._turn = threading.RLock()
        self._interrupted = threading.Event()
        """Set when it isn't worth waiting any longer for a record that fails."""
        # The flags below are guarded by the manager's lock. None is ever cleared.
        self._committed = False
        self._ending = False
        self._abandoned = False
        self._forgotten = False

    def update(self, **changes: Any) -> RenderSnapshot:
        """Publish the next snapshot, with `changes`. For progress, and for entering FINISHING."""
        return self._manager._advance(self, changes)

    def commit(self) -> None:
        """Pass the point of no return: nobody can cancel from here on. Raises Cancelled if somebody did."""
        self._manager._commit(self)


Job = Callable[[Task], Mapping[str, object]]
"""Does one render. What it returns becomes part of the completed snapshot; `output_url` must be in it."""


class TaskManager:
    """Runs at most `concurrency` renders at a time; up to `capacity` more wait their turn.

    Two kinds of lock, taken in this order, and never two of a kind:

    - A task's *turn* is held by whoever makes the next snapshot of that project, from evolving it over
      recording to publishing it. So a project's snapshots are recorded and published in the order of their
      revisions.
    - The *lock* guards the table, the queue and the tasks' flags, for a few assignments at a time. Neither a
      job, `record`, the store nor a listener is ever called under it.

    A snapshot is recorded before it is published when its state changed and when a segment was finished. If
    that fails it is logged, and the render goes on. Only how it ended is tried again until it is recorded, and
    published after that.
    """

    def __init__(self, store: SnapshotStore, record: Record, *, concurrency: int = 1, capacity: int = 100) -> None:
        self._store = store
        self._record = record
        self._concurrency = concurrency
        self._capacity = capacity
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        """Notified whenever a task leaves the table."""
        self._tasks: dict[str, Task] = {}
        self._queue: deque[Task] = deque()
        self._running: set[Task] = set()
        self._listeners: tuple[Listener, ...] = ()
        self._workers = 0
        self._worker_numbers = itertools.count(1)
        self._closing = False

    def add_listener(self, listener: Listener) -> None:
        """Tell `listener` of every change from now on."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def remove_listener(self, listener: Listener) -> None:
        """Tell `listener` of no change that begins after this."""
        with self._lock:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

    def status(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project, if it is in memory."""
        return self._store.get(project_id)

    def submit(
        self,
        project_id: str,
        job: Job,
        *,
        total_segments: int,
        total_frames: int,
        previous_revision: int = 0,
    ) -> RenderSnapshot:
        """Queue a render. It is recorded on the calling thread; if that fails, nothing was queued.

        Raises AlreadyRunning, QueueFull or ShuttingDown, and whatever `record` raises.
        """
        known = self._store.get(project_id)
        first = RenderSnapshot.queued(
            project_id,
            total_segments=total_segments,
            total_frames=total_frames,
            previous_revision=max(previous_revision, known.revision if known else 0),
        )
        task = Task(self, job, first)
        try:
            accepted = self._accept(task)
        except BaseException:
            self._leave(task)
            self._move_up()
            raise
        self._hire()
        return accepted

    def cancel(self, project_id: str) -> RenderSnapshot:
        """Stop a render: at once if it still waits and that can be recorded, else as soon as both are so.

        Raises NotRunning if there is none, if it is over, or if its job has passed the point of no return.
        """
        with self._lock:
            task = self._tasks.get(project_id)
            if task is None or task._committed or task._ending:
                raise NotRunning(project_id)
            task.cancelled.set()
            if task not in self._queue:
                return task.snapshot
            self._queue.remove(task)
            task._ending = True
        last = self._last(task, {"state": RenderState.CANCELLED, "error": CANCELLATION})
        if self._try_to_end(task, last):
            self._let_go(task)
        else:  # whoever cancels need not wait until the database is back
            name = f"ending-{task.snapshot.task_id}"
            threading.Thread(target=self._end, args=(task, last), name=name, daemon=True).start()
        self._move_up()
        return task.snapshot

    def publish_ended(self, snapshot: RenderSnapshot) -> None:
        """Show the recorded end of a render that an earlier process began, where that process's state may linger.

        Raises ValueError if `snapshot` is of a render that goes on.
        """
        if not snapshot.state.is_terminal:
            raise ValueError(f"{snapshot.task_id} has not ended: it is {snapshot.state}")
        self._show(snapshot)

    def forget(self, project_id: str, timeout: float) -> None:
        """Stop a project's render if there is one, drop all that is known of it, and tell the listeners.

        Nothing is recorded for it any more. Raises StillRunning if the job has not ended after `timeout`
        seconds; it is dropped all the same as soon as it does.
        """
        with self._lock:
            task = self._tasks.get(project_id)
            if task is not None:
                self._abandon(task)
                task._forgotten = True
                if task not in self._queue:
                    gone = self._left.wait_for(lambda: self._tasks.get(project_id) is not task, timeout)
                    if not gone:
                        raise StillRunning(project_id)
                    return
                self._queue.remove(task)
        if task is not None:
            with task._turn:  # what is being recorded of it right now is through
                self._leave(task)
            self._move_up()
        self._erase(project_id)

    def shutdown(self, timeout: float) -> bool:
        """Start nothing more, stop every render, and wait for the jobs; True if all ended in time.

        It may be called again. Threads that wait for a render, or for a database that is away, are let go.

        Nothing is recorded for a render that this interrupts: its row goes on saying PROCESSING, and the
        next start takes it up again. What was decided before (a cancel, a failure, a job past the point of no
        return) is still recorded.
        """
        with self._lock:
            self._closing = True
            for task in self._queue:
                self._abandon(task)
                del self._tasks[task.project_id]
            self._queue.clear()
            for task in self._tasks.values():
                if not (task._committed or task._ending or task.cancelled.is_set()):
                    self._abandon(task)
                task._interrupted.set()
            self._left.notify_all()
            return self._left.wait_for(lambda: not self._tasks, timeout)

    # The table and the queue

    def _accept(self, task: Task) -> RenderSnapshot:
        with task._turn:
            self._enter(task)
            try:
                self._record(task.snapshot)
            except BaseException:
                # Before the turn ends: a worker may have taken it from the queue and wait for it.
                with self._lock:
                    self._abandon(task)
                raise
            self._publish(task, task.snapshot)
            return task.snapshot

    def _enter(self, task: Task) -> None:
        deadline = time.monotonic() + ENDING_PATIENCE
        with self._lock:
            while True:
                if self._closing:
                    raise ShuttingDown
                earlier = self._tasks.get(task.project_id)
                if earlier is None:
                    break
                # Its row may say so already, and then its owner may ask for the next render.
                if not (earlier._ending and self._left.wait(deadline - time.monotonic())):
                    raise AlreadyRunning(task.project_id)
            if len(self._tasks) >= self._concurrency + self._capacity:
                raise QueueFull(self._capacity)
            self._tasks[task.project_id] = task
            self._queue.append(task)
            if ahead := self._ahead_of(task):
                task.snapshot = task.snapshot.behind(ahead)

    def _leave(self, task: Task, *, unless_forgotten: bool = False) -> bool:
        with self._lock:
            if unless_forgotten and task._forgotten:
                return False
            if task in self._queue:
                self._queue.remove(task)
            self._running.discard(task)
            if self._tasks.get(task.project_id) is task:
                del self._tasks[task.project_id]
            task._ending = True
            self._left.notify_all()
        task.cancelled.set()
        return True

    def _ahead_of(self, task: Task) -> int:
        """How many renders have to end before this waiting one begins."""
        return max(0, len(self._running) + self._queue.index(task) + 1 - self._concurrency)

    def _move_up(self) -> None:
        """Tell those that wait what place they have now."""
        with self._lock:
            waiting = tuple(self._queue)
        for task in waiting:
            with task._turn:
                # Read within the turn: of two threads that do this at once, the last one to publish is right.
                with self._lock:
                    ahead = self._ahead_of(task) if task in self._queue else None
                if ahead is not None and ahead != task.snapshot.queue_position:
                    self._publish(task, task.snapshot.behind(ahead))

    def _abandon(self, task: Task) -> None:
        """Stop the job, and record and publish nothing of it from now on. Called under the lock."""
        task._abandoned = True
        task.cancelled.set()
        task._interrupted.set()

    # The workers

    def _hire(self) -> None:
        with self._lock:
            if not self._queue or self._workers >= self._concurrency:
                return
            self._workers += 1
            name = f"render-{next(self._worker_numbers)}"
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            self._move_up()
            self._end(task, self._last(task, self._run(task)))

    def _next(self) -> Task | None:
        with self._lock:
            if not self._queue:
                self._workers -= 1
                return None
            task = self._queue.popleft()
            self._running.add(task)
            return task

    def _run(self, task: Task) -> dict[str, Any]:
        """Do the job, and say what its last snapshot is to be."""
        try:
            if task.cancelled.is_set():
                raise Cancelled
            self._advance(task, {"state": RenderState.RUNNING})
            ending: dict[str, Any] = {**task._job(task), "state": RenderState.COMPLETED}
            task.snapshot.evolve(**ending)
            task.commit()
        except BaseException as error:  # noqa: BLE001 - a worker outlives whatever its job does
            return self._verdict(task, error)
        with self._lock:
            task._ending = True
        return ending

    def _verdict(self, task: Task, error: BaseException) -> dict[str, Any]:
        with self._lock:
            task._ending = True
            cancelled = task.cancelled.is_set() or isinstance(error, Cancelled)
        if cancelled:
            return {"state": RenderState.CANCELLED, "error": CANCELLATION}
        if isinstance(error, JobFailed):
            failure = error.failure
        else:
            logger.error("The job of %s broke", task.snapshot.task_id, exc_info=error)
            failure = INTERNAL
        phase = failure.phase or task.snapshot.current_phase
        return {"state": RenderState.FAILED, "error": replace(failure, phase=phase)}

    # Snapshots: evolve, record, publish

    def _commit(self, task: Task) -> None:
        with self._lock:
            if task.cancelled.is_set() and not task._committed:
                raise Cancelled
            task._committed = True

    def _advance(self, task: Task, changes: Mapping[str, Any]) -> RenderSnapshot:
        with task._turn:
            before = task.snapshot
            snapshot = before.evolve(**changes)
            if task._ending or snapshot.state.is_terminal:
                raise IllegalTransition("progress; a render ends when its job does", snapshot.state)
            if task._abandoned:
                return before
            if snapshot.state is not before.state or snapshot.current_segment > before.current_segment:
                self._try_to_record(task, snapshot)
            self._publish(task, snapshot)
            return task.snapshot

    def _last(self, task: Task, ending: Mapping[str, Any]) -> RenderSnapshot:
        with task._turn:
            return task.snapshot.evolve(**ending)

    def _end(self, task: Task, last: RenderSnapshot) -> None:
        """Record the last snapshot, however long that takes; publish it; and let the task go."""
        for pause in _growing_pauses():
            if self._try_to_end(task, last):
                break
            # Outside of the turn, so that nobody waits for it as long as this does.
            if task._abandoned or task._interrupted.wait(pause):
                break
        self._let_go(task)

    def _try_to_end(self, task: Task, last: RenderSnapshot) -> bool:
        with task._turn:
            recorded = self._try_to_record(task, last)
            if recorded:
                self._publish(task, last)
            return recorded

    def _let_go(self, task: Task) -> None:
        if not self._leave(task, unless_forgotten=True):
            self._erase(task.project_id)
            self._leave(task)

    def _try_to_record(self, task: Task, snapshot: RenderSnapshot) -> bool:
        if task._abandoned:
            return False
        try:
            self._record(snapshot)
        except RecordGone:
            with self._lock:
                self._abandon(task)
                task._forgotten = True
            return False
        except Exception:
            logger.exception("Could not record %s as %s", snapshot.task_id, snapshot.state)
            return False
        return True

    def _publish(self, task: Task, snapshot: RenderSnapshot) -> None:
        if task._abandoned:
            return
        task.snapshot = snapshot
        self._show(snapshot)

    def _show(self, snapshot: RenderSnapshot) -> None:
        _tell(snapshot, self._store.put, *(listener.published for listener in self._listeners))

    def _erase(self, project_id: str) -> None:
        _tell(project_id, self._store.delete, *(listener.deleted for listener in self._listeners))


def _tell(news: T, *hearers: Callable[[T], None]) -> None:
    """Tell the store first, then the listeners. None of them can hurt a render or the others."""
    for hear in hearers:
        try:
            hear(news)
        except Exception:
            logger.exception("%r failed on %r", hear, news)


def _growing_pauses() -> Iterator[float]:
    pause = 0.1
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)
