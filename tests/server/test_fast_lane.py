"""One status, two ways: the fast lane answers as Django does, to the byte, and leaves to it what it has to."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from pytest_django.fixtures import Settings

from realtime.snapshot import Failure, RenderState
from realtime.testing import ScriptedJob
from server.http import http_application
from server.projects.models import Project, Status
from tests.server.conftest import Live

UNKNOWN = "00000000-0000-4000-8000-000000000000"
FRIEND, STRANGER = b"https://films.example", b"https://evil.example"

Message = dict[str, Any]
Headers = list[tuple[bytes, bytes]]

CALLERS: dict[str, Headers] = {
    "a program": [],
    "a browser": [
        (b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8"),
        (b"accept-encoding", b"gzip, deflate, br"),
        (b"accept-language", b"de,en;q=0.5"),
        (b"user-agent", b"Mozilla/5.0"),
        (b"referer", b"http://127.0.0.1/"),
    ],
    "a page of a friend": [(b"origin", FRIEND)],
    "a page of a stranger": [(b"origin", STRANGER)],
    "a page of nowhere": [(b"origin", b"null")],
    "behind a proxy": [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"10.0.0.1"), (b"forwarded", b"for=x")],
    "with a token": [(b"authorization", b"Token abc")],
}
ODD_CALLERS: dict[str, Headers] = {
    "one who reads only pictures": [(b"accept", b"image/png")],
    "one who reads only XML or JSON": [(b"accept", b"application/xml, application/json;q=0.1")],
    "one who accepts nonsense": [(b"accept", b";;;q=,")],
    "a visitor": [(b"cookie", b"sessionid=; theme=dark")],
    "an admin": [(b"cookie", b"sessionid=k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3; csrftoken=" + b"x" * 32)],
    "somebody else's host": [(b"host", b"evil.example")],
    "a host of nonsense": [(b"host", b"127.0.0.1:80:80")],
    "two hosts": [(b"host", b"evil.example"), (b"host", b"127.0.0.1")],
    "one who overrides the method": [(b"x-http-method-override", b"DELETE")],
    "one who sends a body": [(b"content-length", b"2"), (b"content-type", b"application/json")],
    "latin-1": [(b"user-agent", b"\xfc\xff"), (b"accept", b"\xfc/\xff")],
    "a spoofed header": [(b"x_forwarded_host", b"evil.example"), (b"origin", FRIEND), (b"origin", STRANGER)],
}
QUERIES = (b"", b"t=1", b"format=json", b"format=html", b"a=%ff&&=", b"\xff", b"format=")
PATHS = ("{}/status/", "{}/status", "{}//status/", "{}/status/x", "{}/status/\n", "{}/STATUS/", " {}/status/")


class CountingHandler(ASGIHandler):
    """Django, and how often it was asked."""

    asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, and count."""
        self.asked += 1
        await super().__call__(scope, receive, send)


class Ways:
    """Both ways to the same view."""

    root = ""
    """How much of each path is not ours."""

    def __init__(self, live: Live, runner: asyncio.Runner) -> None:
        self._runner = runner
        self.django = CountingHandler()
        self.lane = http_application(self.django, at_hand=live.manager.status)

    def compare(self, path: str, headers: Headers = [], *, method: str = "GET", query: bytes = b"") -> Message:  # noqa: B006
        """Ask both ways; hold the answers' messages against each other; return the first one and who gave it.

        The lane is asked twice: it remembers what it answered.
        """
        self.django.asked = 0
        asked = (self.root, self.root + path, headers, method, query)
        fast = self._runner.run(ask(self.lane, *asked))
        taken = self.django.asked == 0
        slow = self._runner.run(ask(self.django, *asked))
        again = self._runner.run(ask(self.lane, *asked))
        assert fast == slow == again, (path, headers, method, query)
        return {**fast[0], "fast": taken}


async def ask(application: Any, root: str, path: str, headers: Headers, method: str, query: bytes) -> list[Message]:
    """Send one request as a server does; all messages that come back."""
    if all(name != b"host" for name, _ in headers):
        headers = [(b"host", b"127.0.0.1:8000"), *headers]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": root,
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    inbox.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, inbox.get, send)
    return sent


@pytest.fixture
def ways(live: Live, settings: Settings) -> Iterator[Ways]:
    """Both ways, with one foreign origin that may read."""
    settings.CORS_ALLOWED_ORIGINS = [FRIEND.decode()]
    with asyncio.Runner() as runner:
        yield Ways(live, runner)


@pytest.fixture
def project(make_project: Callable[..., dict[str, Any]]) -> str:
    """The id of a project; a status says nothing of its segments but what the render does."""
    project_id: str = make_project(segments=0)["id"]
    return project_id


def of(project_id: str) -> str:
    """Where the status of a project is."""
    return f"/api/projects/{project_id}/status/"


def submit(live: Live, project_id: str) -> ScriptedJob:
    """Queue a scripted render, as `renders.start` would a real one."""
    project = Project.objects.get(pk=project_id)
    Project.objects.filter(pk=project_id).update(status=Status.PROCESSING)
    job = ScriptedJob()
    live.manager.submit(project_id, job, total_segments=2, total_frames=10, previous_revision=project.revision)
    return job


