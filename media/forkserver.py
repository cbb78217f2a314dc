"""A process that forks workers: they begin in milliseconds, with all that rendering imports, and share its memory.

It is a fresh interpreter with one thread, so that forking it is safe whatever threads its owner runs (POSIX.1-2017,
`fork`); and it ends when its owner does. A worker is ended by it alone, as a process id is sure only to its parent.
"""

import atexit
import gc
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

_SOURCE = str(Path(__file__).resolve().parent.parent)

PATIENCE = 60.0
"""Seconds that an answer may take: the first waits until all is imported, which a cold disk makes slow."""
PAUSE = 30.0
"""Seconds that a worker may pause in the middle of a message; whoever was stopped there does not go on."""


class ForkServer:
    """One such process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def fork(self) -> tuple[int, Connection]:
        """Begin a worker; returns its process id and the owner's end of its pipe.

        To receive from it raises `BlockingIOError` where a message pauses for too long. Raises `OSError` if there can't
        be one more worker, and of these `ConnectionError` if this process is gone.
        """
        ours, theirs = Pipe()
        try:
            with theirs:
                _bound_pauses(ours)
                answer = self._ask(None, theirs.fileno())
            if isinstance(answer, OSError):
                raise answer
        except BaseException:
            ours.close()
            raise
        return answer, ours

    def end(self, pid: int) -> int | None:
        """End a worker and see it gone; returns how it ended, be it by itself: its exit code, or less than 0 a signal.

        None if this process is gone: the worker ends with its pipe then.
        """
        try:
            code = self._ask(pid)
        except ConnectionError:
            return None
        assert isinstance(code, int)
        return code

    def stop(self) -> None:
        """End this process and its workers."""
        with self._lock:
            self._end()

    def disown(self) -> None:
        """Let go of it in a fork of its owner, which is not its parent and must not keep its pipe open."""
        self._connection.close()
        self._process.returncode = 0

    def _ask(self, question: int | None, handle: int | None = None) -> int | OSError:
        """The answer. Raises `ConnectionError` if there is none, and this process is gone for good then."""
        with self._lock:
            try:
                self._connection.send(question)
                if handle is not None:
                    send_handle(self._connection, handle, self._process.pid)
                if not self._connection.poll(PATIENCE):
                    raise TimeoutError
                answer: int | OSError = self._connection.recv()
            except BaseException as error:
                self._end()  # an answer that still came would be taken for that to the next question
                if isinstance(error, (EOFError, OSError)):
                    raise ConnectionError("The process that forks workers is gone.") from error
                raise
        return answer

    def _end(self) -> None:
        self._connection.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
            return
        self._process.kill()  # it was stopped, or is still importing
        self._process.wait()


def _bound_pauses(connection: Connection) -> None:
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        end.setblocking(True)  # which `socket.setdefaulttimeout` may have ended, for the connection, too
        timeval = struct.pack("@ll", int(PAUSE), int(PAUSE % 1 * 1_000_000))
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)


_current: ForkServer | None = None
_lock = threading.Lock()


def fork() -> tuple[ForkServer, int, Connection]:
    """Begin a worker, from a new server if there is none alive; as `ForkServer.fork`, with what can end the worker."""
    global _current
    with _lock:
        server = _current = _current or ForkServer()
        try:
            return server, *server.fork()
        except ConnectionError:
            server = _current = ForkServer()
            return server, *server.fork()


@atexit.register
def stop() -> None:
    """End the server, if there is one; the next worker comes from a new one."""
    global _current
    with _lock:
        if _current is not None:
            _current.stop()
            _current = None


def _begin_anew() -> None:
    """A fork of the owner begins with no server: two who share a pipe would get each other's answers."""
    global _current, _lock
    _lock = threading.Lock()
    if _current is not None:
        _current.disown()
        _current = None


os.register_at_fork(after_in_child=_begin_anew)


def _environment() -> dict[str, str]:
    """The owner's, with this source first on the path, and with memory kept or given back as rendering needs it.

    Large pictures go back to the system at once, which glibc by itself stops to do after the first one. What an encoder
    held stays for the next, which is faster than new memory, until a large picture needs the room (`media.memory`).
    """
    return {
        "MALLOC_MMAP_THRESHOLD_": str(16 * 2**20),
        "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
        "OPENBLAS_NUM_THREADS": "1",  # its threads spin for a while where there is nothing for them
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (_SOURCE, os.environ.get("PYTHONPATH")))),
    }


def _serve(connection: Connection) -> Connection | None:
    """Fork when told None, and hand on a pipe; end the process of any number that is told.

    Returns in each new process, with its pipe; here once the owner is gone.
    """
    workers: set[int] = set()
    with suppress(EOFError, OSError):
        while True:
            pid = connection.recv()
            if pid is None:
                handle = recv_handle(connection)
                try:
                    forked: int | OSError = os.fork()
                except OSError as error:
                    forked = error
                if forked == 0:
                    connection.close()
                    return Connection(handle)
                os.close(handle)
                if isinstance(forked, int):
                    workers.add(forked)
                connection.send(forked)
            else:
                workers.remove(pid)
                os.kill(pid, signal.SIGKILL)
                connection.send(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    for pid in workers:  # one that is stopped, or deep in a library, would not see its pipe end
        os.kill(pid, signal.SIGKILL)
    return None


if __name__ == "__main__":
    # What workers need is there before they are; Pillow itself imports what reads a picture with the first one.
    from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    from media import probe, render, workers  # noqa: F401

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # so that collecting touches, and copies, no page of what is shared
    pipe = _serve(Connection(int(sys.argv[1])))
    if pipe is not None:
        workers.live(pipe)
