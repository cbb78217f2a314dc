"""How near the engine comes to the encoder that it feeds, how far it is from MoviePy, what watching costs, its memory.

The limit is the same encoder at the preset and the rate factor of `standard` on the same frames, ready-made in memory
before the clock starts, in whichever arrangement of processes and threads is the fastest on this machine. The engine
tells its encoders what moves in the frames (`encoder.Content`), so it may come beyond that limit; how near it comes to
encoders that are told the same is shown beside it. What is set side by side runs in turns, so that a machine's moods
meet both.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import av
from websockets.sync.client import connect

from media import chunks, cores, encoder, workers
from media.encoder import Content
from media.files import digest_of
from media.frames import Planes
from media.timeline import Segment, Timeline, Transition, TransitionKind
from tests.acceptance.server import add, create, running, start
from tests.benchmarks import Figure, Figures
from tests.benchmarks.material import photographs
from tests.benchmarks.memory import peak_mb

ROUNDS = 5
WATCHERS = 10
SECONDS = 4.0
WIDTH, HEIGHT, FRAMERATE = 1920, 1080, 30


def measure() -> Figures:
    """Every figure of this module, by name."""
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as folder:
        files = [(str(s.image), str(s.audio), s.caption) for s in photographs(Path(folder))]
        (Path(folder) / "film.json").write_text(json.dumps(files))
        return _against_the_encoder(Path(folder)) | _watched(Path(folder))


def film(folder: Path, *, full: bool = False) -> Timeline:
    """Six segments of four seconds at 1920x1080 and 30 frames/s, with captions and sound.

    Hard cuts and nothing else; or, for a `full` one, crossfades of half a second and music.
    """
    files = json.loads((folder / "film.json").read_text())
    segments = (
        Segment(
            str(number),
            Path(image),
            SECONDS,
            Path(audio),
            caption,
            transition=Transition(TransitionKind.CROSSFADE, 0.5) if full else Transition(),
        )
        for number, (image, audio, caption) in enumerate(files)
    )
    return Timeline(WIDTH, HEIGHT, FRAMERATE, tuple(segments), music=Path(files[-1][1]) if full else None)


def _against_the_encoder(folder: Path) -> Figures:
    frames, full_frames = film(folder).total_frames, film(folder, full=True).total_frames
    every = cores.available()
    arrangements = {(every, 1), (1, every), (every, 2)}
    engine, full, told, limits, peaks = [], [], [], {arrangement: [] for arrangement in arrangements}, []
    for _ in range(ROUNDS):
        engine.append(frames / _engine(folder))
        full.append(full_frames / _engine(folder, "full"))
        peaks.append(peak_mb("-m", "tests.benchmarks.one_render", str(folder)))
        for processes, threads in arrangements:
            limits[processes, threads].append(frames / _ready_made(folder, processes, threads))
        told.append(frames / _ready_made(folder, every, 1, told=True))
    best = max(statistics.median(rates) for rates in limits.values())
    best_told = max(best, statistics.median(told))
    return {
        "engine_frames_per_second": Figure(statistics.median(engine)),
        "encoder_frames_per_second": Figure(best),
        "engine_vs_encoder": Figure(statistics.median(engine) / best, at_least=0.90),
        "engine_vs_encoder_told": Figure(statistics.median(engine) / best_told, at_least=0.85),
        "engine_vs_moviepy": Figure(statistics.median(engine) / _moviepy(folder), at_least=6),
        "engine_vs_encoder_full": Figure(statistics.median(full) / best, at_least=0.80),
        "engine_vs_encoder_full_told": Figure(statistics.median(full) / best_told, at_least=0.75),
        "peak_memory_mb": Figure(max(peaks), at_most=700),
    }


def _moviepy(folder: Path) -> float:
    """Frames a second of a program that makes the same film with MoviePy."""
    command = [sys.executable, "-m", "tests.benchmarks.moviepy_program", str(folder)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _watched(folder: Path) -> Figures:
    quiet, watched = [], []
    for _ in range(ROUNDS):
        quiet.append(_engine(folder))
        watched.append(_on_a_server(folder))
    return {"progress_overhead": Figure(statistics.median(watched) / statistics.median(quiet), at_most=1.03)}


def _engine(folder: Path, *how: str) -> float:
    """Seconds of one cold render in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.one_render", str(folder), *how]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _on_a_server(folder: Path) -> float:
    """Seconds of the same render on the real server, with its database, previews, and ten clients that watch."""
    timeline = film(folder)
    with tempfile.TemporaryDirectory(dir=folder) as data, running(Path(data) / "server") as server:
        project = create(
            server.client, resolution_width=WIDTH, resolution_height=HEIGHT, framerate=FRAMERATE, transition="cut"
        )
        for segment in timeline.segments:
            files = {"image": segment.image, "audio": segment.audio}
            add(server.client, project, **files, duration=SECONDS, text_content=segment.caption)
        with ThreadPoolExecutor(WATCHERS) as watchers:
            ends = [watchers.submit(_watch, f"{server.sockets}{project}/") for _ in range(WATCHERS)]
            start(server.client, project)
            bodies = [end.result() for end in ends]
    took = {
        datetime.fromisoformat(body["render"]["completed_at"]) - datetime.fromisoformat(body["render"]["started_at"])
        for body in bodies
    }
    return took.pop().total_seconds()


