"""The server's side of the live benchmarks: the real manager, hub and consumer, and a job that does as it is told.

`/paced/N` publishes so many states from the job's thread, ten a second; `/burst/N` as many from the event loop as fast
as they go out, at no interval; `/end` ends the render. Each state has the moment of its making for a phase. With a
REDIS_URL it renders nothing itself, and shows what another process publishes there.
"""

import asyncio
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from channels.routing import ProtocolTypeRouter
from channels_redis.pubsub import RedisPubSubChannelLayer

from realtime.hub import ProgressHub
from realtime.payload import Payload, encode, encode_draft
from realtime.redis import RedisStore, channel_layer
from realtime.routing import websocket_application
from realtime.store import MemoryStore
from realtime.task_manager import Task, TaskManager

PROJECT = "11111111-1111-4111-8111-111111111111"
PAUSE = 0.1  # ten states a second, all that the hub lets through: a pause is never shorter than asked for

redis_url = os.environ.get("REDIS_URL")
store = RedisStore(redis_url) if redis_url else MemoryStore()
layer = RedisPubSubChannelLayer(**channel_layer(redis_url)["CONFIG"]) if redis_url else None
manager = TaskManager(store, lambda _: None)
hub = ProgressHub(store, layer=layer, interval=float(os.environ.get("INTERVAL", "0.1")), max_connections=10_000)
manager.add_listener(hub)
running: list[Task] = []
begun = threading.Event()
paced: list[int] = []
told = threading.Semaphore(0)


def job(task: Task) -> Mapping[str, object]:
    """Publish what is asked for, until it is the end."""
    running.append(task)
    begun.set()
    while told.acquire() and (count := paced.pop(0)):
        for _ in range(count):
            time.sleep(PAUSE)
            task.update(current_phase=str(time.monotonic_ns()))
    return {"output_url": "/media/final.mp4"}


async def lookup(project_id: str) -> Payload | None:
    """The render's newest state."""
    snapshot = store.get(project_id)
    return encode(snapshot) if snapshot else encode_draft(project_id, 0)


async def active() -> list[Payload]:
    """The states of all renders: there is one."""
    return [encode(snapshot) for snapshot in store.active()]


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Do what the path says."""
    word, _, count = scope["path"].strip("/").partition("/")
    if word == "burst":
        for _ in range(int(count)):
            running[0].update(current_phase=str(time.monotonic_ns()))
            await asyncio.sleep(0)  # to the hub
            await asyncio.sleep(0)  # to the writers
    elif word in ("paced", "end"):
        paced.append(int(count or 0))
        told.release()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


if redis_url is None:
    manager.submit(PROJECT, job, total_segments=1, total_frames=1)
    begun.wait()
application = ProtocolTypeRouter(
    {"http": http, "websocket": websocket_application(hub, lookup=lookup, active=active, origins=["127.0.0.1"])}
)
