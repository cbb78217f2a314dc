"""A second project like the first: its segments and files, none of its renders."""

import os
import shutil
from pathlib import Path

from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import Http404

from server.projects.models import Project, Segment

TITLE = "Copy of {}"

OWN = {
    "id",
    "title",
    "status",
    "output_path",
    "revision",
    "snapshot",
    "attempts",
    "quality",
    "render_order",
    "created_at",
    "updated_at",
}
"""What a copy has for itself."""


def duplicate(project: Project) -> Project:
    """Return a copy of the project, made at once or not at all. Raises `Http404` if it was deleted meanwhile.

    Uploaded files are never changed, only replaced by others of new names, so a copy shares their bytes: hard links,
    where the file system has them.
    """
    made = Project(title=TITLE.format(project.title)[:200])
    try:
        with transaction.atomic():
            # Whoever stores or sweeps files holds this row, so that none goes while it is copied.
            source = Project.objects.select_for_update().filter(pk=project.pk).first()
            if source is None:
                raise Http404
            _copy(source, made, OWN | {"music_file"})
            _link(source.music_file, made.music_file)
            made.save(force_insert=True)
            for segment in source.segments.all():
                twin = Segment(project=made)
                _copy(segment, twin, {"id", "project", "created_at", "updated_at", "image_file", "audio_file"})
                _link(segment.image_file, twin.image_file)
                _link(segment.audio_file, twin.audio_file)
                twin.save(force_insert=True)
    except BaseException:
        shutil.rmtree(made.folder, ignore_errors=True)
        raise
    return made


def _copy(source: Project | Segment, target: Project | Segment, leave: set[str]) -> None:
    for field in source._meta.concrete_fields:
        if field.name not in leave:
            setattr(target, field.attname, getattr(source, field.attname))


def _link(source: FieldFile, target: FieldFile) -> None:
    """Give `target` the bytes of `source` under a name of its own; a file that is gone stays missing."""
    if not source or not Path(source.path).is_file():
        return
    name = target.field.generate_filename(target.instance, str(source.name))
    place = Path(target.storage.path(name))
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.path, place)
    except OSError:  # a file system without hard links
        shutil.copyfile(source.path, place)
    target.name = name
    setattr(target.instance, target.field.attname, name)
