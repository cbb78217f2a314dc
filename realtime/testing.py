"""A job that advances when told and a listener that remembers, for tests of whatever shows a render."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, NoReturn, TypeVar

from realtime.exceptions import Cancelled, JobFailed
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.task_manager import Task

PATIENCE = 10.0
"""Seconds after which a test that waits gives up."""

T = TypeVar("T")
Step = Callable[[Task], object]


class ScriptedJob:
    """A job that does nothing by itself: each step is told to it, and done on its own thread as a real one's.

    It ends when it is cancelled, unless it is not `obedient`.
    """

    def __init__(self, *, obedient: bool = True) -> None:
        self.started = threading.Event()
        """Set when the manager has begun with this job."""
        self._obedient = obedient
        self._steps: SimpleQueue[tuple[Step, Future[Any] | None]] = SimpleQueue()

    def __call__(self, task: Task) -> Mapping[str, object]:
        """Do what is told until an end is told. This is the side that the manager calls."""
        if self._obedient:
            threading.Thread(target=self._obey, args=(task,), name="scripted-cancel", daemon=True).start()
        self.started.set()
        while True:
            step, done = self._steps.get()
            if done is None:
                return step(task)  # type: ignore[return-value]
            try:
                done.set_result(step(task))
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever told this step
                done.set_exception(error)

    def do(self, step: Callable[[Task], T]) -> T:
        """Do `step` on the job's thread; return what it returns and raise what it raises."""
        done: Future[T] = Future()
        self._steps.put((step, done))
        return done.result(PATIENCE)

    def update(self, **changes: Any) -> RenderSnapshot:
        """Publish progress, and return when every listener was told."""
        return self.do(lambda task: task.update(**changes))

    def commit(self) -> None:
        """Pass the point of no return. Raises Cancelled if a cancel came first."""
        self.do(lambda task: task.commit())

    def finish(self, output_url: str = "/media/final.mp4", **result: object) -> None:
        """End well."""
        self._steps.put((lambda _: {"output_url": output_url, **result}, None))

    def fail(self, failure: Failure) -> None:
        """End with a failure that explains itself."""
        self.crash(JobFailed(failure))

    def crash(self, error: BaseException) -> None:
        """End with any exception."""

        def step(_: Task) -> NoReturn:
            raise error

        self._steps.put((step, None))

    def _obey(self, task: Task) -> None:
        task.cancelled.wait()
        self.crash(Cancelled())


class Journal:
    """A listener that remembers everything, and lets a test wait for what it expects."""

    def __init__(self) -> None:
        self.snapshots: list[RenderSnapshot] = []
        self.gone: list[str] = []
        self._news = threading.Condition()

    def published(self, snapshot: RenderSnapshot) -> None:
        """Remember a snapshot."""
        with self._news:
            self.snapshots.append(snapshot)
            self._news.notify_all()

    def deleted(self, project_id: str) -> None:
        """Remember that a project is gone."""
        with self._news:
            self.gone.append(project_id)
            self._news.notify_all()

    def of(self, project_id: str) -> list[RenderSnapshot]:
        """All that was published of one project, in order."""
        with self._news:
            return [snapshot for snapshot in self.snapshots if snapshot.project_id == project_id]

    def wait_for(self, project_id: str, state: RenderState) -> RenderSnapshot:
        """The first snapshot of a project in `state`, as soon as there is one. Raises TimeoutError."""

        def found() -> RenderSnapshot | None:
            return next((one for one in self.snapshots if (one.project_id, one.state) == (project_id, state)), None)

        with self._news:
            snapshot = self._news.wait_for(found, PATIENCE)
        if snapshot is None:
            raise TimeoutError(f"{project_id} never became {state}")
        return snapshot

    def wait_until_gone(self, project_id: str) -> None:
        """Return as soon as the project was deleted. Raises TimeoutError."""
        with self._news:
            if not self._news.wait_for(lambda: project_id in self.gone, PATIENCE):
                raise TimeoutError(f"{project_id} was never deleted")
