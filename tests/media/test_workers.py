import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path

import psutil
import pytest

from media import forkserver
from media.exceptions import EncoderFailed, ImageUnreadable, MediaError, RenderCancelled, RenderTimeout
from media.workers import Report, Result, Worker, WorkerPool

from .processes import spare_handles, workers

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Work:
    """Does what its name says."""

    does: str
    group: int | None = 0
    gate: Path | None = None
    effort: float = 1.0

    def run(self, report: Callable[[object], None], /) -> object:
        """Do it, once the gate, a named pipe, was opened from its other side."""
        if self.gate:
            report("at the gate")
            self.gate.read_bytes()
        match self.does:
            case "answer":
                report("on my way")
                return (os.getpid(), self.group)
            case "fail":
                raise ImageUnreadable("no picture")
            case "break":
                return 1 / 0
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "pour":
                report(bytes(2**24))  # more than a pipe holds: sent to its end only if somebody reads it
            case "hang":
                report("hanging")
                threading.Event().wait()
        return os.nice(0)

    def blame(self, error: MediaError) -> MediaError:
        """The group stands for the segment."""
        error.segment_index = self.group
        return error


class Undeliverable(Work):
    """Raises as soon as it is unpickled."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        """What makes a `ValueError` of it."""
        return int, ("no number",)


def pool(size: int = 2, *, cancelled: threading.Event | None = None, stall_timeout: float = 60) -> WorkerPool[Work]:
    """A pool that is never cancelled nor impatient unless told."""
    return WorkerPool(size, cancelled=cancelled or threading.Event(), stall_timeout=stall_timeout)


def results(workers: WorkerPool[Work], tasks: list[Work]) -> list[object]:
    """What the tasks return, in the order in which they are done."""
    events = [event for batch in workers.run(tasks) for event in batch]
    return [event.value for _, event in events if isinstance(event, Result)]


@pytest.fixture(autouse=True)
def _no_process_stays():
    before = workers()
    yield
    assert workers() == before


def test_every_task_is_done_and_says_so_on_its_way():
    """Each task's reports and its result reach the owner, with the task they belong to."""
    tasks = [Work("answer", group) for group in range(5)]
    with pool() as workers:
        events = [event for batch in workers.run(tasks) for event in batch]
    assert sorted(task.group for task, event in events if event == Report("on my way")) == [0, 1, 2, 3, 4]
    assert sorted(event.value[1] for _, event in events if isinstance(event, Result)) == [0, 1, 2, 3, 4]


def test_a_worker_finishes_its_group_before_it_goes_to_another():
    """A worker goes on with its own group, whatever the order in which tasks wait."""
    with pool(1) as workers:
        done = results(workers, [Work("answer", group) for group in (0, 6, 5, 6, 5)])
    assert [group for _, group in done] == [0, 5, 5, 6, 6]


@pytest.mark.parametrize(
    ("waiting", "begun"),
    [
        pytest.param({0: 1, 2: 1, 4: 1}, [0, 2], id="in order"),
        pytest.param({0: 1, 1: 1, 3: 5, 4: 1, 6: 4}, [0, 3], id="where most waits"),
        pytest.param({0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 6: 2}, [0, 3], id="in the middle of a stretch that is begun"),
        pytest.param({0: 3}, [0, 0], id="with others where nothing else is left"),
    ],
)
def test_workers_begin_where_they_are_not_in_each_others_way(waiting: dict[int, int], begun: list[int]):
    """The first begins at the beginning, and the next in the neighbours that most effort waits in."""
    tasks = [Work("hang", group) for group, count in waiting.items() for _ in range(count)]
    with pool(2) as workers:
        next(workers.run(tasks))
        assert [worker.group for worker in workers._workers] == begun


def test_the_first_worker_goes_on_in_order_and_the_second_where_most_waits():
    """What takes long is begun early, and short tasks are left for the end."""
    with pool(2) as workers:
        batches = workers.run([Work("answer", 0), Work("hang", 2), Work("hang", 4), Work("hang", 6, effort=3)])
        done = (event.value[1] for batch in batches for _, event in batch if isinstance(event, Result))
        assert next(done) == 0
        assert [worker.group for worker in workers._workers] == [2, 6]


