"""The server as a process of its own: how it starts, holds its folder, serves slow readers, and stops."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.acceptance.server import ROOT, free_port, until

PATIENCE = 30.0


class Served:
    """`manage.py serve` on a free port, and what it printed."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.with_name(f"errors-{self.port}.txt")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DEBUG": "1", "DATA_DIR": str(data_dir), "LOG_LEVEL": "WARNING"},
            stdout=subprocess.PIPE,
            stderr=(log := self.log.open("w")),
            text=True,
        )
        log.close()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=PATIENCE)

    def wait_until_ready(self) -> None:
        """Read the line that says that it listens; empty if it ended instead."""
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], PATIENCE)[0], "it says nothing"
        self.greeting = self.process.stdout.readline()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit code once it and all its children are gone."""
        family = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        _, alive = psutil.wait_procs(family, timeout=5)
        assert alive == []
        self.http.close()
        return code


@contextmanager
def serving(data_dir: Path) -> Iterator[Served]:
    """Run a server on this folder for the length of a `with` block."""
    server = Served(data_dir)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)
        server.http.close()
        assert server.process.stdout
        server.process.stdout.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Served]:
    """A server that nobody else has asked for anything."""
    with serving(tmp_path / "data") as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that the tests share which leave it as it was."""
    with serving(tmp_path_factory.mktemp("served") / "data") as server:
        yield server


def test_it_says_where_it_is_and_ctrl_c_ends_it_quietly(own_server: Served) -> None:
    """The address, on loopback only, is the first line; the error stream stays empty; the exit code is 0."""
    server = own_server
    assert f"http://127.0.0.1:{server.port}/" in server.greeting
    assert server.http.get("/api/projects/").json()["count"] == 0
    assert server.http.get("/").status_code == 200
    assert server.http.get("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css").status_code == 200
    listening = [c.laddr for c in psutil.Process(server.process.pid).net_connections() if c.status == "LISTEN"]
    assert [tuple(address) for address in listening] == [("127.0.0.1", server.port)]
    assert server.stop(signal.SIGINT) == 0
    assert server.log.read_text() == ""


def test_a_second_server_on_the_same_folder_is_refused(server: Served) -> None:
    """It names the process that has the folder, and exits before it touches a render; the first one goes on."""
    with serving(server.data_dir) as second:
        assert second.process.wait(PATIENCE) == 1
    complaint = second.log.read_text()
    assert f"Another server (process {server.process.pid}) works in {server.data_dir}" in complaint
    assert "Traceback" not in complaint
    assert server.http.get("/api/projects/").status_code == 200


def test_a_slow_reader_does_not_fill_the_memory(server: Served) -> None:
    """Of 200 MB the server reads no more than a reader takes, and goes on when the reader does."""
    project = server.http.post("/api/projects/", json={}).json()["id"]
    film = server.data_dir / "media" / "projects" / project / "output" / "final.mp4"
    film.parent.mkdir(parents=True)
    size = 200 * 1024**2
    with film.open("wb") as file:
        file.truncate(size)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.settimeout(PATIENCE)
        client.sendall(f"GET /media/projects/{project}/output/final.mp4 HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        received = client.recv(1000)
        assert received.startswith(b"HTTP/1.0 200")
        read = until(lambda: settled(server, film), "the server to read no further")
        assert read < 32 * 1024**2
        _, _, body = received.partition(b"\r\n\r\n")
        count = len(body)
        while block := client.recv(1024**2):
            count += len(block)
    assert count == size
    assert server.http.get("/api/projects/").status_code == 200


def test_a_large_upload_costs_little_more_than_itself(own_server: Served) -> None:
    """Of a form of 60 MB the server never holds more than twice as much, and its fields arrive."""
    project = own_server.http.post("/api/projects/", json={}).json()["id"]
    content = os.urandom(1024**2) * 60
    before = highest_memory(own_server)
    answer = own_server.http.post(f"/api/projects/{project}/segments/", files={"audio_file": ("a.wav", content)})
    assert (answer.status_code, answer.json()["code"]) == (400, "audio_unreadable"), answer.text
    assert highest_memory(own_server) - before < 2 * len(content)


def highest_memory(server: Served) -> int:
    """The most memory that the server's process ever had, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
def test_a_body_beyond_all_limits_is_refused_unread(server: Served, expect: str) -> None:
    """413 comes before a byte of the body was sent, in the shape of all errors, and the answers end with it.

    Who goes on sending all the same is not cut off at once: its system would throw away what it has not yet read.
    """
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.settimeout(PATIENCE)
        head = f"POST /api/projects/ HTTP/1.1\r\nHost: localhost\r\n{expect}Content-Length: {10**12}\r\n\r\n"
        client.sendall(head.encode())
        received = b""
        while block := client.recv(1024**2):
            received += block
        client.sendall(bytes(2**24))  # more than fits between the two: the server still reads
    assert received.startswith(b"HTTP/1.1 413 ")
    body = json.loads(received.partition(b"\r\n\r\n")[2])
    assert (body["code"], body["limit_bytes"]) == ("too_large", 251 * 1024**2)


def test_a_body_that_grows_beyond_all_limits_is_refused(own_server: Served) -> None:
    """One that does not say how long it is gets the same answer once it is too long, and is not kept."""
    before = highest_memory(own_server)
    block = bytes(1024**2)
    answer = own_server.http.post("/api/projects/", content=(block for _ in range(260)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert highest_memory(own_server) - before < 32 * 1024**2
    assert own_server.http.get("/api/projects/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nHi\r\n--x--\r\n',
        ),
        ("application/json", b'{"title": "Hi"}'),
    ],
)
def test_a_body_in_chunks_arrives(server: Served, kind: str, content: bytes) -> None:
    """A request that does not say how long it is keeps its fields."""
    answer = server.http.post("/api/projects/", headers={"Content-Type": kind}, content=iter([content]))
    assert (answer.status_code, answer.json()["title"]) == (201, "Hi")


def test_a_head_has_no_body_however_long_it_would_be(server: Served) -> None:
    """The length of a schema of more than one block is told, and the next answer on the connection follows at once."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.settimeout(PATIENCE)
        client.sendall(b"HEAD /api/schema/?format=json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.sendall(b"GET /api/projects/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: client.recv(1024**2), b""))
    head, _, rest = received.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length
    assert int(length[1]) > 2**16
    assert rest.startswith(b"HTTP/1.1 200 ")


def settled(server: Served, film: Path) -> int:
    """How far the server has read in the film, once that has stood still for a fifth of a second; else 0."""
    before = position(server, film)
    time.sleep(0.2)
    return before if before == position(server, film) else 0


def position(server: Served, film: Path) -> int:
    """How far the server has read in the film; 0 if it has not opened it, or is done with it."""
    folder = Path(f"/proc/{server.process.pid}")
    for link in (folder / "fd").iterdir():
        if link.readlink() == film:
            found = re.search(r"pos:\s+(\d+)", (folder / "fdinfo" / link.name).read_text())
            return int(found[1]) if found else 0
    return 0
