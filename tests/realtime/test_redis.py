"""Several processes with one Redis between them: a real one, that may be killed in the middle."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from realtime.followers import Connection
from realtime.hub import ProgressHub
from realtime.redis import RedisStore, channel_layer
from realtime.relay import EVERYTHING, group_of, news
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import MemoryStore
from tests.realtime.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
PATIENCE = 15
STOPPED = Failure("cancelled", "Stopped.")


class Client:
    """A follower of this process's hub, which may take its time for each message."""

    def __init__(self, hub: ProgressHub, project_id: str | None, seconds: float = 0.0) -> None:
        self.bodies: list[dict] = []
        self.gone: list[str] = []
        self._news = asyncio.Event()
        self._seconds = seconds
        self.connection = Connection(project_id, self._send)
        hub.register(self.connection)

    async def _send(self, event: dict) -> None:
        if event["type"] == "websocket.close":
            return
        await asyncio.sleep(self._seconds)
        message = json.loads(event["text"])
        if message["type"] == "deleted":
            self.gone.append(message["data"]["project_id"])
        else:
            self.bodies.append(message["data"])
        self._news.set()

    async def until(self, condition) -> None:
        """Wait for what the client is to see."""
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self._news.clear()
                await self._news.wait()

    async def sees(self, snapshot: RenderSnapshot) -> None:
        """Wait until the newest that the client was told is this."""
        await self.until(lambda client: client.bodies and client.bodies[-1]["revision"] == snapshot.revision)


@asynccontextmanager
async def hub_on(store: RedisStore) -> AsyncIterator[ProgressHub]:
    """A hub of this process on the channel layer of a store's Redis."""
    layer = RedisPubSubChannelLayer(**channel_layer(store.url)["CONFIG"])
    hub = ProgressHub(store, layer=layer)
    try:
        yield hub
    finally:
        for connection in set().union(*hub._connections.values()):
            hub.unregister(connection)
        await layer.flush()


@pytest.fixture
def store(redis_server: RedisServer):
    """The store of this process."""
    store = RedisStore(redis_server.url)
    yield store
    store.close()


@pytest.fixture
def elsewhere(redis_server: RedisServer):
    """The store of another process."""
    store = RedisStore(redis_server.url)
    yield store
    store.close()


def queued(project_id: str = "p") -> RenderSnapshot:
    """A render that waits."""
    return RenderSnapshot.queued(project_id, total_segments=9, total_frames=900)


async def test_a_publisher_in_another_process(redis_server: RedisServer, store: RedisStore):
    """Of 2,000 states that another process publishes in a burst, slow clients here see few, in order, and the end."""
    async with hub_on(store) as hub:
        clients = [Client(hub, one, seconds) for one in ("p", None) for seconds in (0.0, 0.05)]
        command = [sys.executable, "-m", "tests.realtime.publisher", redis_server.url, "p", "2000"]
        publisher = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, timeout=60)
        assert publisher.returncode == 0
        for client in clients:
            await client.until(lambda client: client.bodies[-1:] and client.bodies[-1]["status"] == "COMPLETED")
            assert all(earlier["revision"] < later["revision"] for earlier, later in pairwise(client.bodies))
            assert 2 < len(client.bodies) < 200
        assert store.get("p").state is RenderState.COMPLETED


async def test_news_come_by_the_layer_and_not_by_the_sweep(store: RedisStore, elsewhere: RedisStore):
    """What is put elsewhere arrives here long before the next sweep, deletions too."""
    async with hub_on(store) as hub:
        hub._sweep_interval = 3600
        one, everything = Client(hub, "p"), Client(hub, None)
        first = queued()
        elsewhere.put(first)
        async with asyncio.timeout(PATIENCE):
            while not (one.bodies and everything.bodies):  # until the groups are joined, in a moment of their own
                first = first.behind(1)
                await asyncio.to_thread(elsewhere.put, first)
                await asyncio.sleep(0.05)
        last = first.evolve(state=RenderState.CANCELLED, error=STOPPED)
        await asyncio.to_thread(elsewhere.put, last)
        await one.sees(last)
        await everything.sees(last)
        await asyncio.to_thread(elsewhere.delete, "p")
        await one.until(lambda client: client.gone == ["p"])
        await everything.until(lambda client: client.gone == ["p"])


