"""What clients can do to a server by not reading, and what it costs: bounded memory, and nobody else's time."""

import asyncio
import base64
import json
import os
import socket
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.realtime.test_websocket import Server, following, project, read, read_until, server, start

__all__ = ["project", "server"]

SECONDS = float(os.environ.get("SOAK_SECONDS", "3"))
"""How long somebody doesn't read: `make soak` takes a minute."""

IS_LONG = SECONDS >= 30
"""Whether there are enough samples for their slowest hundredth to say something."""

ROUNDS = 10 if IS_LONG else 1
"""How many times a thousand clients come and go."""

MEGABYTE = 2**20
PATIENCE = 20


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server whose memory nobody else uses."""
    running = start()
    yield running
    running.close()


def memory(server: Server) -> int:
    """Bytes that the server holds."""
    return psutil.Process(server.process.pid).memory_info().rss


def quantile(sample: list[float], share: float) -> float:
    """The value that so much of a sample is not above."""
    return sorted(sample)[min(len(sample) - 1, int(len(sample) * share))]


class Deaf:
    """A client that shakes hands and never reads again, with as little room for what it doesn't read as can be had."""

    def __init__(self, server: Server, path: str) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        host, port = server.address.split(":")
        self.socket.connect((host, int(port)))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {server.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert self.socket.recv(12) == b"HTTP/1.1 101"

    def say(self, text: bytes, times: int) -> None:
        """Send a message so many times at once."""
        self.socket.sendall((b"\x81" + bytes([0x80 | len(text)]) + bytes(4) + text) * times)

    def reset(self) -> None:
        """Leave with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()


async def test_asking_without_reading(own_server):
    """Somebody who sends 100,000 messages and reads no reply costs a number, and others are served meanwhile."""
    own_server.tell("create", project="00000000-0000-4000-8000-00000000000a")
    path = "/ws/projects/00000000-0000-4000-8000-00000000000a/"
    async with following(own_server, "00000000-0000-4000-8000-00000000000a") as healthy:
        deaf = Deaf(own_server, path)
        deaf.say(b"x", 1000)
        await healthy.send('{"type": "ping"}')
        assert await read(healthy) == {"type": "pong"}
        before = memory(own_server)
        slowest = 0.0
        for _ in range(100):
            await asyncio.to_thread(deaf.say, b"x", 1000)
            asked = time.monotonic()
            await healthy.send('{"type": "ping"}')
            assert await read(healthy) == {"type": "pong"}
            slowest = max(slowest, time.monotonic() - asked)
        assert memory(own_server) - before < 4 * MEGABYTE
        assert slowest < 2
        deaf.reset()


async def test_a_stopped_reader_beside_healthy_ones(own_server):
    """Ten that never read again cost the ten that do no time, and the server no memory, in a render of many states."""
    project = "00000000-0000-4000-8000-00000000000b"
    own_server.tell("submit", project=project)
    alone: list[float] = []
    beside: list[float] = []
    latencies = alone
    async with following(own_server, project) as first:
        healthy = [await own_server.connect(f"/ws/projects/{project}/") for _ in range(9)]

        async def watch(client) -> None:
            for body in await read_until(client, "completed"):
                assert body["project_id"] == project

        async def measure() -> None:
            while (body := (await read(first))["data"])["render"]["state"] != "completed":
                latencies.append(time.monotonic() - float(body["progress"]["current_phase"]))

        async def update_for(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                await own_server.told("update", project=project, current_phase=str(time.monotonic()))

        async with asyncio.timeout(2 * SECONDS + PATIENCE), asyncio.TaskGroup() as watching:
            watching.create_task(measure())
            for client in healthy:
                watching.create_task(watch(client))
            await update_for(SECONDS / 4)
            paths = ("/ws/projects/", f"/ws/projects/{project}/")
            deaf = [await asyncio.to_thread(Deaf, own_server, path) for path in paths * 5]
            latencies = []
            tasks = await own_server.told("tasks")
            while await own_server.told("tasks") == tasks:  # until a reply to one has to wait for room in the kernel
                await asyncio.to_thread(deaf[0].say, b"x", 1000)
            latencies = beside
            await update_for(SECONDS / 3)
            before = memory(own_server)
            await update_for(SECONDS * 2 / 3)
            grown = memory(own_server) - before
            latencies = alone
            for one in deaf:
                one.reset()
            await update_for(SECONDS / 4)
            await own_server.told("burst", project=project, count=1)
        for client in healthy:
            await client.close()
    assert grown < 4 * MEGABYTE
    assert quantile(beside, 0.5) < 2 * quantile(alone, 0.5) + 0.005
    assert quantile(beside, 0.99) < (2 * quantile(alone, 0.99) + 0.01 if IS_LONG else 1)
    async with asyncio.timeout(PATIENCE):
        while await own_server.told("connections"):
            pass


async def test_thousands_come_and_go(own_server):
    """Connections that end in every way leave no task and no object behind, and use their memory again.

    Not at once: what a connection consists of refers to itself, so it lasts until Python looks for such garbage; and
    the memory of the first thousands is not given back, but serves those after them.
    """
    project = "00000000-0000-4000-8000-00000000000c"
    own_server.tell("submit", project=project)
    path = f"/ws/projects/{project}/"

    async def polite(_: int) -> None:
        async with own_server.connect(path) as client:
            assert json.loads(await client.recv())["type"] == "status"

    async def rude(_: int) -> None:
        client = await own_server.connect(path)
        client.transport.abort()

    async def come_and_go(clients: int) -> int:
        for first in range(0, clients, 20):
            await asyncio.gather(*((rude if one % 3 else polite)(one) for one in range(first, first + 20)))
        return memory(own_server)

    before = await come_and_go(20)  # what the first ones leave behind for all others
    async with asyncio.timeout(PATIENCE):
        while await own_server.told("connections"):
            pass
    tasks, blocks = own_server.tell("tasks"), own_server.tell("blocks")
    after = [await come_and_go(1000) for _ in range(ROUNDS)]
    async with asyncio.timeout(PATIENCE):
        while await own_server.told("tasks") > tasks or await own_server.told("blocks") > blocks + 500:
            pass
    assert own_server.tell("connections") == 0
    assert max(after) - before < 60 * MEGABYTE  # for one thousand as for ten
