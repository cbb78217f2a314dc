"""What is kept: a project, its ordered segments, and the last known state of its render."""

import math
import secrets
import time
import uuid
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from media.encoder import QUALITIES, STANDARD
from media.poster import POSTER
from media.subtitles import WEBVTT
from media.timeline import MAX_RATE, MAX_SIZE, MIN_RATE, MIN_SIZE, Backdrop, CaptionStyle, Fit, Motion, Position

MAX_TRANSITION_SECONDS = 10.0
MIN_CAPTION_SIZE, MAX_CAPTION_SIZE = 0.02, 0.2
MIN_SEGMENT_SECONDS = 0.01
MAX_SEGMENT_SECONDS = 3600.0


def even(number: int) -> None:
    """Refuse an odd number: H.264 halves the colour planes."""
    if number % 2:
        raise ValidationError(f"Has to be even, like {number + 1}.", code="odd")


def finite(number: float) -> None:
    """Refuse what a form can spell but no clock can show: `nan`."""
    if not math.isfinite(number):
        raise ValidationError("Has to be a number of seconds.", code="not_finite")


def first_revision() -> int:
    """Return the revision that a new project starts with."""
    return time.time_ns() // 1_000_000


class Status(models.TextChoices):
    """What a project says about its film; see the wire contract, section 1."""

    DRAFT = "DRAFT"
    """Never rendered."""
    PROCESSING = "PROCESSING"
    """A render is queued or running."""
    COMPLETED = "COMPLETED"
    """The film is there and is what the last render made."""
    FAILED = "FAILED"
    """The last render failed, was cancelled or was interrupted."""


RENDERABLE = (Status.DRAFT, Status.COMPLETED, Status.FAILED)


class Transition(models.TextChoices):
    """How one segment gives way to the next; the engine's `TransitionKind` says what each looks like."""

    CROSSFADE = "crossfade"
    CUT = "cut"
    FADE_BLACK = "fade_black"


def choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    """Return an engine's enumeration as the choices of a field."""
    return [(kind.value, kind.value.replace("_", " ")) for kind in kinds]


TRANSITION_SECONDS: list[Callable[[Any], None]] = [
    finite,
    MinValueValidator(0.0),
    MaxValueValidator(MAX_TRANSITION_SECONDS),
]


def _unused(filename: str) -> str:
    """Return a token that was never used before and the suffix: no file is ever changed under a running render."""
    return f"{secrets.token_hex(8)}{Path(filename).suffix.lower()}"


