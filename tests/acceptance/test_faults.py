"""What goes wrong in real life: files vanish, processes die, disks fill up, people change their minds."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from media.testing import make_picture, make_tone
from tests.acceptance.contract import History, check
from tests.acceptance.film import count_frames
from tests.acceptance.server import (
    Server,
    add,
    alive,
    completed,
    create,
    ended,
    files_left,
    film_of,
    frames_rendered,
    running,
    start,
    status,
    until,
)
from tests.disks import little_room

LONG = {"resolution_width": 1280, "resolution_height": 720, "framerate": 30}
"""A shape that takes long enough to be caught in the middle."""
FRAMES = 6 * 30
"""How many frames a long project has."""

SEEDS = itertools.count()
"""Of pictures: each is a new one, so that nothing of a film is in the cache of a server that tests share."""


def short_project(server: Server, folder: Path, *, segments: int = 2) -> str:
    """A project that is rendered in a moment."""
    folder.mkdir(exist_ok=True)
    project_id = create(server.client)
    for index in range(segments):
        picture = make_picture(folder / f"short-{index}.png", width=160, height=90, seed=next(SEEDS))
        add(server.client, project_id, image=picture, duration=0.5)
    return project_id


def long_project(server: Server, folder: Path, *, segments: int = 6) -> str:
    """A project that takes more than a second; each segment is one chunk."""
    project_id = create(server.client)
    lengthen(server, project_id, folder, segments=segments)
    return project_id


def lengthen(server: Server, project_id: str, folder: Path, *, segments: int = 6) -> None:
    """Add what makes a project long."""
    response = server.client.patch(f"/api/projects/{project_id}/", json=LONG)
    assert response.status_code == 200, response.text
    for index in range(segments):
        picture = make_picture(folder / f"long-{index}.jpg", width=1280, height=720, seed=next(SEEDS))
        add(server.client, project_id, image=picture, duration=1, motion="zoom_in")


def error_of(body: dict[str, Any]) -> dict[str, Any]:
    """The error of a failed render, once the body keeps the contract."""
    check(body)
    assert body["status"] == "FAILED"
    error: dict[str, Any] = body["render"]["error"]
    return error


def works(server: Server, folder: Path) -> None:
    """The server lives: it takes a new project and renders it."""
    completed(server.client, start_short(server, folder))


def start_short(server: Server, folder: Path) -> str:
    """Order the render of a short project."""
    project_id = short_project(server, folder)
    start(server.client, project_id)
    return project_id


def start_again(server: Server, folder: Path) -> tuple[str, bytes]:
    """Order the render of a project that was rendered and became long since; returns it with its film of before."""
    project_id = start_short(server, folder)
    completed(server.client, project_id)
    before = film_of(server, project_id).read_bytes()
    lengthen(server, project_id, folder)
    start(server.client, project_id)
    return project_id, before


class TestInput:
    """What can't be rendered is said before or while it is tried, with the segment that it concerns."""

    def test_a_picture_that_vanished(self, server: Server, tmp_path: Path) -> None:
        """FAILED with code, segment and advice; the film of before stays."""
        project_id = start_short(server, tmp_path)
        completed(server.client, project_id)
        before = film_of(server, project_id).read_bytes()
        picture = make_picture(tmp_path / "late.png", width=160, height=90, seed=9)
        segment = add(server.client, project_id, image=picture, duration=0.5)
        (server.data / "media" / segment["image_file"].removeprefix("/media/")).unlink()
        start(server.client, project_id)
        error = error_of(ended(server.client, project_id))
        assert error["code"] == "image_unreadable"
        assert (error["segment_id"], error["segment_index"]) == (segment["id"], 2)
        assert "segment 3" in error["message"].lower()
        assert film_of(server, project_id).read_bytes() == before
        works(server, tmp_path)

    def test_a_sound_that_was_damaged(self, server: Server, tmp_path: Path) -> None:
        """The same for a sound whose bytes are no longer what they were."""
        project_id = short_project(server, tmp_path)
        sound = make_tone(tmp_path / "tone.wav", seconds=0.5)
        segment = add(server.client, project_id, image=tmp_path / "short-0.png", audio=sound)
        (server.data / "media" / segment["audio_file"].removeprefix("/media/")).write_bytes(b"no sound")
        start(server.client, project_id)
        error = error_of(ended(server.client, project_id))
        assert error["code"] == "audio_unreadable"
        assert error["segment_id"] == segment["id"]
        assert not film_of(server, project_id).exists()

    def test_an_incomplete_project(self, server: Server, tmp_path: Path) -> None:
        """400 names each segment that lacks something; the project stays a draft."""
        project_id = create(server.client)
        assert server.client.post(f"/api/projects/{project_id}/render/").json()["code"] == "no_segments"
        no_image = add(server.client, project_id, duration=1)
        no_sound = add(server.client, project_id, image=make_picture(tmp_path / "picture.png"))
        response = server.client.post(f"/api/projects/{project_id}/render/")
        assert response.status_code == 400
        assert response.json()["missing_images"] == [no_image["id"]]
        assert response.json()["missing_audio"] == [no_sound["id"]]
        assert status(server.client, project_id)["status"] == "DRAFT"