@pytest.mark.parametrize(("effort", "begun"), [(1.1, [0, None]), (1, [0])])
@pytest.mark.parametrize("efforts", [(1, 2), (2, 1), (2,)], ids=["one that waits", "one at work", "only one at work"])
def test_what_shares_nothing_is_done_beside_the_others(
    efforts: tuple[int, ...], effort: float, begun: list[int | None]
):
    """A task without a group takes no worker's place; it begins at once unless another takes twice as long."""
    shared = [Work("hang", group, effort=each) for group, each in enumerate(efforts)]
    tasks = [*shared, Work("answer", None, effort=effort)]
    with pool(1) as workers:
        next(workers.run(tasks))
        assert [worker.task and worker.task.group for worker in workers._workers] == begun


def test_the_first_worker_leaves_the_next_group_to_whoever_is_on_their_way_there():
    """It goes to the middle of what lies ahead of another, who has prepared what comes next."""
    with pool(2) as workers:
        batches = workers.run([Work("answer", 0), *(Work("hang", group) for group in (2, 3, 4, 5, 6))])
        next(event for batch in batches for _, event in batch if isinstance(event, Result))
        assert [worker.group for worker in workers._workers] == [5, 2]


def test_what_shares_nothing_and_is_short_begins_when_a_worker_has_nothing_to_do():
    """It does not wait for the last of the others to be done, but for the first that finds nothing left."""
    tasks = [Work("answer", 0), Work("hang", 1), Work("answer", None, effort=0.4)]
    with pool(2) as workers:
        batches = workers.run(tasks)
        done = (event.value[1] for batch in batches for _, event in batch if isinstance(event, Result))
        assert list(islice(done, 2)) == [0, None]


@pytest.mark.parametrize("end", ["cancelled", "killed"])
def test_what_is_finished_is_not_lost_by_what_fails_with_it(end: str):
    """A result that is there when its pool is cancelled, or its worker dies, is told before the error is."""
    cancelled = threading.Event()
    with pool(1, cancelled=cancelled) as one:
        batches = one.run([Work("answer"), Work("answer")])
        assert next(filter(None, batches))[0][1] == Report("on my way")
        [worker] = one._workers
        assert worker.connection.poll(10)
        if end == "cancelled":
            cancelled.set()
        else:
            ended = os.pidfd_open(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)
            assert wait([ended], 10)
            os.close(ended)
        [(_, event)] = next(batches)
        assert isinstance(event, Result)
        with pytest.raises(RenderCancelled if end == "cancelled" else EncoderFailed):
            next(batches)


def test_a_worker_ends_as_soon_as_nothing_waits_for_it():
    """While one works on, the other, for whom there is nothing left, is ended already."""
    with pool(2) as two:
        batches = two.run([Work("answer", 0), Work("hang", 1)])
        while not any(isinstance(event, Result) for _, event in next(batches)):
            pass
        next(batches)
        assert len(workers()) == 1


def test_workers_stand_back_behind_the_server():
    """A worker runs at a lower priority than its owner."""
    with pool(1) as workers:
        assert results(workers, [Work("priority")]) == [min(19, os.nice(0) + 10)]


def test_an_error_reaches_the_owner_as_it_is():
    """What a task raises is raised by the owner, with the segment it concerns, and no process stays."""
    with pytest.raises(ImageUnreadable, match="no picture") as failed, pool() as workers:
        results(workers, [Work("answer", 1), Work("fail", 2)])
    assert failed.value.segment_index == 2


def test_what_is_finished_when_another_task_fails_is_not_lost(tmp_path: Path):
    """A result that is there together with another task's error reaches the owner before that."""
    gates = [tmp_path / "fail", tmp_path / "answer"]
    for gate in gates:
        os.mkfifo(gate)
    kept: list[object] = []

    def render() -> None:
        with pool() as workers:
            batches = workers.run([Work("fail", 0, gates[0]), Work("priority", 1, gates[1])])
            reports = 0
            while reports < len(gates):
                reports += len(next(batches))
            for gate in gates:
                gate.write_bytes(b"")
            assert all(worker.connection.poll(10) for worker in workers._workers)
            for batch in batches:
                kept.extend(type(event) for _, event in batch)

    with pytest.raises(ImageUnreadable):
        render()
    assert kept == [Result]


def test_a_mistake_in_a_task_is_an_error_and_its_traceback_is_in_the_log(capfd: pytest.CaptureFixture[str]):
    """An exception that nobody foresaw reaches the owner as a sentence, and the log with its place."""
    forkserver.stop()  # the next one writes to where this test's errors go
    with pytest.raises(MediaError, match="log says more") as failed, pool() as workers:
        results(workers, [Work("break")])
    assert failed.value.code == "internal"
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_worker_that_is_killed_is_an_error_with_its_segment():
    """When a worker dies, the owner hears by what, and which segment it was at."""
    with pytest.raises(EncoderFailed, match="SIGKILL") as failed, pool() as workers:
        results(workers, [Work("die", 4)])
    assert failed.value.segment_index == 4
    assert failed.value.retryable


