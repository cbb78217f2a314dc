"""A render as a terminal shows it."""

from io import StringIO

import pytest
from rich.console import Console

from server.projects.terminal import ProgressBar, Reported


def shown(moment: Reported, *, width: int) -> str:
    """What a terminal so many columns wide has of the moment in its last line but that of the segments."""
    screen = StringIO()
    with ProgressBar(Console(file=screen, force_terminal=True, width=width, color_system=None)) as bar:
        bar.show(moment, [100, 50])
    return screen.getvalue().split("\r\x1b[2K")[-1].splitlines()[0]


@pytest.mark.parametrize("width", [60, 200])
def test_everything_stands_in_one_line(width: int) -> None:
    """Phase, percentage, rate and time left, however many digits they have."""
    line = shown(Reported(0.4137, "Rendering segment 12 of 99", 2, 99, 2, 123.4, 754.0), width=width)
    assert line.startswith("Rendering segment 12 of 99 ")
    assert line.rstrip().endswith("41% 123 fps  12:34 left")


def test_a_narrow_terminal_keeps_the_percentage() -> None:
    """The phase is cut off before it is."""
    assert " 41% " in shown(Reported(0.4137, "Rendering segment 12 of 99", 2, 99, 2, 123.4, 754.0), width=40)


def test_all_of_it_is_only_said_at_the_end() -> None:
    """A film that is being joined is not done yet."""
    assert " 99% " in shown(Reported(0.9999, "Joining segments", 6, 6, 100, None, 0.1), width=80)
    assert " 100% " in shown(Reported(1.0, "Export complete", 6, 6, 100, None, 0.0), width=80)