class TestRaces:
    """Two who want something at once."""

    def test_of_two_starts_one_wins(self, server: Server, tmp_path: Path) -> None:
        """Each time one is accepted and the other told why not."""
        for attempt in range(5):
            project_id = short_project(server, tmp_path / str(attempt))
            address = f"{server.client.base_url}/api/projects/{project_id}/render/"
            barrier, answers = threading.Barrier(2), []

            def order(address: str = address, barrier: threading.Barrier = barrier, answers: Any = answers) -> None:
                with httpx.Client(timeout=30) as client:
                    client.get(str(server.client.base_url) + "/api/projects/")
                    barrier.wait()
                    answers.append(client.post(address))

            threads = [threading.Thread(target=order) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(answer.status_code for answer in answers) == [202, 409]
            [refused] = [answer for answer in answers if answer.status_code == 409]
            assert refused.json()["code"] == "already_processing"
            completed(server.client, project_id)


class TestCancelling:
    """A person changes their mind."""

    def test_the_encoders_are_gone_within_a_second(self, server: Server, tmp_path: Path) -> None:
        """FAILED with code cancelled; the film of before is untouched; the next try takes what was finished."""
        project_id, before = start_again(server, tmp_path)
        until(lambda: status(server.client, project_id)["progress"]["current_segment"] > 2, "a finished segment")
        encoders = server.encoders()
        assert encoders
        asked = time.monotonic()
        response = server.client.post(f"/api/projects/{project_id}/cancel/")
        assert response.status_code == 202, response.text
        until(lambda: not any(map(alive, encoders)), "the encoders to be gone", within=5)
        assert time.monotonic() - asked < 1.0
        body = ended(server.client, project_id)
        error = error_of(body)
        assert error["code"] == "cancelled"
        assert body["render"]["state"] == "cancelled"
        assert body["progress"]["current_phase"] == "Cancelled"
        assert film_of(server, project_id).read_bytes() == before
        assert files_left(server) == set()
        refused = server.client.post(f"/api/projects/{project_id}/cancel/")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_running")
        start(server.client, project_id)
        assert completed(server.client, project_id)["render"]["cached_segments"] >= 1

    def test_one_that_waits_ends_at_once(self, server: Server, tmp_path: Path) -> None:
        """A queued render never begins, and the one before it goes on."""
        first = long_project(server, tmp_path, segments=2)
        second = short_project(server, tmp_path)
        start(server.client, first)
        start(server.client, second)
        assert server.client.post(f"/api/projects/{second}/cancel/").status_code == 202
        assert error_of(status(server.client, second))["code"] == "cancelled"
        completed(server.client, first)


class TestDeleting:
    """A project goes while somebody looks at it."""

    def test_during_a_render(self, server: Server, tmp_path: Path) -> None:
        """Watchers hear of it and are let go with 4410; encoders and files are gone; the API says 404."""
        project_id = long_project(server, tmp_path)
        with connect(server.sockets + f"{project_id}/") as socket, connect(server.sockets) as everything:
            start(server.client, project_id)
            frames_rendered(server, project_id)
            encoders = server.encoders()
            assert server.client.delete(f"/api/projects/{project_id}/").status_code == 204
            for connection in (socket, everything):
                while (event := json.loads(connection.recv(timeout=10)))["type"] != "deleted":
                    assert event["type"] == "status"
                assert event["data"] == {"project_id": project_id}
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4410
        until(lambda: not any(map(alive, encoders)), "the encoders to be gone", within=5)
        assert server.client.get(f"/api/projects/{project_id}/status/").status_code == 404
        folder = server.data / "media" / "projects" / project_id
        until(lambda: not folder.exists(), "the files to be gone", within=5)
        assert files_left(server) == set()
        works(server, tmp_path)


class TestDyingProcesses:
    """Parts of the machinery end without a word."""

    def test_an_encoder_that_is_killed(self, server: Server, tmp_path: Path) -> None:
        """FAILED with code, segment and advice; the server lives; the film of before is untouched."""
        project_id, before = start_again(server, tmp_path)
        body = frames_rendered(server, project_id, 30)
        encoders = server.encoders()
        assert len(encoders) == 2
        encoders[0].kill()
        body = ended(server.client, project_id)
        error = error_of(body)
        assert error["code"] == "encoder_failed"
        segments = server.client.get(f"/api/projects/{project_id}/").json()["segments"]
        assert segments[error["segment_index"]]["id"] == error["segment_id"]
        assert "again" in error["message"]
        assert error["retryable"] is True
        assert body["progress"]["total_segments"] == 8
        assert film_of(server, project_id).read_bytes() == before
        until(lambda: not any(map(alive, encoders)), "the other encoder to be gone", within=5)
        assert files_left(server) == set()
        works(server, tmp_path / "after")

    def test_a_server_that_is_killed_goes_on_where_it_was(self, data: Path, tmp_path: Path) -> None:
        """Its encoders end with it; the next start resumes by itself and renders no finished chunk again."""
        with running(data) as server:
            project_id = long_project(server, tmp_path)
            start(server.client, project_id)
            # Of these, one of each encoder may not be stored yet.
            until(lambda: status(server.client, project_id)["progress"]["current_segment"] >= 4, "four segments")
            last = status(server.client, project_id)
            family = server.workers()
            server.kill()
            until(lambda: not any(map(alive, family)), "its children to be gone", within=5)
        chunks = {path: path.stat().st_mtime_ns for path in (data / "cache").glob("??/[!.]*")}
        assert len(chunks) >= 2
        with running(data) as server:
            history = History("after the restart")
            history.see(json.dumps(last))
            body = status(server.client, project_id)
            assert body["revision"] > last["revision"]
            body = completed(server.client, project_id)
            check(body)
            assert body["revision"] > last["revision"]
            assert body["render"]["cached_segments"] >= 2
            assert count_frames(film_of(server, project_id)) == FRAMES
            unchanged = {path: path.stat().st_mtime_ns for path in chunks if path.exists()}
            assert unchanged.keys() == chunks.keys()
            assert files_left(server) == set()

    def test_a_server_that_is_asked_to_end(self, data: Path, tmp_path: Path) -> None:
        """Clients are told 1001, no process is left, and the next start goes on.

        What was finished says the same, to the byte; the renders that were not are taken up again.
        """
        with running(data) as server:
            finished = start_short(server, tmp_path)
            completed(server.client, finished)
            before = server.client.get(f"/api/projects/{finished}/status/").text
            project_id, waiting = long_project(server, tmp_path), short_project(server, tmp_path)
            with connect(server.sockets + f"{project_id}/") as socket:
                start(server.client, project_id)
                start(server.client, waiting)
                frames_rendered(server, project_id)
                family = server.workers()
                server.process.terminate()
                for _ in socket:
                    pass
                assert socket.close_code == 1001
            assert server.process.wait(20) == 0
            until(lambda: not any(map(alive, family)), "its children to be gone", within=5)
        with running(data) as server:
            assert status(server.client, waiting)["render"]["state"] == "queued"
            assert server.client.post(f"/api/projects/{waiting}/cancel/").status_code == 202
            assert error_of(status(server.client, waiting))["code"] == "cancelled"
            assert status(server.client, project_id)["render"]["state"] in ("queued", "running")
            assert server.client.get(f"/api/projects/{finished}/status/").text == before
            assert completed(server.client, project_id)["render"]["rendered_frames"] == FRAMES


@pytest.fixture(scope="class")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these tests' own: what others wrote into its database might leave no room there."""
    with running(tmp_path_factory.mktemp("full") / "data") as server:
        yield server


class TestFullDisk:
    """There is no room left: no file of the server's may grow any further (RLIMIT_FSIZE, setrlimit(2))."""

    @pytest.mark.parametrize(
        ("width", "height", "segments"),
        [
            pytest.param(1280, 720, 4, id="for-the-film"),
            pytest.param(1920, 1080, 1, id="for-a-chunk"),
        ],
    )
    def test_there_is_no_room(
        self, small_server: Server, tmp_path: Path, width: int, height: int, segments: int
    ) -> None:
        """FAILED with code disk_full and advice; nothing partial is left, the film of before is untouched."""
        project_id = start_short(small_server, tmp_path)
        completed(small_server.client, project_id)
        before = film_of(small_server, project_id).read_bytes()
        for index in range(segments):
            picture = noise(tmp_path / f"noise-{index}.jpg", width, height, seed=index)
            add(small_server.client, project_id, image=picture, duration=1, motion="zoom_in")
        shape = {"resolution_width": width, "resolution_height": height}
        assert small_server.client.patch(f"/api/projects/{project_id}/", json=shape).is_success
        with little_room(ROOM, small_server.process.pid):
            start(small_server.client, project_id)
            error = error_of(ended(small_server.client, project_id))
            assert error["code"] == "disk_full", error
            assert "space" in error["message"]
            assert error["retryable"] is True
            assert film_of(small_server, project_id).read_bytes() == before
            assert files_left(small_server) == set()
            works(small_server, tmp_path / "after")


ROOM = 4_000_000
"""Enough for the database, and for a chunk of a small film of noise, but not for all of them together."""


def noise(path: Path, width: int, height: int, *, seed: int) -> Path:
    """A picture that no encoder can make small."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(path, quality=95)
    return path


def test_nothing_is_left_of_a_server_that_ended(data: Path, tmp_path: Path) -> None:
    """A server that never rendered anything leaves no process behind either: what forks workers ends with it."""
    with running(data) as server:
        add(server.client, create(server.client), image=make_picture(tmp_path / "picture.png"))
        family: list[psutil.Process] = server.workers()
        assert server.terminate() in (0, -15)
        until(lambda: not any(map(alive, family)), "its children to be gone", within=5)
