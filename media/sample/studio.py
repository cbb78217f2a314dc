"""The sample film, painted in a process of its own: a server goes on answering meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media.exceptions import MediaError
from media.sample.film import SampleSegment, make_sample
from media.workers import Worker

PATIENCE = 240.0
"""How many seconds a machine may take that is slow, or has much else to do: painting comes behind it."""


@dataclass(frozen=True, slots=True)
class _Painting:
    folder: Path
    width: int
    height: int

    def run(self, _report: Callable[[object], None], /) -> list[SampleSegment]:
        return make_sample(self.folder, width=self.width, height=self.height)

    def blame(self, error: MediaError) -> MediaError:
        return error


def have_sample_made(folder: Path, *, width: int, height: int) -> list[SampleSegment]:
    """Do as `make_sample` does, elsewhere. Raises `EncoderFailed` if that process dies, `RenderTimeout` if it hangs."""
    segments: list[SampleSegment] = Worker[_Painting]().do(_Painting(folder, width, height), patience=PATIENCE)
    return segments
