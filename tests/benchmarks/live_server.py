"""The server's side of the live benchmark: the real manager, hub and consumer, and a job that publishes the time."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from channels.routing import ProtocolTypeRouter

from realtime.hub import ProgressHub
from realtime.payload import Payload, encode
from realtime.routing import websocket_application
from realtime.store import MemoryStore
from realtime.task_manager import Task, TaskManager

PROJECT = "11111111-1111-4111-8111-111111111111"
STATES = 60
PAUSE = 0.12  # longer than the hub's own interval, so that no state is left out

go = threading.Event()
store = MemoryStore()
manager = TaskManager(store, lambda _: None)
hub = ProgressHub(store)
manager.add_listener(hub)


def job(task: Task) -> Mapping[str, object]:
    """Publish so many states, each with the moment of its making for a phase, once a request says go."""
    go.wait()
    for _ in range(STATES):
        time.sleep(PAUSE)
        task.update(current_phase=str(time.monotonic_ns()))
    task.cancelled.wait()
    return {}


async def lookup(project_id: str) -> Payload | None:
    """The job's newest state."""
    snapshot = store.get(project_id)
    return encode(snapshot) if snapshot else None


async def active() -> list[Payload]:
    """The states of all renders: there is one."""
    return [encode(snapshot) for snapshot in store.active()]


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Say that the server is there; `/go` begins."""
    if scope["path"] == "/go":
        go.set()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


manager.submit(PROJECT, job, total_segments=1, total_frames=1)
application = ProtocolTypeRouter(
    {"http": http, "websocket": websocket_application(hub, lookup=lookup, active=active, origins=["127.0.0.1"])}
)