def test_an_idle_worker_that_was_killed_is_an_error_too():
    """Handing a task to a dead worker raises what a worker's death raises."""
    worker: Worker[Work] = Worker()
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.connection.poll(10)

    def hand_over() -> None:
        worker.start(Work("answer"))
        worker.receive()

    with pytest.raises(EncoderFailed):
        hand_over()
    worker.kill()


def test_a_worker_that_is_killed_in_the_middle_of_a_message_is_an_error():
    """Half a message is no message: the owner hears of the worker's death, and not of a pipe."""
    worker: Worker[Work] = Worker()
    worker.start(Work("pour", 3))
    assert worker.connection.poll(10)
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(EncoderFailed, match="SIGKILL") as failed:
        worker.receive()
    assert failed.value.segment_index == 3


def test_a_timeout_for_all_sockets_is_none_for_workers():
    """Where a program set one, a worker is heard to the end of a long message all the same."""
    socket.setdefaulttimeout(30)
    try:
        worker: Worker[Work] = Worker()
    finally:
        socket.setdefaulttimeout(None)
    worker.start(Work("pour"))
    assert worker.connection.poll(10)
    assert worker.receive() == Report(bytes(2**24))
    worker.kill()


def test_a_worker_that_is_stopped_in_the_middle_of_a_message_is_an_error(monkeypatch: pytest.MonkeyPatch):
    """Nobody waits for ever for the rest of it: the worker is ended."""
    monkeypatch.setattr(forkserver, "PAUSE", 0.2)
    worker: Worker[Work] = Worker()
    worker.start(Work("pour", 3))
    assert worker.connection.poll(10)
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(RenderTimeout) as failed:
        worker.receive()
    assert failed.value.segment_index == 3
    assert workers() == []


def test_a_task_that_cannot_be_unpickled_ends_its_worker(capfd: pytest.CaptureFixture[str]):
    """What arrives as nothing that can be run is an error at once, with its traceback in the log."""
    forkserver.stop()  # the next one writes to where this test's errors go
    with pytest.raises(EncoderFailed, match="exit code 1"), pool(1) as workers:
        results(workers, [Undeliverable("answer")])
    assert "no number" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("gone", "handles"), [(False, 0), (False, 2), (True, 3)], ids=["for a worker", "to bound it", "for a fork server"]
)
def test_an_owner_without_handles_is_told_so_and_goes_on_with_them(gone: bool, handles: int):
    """Where there can't be one more process the error says why, no handle is lost, and the next one begins as ever."""
    Worker().kill()
    before = psutil.Process().num_fds()
    if gone:
        psutil.Process().children()[0].kill()
    with spare_handles(handles), pytest.raises(EncoderFailed, match="Too many open files"):
        Worker()
    Worker().kill()
    assert psutil.Process().num_fds() == before


def test_a_fork_that_the_system_refuses_is_an_error_and_no_end_of_the_fork_server():
    """Beyond RLIMIT_NPROC no worker begins, and the error says that it is for want of one more process."""
    done = subprocess.run([sys.executable, "-c", _CROWDED], capture_output=True, text=True, cwd=ROOT, check=False)
    if "no fork server" in done.stdout:
        pytest.skip("who runs this test can't be held to a number of processes")
    assert (done.stdout, done.stderr) == ("refused\nrefused\n", "")


_CROWDED = """
import ctypes, os, psutil, resource
from media import forkserver
from media.exceptions import EncoderFailed
from media.workers import Worker
if os.geteuid() == 0:  # whom the limit does not bind: what root starts is somebody else with root's files
    for capability in (21, 24):  # CAP_SYS_ADMIN, CAP_SYS_RESOURCE
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    os.setresuid(65534, 0, 0)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
else:
    Worker().kill()
    psutil.Process().children()[0].rlimit(psutil.RLIMIT_NPROC, (0, 0))
servers = []
for _ in range(2):
    try:
        Worker()
    except EncoderFailed as error:
        servers = psutil.Process().children()
        refused = "Resource temporarily unavailable" in error.message
        print(("refused" if servers else "no fork server") if refused else error)
assert servers == [psutil.Process(forkserver._current._process.pid)]
"""


