"""One cold render of the benchmarks' film that nobody watches, in a process of its own; prints its seconds."""

import sys
import tempfile
import time
from pathlib import Path

from media.cache import ChunkCache
from media.probe import probe_image
from media.progress import Progress
from media.render import render
from tests.benchmarks.engine import film


def main(folder: Path, *, full: bool) -> float:
    """Seconds of the render; a `full` one also tells its progress and writes previews."""
    timeline = film(folder, full=full)
    probe_image(Path(timeline.segments[0].image))  # as at an upload; what forks workers stands ready since then
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch, told = Path(name), list[Progress]()
        begun = time.perf_counter()
        render(
            timeline,
            scratch / "film.mp4",
            cache=ChunkCache(scratch / "cache"),
            preview=scratch / "preview.jpg" if full else None,
            on_progress=told.append if full else lambda _: None,
        )
        return time.perf_counter() - begun


if __name__ == "__main__":
    seconds = main(Path(sys.argv[1]), full="full" in sys.argv)
    sys.stdout.write(f"{seconds}\n")
