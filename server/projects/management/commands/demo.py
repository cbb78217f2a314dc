"""Show what Rushes does: a real server, a sample film, its render watched live."""

import ctypes
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from server.projects.management.commands.render import INTERRUPTED, size
from server.projects.samples import TITLE
from server.projects.terminal import ProgressBar, Reported

START_SECONDS = 30.0
STOP_SECONDS = 15.0
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    """`manage.py demo`: everything that a client can do, done by a client."""

    help = "Render a sample film of six segments on a server of its own, and watch it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, the film's size, and whether to end after the render."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--size", type=size, default=(1920, 1080), metavar="1920x1080")
        parser.add_argument("--exit", action="store_true", help="end when the film is there")

    def handle(self, *args: Any, port: int, **options: Any) -> None:  # noqa: ARG002
        """Paint, serve, upload, render, watch; go on serving until Ctrl-C."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        logging.getLogger("httpx").setLevel(logging.WARNING)
        console = Console(highlight=False)
        width, height = options["size"]
        try:
            with ExitStack() as stack:
                base = stack.enter_context(server(port))
                client = stack.enter_context(httpx.Client(base_url=base, timeout=60))
                project = the_sample(client, width, height, console)
                page = f"{base}/projects/{project['id']}/"
                console.print(f"The page    {page}", soft_wrap=True)
                film = watch(client, project["id"], console)
                console.print(f"The film    {film}", soft_wrap=True)
                if not options["exit"]:
                    console.print("Serving until Ctrl-C.")
                    signal.pause()
        except KeyboardInterrupt:
            if options["exit"]:
                raise CommandError("Interrupted.", returncode=INTERRUPTED) from None
        except httpx.HTTPError as error:
            raise CommandError(f"The server does not answer: {error}. See {log_file()}") from error


@contextmanager
def server(port: int) -> Iterator[str]:
    """Run the real server in a process group of its own, yield its address; it ends when this does."""
    if is_taken(port):
        raise CommandError(f"Port {port} is taken. End what runs there, or choose another: make demo PORT={port + 1}")
    with log_file().open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )
        try:
            wait_until_it_answers(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, however it ends; prctl(2)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def is_taken(port: int) -> bool:
    """Whether a server could not listen there; one that ended a moment ago is no hindrance."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def log_file() -> Path:
    """Where the server's own words go, so that they don't run through the bar."""
    path: Path = settings.DATA_DIR / "demo.log"
    return path


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server listens. Raises `CommandError` with its last words if it ends instead."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    last_words = log_file().read_text(errors="replace").strip().splitlines()[-5:]
    raise CommandError("\n".join([f"The server did not start; {log_file()} says:", *last_words]))


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end; insist after a while, on the whole group."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def the_sample(client: httpx.Client, width: int, height: int, console: Console) -> Mapping[str, Any]:
    """Return the sample project: that of an earlier demo if it is still whole, else a new one."""
    size_asked = {"resolution_width": width, "resolution_height": height}
    looked_for = {"title": TITLE, "segment_count": 6, **size_asked}
    for known in pages(client, "/api/projects/"):
        if all(known[name] == value for name, value in looked_for.items()):
            console.print("The sample project is still there; unchanged segments come from the cache.")
            return known
    console.print("Painting six pictures")
    project: Mapping[str, Any] = answer(client.post("/api/projects/sample/", json=size_asked, timeout=300))
    return project


def watch(client: httpx.Client, project_id: str, console: Console) -> Path:
    """Start the render, show it until it ends, and return the finished film."""
    started = client.post(f"/api/projects/{project_id}/render/")
    # A render that an earlier demo left behind went on by itself.
    if started.status_code != httpx.codes.CONFLICT:
        answer(started)
    address = client.base_url.copy_with(scheme="ws", path=f"/ws/projects/{project_id}/")
    try:
        with connect(str(address)) as socket, ProgressBar(console) as bar:
            for message in socket:
                event = json.loads(message)
                if event["type"] != "status":
                    continue
                body = event["data"]
                if body["render"] and body["progress"]:
                    bar.show(Reported.of(body))
                match body["status"]:
                    case "COMPLETED":
                        return finished(body)
                    case "FAILED":
                        raise CommandError(f"The render failed: {body['render']['error']['message']}")
    except (OSError, WebSocketException) as error:
        raise CommandError(f"The connection to the server broke: {error}. See {log_file()}") from error
    raise CommandError(f"The server went away during the render. See {log_file()}")


def finished(body: Mapping[str, Any]) -> Path:
    """Return the film's path. Raises `CommandError` if nothing is there."""
    film: Path = settings.MEDIA_ROOT / body["output_url"].removeprefix(settings.MEDIA_URL)
    if not film.is_file() or not film.stat().st_size:
        raise CommandError(f"The server says that {film} is finished, but it is not there.")
    return film


def pages(client: httpx.Client, address: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a list that comes a page at a time."""
    following: str | None = address
    while following:
        page = answer(client.get(following))
        yield from page["results"]
        following = page["next"]


def answer(response: httpx.Response) -> Any:
    """Return what the API answered. Raises `CommandError` with its own words if it refused."""
    if response.is_success:
        return response.json()
    raise CommandError(
        f"{response.request.method} {response.request.url.path} was answered with "
        f"{response.status_code}: {response.text[:500]}"
    )
