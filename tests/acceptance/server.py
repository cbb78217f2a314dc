"""The real server as a process of its own, and what a client does to it."""

import atexit
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0
STOP_SECONDS = 20.0

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, *, within: float = 30.0) -> T:
    """Return the first true value of `condition`; fail with `what` was waited for when the time is over."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {within:g} s for {what}")
        time.sleep(0.01)
    return value


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass
class Server:
    """One server process: where it is, where it keeps its things, what it said."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path
    log: Path
    client: httpx.Client

    @property
    def sockets(self) -> str:
        """Where its WebSockets are."""
        return f"ws://127.0.0.1:{self.port}/ws/projects/"

    def output(self) -> str:
        """What the process wrote."""
        return self.log.read_text(errors="replace")

    def workers(self) -> list[psutil.Process]:
        """The living processes that it started."""
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        return [child for child in children if alive(child)]

    def encoders(self) -> list[psutil.Process]:
        """Those of them that are at work on a film: all but the one that forks the others."""
        return [worker for worker in self.workers() if worker.ppid() != self.process.pid]

    def kill(self) -> None:
        """End it as a power cut would: no signal that it could handle, and only itself."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def terminate(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)


def alive(process: psutil.Process) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def strangers_environment() -> dict[str, str]:
    """The environment without what the test run put into it for itself."""
    ours = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATA_DIR", "DEBUG"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@cache
def migrated() -> Path:
    """The database that a server's first start makes; with a copy of it, each later first start takes half the time."""
    folder = Path(tempfile.mkdtemp(prefix="rushes-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ours = {"DEBUG": "1", "DATA_DIR": str(folder)}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=strangers_environment() | ours, check=True)
    return folder / "rushes.sqlite3"


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Server]:
    """Start the server on a free loopback port and end it; `settings` are of its own environment."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "rushes.sqlite3").exists():
        shutil.copy(migrated(), data)
    log = data.parent / f"{data.name}-{port}.log"
    ours = {"DEBUG": "1", "DATA_DIR": str(data), "RENDER_WORKERS": "2", **settings}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=strangers_environment() | ours,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    server = Server(process, port, data, log, client)
    try:
        until(lambda: is_answering(server), "the server to answer", within=START_SECONDS)
        yield server
        assert "Traceback" not in server.output(), f"the server's log holds an error:\n{server.output()}"
    finally:
        client.close()
        workers = server.workers()
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            for left in (process, *workers):
                if isinstance(left, subprocess.Popen) or alive(left):
                    left.kill()
            process.wait()


def is_answering(server: Server) -> bool:
    """Whether the API answers; fails with the server's own words if it ended."""
    if server.process.poll() is not None:
        pytest.fail(f"the server ended with {server.process.returncode}:\n{server.output()}")
    try:
        return server.client.get("/api/projects/").is_success
    except httpx.TransportError:
        return False


def create(client: httpx.Client, **fields: Any) -> str:
    """Make a small project and return its id; its segments follow each other without overlaps."""
    small = {"title": "A test", "resolution_width": 160, "resolution_height": 90, "framerate": 10, "transition": "cut"}
    response = client.post("/api/projects/", json=small | fields)
    assert response.status_code == 201, response.text
    project_id: str = response.json()["id"]
    return project_id


def add(
    client: httpx.Client, project_id: str, *, image: Path | None = None, audio: Path | None = None, **fields: Any
) -> dict[str, Any]:
    """Upload one segment and return it."""
    named = {"image_file": image, "audio_file": audio}
    files = {name: (path.name, path.read_bytes()) for name, path in named.items() if path}
    response = client.post(
        f"/api/projects/{project_id}/segments/",
        data={name: str(value) for name, value in fields.items()},
        files=files or None,
    )
    assert response.status_code == 201, response.text
    segment: dict[str, Any] = response.json()
    return segment


def start(client: httpx.Client, project_id: str) -> dict[str, Any]:
    """Order the render."""
    response = client.post(f"/api/projects/{project_id}/render/")
    assert response.status_code == 202, response.text
    accepted: dict[str, Any] = response.json()
    return accepted


def status(client: httpx.Client, project_id: str) -> dict[str, Any]:
    """The status body."""
    response = client.get(f"/api/projects/{project_id}/status/")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def ended(client: httpx.Client, project_id: str, *, within: float = 60.0) -> dict[str, Any]:
    """Wait until the render is over, however; return the last status body."""

    def over() -> Mapping[str, Any] | None:
        body = status(client, project_id)
        return None if body["status"] == "PROCESSING" else body

    return dict(until(over, "the render to end", within=within))


def completed(client: httpx.Client, project_id: str, *, within: float = 60.0) -> dict[str, Any]:
    """Wait until the render is over, well; return the last status body."""
    body = ended(client, project_id, within=within)
    assert body["status"] == "COMPLETED", body
    return body


def frames_rendered(server: Server, project_id: str, frames: int = 1) -> dict[str, Any]:
    """Wait until a render is in its middle: so many frames of it are there. Fails if it is over before."""

    def far_enough() -> Mapping[str, Any] | None:
        body = status(server.client, project_id)
        assert body["status"] == "PROCESSING", body
        return body if body["render"]["rendered_frames"] >= frames else None

    return dict(until(far_enough, f"{frames} frames of the render"))


def film_of(server: Server, project_id: str) -> Path:
    """Where the finished film lies."""
    return server.data / "media" / "projects" / project_id / "output" / "final.mp4"


def files_left(server: Server) -> set[str]:
    """The names of all files in the data folder that are neither films, uploads, chunks, paces nor the database's."""
    known = re.compile(
        r"rushes\.sqlite3.*|secret_key|server\.lock|paces\.json|cache/[0-9a-f/]+|media/projects/[0-9a-f-]{36}/"
        r"(output/(final\.mp4|poster\.jpg|captions\.(srt|vtt)|chapters\.vtt)|preview\.jpg|segments/.*)"
    )
    names = {str(path.relative_to(server.data)) for path in server.data.rglob("*") if path.is_file()}
    return {name for name in names if not known.fullmatch(name)}
