"""The live state over real sockets, in each of the ways that the contract has, beside each other."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from media.testing import make_picture
from tests.acceptance.server import Server, add, completed, create, running, start, status, until
from tests.realtime.asyncapi import check
from tests.realtime.redis_server import RedisServer

UNKNOWN = "00000000-0000-4000-8000-000000000000"
Event = tuple[str, str, str]


@pytest.fixture
def project(server: Server, tmp_path: Path) -> str:
    """A project that is ready to be rendered."""
    project_id = create(server.client)
    add(server.client, project_id, image=make_picture(tmp_path / "picture.png", width=160, height=90), duration=0.5)
    return project_id


def events(lines: Iterator[str]) -> Iterator[Event]:
    """The name, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "event" in fields:
            yield fields["event"], fields.get("id", ""), fields["data"]
        fields = {}


def address(server: Server, project_id: str) -> str:
    """Where the events of a project are."""
    return f"http://127.0.0.1:{server.port}/api/projects/{project_id}/events/"


def follow(server: Server, project_id: str, ready: Callable[[], Any]) -> list[Event]:
    """All events up to the film."""
    with httpx.stream("GET", address(server, project_id), timeout=30) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
        seen = []
        for event in events(response.iter_lines()):
            seen.append(event)
            if len(seen) == 1:
                ready()
            if json.loads(event[2])["status"] == "COMPLETED":
                return seen
    raise AssertionError("the stream ended")


def test_events_and_messages_are_the_same_bytes(server: Server, project: str) -> None:
    """A render seen over a WebSocket and as events at once: the same body a revision, as AsyncAPI has it."""
    with connect(f"{server.sockets}{project}/", proxy=None) as socket, ThreadPoolExecutor() as pool:
        following = pool.submit(follow, server, project, lambda: start(server.client, project))
        messages = {}
        for message in socket:
            check(message)
            body = json.loads(message)["data"]
            messages[body["revision"]] = message
            if body["status"] == "COMPLETED":
                break
        seen = following.result(30)
    assert json.loads(seen[0][2])["status"] == "DRAFT"
    revisions = [int(revision) for _, revision, _ in seen]
    assert revisions == sorted(set(revisions))
    assert seen[-1][2].encode() == server.client.get(f"/api/projects/{project}/status/").content
    for _, revision, data in seen:
        message = f'{{"type":"status","data":{data}}}'
        assert messages.get(int(revision), message) == message


def test_who_comes_back_goes_on_where_they_were(server: Server, project: str) -> None:
    """`Last-Event-ID` leaves out what was seen; the next event is the next change."""
    with httpx.stream("GET", address(server, project)) as response:
        _, seen, _ = next(events(response.iter_lines()))
    with httpx.stream("GET", address(server, project), headers={"Last-Event-ID": seen}, timeout=30) as response:
        start(server.client, project)
        name, newer, data = next(events(response.iter_lines()))
    assert name == "status"
    assert int(newer) > int(seen)
    assert json.loads(data)["status"] != "DRAFT"
    completed(server.client, project)


def test_a_deletion_is_the_last_event(server: Server, project: str) -> None:
    """Deleting the project tells its followers and ends the stream."""
    with httpx.stream("GET", address(server, project)) as response:
        following = events(response.iter_lines())
        assert next(following)[0] == "status"
        assert server.client.delete(f"/api/projects/{project}/").status_code == 204
        assert list(following) == [("deleted", "", f'{{"project_id":"{project}"}}')]


def test_who_may_not_follow(server: Server, project: str) -> None:
    """What isn't there is 404 in the API's own words, other methods are 405, and HEAD doesn't wait for events."""
    unknown = server.client.get(f"/api/projects/{UNKNOWN}/events/", headers={"Accept": "text/event-stream"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert server.client.post(f"/api/projects/{project}/events/").status_code == 405
    head = server.client.head(f"/api/projects/{project}/events/")
    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream")


def test_the_lane_is_no_other_way(server: Server, project: str) -> None:
    """Over a real socket, too, the fast lane and Django (which has to look at cookies) answer alike."""
    start(server.client, project)
    completed(server.client, project)
    for headers in ({}, {"Origin": "https://evil.example"}, {"If-None-Match": "*"}, {"Accept": "image/png"}):
        for method in ("GET", "HEAD"):
            path = f"/api/projects/{project}/status/"
            fast = server.client.request(method, path, headers=headers)
            slow = server.client.request(method, path, headers={**headers, "Cookie": "theme=dark"})
            assert (fast.status_code, fast.headers.raw, fast.content) == (
                slow.status_code,
                slow.headers.raw,
                slow.content,
            )


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_shows_a_live_render(server: Server, project: str, tmp_path: Path) -> None:
    """`curl -N` writes each event as it comes, and ends with the server's word when it is stopped."""
    seen = tmp_path / "events"
    with seen.open("wb") as file, subprocess.Popen(["curl", "-sN", address(server, project)], stdout=file) as curl:
        until(lambda: "event: status" in seen.read_text(), "the first event")
        start(server.client, project)
        until(lambda: '"status":"COMPLETED"' in seen.read_text(), "the film")
        curl.terminate()
    states = [json.loads(data)["render"] for _, _, data in events(iter(seen.read_text().splitlines()))]
    assert states[0] is None
    assert states[-1]["state"] == "completed"


def test_two_servers_with_one_redis(tmp_path: Path) -> None:
    """What one server renders is seen on the other one's sockets as it happens, and Redis may die meanwhile."""
    redis = RedisServer(tmp_path)
    shared = {"REDIS_URL": redis.url, "DATABASE_URL": f"sqlite:///{tmp_path}/shared.sqlite3"}
    with running(tmp_path / "data-a", **shared) as one, running(tmp_path / "data-b", **shared) as other:
        project_id = create(one.client)
        picture = make_picture(tmp_path / "picture.png", width=160, height=90)
        add(one.client, project_id, image=picture, duration=0.5)
        with connect(f"{other.sockets}{project_id}/", proxy=None) as socket:
            assert json.loads(socket.recv(10))["data"]["status"] == "DRAFT"
            for _ in range(2):
                start(one.client, project_id)
                states = []
                while states[-1:] != ["completed"]:
                    states.append(json.loads(socket.recv(30))["data"]["render"]["state"])
                assert set(states) > {"completed"}
                body = one.client.get(f"/api/projects/{project_id}/status/").content
                assert other.client.get(f"/api/projects/{project_id}/status/").content == body
            redis.kill()
            start(one.client, project_id)
            completed(one.client, project_id)
            redis.start()
            while json.loads(socket.recv(30))["data"]["revision"] != status(one.client, project_id)["revision"]:
                pass
    redis.kill()


def test_streams_end_with_the_server(data: Path) -> None:
    """A server that is told to stop ends each stream properly, instead of waiting for it."""
    with running(data) as other:
        project_id = create(other.client)
        with httpx.stream("GET", address(other, project_id), timeout=10) as response:
            following = events(response.iter_lines())
            assert next(following)[0] == "status"
            other.process.terminate()
            assert list(following) == []
        assert other.process.wait(10) == 0
