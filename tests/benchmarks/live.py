"""How states reach many clients of one project: how soon, at what cost, and next to the stock way and the limit.

Deliveries are counted by the second of the server's own processor time, which is what a server that does nothing else
delivers a second; see `polling`.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.server import ROOT
from tests.benchmarks import Figure, Figures
from tests.benchmarks.live_server import PROJECT
from tests.benchmarks.servers import DAPHNE, UVICORN, Served, serving
from tests.realtime.redis_server import RedisServer

PATIENT = (*DAPHNE, "--ping-timeout", "300")
"""A crowd answers no pings."""

CLIENTS = 500
SECONDS = 60
"""How long a crowd waits at the most."""
ROUNDS = 3
OURS, STOCK = "tests.benchmarks.live_server:application", "tests.benchmarks.stock:application"
BROADCAST = ("tests.benchmarks.broadcast", "{port}")
BURSTS = {"ours": 200, "uvicorn": 200, "broadcast": 200, "stock": 60}
"""States of a burst: the layer of the stock way would begin to lose them at 100."""


def measure() -> Figures:
    """Every figure of this module, by name."""
    return _fan_out() | _latency() | _many() | _ends()


def _fan_out() -> Figures:
    rates: dict[str, list[float]] = {name: [] for name in BURSTS}
    with (
        serving(DAPHNE, OURS, INTERVAL="0") as ours,
        serving(UVICORN, OURS, INTERVAL="0") as uvicorn,
        serving(BROADCAST) as limit,
        serving(DAPHNE, STOCK) as stock,
    ):
        for _ in range(ROUNDS):
            for name, server in {"ours": ours, "uvicorn": uvicorn, "broadcast": limit, "stock": stock}.items():
                rates[name].append(_burst(server, CLIENTS, BURSTS[name]))
    rate = {name: statistics.median(measured) for name, measured in rates.items()}
    return {
        "deliveries_per_second_daphne": Figure(rate["ours"]),
        "deliveries_per_second_uvicorn": Figure(rate["uvicorn"]),
        "fanout_vs_stock": Figure(rate["ours"] / rate["stock"], at_least=9),
        "fanout_vs_broadcast_daphne": Figure(rate["ours"] / rate["broadcast"], at_least=0.15),
        "fanout_vs_broadcast_uvicorn": Figure(rate["uvicorn"] / rate["broadcast"], at_least=0.5),
    }


def _latency() -> Figures:
    with serving(DAPHNE, OURS) as server:
        alone = [_paced(server, 1, 40) for _ in range(ROUNDS)]
        hundred = [_paced(server, 100, 40) for _ in range(ROUNDS)]
        crowded = [_paced(server, CLIENTS, 30) for _ in range(ROUNDS)]
    return {
        "event_to_client_ms_p50": Figure(statistics.median(run["p50_ms"] for run in hundred)),
        "event_to_client_ms_p99": Figure(statistics.median(run["p99_ms"] for run in hundred), at_most=50),
        "update_to_one_client_ms_p50": Figure(statistics.median(run["p50_ms"] for run in alone)),
        "update_to_one_client_ms_p99": Figure(statistics.median(run["p99_ms"] for run in alone), at_most=2),
        "update_to_500_clients_ms_p50": Figure(statistics.median(run["p50_ms"] for run in crowded)),
        "update_to_500_clients_ms_p99": Figure(statistics.median(run["p99_ms"] for run in crowded), at_most=40),
    }


def _many() -> Figures:
    """What more clients cost."""
    few, many, memory = [], [], []
    for _ in range(ROUNDS):
        with serving(DAPHNE, OURS, INTERVAL="0") as server:
            few.append(_burst(server, 100, 500))
            before = server.memory()
            with _crowd(server, 1000) as crowd:
                memory.append((server.memory() - before) / 1000 / 1000)
                used = server.cpu_seconds()
                _tell(server, "burst/100")
                found = crowd.wait()
                many.append(found["delivered"] / (server.cpu_seconds() - used))
    return {
        "cpu_per_delivery_1000_vs_100": Figure(statistics.median(few) / statistics.median(many), at_most=1.5),
        "memory_per_connection_kb": Figure(statistics.median(memory), at_most=35),
    }


def _ends() -> Figures:
    """The share of slow readers who hear of the end after as many states as can be made, here or in another process."""
    here, elsewhere = [], []
    for _ in range(ROUNDS):
        with serving(PATIENT, OURS, INTERVAL="0") as server, _crowd(server, CLIENTS, "slow") as crowd:
            _tell(server, "burst/2000")
            _tell(server, "end")
            here.append(crowd.wait()["ended"])
        with (
            tempfile.TemporaryDirectory() as folder,
            RedisServer(Path(folder)) as redis,
            serving(PATIENT, OURS, INTERVAL="0", REDIS_URL=redis.url) as server,
            _crowd(server, CLIENTS, "slow") as crowd,
        ):
            publisher = [sys.executable, "-m", "tests.realtime.publisher", redis.url, PROJECT, "2000"]
            subprocess.run(publisher, cwd=ROOT, check=True)
            elsewhere.append(crowd.wait()["ended"])
    return {
        "end_delivered_after_2000_updates": Figure(min(here), at_least=1),
        "end_delivered_over_redis": Figure(min(elsewhere), at_least=1),
    }


class Crowd:
    """Clients in a process of their own, all connected."""

    def __init__(self, server: Served, clients: int, mode: str) -> None:
        path = f"/ws/projects/{PROJECT}/"
        arguments = [str(server.port), path, str(clients), mode, str(SECONDS)]
        command = [sys.executable, "-m", "tests.benchmarks.crowd", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def wait(self) -> dict[str, Any]:
        """What they saw, when it is over."""
        found, _ = self.process.communicate(timeout=120)
        parsed: dict[str, Any] = json.loads(found)
        return parsed


@contextmanager
def _crowd(server: Served, clients: int, mode: str = "count") -> Iterator[Crowd]:
    crowd = Crowd(server, clients, mode)
    with crowd.process:
        yield crowd


def _burst(server: Served, clients: int, states: int) -> float:
    """Deliveries a second of the server's processor time."""
    with _crowd(server, clients) as crowd:
        before = server.cpu_seconds()
        _tell(server, f"burst/{states}")
        found = crowd.wait()
        return float(found["delivered"] / (server.cpu_seconds() - before))


def _paced(server: Served, clients: int, states: int) -> dict[str, Any]:
    """The milliseconds from a thread's update to each client, at ten states a second."""
    with _crowd(server, clients, "stamps") as crowd:
        _tell(server, f"paced/{states}")
        return crowd.wait()


def _tell(server: Served, word: str) -> None:
    httpx.get(f"http://127.0.0.1:{server.port}/{word}", timeout=60).raise_for_status()
