"""A process that forks workers: they begin in milliseconds, with all that rendering imports, and share its memory.

It is a fresh interpreter with one thread, so that forking it is safe whatever threads its owner runs (POSIX.1-2017,
`fork`); and it ends when its owner does. A worker is ended by it alone, as a process id is sure only to its parent.
"""

import atexit
import gc
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

_SOURCE = str(Path(__file__).resolve().parent.parent)


class ForkServer:
    """One such process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def fork(self) -> tuple[int, Connection]:
        """Begin a worker; returns its process id and the owner's end of its pipe.

        Raises `OSError` if there can't be one more, `EOFError` or `ConnectionError` if this process was killed.
        """
        ours, theirs = Pipe()
        with self._lock, theirs:
            self._connection.send(None)
            send_handle(self._connection, theirs.fileno(), self._process.pid)
            pid: int | OSError = self._connection.recv()
        if isinstance(pid, OSError):
            raise pid
        return pid, ours

    def end(self, pid: int) -> int | None:
        """End a worker and see it gone; returns how it ended, be it by itself: its exit code, or less than 0 a signal.

        None if this process is gone: the worker ends with its pipe then.
        """
        with self._lock:
            try:
                self._connection.send(pid)
                code: int = self._connection.recv()
            except (EOFError, OSError):
                return None
            return code

    def stop(self) -> None:
        """End this process. Its workers end with their pipes."""
        with self._lock:
            self._connection.close()
            self._process.wait()


_current: ForkServer | None = None
_lock = threading.Lock()


def fork() -> tuple[ForkServer, int, Connection]:
    """Begin a worker, from a new server if there is none alive; as `ForkServer.fork`, with what can end the worker."""
    global _current
    with _lock:
        server = _current = _current or ForkServer()
        try:
            return server, *server.fork()
        except (EOFError, ConnectionError):
            server.stop()
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


def _environment() -> dict[str, str]:
    """The owner's, with this source first on the path, and with memory kept or given back as rendering needs it.

    The encoder's frames come from memory that is kept for the next chunk; large pictures go back to the system at
    once, which glibc by itself stops to do after the first one.
    """
    return {
        "MALLOC_MMAP_THRESHOLD_": str(16 * 2**20),
        "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
        "OPENBLAS_NUM_THREADS": "1",  # its threads spin for a while where there is nothing for them
        **os.environ,
        "PYTHONPATH": os.pathsep.join((_SOURCE, os.environ.get("PYTHONPATH", ""))),
    }


def _serve(connection: Connection) -> Connection | None:
    """Fork when told None, and hand on a pipe; end the process of any number that is told.

    Returns in each new process, with its pipe; here once the owner is gone.
    """
    with suppress(EOFError, ConnectionError):
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
                connection.send(forked)
            else:
                os.kill(pid, signal.SIGKILL)
                connection.send(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    return None


if __name__ == "__main__":
    from media import probe, render, workers  # noqa: F401 - what workers need is there before they are

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # so that collecting touches, and copies, no page of what is shared
    pipe = _serve(Connection(int(sys.argv[1])))
    if pipe is not None:
        workers.live(pipe)
