"""`manage.py watch` as its users run it: a process of its own, before a real server."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from media.testing import make_picture
from tests.acceptance.browser import Relay
from tests.acceptance.server import (
    ROOT,
    Server,
    add,
    create,
    ended,
    frames_rendered,
    start,
    strangers_environment,
    until,
)


def watching(url: str, project_id: str, *arguments: str, output: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start the command."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "watch", project_id, "--server", url, *arguments],
        cwd=ROOT,
        env=strangers_environment() | {"TERM": "xterm", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
    )


def film(server: Server, folder: Path, *, seconds: float = 0.5, segments: int = 2) -> str:
    """Make a project that can be rendered."""
    project_id = create(server.client)
    for index in range(segments):
        picture = make_picture(folder / f"{index}.jpg", width=320, height=180, seed=index)
        add(server.client, project_id, image=picture, duration=seconds)
    return project_id


def at(server: Server) -> str:
    """Where the server is."""
    return f"http://127.0.0.1:{server.port}"


def test_without_a_terminal_it_writes_lines_and_ends_with_the_film(server: Server, tmp_path: Path) -> None:
    """It waits for the render of a draft, and its last line is the film's address."""
    project_id = film(server, tmp_path)
    process = watching(at(server), project_id)
    start(server.client, project_id)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    lines = output.splitlines()
    assert "100%  Export complete  Segment 2 of 2 (100%)" in lines
    assert lines[-1] == f"The film    {at(server)}/media/projects/{project_id}/output/final.mp4"


def test_json_is_one_status_body_a_line_each_newer_than_the_last(server: Server, tmp_path: Path) -> None:
    """A script reads the very objects that the API gives."""
    project_id = film(server, tmp_path)
    start(server.client, project_id)
    last = ended(server.client, project_id)
    process = watching(at(server), project_id, "--json")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    bodies = [json.loads(line) for line in output.splitlines()]
    assert bodies == [last]


def test_a_terminal_shows_a_bar_and_a_block_for_each_segment(server: Server, tmp_path: Path) -> None:
    """The grid fills as the segments do."""
    project_id = film(server, tmp_path, segments=3)
    start(server.client, project_id)
    ours, theirs = pty.openpty()
    process = watching(at(server), project_id, output=theirs)
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 65536):
            shown += block
    except OSError:  # the other end is closed: the command is over
        pass
    assert process.wait(30) == 0
    os.close(ours)
    assert process.stderr is not None
    process.stderr.close()
    assert shown.decode().count("█") >= 3
    assert "Export complete" in shown.decode()


def test_where_no_socket_gets_through_it_asks(server: Server, tmp_path: Path) -> None:
    """It says so, once, and sees the end all the same; a cancelled render has an exit code of its own."""
    project_id = film(server, tmp_path, seconds=600)
    relay = Relay(server.port)
    relay.refuses_sockets = True
    try:
        process = watching(relay.url, project_id)
        start(server.client, project_id)
        frames_rendered(server, project_id)
        server.client.post(f"/api/projects/{project_id}/cancel/").raise_for_status()
        _, errors = process.communicate(timeout=60)
    finally:
        relay.close()
    assert process.returncode == 3
    assert errors.count("No live connection; asking every 3 seconds.") == 1


@pytest.mark.parametrize(("port", "code"), [(None, 4), (9, 5)])
def test_what_is_not_there_has_exit_codes_of_its_own(server: Server, port: int | None, code: int) -> None:
    """No such project, and nobody at the address."""
    url = at(server) if port is None else f"http://127.0.0.1:{port}"
    process = watching(url, "00000000-0000-0000-0000-000000000000")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in errors


def test_ctrl_c_ends_the_watching_and_not_the_render(server: Server, tmp_path: Path) -> None:
    """No traceback, the exit code that a shell expects."""
    project_id = film(server, tmp_path, seconds=600)
    start(server.client, project_id)
    process = watching(at(server), project_id)
    assert process.stdout is not None
    until(process.stdout.readline, "the first line")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "CommandError: Interrupted; the render goes on.")
    server.client.post(f"/api/projects/{project_id}/cancel/").raise_for_status()
    ended(server.client, project_id)