def music_place(project: "Project", filename: str) -> str:
    """Return where a project's new music goes."""
    return f"projects/{project.pk}/music/music-{_unused(filename)}"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects with their segments at hand."""

    def with_segments(self) -> "ProjectQuerySet":
        """Read all segments with one more query."""
        return self.prefetch_related("segments")


class Project(models.Model):
    """A film in the making: its shape, its segments and where its render stands."""

    Status = Status
    Transition = Transition

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200, default="Untitled")
    resolution_width = models.PositiveIntegerField(
        default=1920, validators=[MinValueValidator(MIN_SIZE), MaxValueValidator(MAX_SIZE), even]
    )
    resolution_height = models.PositiveIntegerField(
        default=1080, validators=[MinValueValidator(MIN_SIZE), MaxValueValidator(MAX_SIZE), even]
    )
    framerate = models.PositiveIntegerField(
        default=30, validators=[MinValueValidator(MIN_RATE), MaxValueValidator(MAX_RATE)]
    )
    transition = models.CharField(max_length=16, choices=Transition, default=Transition.CROSSFADE)
    transition_duration = models.FloatField(default=0.5, validators=TRANSITION_SECONDS)
    caption_position = models.CharField(max_length=8, choices=choices(Position), default=Position.BOTTOM.value)
    caption_size = models.FloatField(
        default=CaptionStyle().size,
        validators=[finite, MinValueValidator(MIN_CAPTION_SIZE), MaxValueValidator(MAX_CAPTION_SIZE)],
        help_text="In parts of the film's shorter side.",
    )
    caption_colour = models.CharField(
        max_length=7,
        default=CaptionStyle().colour,
        validators=[RegexValidator("^#[0-9a-fA-F]{6}$", "Has to be a colour like #ffcc00.")],
    )
    caption_backdrop = models.CharField(max_length=8, choices=choices(Backdrop), default=Backdrop.OUTLINE.value)
    music_file = models.FileField(
        upload_to=music_place,
        max_length=255,
        blank=True,
        help_text="Heard under the whole film, softer where somebody speaks; repeated or cut to its length.",
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT, editable=False)
    output_path = models.CharField(max_length=255, blank=True, editable=False)
    """The newest complete film, relative to MEDIA_ROOT; empty until there is one."""
    revision = models.BigIntegerField(default=first_revision, editable=False)
    snapshot = models.JSONField(null=True, editable=False)
    """`RenderSnapshot.to_dict()` of the last recorded state; null if never rendered."""
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often the present render was taken up again after the server died."""
    quality = models.CharField(
        max_length=16, choices=[(name, name) for name in QUALITIES], default=STANDARD.name, editable=False
    )
    """What the present or last render was asked for."""
    render_order = models.JSONField(default=list, editable=False)
    """The ids of the segments in the present or last render, in its order: edits count for the next one."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="project_newest_first"),
            models.Index(fields=["status"], name="project_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def folder(self) -> Path:
        """Where everything that belongs to the project lies."""
        return settings.MEDIA_ROOT / "projects" / str(self.pk)

    @property
    def output(self) -> Path:
        """Where the finished film goes."""
        return self.folder / "output" / "final.mp4"

    @property
    def poster(self) -> Path:
        """Where the picture goes that stands for it."""
        return self.output.with_name(POSTER)

    @property
    def subtitles(self) -> Path:
        """Where its captions go as WebVTT, if it has any."""
        return self.output.with_name(WEBVTT)

    @property
    def preview(self) -> Path:
        """Where the newest frame of a running render goes."""
        return self.folder / "preview.jpg"


def image_place(segment: "Segment", filename: str) -> str:
    """Return where a segment's new picture goes."""
    return f"projects/{segment.project_id}/segments/{segment.pk}/image-{_unused(filename)}"


def audio_place(segment: "Segment", filename: str) -> str:
    """Return where a segment's new narration goes."""
    return f"projects/{segment.project_id}/segments/{segment.pk}/audio-{_unused(filename)}"


class Segment(models.Model):
    """One picture with its narration and caption; `sequence_index` counts from 0 without gaps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="segments")
    sequence_index = models.PositiveIntegerField(editable=False)
    image_file = models.FileField(upload_to=image_place, max_length=255, blank=True)
    audio_file = models.FileField(upload_to=audio_place, max_length=255, blank=True)
    text_content = models.TextField(max_length=2000, blank=True)
    duration = models.FloatField(
        null=True,
        blank=True,
        validators=[finite, MinValueValidator(MIN_SEGMENT_SECONDS), MaxValueValidator(MAX_SEGMENT_SECONDS)],
    )
    motion = models.CharField(max_length=16, choices=choices(Motion), default=Motion.AUTO.value)
    fit = models.CharField(max_length=8, choices=choices(Fit), default=Fit.COVER.value)
    transition = models.CharField(  # noqa: DJ001 - null is "the project's", and there is no empty one
        max_length=16, choices=Transition, null=True, blank=True
    )
    """Into the next segment; the last one's counts for nothing. Null, like its length, for the project's."""
    transition_duration = models.FloatField(null=True, blank=True, validators=TRANSITION_SECONDS)
    audio_seconds = models.FloatField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """In the order of the film."""

        ordering = ["sequence_index", "id"]
        indexes = [models.Index(fields=["project", "sequence_index"], name="segment_in_order")]

    def __str__(self) -> str:
        return f"{self.project}: segment {self.sequence_index + 1}"

    @property
    def seconds(self) -> float | None:
        """How long it lasts: what was asked for, else as long as the narration; None if neither is known."""
        return self.audio_seconds if self.duration is None else self.duration
