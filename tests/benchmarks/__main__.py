"""`make bench`: measure everything, print a table, and write `var/bench/latest.json`."""

import json
import sys

from rich.console import Console
from rich.table import Table

from tests.acceptance.server import ROOT
from tests.benchmarks import Figure, Figures, busy, engine, live, page, pictures, polling, rerender

LATEST = ROOT / "var" / "bench" / "latest.json"
MODULES = {
    "live": live,
    "polling": polling,
    "busy": busy,
    "engine": engine,
    "rerender": rerender,
    "pictures": pictures,
    "page": page,
}


def main(names: list[str]) -> int:
    """Measure the named groups, or all; returns 1 if a figure misses its bound."""
    figures: Figures = {}
    for name in names or MODULES:
        Console(stderr=True).print(f"measuring {name} ...")
        figures |= MODULES[name].measure()
    table = Table("figure", "measured", "bound", "")
    for name, figure in figures.items():
        table.add_row(name, f"{figure.value:.3f}", _bound(figure), "ok" if figure.holds else "MISSED")
    Console().print(table)
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps({name: round(figure.value, 4) for name, figure in figures.items()}, indent=2) + "\n")
    return 0 if all(figure.holds for figure in figures.values()) else 1


def _bound(figure: Figure) -> str:
    if figure.at_least is not None:
        return f"at least {figure.at_least:g}"
    return "" if figure.at_most is None else f"at most {figure.at_most:g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
