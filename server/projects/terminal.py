"""A render's progress in a terminal: a bar where one can be drawn, a line now and then where not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Column
from rich.text import Text


class Moment(Protocol):
    """What there is to see of a render at one moment; `media.progress.Progress` is one."""

    @property
    def overall(self) -> float:
        """From 0 to 1."""

    @property
    def phase(self) -> str:
        """A sentence fragment for a person."""

    @property
    def finished_segments(self) -> int:
        """How many segments are done."""

    @property
    def total_segments(self) -> int:
        """How many there are."""

    @property
    def percentage(self) -> int:
        """The finished segments as a percentage."""

    @property
    def frames_per_second(self) -> float | None:
        """The rate, once there is one."""

    @property
    def eta_seconds(self) -> float | None:
        """The seconds left, once there is a rate."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The moment that a status body tells of; see the wire contract, section 1."""

    overall: float
    phase: str
    finished_segments: int
    total_segments: int
    percentage: int
    frames_per_second: float | None
    eta_seconds: float | None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """Read the status body of a project that was rendered at least once."""
        progress, render = body["progress"], body["render"]
        return cls(
            overall=render["overall_progress"],
            phase=progress["current_phase"],
            finished_segments=progress["current_segment"],
            total_segments=progress["total_segments"],
            percentage=progress["percentage"],
            frames_per_second=render["frames_per_second"],
            eta_seconds=render["eta_seconds"],
        )


class SegmentedProgress(Progress):
    """A bar, and below it one block for each segment, filled as far as the segment is rendered."""

    segments: Sequence[int] = ()

    def get_renderables(self) -> Iterable[RenderableType]:
        """Draw the bar, then the blocks."""
        yield from super().get_renderables()
        if self.segments:
            yield Text.assemble(*map(_block, self.segments))


class ProgressBar:
    """Shows the moments of one render; a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = SegmentedProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(table_column=Column(no_wrap=True, min_width=4)),
            TextColumn("{task.fields[pace]}", style="dim", table_column=Column(no_wrap=True, min_width=20)),
            console=console,
            expand=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("Starting", total=1.0, pace="")
        self._said: tuple[str, int] | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, moment: Moment, segments: Sequence[int] = ()) -> None:
        """Draw the moment, or write it down if it brought a new phase or another tenth.

        `segments` are the percentages of each segment, if they are known.
        """
        done = _hundredths(moment)
        if self._console.is_terminal:
            self._bar.segments = segments
            self._bar.update(self._task, completed=done / 100, description=moment.phase, pace=_pace(moment))
        elif (said := (moment.phase, done // 10)) != self._said:
            self._said = said
            line = f"Segment {moment.finished_segments} of {moment.total_segments} ({moment.percentage}%)"
            self._console.print(f"{done:3}%  {moment.phase}  {line}")


def _hundredths(moment: Moment) -> int:
    """How much is done, rounded down: all of it only at the end."""
    return round(moment.overall * 10_000) // 100


def _block(percentage: int) -> tuple[str, str]:
    if percentage == 0:
        return "·", "dim"
    return "▁▂▃▄▅▆▇█"[percentage * 7 // 100], "green" if percentage == 100 else "blue"


def _pace(moment: Moment) -> str:
    rate = f"{moment.frames_per_second:.0f} fps" if moment.frames_per_second else ""
    if moment.eta_seconds is None or moment.overall >= 1:
        return rate
    minutes, seconds = divmod(round(moment.eta_seconds), 60)
    return f"{rate}  {minutes}:{seconds:02} left".strip()