async def test_a_deletion_that_the_layer_loses(store: RedisStore, elsewhere: RedisStore):
    """What is deleted elsewhere is told here though no message comes, whether Redis had a state of it or not."""
    hub = ProgressHub(store, layer=InMemoryChannelLayer())  # which hears nothing of what Redis says
    await asyncio.to_thread(elsewhere.delete, "long ago")
    await asyncio.to_thread(elsewhere.put, queued())
    one, draft, everything = Client(hub, "p"), Client(hub, "draft"), Client(hub, None)
    await one.until(lambda client: client.bodies)
    await asyncio.to_thread(elsewhere.delete, "p")
    await asyncio.to_thread(elsewhere.delete, "draft")
    for client, gone in ((one, ["p"]), (draft, ["draft"]), (everything, ["p", "draft"])):
        await client.until(lambda client, gone=gone: client.gone == gone)
        hub.unregister(client.connection)


async def test_a_deletion_while_redis_is_away(redis_server: RedisServer, store: RedisStore, elsewhere: RedisStore):
    """Who follows a project elsewhere hears that it was deleted as soon as Redis is back, empty as it is then."""
    async with hub_on(elsewhere) as hub:
        one, everything = Client(hub, "p"), Client(hub, None)
        async with asyncio.timeout(PATIENCE):
            while not everything.gone:  # until it was looked at Redis for the first time
                await asyncio.to_thread(store.delete, "before")
                await asyncio.sleep(0.05)
        await asyncio.to_thread(redis_server.kill)
        await asyncio.to_thread(store.delete, "p")
        await asyncio.to_thread(redis_server.start)
        await one.until(lambda client: client.gone == ["p"])
        await everything.until(lambda client: client.gone == ["before", "p"])


async def test_redis_is_killed_in_the_middle(redis_server: RedisServer, store: RedisStore, elsewhere: RedisStore):
    """A render goes on without Redis, seen here without a gap, and elsewhere to its end as soon as Redis is back."""
    async with hub_on(store) as hub, hub_on(elsewhere) as other_hub:
        here, there = Client(hub, "p"), Client(other_hub, "p")

        def publish(snapshot: RenderSnapshot) -> RenderSnapshot:
            store.put(snapshot)
            hub.published(snapshot)
            return snapshot

        running = await asyncio.to_thread(publish, queued().evolve(state=RenderState.RUNNING))
        await here.sees(running)
        await there.sees(running)
        await asyncio.to_thread(redis_server.kill)
        for _ in range(3):
            running = await asyncio.to_thread(publish, running.evolve())
            await here.sees(running)
        assert store.get("p") == store.at_hand("p") == running
        assert store.active() == [running]
        assert await asyncio.to_thread(elsewhere.get, "p") is None
        last = await asyncio.to_thread(publish, running.evolve(state=RenderState.CANCELLED, error=STOPPED))
        await here.sees(last)
        await asyncio.to_thread(redis_server.start)
        await there.sees(last)
        assert elsewhere.get("p") == last
        again = queued().evolve(state=RenderState.RUNNING)
        await asyncio.to_thread(publish, again)
        await there.sees(again)


async def test_what_cannot_be_sent_keeps_nothing_else_back(
    redis_server: RedisServer, store: RedisStore, elsewhere: RedisStore, caplog: pytest.LogCaptureFixture
):
    """A state that is no JSON is logged and tried again; those after it reach Redis, and so does its next one."""
    async with hub_on(elsewhere) as hub:
        before, broken, after = (Client(hub, name) for name in ("before", "broken", "after"))
        await asyncio.to_thread(redis_server.kill)
        unspeakable = queued("broken").evolve(preview_url=b"no text")
        for snapshot in (queued("before"), unspeakable, queued("after")):
            await asyncio.to_thread(store.put, snapshot)
        await asyncio.to_thread(redis_server.start)
        for client in (before, after):
            await client.until(lambda client: client.bodies)
        assert "Redis can't be told of broken" in caplog.text
        mended = unspeakable.evolve(preview_url="/preview.jpg")
        await asyncio.to_thread(store.put, mended)
        await broken.sees(mended)


async def test_any_layer_will_do():
    """The layer in memory carries the same news, and the hub leaves its groups when the last client has left."""
    layer = InMemoryChannelLayer()
    hub = ProgressHub(MemoryStore(), layer=layer)
    one, everything = Client(hub, "p"), Client(hub, None)
    async with asyncio.timeout(PATIENCE):
        while len(layer.groups) < 2:  # noqa: ASYNC110 - the layer has no event for it
            await asyncio.sleep(0)
    snapshot = queued()
    await layer.group_send(group_of("p"), news("p", snapshot))
    await one.sees(snapshot)
    await everything.sees(snapshot)
    await layer.group_send(EVERYTHING, news("p", None))
    await everything.until(lambda client: client.gone == ["p"])
    assert one.gone == ["p"]
    for client in (one, everything):
        hub.unregister(client.connection)
    async with asyncio.timeout(PATIENCE):
        while layer.groups or len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0)