def _watch(address: str) -> dict[str, Any]:
    """Follow a project until its film is there; the last status body."""
    with connect(address, proxy=None) as socket:
        for message in socket:
            body: dict[str, Any] = json.loads(message)["data"]
            assert body["status"] != "FAILED", body
            if body["status"] == "COMPLETED":
                return body
    raise AssertionError("the server closed the connection")


def _ready_made(folder: Path, processes: int, threads: int, *, told: bool = False) -> float:
    """Seconds that so many encoders need for the film's frames, each for its share; all begin at one moment."""
    command = [sys.executable, "-m", "tests.benchmarks.engine", str(folder), str(told), str(processes), str(threads)]
    encoders = [
        subprocess.Popen([*command, str(share)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for share in range(processes)
    ]
    for process in encoders:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for process in encoders:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in encoders:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
    seconds = time.perf_counter() - begun
    for process in encoders:
        process.communicate()
    return seconds


def _encode_share(folder: Path, processes: int, threads: int, share: int, *, told: bool) -> None:
    """One of the encoders: make the share's frames, say so, wait, encode them; `told` what moves in them, or not."""
    timeline = film(folder)
    parts = chunks.plan(timeline, [digest_of(segment.image) for segment in timeline.segments])
    ready = [(part.content if told else Content.FOOTAGE, _frames(part)) for part in parts[share::processes]]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for content, frames in ready:
        with av.open(os.devnull, "w", format="mp4") as container:
            stream = container.add_stream(encoder.SOFTWARE, rate=FRAMERATE)
            assert isinstance(stream, av.VideoStream)
            encoder.configure(stream.codec_context, WIDTH, HEIGHT, encoder.STANDARD, content)
            stream.codec_context.thread_count = threads
            for frame in frames:
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    sys.stdout.write("done\n")
    sys.stdout.flush()


def _frames(chunk: chunks.Chunk) -> Sequence[av.VideoFrame]:
    frames = []
    planes = Planes.empty(WIDTH, HEIGHT)
    for number, _ in enumerate(chunks.draw(chunk, planes)):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for own, drawn in zip(encoder.planes_of(frame), planes, strict=True):
            own[:] = drawn
        frame.pts = number
        frames.append(frame)
    return frames


if __name__ == "__main__":
    import cv2

    os.nice(workers.NICENESS)  # as the engine's own, so that whoever else uses the machine slows both
    cv2.setNumThreads(1)
    _encode_share(Path(sys.argv[1]), *(int(number) for number in sys.argv[3:]), told=sys.argv[2] == str(True))
