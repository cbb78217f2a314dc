"""Processes that do the heavy and the dangerous work, and never outlive the process that started them.

A worker has one pipe to its owner. It runs one task after another, and reads the pipe in a thread of its own
meanwhile: when that ends, its owner is gone, and the worker ends at once. Ending a worker is killing it; nothing that
it does needs tidying up.
"""

import os
import signal
import threading
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from media import forkserver
from media.exceptions import EncoderFailed, MediaError, RenderCancelled, RenderTimeout

NICENESS = 10
_TICK = 0.1


@dataclass(frozen=True, slots=True)
class Report:
    """What a task says on its way."""

    value: Any


@dataclass(frozen=True, slots=True)
class Result:
    """What a task returned."""

    value: Any


class Task(Protocol):
    """A piece of work that can be pickled. `run` may report on its way; what it returns goes to the owner."""

    def run(self, report: Callable[[Any], None], /) -> object:
        """Do the work. Raises `MediaError`s, which reach the owner as they are."""

    def blame(self, error: MediaError) -> MediaError:
        """Add to an error which segment it concerns."""


class SharedTask(Task, Protocol):
    """One of many that a pool shares out."""

    @property
    def group(self) -> int | None:
        """Tasks of one group share preparations, and some with those of the next number, unless that is left out.

        None for a task that shares nothing.
        """

    @property
    def effort(self) -> float:
        """How long it takes beside the others, as `media.effort` counts."""


T = TypeVar("T", bound=Task)
P = TypeVar("P", bound=SharedTask)


class Worker(Generic[T]):
    """One process, handed one task at a time. Raises `EncoderFailed` if there can't be one more."""

    def __init__(self) -> None:
        try:
            self._server, self.pid, self.connection = forkserver.fork()
        except OSError as error:
            raise EncoderFailed(
                f"No process could be started to encode ({error.strerror or error}). Start the render again. "
                "If it happens again, the machine may be short of memory, or of the processes or files it allows."
            ) from error
        self.task: T | None = None
        self.group: int | None = None
        """Of the tasks that it was handed last, for its pool to remember."""

    def start(self, task: T) -> None:
        """Hand the worker a task; it must be idle."""
        self.task = task
        try:
            self.connection.send(task)
        except ConnectionError:
            raise self._died() from None

    def receive(self) -> Report | Result:
        """The next that the worker says; after a `Result` it is idle.

        Raises what the task raised, and `RenderTimeout` if the worker does not go on with what it began to say.
        """
        assert self.task is not None
        try:
            message: Report | Result | MediaError = self.connection.recv()
        except BlockingIOError:
            self.kill()
            raise self.task.blame(RenderTimeout()) from None
        except (EOFError, OSError):  # the latter, too, if the process ended in the middle of a message
            raise self._died() from None
        if isinstance(message, Report):
            return message
        task, self.task = self.task, None
        if isinstance(message, MediaError):
            raise task.blame(message)
        return message

    def do(self, task: T, *, patience: float) -> Any:
        """What one task returns; the process ends with it.

        Raises what the task raised, and `RenderTimeout` if nothing is heard of it for `patience` seconds.
        """
        try:
            self.start(task)
            if not self.connection.poll(patience):
                raise RenderTimeout
            return self.receive().value
        finally:
            self.kill()

    def kill(self) -> int | None:
        """End the process now, and see it gone; returns how it ended, as `ForkServer.end` does, if it was there."""
        if self.connection.closed:
            return None
        code = self._server.end(self.pid)
        self.connection.close()
        return code

    def _died(self) -> MediaError:
        code = self.kill()
        how = "" if code is None else f" with exit code {code}" if code >= 0 else f" with {signal.Signals(-code).name}"
        error = EncoderFailed(
            f"The process that encodes ended{how}. Start the render again; finished parts are kept. "
            "If it happens again, the machine may be short of memory."
        )
        return self.task.blame(error) if self.task else error