def hold_against_each_other(ways: Ways, project_id: str, *, fast: bool) -> None:
    """Every kind of caller, with and without the ETag, GET and HEAD: the same both ways, and who answered."""
    path = of(project_id)
    headers = dict(ways.compare(path)["headers"])
    etag = headers[b"ETag"]
    conditions: list[Headers] = [
        [],
        *([(b"if-none-match", value)] for value in (etag, b"W/" + etag, b'"1", ' + etag, b"*", b'"1"', b"nonsense")),
        [(b"if-match", b'"1"')],
        [(b"if-match", etag), (b"if-none-match", etag)],
        [(b"if-modified-since", b"Wed, 21 Oct 2065 07:28:00 GMT")],
    ]
    for method in ("GET", "HEAD"):
        for caller, sent in CALLERS.items():
            for condition in conditions if caller in ("a program", "a page of a friend") else conditions[:2]:
                answer = ways.compare(path, [*sent, *condition], method=method)
                expected = 304 if condition and etag in condition[-1][1] and condition[-1][0] == b"if-none-match" else 0
                assert answer["status"] == (expected or answer["status"])
                if answer["status"] in (200, 304):
                    assert answer["fast"] is fast, (caller, condition)
                    assert dict(answer["headers"])[b"ETag"] == etag


def test_every_state_of_a_render(ways: Ways, live: Live, project: str) -> None:
    """Queued, running, finishing, then completed, failed and cancelled: answered in the lane, the same both ways."""
    blocker = live.block()
    job = submit(live, project)
    hold_against_each_other(ways, project, fast=True)
    blocker.finish()
    assert job.started.wait(10)
    job.update(current_segment=1, frames_per_second=12.34, preview_url="/media/ü.jpg?v=1")
    hold_against_each_other(ways, project, fast=True)
    job.update(state=RenderState.FINISHING)
    hold_against_each_other(ways, project, fast=True)
    job.finish()
    live.journal.wait_for(project, RenderState.COMPLETED)
    hold_against_each_other(ways, project, fast=True)
    for ended in (RenderState.FAILED, RenderState.CANCELLED):
        job = submit(live, project)
        assert job.started.wait(10)
        job.update(current_segment=1, frames_per_second=12.34, preview_url="/media/ü.jpg?v=1")
        if ended is RenderState.FAILED:
            job.fail(Failure("encoder_failed", "Noch 1 Versuch: größer.", segment_index=1))
        else:
            live.manager.cancel(project)
        live.journal.wait_for(project, ended)
        hold_against_each_other(ways, project, fast=True)


def test_what_is_only_in_the_database(ways: Ways, project: str) -> None:
    """A project that was never rendered, or whose render left memory, is Django's."""
    hold_against_each_other(ways, project, fast=False)


@pytest.fixture
def running(live: Live, project: str) -> str:
    """A project whose render goes on."""
    submit(live, project)
    live.journal.wait_for(project, RenderState.RUNNING)
    return project


@pytest.mark.parametrize("caller", ODD_CALLERS)
def test_odd_callers(ways: Ways, running: str, caller: str) -> None:
    """Hosts that aren't ours, cookies, bodies, bytes that are no text: the same both ways."""
    for method in ("GET", "HEAD"):
        ways.compare(of(running), ODD_CALLERS[caller], method=method)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"])
def test_other_methods(ways: Ways, running: str, method: str) -> None:
    """What is neither GET nor HEAD is Django's, preflights as well."""
    preflight = [(b"origin", FRIEND), (b"access-control-request-method", b"GET")]
    for headers in ([], [(b"origin", FRIEND)], [(b"origin", STRANGER)], preflight):
        assert not ways.compare(of(running), headers, method=method)["fast"]


@pytest.mark.parametrize("query", QUERIES)
def test_queries(ways: Ways, running: str, query: bytes) -> None:
    """Whatever stands behind the question mark."""
    ways.compare(of(running), query=query)


@pytest.mark.parametrize("path", PATHS)
def test_addresses(ways: Ways, running: str, path: str) -> None:
    """Addresses that look like a status's, of a project in memory and of none."""
    for project_id in (running, UNKNOWN, running.upper(), running.replace("-", ""), "no-uuid", ""):
        answer = ways.compare(f"/api/projects/{path.format(project_id)}")
        assert answer["fast"] is (path == PATHS[0] and project_id == running)


@pytest.mark.parametrize("forced", [None, "/rushes"])
def test_below_a_path(ways: Ways, settings: Settings, running: str, forced: str | None) -> None:
    """Where a proxy mounts us below a path: answered in the lane, the same both ways, whoever says what the path is."""
    settings.FORCE_SCRIPT_NAME = forced
    ways.root = "/rushes"
    hold_against_each_other(ways, running, fast=True)
    for caller in ODD_CALLERS.values():
        ways.compare(of(running), caller)
    for path in ("-old{}", "/rushes{}", "/api{}", "{}/"):
        assert not ways.compare(path.format(of(running)))["fast"]


def test_a_deleted_project(ways: Ways, live: Live, running: str) -> None:
    """What was deleted is not found, whichever way one asks."""
    live.manager.forget(running, 10)
    Project.objects.filter(pk=running).delete()
    assert ways.compare(of(running))["status"] == 404
