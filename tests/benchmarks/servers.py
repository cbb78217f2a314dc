"""Server processes to be measured: how to start one, what it costs, and how hard it is worked."""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from tests.acceptance.server import ROOT, until

DAPHNE = ("daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", "{application}")
UVICORN = ("uvicorn", "--log-level", "warning", "--host", "127.0.0.1", "--port", "{port}", "{application}")
GRANIAN = ("granian", "--interface", "asgi", "--no-log", "--host", "127.0.0.1", "--port", "{port}", "{application}")


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor time that it and what it started took so far."""
        times = [process.cpu_times() for process in (self.process, *self.process.children(recursive=True))]
        return sum(time.user + time.system for time in times)

    def memory(self) -> int:
        """Bytes that it holds in memory."""
        return sum(process.memory_info().rss for process in (self.process, *self.process.children(recursive=True)))


@contextmanager
def serving(command: tuple[str, ...], application: str = "", **settings: str) -> Iterator[Served]:
    """Run a server module on a free port of this machine's own, until the block ends."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    arguments = [part.format(port=port, application=application) for part in command]
    with subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=os.environ | settings) as process:
        try:
            until(lambda: _listens(port, process), f"{arguments[0]} to listen", within=60)
            yield Served(port, psutil.Process(process.pid))
        finally:
            process.terminate()


@contextmanager
def rushes(command: tuple[str, ...], application: str = "asgi:application") -> Iterator[Served]:
    """Run Rushes itself, as in production, on a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as folder:
        settings = {"DATA_DIR": folder, "SECRET_KEY": "only for the benchmark", "DEBUG": "0"}
        for preparation in ("migrate", "collectstatic"):
            subprocess.run(
                [sys.executable, "manage.py", preparation, "--no-input", "-v", "0"],
                cwd=ROOT,
                env=os.environ | settings,
                check=True,
            )
        with serving(command, application, **settings) as served:
            yield served


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the server ended"
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def work(*arguments: object) -> dict[str, Any]:
    """Let clients in a process of their own work; what they found."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
