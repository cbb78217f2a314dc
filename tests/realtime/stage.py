"""A small server for the WebSocket tests: the real consumer, hub and manager, and renders that do as they are told.

Run by Daphne in a process of its own. Over HTTP a test tells it what to do: the path is a word, the body its arguments.
"""

import asyncio
import gc
import json
import sys
from functools import partial
from uuid import UUID

from channels.routing import ProtocolTypeRouter

from realtime.daphne import before_daphne_stops
from realtime.hub import ProgressHub
from realtime.payload import Payload, encode, encode_draft
from realtime.routing import websocket_application
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import MemoryStore
from realtime.task_manager import TaskManager
from realtime.testing import ScriptedJob

MAX_CONNECTIONS = 60
SEGMENTS = 100

store = MemoryStore()
manager = TaskManager(store, lambda _: None, concurrency=10)
hub = ProgressHub(store, max_connections=MAX_CONNECTIONS)
manager.add_listener(hub)
before_daphne_stops(partial(manager.shutdown, 10))
projects: dict[str, ScriptedJob] = {}
loop: asyncio.AbstractEventLoop


def create(project: str) -> dict:
    """Make a project that was never rendered."""
    projects[project] = ScriptedJob()
    return encode_draft(project, 1).document


def submit(project: str) -> dict:
    """Begin a render, and return when it runs."""
    projects[project] = ScriptedJob()
    manager.submit(project, projects[project], total_segments=SEGMENTS, total_frames=10 * SEGMENTS)
    projects[project].started.wait(10)
    return status(project)


def update(project: str, **changes: object) -> dict:
    """Publish progress."""
    return shown(projects[project].update(**changes))


def burst(project: str, count: int) -> dict:
    """Publish `count` updates as fast as a thread can, then the end."""
    job = projects[project]
    for frame in range(count):
        job.update(rendered_frames=frame, current_segment=frame * SEGMENTS // count)
    job.finish()
    return {}


def fail(project: str) -> dict:
    """End a render with a failure."""
    projects[project].fail(Failure("encoder_failed", "Try again."))
    return {}


def cancel(project: str) -> dict:
    """Cancel a render."""
    return shown(manager.cancel(project))


def delete(project: str) -> dict:
    """Delete a project."""
    manager.forget(project, 10)
    del projects[project]
    return {}


def wait(project: str) -> dict:
    """Say that the project's render is stalled, and return when it is over."""
    task = projects[project].do(lambda task: task)
    task.update(stalled=True)
    task.cancelled.wait()
    return {}


def status(project: str) -> dict:
    """What `GET …/status/` would say."""
    return shown(manager.status(project))


def connections() -> int:
    """How many clients the hub knows."""
    return hub.connections


def tasks() -> int:
    """How many tasks the event loop has, this request's aside."""
    return sum("direct" not in repr(task.get_coro()) for task in asyncio.all_tasks(loop))


def blocks() -> int:
    """How many blocks of memory Python's objects hold, without those that nobody reaches any more."""
    gc.collect()
    return sys.getallocatedblocks()


def shown(snapshot: RenderSnapshot) -> dict:
    """A snapshot as its status body."""
    return encode(snapshot).document


async def lookup(project_id: str) -> Payload | None:
    """The newest payload of a project, if there is such a project."""
    if str(UUID(project_id)) not in projects:
        return None
    snapshot = store.get(project_id)
    return encode(snapshot) if snapshot else encode_draft(project_id, 1)


async def active() -> list[Payload]:
    """The payloads of all renders that go on."""
    return [encode(snapshot) for snapshot in store.active()]


WORDS = {
    word.__name__: word
    for word in (create, submit, update, burst, fail, cancel, delete, wait, status, connections, tasks, blocks)
}


async def direct(scope, receive, send) -> None:
    """Do what the test says, on a thread of its own."""
    global loop
    loop = asyncio.get_running_loop()
    body = json.loads((await receive()).get("body") or b"{}")
    if "state" in body:
        body["state"] = RenderState(body["state"])
    answer = await asyncio.to_thread(WORDS[scope["path"].strip("/")], **body)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


application = ProtocolTypeRouter(
    {
        "http": direct,
        "websocket": websocket_application(
            hub, lookup=lookup, active=active, origins=["127.0.0.1", "https://rushes.example"]
        ),
    }
)
