"""Benchmarks that anyone can run: `make bench`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number and the bound that it is held against, if any."""

    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the number keeps its bound."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


Figures = dict[str, Figure]
