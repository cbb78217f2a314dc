"""What an answer to a polling client costs, against the stock way, the bare server, and Starlette.

Counted in answers a second of the server's own processor time, which is what a server that has nothing left to give
answers a second: the clock on the wall would measure the clients, too, and whoever else uses the machine. Rushes is
asked by sixteen different callers for a render that changes ten times a second.
"""

import statistics
from contextlib import ExitStack

from tests.benchmarks import Figure, Figures
from tests.benchmarks.raw import PROJECT
from tests.benchmarks.servers import DAPHNE, UVICORN, Served, rushes, serving, work

ROUNDS = 5
SECONDS = 1.5
PATH = f"/api/projects/{PROJECT}/status/"


def measure() -> Figures:
    """Every figure of this module, by name."""
    with ExitStack() as running:
        daphne = {
            "ours": running.enter_context(rushes(DAPHNE, "tests.benchmarks.moving:application")),
            "stock": running.enter_context(serving(DAPHNE, "tests.benchmarks.stock:application")),
            "raw": running.enter_context(serving(DAPHNE, "tests.benchmarks.raw:echo")),
        }
        uvicorn = {
            "ours": running.enter_context(rushes(UVICORN, "tests.benchmarks.moving:application")),
            "starlette": running.enter_context(serving(UVICORN, "tests.benchmarks.raw:starlette")),
        }
        daphne_rates, uvicorn_rates = _rates(daphne), _rates(uvicorn)
    return {
        "status_per_second_daphne": Figure(daphne_rates["ours"]),
        "status_vs_stock": Figure(daphne_rates["ours"] / daphne_rates["stock"], at_least=12),
        "status_vs_raw": Figure(daphne_rates["ours"] / daphne_rates["raw"], at_least=0.60),
        "status_per_second_uvicorn": Figure(uvicorn_rates["ours"]),
        "status_vs_starlette_uvicorn": Figure(uvicorn_rates["ours"] / uvicorn_rates["starlette"], at_least=0.35),
    }


def _rates(servers: dict[str, Served]) -> dict[str, float]:
    """The median answers a second of processor time of each; all take turns, so that a machine's moods meet each."""
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            before = server.cpu_seconds()
            found = work("tests.benchmarks.pollers", server.port, PATH, SECONDS)
            rates[name].append(found["answers"] / (server.cpu_seconds() - before))
    return {name: statistics.median(measured) for name, measured in rates.items()}