class WorkerPool(Generic[P]):
    """Up to `size` workers in a `with` block, started as they are needed and ended once nothing waits for them.

    A task without a group is done in a process of its own, beside them. One that takes more than half as long as the
    longest of the others begins at once; a shorter one when a worker finds nothing left to do, which is early enough.
    """

    def __init__(self, size: int, *, cancelled: threading.Event, stall_timeout: float) -> None:
        self._size = size
        self._cancelled = cancelled
        self._stall_timeout = stall_timeout
        self._workers: list[Worker[P]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.kill()

    def run(self, tasks: Sequence[P]) -> Iterator[list[tuple[P, Report | Result]]]:
        """Do all tasks; yields what came of them as it comes, ten times a second even if that is nothing.

        Raises the first error of any task, `RenderCancelled`, and `RenderTimeout` if no worker says anything for
        `stall_timeout` seconds.
        """
        waiting = deque(tasks)
        heard = time.monotonic()
        self._hand_out(waiting)
        while True:
            busy: dict[object, tuple[Worker[P], P]] = {
                worker.connection: (worker, worker.task) for worker in self._workers if worker.task
            }
            if not busy:
                return
            ready = wait([worker.connection for worker, _ in busy.values()], timeout=_TICK)
            events, failed = _received([busy[connection] for connection in ready])
            if self._cancelled.is_set():
                failed = RenderCancelled()
            elif ready:
                heard = time.monotonic()
            elif time.monotonic() - heard > self._stall_timeout:
                failed = RenderTimeout()
            failed = failed or self._refused(waiting)  # before whoever iterates takes their time over the events
            yield events  # what is finished is not lost by what failed meanwhile
            if failed:
                raise failed
            self._let_go()

    def _refused(self, waiting: deque[P]) -> MediaError | None:
        """Hand out what waits; the error if there is nobody to take it."""
        try:
            self._hand_out(waiting)
        except MediaError as error:
            return error
        return None

    def _let_go(self) -> None:
        """End those that nothing waits for."""
        for worker in [worker for worker in self._workers if not worker.task]:
            worker.kill()
            self._workers.remove(worker)

    def _hand_out(self, waiting: deque[P]) -> None:
        """Give each idle worker a task, and begin what is to be done beside them."""
        while self._has_room() and (efforts := _efforts(waiting)):
            worker = self._idle()
            worker.group = self._group_for(worker, efforts)
            task = next(task for task in waiting if task.group == worker.group)
            waiting.remove(task)
            worker.start(task)
        for task in [task for task in waiting if task.group is None and self._is_time_for(task, waiting)]:
            waiting.remove(task)
            self._started().start(task)

    def _is_time_for(self, alone: P, waiting: deque[P]) -> bool:
        if self._has_room():
            return True
        at_work = [worker.task for worker in self._shared() if worker.task]
        return 2 * alone.effort > max(task.effort for task in (*at_work, *waiting) if task.group is not None)

    def _has_room(self) -> bool:
        """Whether a worker has nothing to do, or one more may be started."""
        return sum(worker.task is not None for worker in self._shared()) < self._size

    def _idle(self) -> Worker[P]:
        """A worker without a task, started if there is none."""
        return next((worker for worker in self._shared() if not worker.task), None) or self._started()

    def _shared(self) -> list[Worker[P]]:
        """Those that groups are shared out among."""
        return [worker for worker in self._workers if worker.group is not None]

    def _started(self) -> Worker[P]:
        worker = Worker[P]()
        self._workers.append(worker)
        return worker

    def _group_for(self, worker: Worker[P], efforts: dict[int, float]) -> int:
        """The group that a worker goes to, of those in which so much effort waits: its own, the next one, or a new one.

        So each goes through neighbours, which share preparations. The first one goes to a new stretch of them in order,
        so that the film's beginning is soon there; any other to that with the most effort, so that little is left for
        the end, when some find nothing to do. Where somebody is on their way into a stretch, they begin in its middle.
        """
        others = {other.group for other in self._workers if other.task and other.group is not None}
        free = [group for group in efforts if group not in others] or list(efforts)
        if worker.group is not None:
            for group in (worker.group, worker.group + 1):
                if group in free:
                    return group
        place = count()
        stretches = [list(stretch) for _, stretch in groupby(free, key=lambda group: group - next(place))]
        if worker is self._workers[0]:
            new = stretches[0]
        else:
            new = max(stretches, key=lambda stretch: sum(efforts[group] for group in stretch))
        return new[len(new) // 2] if new[0] - 1 in others else new[0]


def _efforts(waiting: Iterable[SharedTask]) -> dict[int, float]:
    """What effort waits in each group, by the groups' order."""
    efforts: defaultdict[int, float] = defaultdict(float)
    for task in waiting:
        if task.group is not None:
            efforts[task.group] += task.effort
    return dict(sorted(efforts.items()))


def _received(
    ready: Sequence[tuple[Worker[P], P]],
) -> tuple[list[tuple[P, Report | Result]], MediaError | None]:
    """What workers have to say, and the first error among it."""
    events, failed = [], None
    for worker, task in ready:
        try:
            events.append((task, worker.receive()))
        except MediaError as error:
            failed = failed or error
    return events, failed


def live(connection: Connection) -> None:
    """A worker's whole life."""
    os.nice(NICENESS)
    import cv2

    cv2.setNumThreads(1)  # one worker a core
    cv2.ipp.setUseIPP_NotExact(True)  # as for drawing: a picture is prepared alike whether anything was drawn before
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_read, args=(connection, tasks), daemon=True).start()

    def say(message: Report | Result | MediaError) -> None:
        try:
            connection.send(message)
        except ConnectionError:  # the owner is gone
            os._exit(0)

    while True:
        task = tasks.get()
        try:
            message: Result | MediaError = Result(task.run(lambda value: say(Report(value))))
        except MediaError as error:
            message = error
        except Exception:  # noqa: BLE001 - whatever it is, the owner hears of it, and the log of the details
            traceback.print_exc()
            message = MediaError("Something went wrong inside the engine. Try again; the server's log says more.")
        say(message)


def _read(connection: Connection, tasks: "SimpleQueue[Task]") -> None:
    """Pass on tasks as long as there is an owner who sends them; no process stays without."""
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)
    except Exception:  # noqa: BLE001 - unpickling a task runs what others wrote
        traceback.print_exc()
        os._exit(1)
