"""What a second render costs, what joining costs, and how much memory large and long films take."""

import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from media.cache import ChunkCache
from media.paces import PaceBook
from media.progress import Progress
from media.render import render
from media.sample.film import SampleSegment
from media.testing import make_picture
from media.timeline import Fit, Segment, Timeline, Transition, TransitionKind
from tests.benchmarks import Figure, Figures
from tests.benchmarks.material import photographs
from tests.benchmarks.memory import peak_mb

ROUNDS = 3
CROSSFADE = Transition(TransitionKind.CROSSFADE, 0.5)


def measure() -> Figures:
    """Every figure of this module, by name."""
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as folder:
        sample = photographs(Path(folder) / "sample")
        return _again(sample, Path(folder)) | _foretold(sample, Path(folder)) | _memory(Path(folder))


def twelve(sample: list[SampleSegment]) -> Timeline:
    """Twelve segments of four seconds with crossfades: each of the six sample pictures twice, with other captions."""
    segments = (
        Segment(str(number), one.image, 4.0, one.audio, f"{number + 1}. {one.caption}", transition=CROSSFADE)
        for number, one in enumerate(sample * 2)
    )
    return Timeline(1920, 1080, 30, tuple(segments))


def _again(sample: list[SampleSegment], folder: Path) -> Figures:
    timeline = twelve(sample)
    first, one, unchanged, joining = [], [], [], []
    for number in range(ROUNDS):
        cache = ChunkCache(folder / f"cache-{number}")
        first.append(_seconds(timeline, folder, cache)[0])
        changed = list(timeline.segments)
        changed[5] = replace(changed[5], caption="A caption that was not there before")
        one.append(_seconds(replace(timeline, segments=tuple(changed)), folder, cache)[0])
        seconds, joined = _seconds(timeline, folder, cache)
        unchanged.append(seconds)
        joining.append(joined / timeline.seconds * 60)
    return {
        "rerender_one_of_twelve": Figure(statistics.median(one) / statistics.median(first), at_most=0.15),
        "rerender_unchanged": Figure(statistics.median(unchanged) / statistics.median(first), at_most=0.03),
        "join_seconds_per_minute_of_video": Figure(statistics.median(joining), at_most=0.5),
    }


def _seconds(timeline: Timeline, folder: Path, cache: ChunkCache) -> tuple[float, float]:
    """Seconds of a whole render, and of what follows when all its parts are there."""
    joining = 0.0

    def hear(progress: Progress) -> None:
        nonlocal joining
        if progress.finishing and not joining:
            joining = time.perf_counter()

    begun = time.perf_counter()
    render(timeline, folder / "film.mp4", cache=cache, on_progress=hear)
    ended = time.perf_counter()
    return ended - begun, ended - joining


def _foretold(sample: list[SampleSegment], folder: Path) -> Figures:
    """How far the bar and the time left are from the truth, at their worst, over renders of uneven segments."""
    lengths = (3.0, 14.0, 4.0, 1.5, 12.0, 9.0)
    segments = (
        Segment(str(number), one.image, seconds, one.audio, one.caption, transition=CROSSFADE)
        for number, (one, seconds) in enumerate(zip(sample, lengths, strict=True))
    )
    timeline = Timeline(1920, 1080, 30, tuple(segments))
    book = PaceBook(folder / "paces.json")
    first = _errors(twelve(sample), folder, "foretold-first", book)
    points, etas = zip(
        *(_errors(timeline, folder, f"foretold-{number}", book) for number in range(ROUNDS)), strict=True
    )
    return {
        "progress_error_points": Figure(statistics.median(points), at_most=5),
        "eta_error": Figure(statistics.median(etas), at_most=0.15),
        "eta_error_first_render": Figure(first[1]),
    }


def _errors(timeline: Timeline, folder: Path, name: str, book: PaceBook) -> tuple[float, float]:
    """The largest errors of one cold render: of its bar in points, of the end that it foretold in shares of it all.

    An end that isn't foretold after the first tenth is as wrong as can be, unless no render was before this one; then
    it counts from when it is.
    """
    told: list[tuple[float, Progress]] = []
    known = book.path.exists()
    begun = time.perf_counter()
    render(
        timeline,
        folder / "film.mp4",
        cache=ChunkCache(folder / name),
        paces=book,
        on_progress=lambda progress: told.append((time.perf_counter() - begun, progress)),
    )
    total = time.perf_counter() - begun
    late = [(at, progress.eta_seconds) for at, progress in told if at >= total / 10]
    missed = [1.0 if left is None else abs(at + left - total) / total for at, left in late if known or left is not None]
    return max(abs(progress.overall - at / total) for at, progress in told) * 100, max(missed, default=1.0)


def _memory(folder: Path) -> Figures:
    """Peak memory of the process tree with large pictures, and with many segments."""
    large = [make_picture(folder / f"large-{number}.jpg", width=6000, height=4000, seed=number) for number in range(6)]
    return {
        "peak_memory_mb_6_large_pictures": Figure(_peak(folder, large, 6, 4.0), at_most=700),
        "peak_memory_mb_200_segments": Figure(_peak(folder, large, 200, 0.5), at_most=770),
    }


def _peak(folder: Path, pictures: list[Path], segments: int, seconds: float) -> float:
    order = {"pictures": [str(picture) for picture in pictures], "segments": segments, "seconds": seconds}
    return peak_mb("-m", "tests.benchmarks.rerender", str(folder), json.dumps(order))


def _render_order(folder: Path, pictures: list[str], segments: int, seconds: float) -> None:
    """One render whose memory is watched from outside."""
    timeline = Timeline(
        1920,
        1080,
        30,
        tuple(
            Segment(
                str(number),
                Path(pictures[number % len(pictures)]),
                seconds,
                None,
                f"Number {number}",
                fit=tuple(Fit)[number % len(Fit)],
                transition=CROSSFADE,
            )
            for number in range(segments)
        ),
    )
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        render(timeline, Path(scratch) / "film.mp4", cache=ChunkCache(Path(scratch) / "cache"))


if __name__ == "__main__":
    _render_order(Path(sys.argv[1]), **json.loads(sys.argv[2]))
