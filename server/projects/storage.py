"""The project folders under MEDIA_ROOT: which files belong to a row, and which can go.

projects/{id}/output/final.mp4, poster.jpg, captions.srt, captions.vtt, chapters.vtt
projects/{id}/preview.jpg
projects/{id}/music/music-{token}.mp3
projects/{id}/segments/{segment id}/image-{token}.jpg, audio-{token}.wav, film-{key}.mp4
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from media.exceptions import AudioUnreadable, ImageUnreadable
from media.timeline import Timeline
from server.projects.models import Project, Segment, Status

logger = logging.getLogger(__name__)


class WholeFiles(FileSystemStorage):
    """Files that are either whole or not there."""

    def _save(self, name: str, content: "File[Any]") -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc, no-any-return]
        except OSError:
            self.delete(name)
            raise


def path_of(file: FieldFile) -> Path:
    """Return where a stored file lies."""
    return Path(file.path)


def url_of(path: Path) -> str:
    """Return the address of a file below MEDIA_ROOT."""
    return f"{settings.MEDIA_URL}{path.relative_to(settings.MEDIA_ROOT).as_posix()}"


def versioned_url(path: Path) -> str | None:
    """Return the same with the time of the file's writing, so that no browser takes it for an earlier one."""
    try:
        written = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return f"{url_of(path)}?v={written // 1_000_000}"


def excerpt_place(segment: Segment, key: str) -> Path:
    """Return where one segment's part of the film goes; the next sweep takes it away."""
    return settings.MEDIA_ROOT / f"projects/{segment.project_id}/segments/{segment.pk}/film-{key}.mp4"


@contextmanager
def storing(row: Project | Segment) -> Iterator[None]:
    """Take the files that a row stores in here away again if the transaction around them fails."""
    files = (row.music_file,) if isinstance(row, Project) else (row.image_file, row.audio_file)
    before = {file.name for file in files}  # of a new file, what the client calls it
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for file in files:
            if file.name and file.name not in before:
                file.storage.delete(file.name)
        raise


def sweep(project_id: str) -> None:
    """Remove the uploaded files that no row names, unless a render is under way that may be reading them.

    Holds the project's row meanwhile, as everyone does who stores a file, so that none is taken
    for unclaimed between its writing and its commit.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().filter(pk=project_id).first()
        if project is None or project.status == Status.PROCESSING:
            return
        named = {
            settings.MEDIA_ROOT / name
            for names in (*project.segments.values_list("image_file", "audio_file"), (project.music_file.name,))
            for name in names
            if name
        }
        try:
            for folder in (*project.folder.glob("segments/*"), *project.folder.glob("music")):
                _sweep_folder(folder, named)
        except OSError:
            logger.exception("Unused files of project %s stay until the next sweep", project_id)


def _sweep_folder(folder: Path, named: set[Path]) -> None:
    files = list(folder.iterdir())
    if not named.intersection(files):
        shutil.rmtree(folder)
        return
    for file in files:
        if file not in named:
            file.unlink(missing_ok=True)


def require(timeline: Timeline) -> None:
    """Raise the engine's own error for the first file of a timeline that is no longer there."""
    for index, segment in enumerate(timeline.segments):
        for kind, path, error in (
            ("picture", segment.image, ImageUnreadable),
            ("sound", segment.audio, AudioUnreadable),
        ):
            if isinstance(path, Path) and not path.is_file():
                message = f"The {kind} of segment {index + 1} is gone. Upload it again."
                raise error(message, segment_id=segment.id, segment_index=index)
    if timeline.music and not timeline.music.is_file():
        raise AudioUnreadable("The music is gone. Upload it again.")
