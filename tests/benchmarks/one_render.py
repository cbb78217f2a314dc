"""One cold render of the benchmarks' film that nobody watches, in a process of its own; prints its seconds."""

import sys
import tempfile
import time
from pathlib import Path

from media.cache import ChunkCache
from media.render import render
from tests.benchmarks.engine import film


def main(folder: Path) -> float:
    """Seconds of the render."""
    timeline = film(folder)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        begun = time.perf_counter()
        render(timeline, Path(scratch) / "film.mp4", cache=ChunkCache(Path(scratch) / "cache"))
        return time.perf_counter() - begun


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
