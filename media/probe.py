"""What an uploaded file really is, found out by decoding all of it in a process that it may take down with it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media import recordings
from media.encoder import available as encoder_available
from media.exceptions import AudioUnreadable, EncoderFailed, ImageUnreadable, MediaError, ProbeBusy, RenderTimeout
from media.frames import MAX_PIXELS, decode
from media.timeline import SAMPLE_RATE
from media.workers import Task, Worker

__all__ = ["AudioInfo", "ImageInfo", "encoder_available", "probe_audio", "probe_image"]

MAX_SECONDS = 3600.0
WORKERS = 2
"""How many files are decoded at a time; the others wait."""

TURN_SECONDS = 20.0
"""How long a file waits for its turn before it is sent away."""

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """A readable picture: its size in pixels once it stands upright."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """A readable sound: its length in seconds, counted in decoded samples."""

    seconds: float


def probe_image(path: Path, *, max_pixels: int = MAX_PIXELS) -> ImageInfo:
    """Decode a whole picture. Raises `ImageUnreadable` with the reason, and `ProbeBusy`."""
    info: ImageInfo = _ask(_ProbeImage(path, max_pixels), ImageUnreadable)
    return info


def probe_audio(path: Path, *, max_seconds: float = MAX_SECONDS) -> AudioInfo:
    """Decode a whole sound. Raises `AudioUnreadable` with the reason, and `ProbeBusy`."""
    info: AudioInfo = _ask(_ProbeAudio(path, max_seconds), AudioUnreadable)
    return info


@dataclass(frozen=True, slots=True)
class _Probe:
    path: Path

    def blame(self, error: MediaError) -> MediaError:
        return error


@dataclass(frozen=True, slots=True)
class _ProbeImage(_Probe):
    max_pixels: int

    def run(self, _report: Callable[[object], None], /) -> ImageInfo:
        height, width, _ = decode(self.path.read_bytes(), max_pixels=self.max_pixels).shape
        return ImageInfo(width, height)


@dataclass(frozen=True, slots=True)
class _ProbeAudio(_Probe):
    max_seconds: float

    def run(self, _report: Callable[[object], None], /) -> AudioInfo:
        samples = 0
        with self.path.open("rb") as file:
            for block in recordings.decode(file):
                samples += block.shape[1]
                if samples > self.max_seconds * SAMPLE_RATE:
                    raise AudioUnreadable(f"The sound is longer than {self.max_seconds:g} seconds. Make it shorter.")
        if not samples:
            raise AudioUnreadable("The sound lasts 0 seconds.")
        return AudioInfo(round(samples / SAMPLE_RATE, 3))


_turns = threading.BoundedSemaphore(WORKERS)


def _ask(task: Task, unreadable: type[MediaError]) -> Any:
    """The answer of a worker that probes; a file that ends or stops it is unreadable, and costs only it."""
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise ProbeBusy
    try:
        return _worker().do(task, patience=_PATIENCE)
    except RenderTimeout as error:
        raise unreadable(f"Reading the file took longer than {_PATIENCE:g} seconds.") from error
    except EncoderFailed as error:
        raise unreadable("The file made its decoder crash.") from error
    finally:
        _turns.release()


def _worker() -> Worker[Task]:
    try:
        return Worker()
    except EncoderFailed as error:  # which says nothing of the file
        raise ProbeBusy from error
