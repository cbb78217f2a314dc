"""How long a new state is on its way from the task manager to a client, with many clients on one project."""

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import websockets

from tests.acceptance.server import ROOT, until
from tests.benchmarks import Figure, Figures
from tests.benchmarks.live_server import PROJECT, STATES

CLIENTS = 100


def measure() -> Figures:
    """Every figure of this module, by name."""
    with _server() as port:
        milliseconds = sorted(asyncio.run(_watch(port)))
    return {
        "event_to_client_ms_p50": Figure(statistics.median(milliseconds)),
        "event_to_client_ms_p99": Figure(milliseconds[len(milliseconds) * 99 // 100], at_most=50),
    }


@contextmanager
def _server() -> Iterator[int]:
    """Daphne with the benchmark's application in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    with subprocess.Popen([*command, "tests.benchmarks.live_server:application"], cwd=ROOT) as process:
        try:
            until(lambda: _answers(port), "the server to answer")
            yield port
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/").is_success
    except httpx.TransportError:
        return False


async def _watch(port: int) -> list[float]:
    """Connect all clients, begin, and return the milliseconds that each state took to each client."""
    times: list[float] = []
    connected = asyncio.Barrier(CLIENTS + 1)

    async def client() -> None:
        async with websockets.connect(f"ws://127.0.0.1:{port}/ws/projects/{PROJECT}/", proxy=None) as stream:
            await stream.recv()
            await connected.wait()
            for _ in range(STATES):
                body = json.loads(await stream.recv())["data"]
                times.append((time.monotonic_ns() - int(body["progress"]["current_phase"])) / 1e6)

    async with asyncio.timeout(120), asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(client())
        await connected.wait()
        async with httpx.AsyncClient() as commander:
            await commander.post(f"http://127.0.0.1:{port}/go")
    return times
