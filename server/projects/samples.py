"""A project to begin with: six painted places, a chord and a caption for each."""

import shutil
import tempfile
import threading
from pathlib import Path

from django.core.files import File
from django.db import transaction

from media import probe
from media.exceptions import MediaError, ProbeBusy
from media.sample import SampleSegment, have_sample_made
from server.projects.exceptions import Busy
from server.projects.models import Project, Segment

TITLE = "A day, from first light to last"
MAX_WIDTH = 1920
"""Of what is painted; a wider film enlarges it, so that nobody has this server paint for minutes."""

_painting = threading.Lock()


def fill(project: Project) -> None:
    """Store the project, which is new, with the sample's segments; all of it or nothing.

    Raises `Busy` if another sample is being painted: each holds one of the threads that answer requests.
    """
    if not _painting.acquire(blocking=False):
        raise Busy("Another sample is being painted; try again in a moment.")
    try:
        with tempfile.TemporaryDirectory(prefix="rushes-sample-") as folder:
            width = min(project.resolution_width, MAX_WIDTH)
            # A little taller than most films, so that a crop costs little.
            painted = _painted(Path(folder), width, width * 3 // 5)
            _store(project, [(segment, _seconds(segment)) for segment in painted])
    finally:
        _painting.release()


def _painted(folder: Path, width: int, height: int) -> list[SampleSegment]:
    try:
        return have_sample_made(folder, width=width, height=height)
    except MediaError as error:
        raise Busy("The machine has too much else to do to paint the sample; try again in a moment.") from error


def _seconds(segment: SampleSegment) -> float:
    try:
        return probe.probe_audio(segment.audio).seconds
    except ProbeBusy as error:
        raise Busy from error


def _store(project: Project, painted: list[tuple[SampleSegment, float]]) -> None:
    try:
        with transaction.atomic():
            project.save(force_insert=True)
            for index, (source, seconds) in enumerate(painted):
                segment = Segment(project=project, sequence_index=index, text_content=source.caption)
                segment.audio_seconds = seconds
                with source.image.open("rb") as image, source.audio.open("rb") as audio:
                    segment.image_file = File(image, source.image.name)
                    segment.audio_file = File(audio, source.audio.name)
                    segment.save(force_insert=True)
    except BaseException:
        shutil.rmtree(project.folder, ignore_errors=True)
        raise