def test_workers_are_ours_wherever_they_are_asked_for(tmp_path: Path):
    """Whatever lies in the folder that their owner works in, it is not taken for the engine."""
    (tmp_path / "media.py").write_text("raise SystemExit('not this one')")
    program = "from media.workers import Worker; Worker().kill(); print('here')"
    command = [sys.executable, "-P", "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("here\n", "")


def test_workers_begin_alike_and_from_one_thread():
    """What they share is there before they are, and a fork never comes between two threads."""
    with pool() as two:
        next(two.run([Work("hang", group) for group in range(2)]))
        parents = {worker.parent() for worker in workers()}
    [server] = parents
    assert server.num_threads() == 1
    assert any("/cv2/" in shared.path for shared in server.memory_maps())


@pytest.mark.parametrize("moment", ["before", "while"])
def test_a_fork_server_that_is_killed_is_replaced(moment: str):
    """Workers that it forked go on, and end with their owner; the next one comes from a new one."""
    first: Worker[Work] = Worker()
    server = psutil.Process(first.pid).parent()
    assert server is not None
    if moment == "while":
        first.start(Work("hang"))
        assert first.receive() == Report("hanging")
    server.kill()
    if moment == "before":
        first.start(Work("answer"))
        assert first.receive() == Report("on my way")
    with pool(1) as another:
        assert len(results(another, [Work("answer")])) == 1
    orphan = psutil.Process(first.pid)
    first.kill()
    orphan.wait(10)


def test_a_fork_server_that_does_not_answer_is_replaced(monkeypatch: pytest.MonkeyPatch):
    """Nobody waits for ever for a process that was stopped: another one takes its place, and nothing stays of it."""
    Worker().kill()
    [server] = psutil.Process().children()
    server.suspend()
    monkeypatch.setattr(forkserver, "PATIENCE", 0.1)
    with pytest.raises(ConnectionError):
        forkserver._current.fork()
    assert not server.is_running()
    monkeypatch.undo()
    with pool(1) as another:
        assert len(results(another, [Work("answer")])) == 1


def test_cancelling_ends_the_workers_within_a_second():
    """Once cancelled, a render's workers are gone at once, whatever they were doing."""
    cancelled, since = threading.Event(), []

    def render() -> None:
        with pool(cancelled=cancelled) as workers:
            for batch in workers.run([Work("hang", 0), Work("hang", 1)]):
                if batch:
                    since.append(time.monotonic())
                    cancelled.set()

    with pytest.raises(RenderCancelled):
        render()
    assert time.monotonic() - since[0] < 1


def test_workers_that_say_nothing_are_given_up():
    """After the patience for a silent worker has run out, the render ends with a time-out."""
    with pytest.raises(RenderTimeout), pool(stall_timeout=0.3) as workers:
        results(workers, [Work("hang")])


@pytest.mark.parametrize("end", [psutil.Process.kill, psutil.Process.terminate], ids=["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("pipes", ["their own", "shared with a fork"])
def test_workers_do_not_outlive_their_owner(pipes: str, end: Callable[[psutil.Process], None]):
    """However the owner ends, its workers and what forks them end by themselves.

    So do workers that are stopped, and those whose pipe is open in a process that the owner forked.
    """
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, pipes], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    with owner:
        at_work, stopped, child = (psutil.Process(int(pid)) for pid in owner.stdout.readline().split())
        server = at_work.parent()
        stopped.suspend()
        end(psutil.Process(owner.pid))
        owner.wait(10)
        left = psutil.wait_procs([server, at_work, stopped], timeout=10)[1]
        for process in (*left, child):
            process.kill()
    assert left == []


_OWNER = """
import os, sys, threading
from tests.media.test_workers import Work, pool
with pool(2) as workers:
    hanging = 0
    for batch in workers.run([Work("hang", 1), Work("hang", 2)]):
        hanging += len(batch)
        if hanging == 2:
            child = os.fork()
            if child == 0 and sys.argv[1] == "shared with a fork":
                threading.Event().wait()
            elif child == 0:
                os.execlp("sleep", "sleep", "60")  # which keeps none of its parent's handles
            print(*(worker.pid for worker in workers._workers), child, flush=True)
            hanging = 0
"""


def test_a_fork_of_an_owner_has_a_fork_server_of_its_own():
    """It shares no pipe with its parent: each gets the answers to its own questions."""
    done = subprocess.run([sys.executable, "-c", _FORKING], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("True\n", "", 0)


_FORKING = """
import os, psutil
from media.workers import Worker
mine = Worker()
if os.fork() == 0:
    its = Worker()
    print(psutil.Process(mine.pid).ppid() != psutil.Process(its.pid).ppid(), flush=True)
    its.kill()
else:
    os._exit(os.waitstatus_to_exitcode(os.wait()[1]) or mine.kill() != -9)
"""
