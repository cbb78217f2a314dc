"""Projects and segments as JSON, and what may be written into them."""

from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media.encoder import QUALITIES, STANDARD
from server.projects import renders, storage, uploads
from server.projects.models import Project, Segment
from server.projects.schema import StatusBody


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """One picture with its narration and caption."""

    seconds = serializers.FloatField(read_only=True, allow_null=True)

    class Meta:
        """What is shown of a segment, and what may be written."""

        model = Segment
        fields = [
            "id",
            "sequence_index",
            "image_file",
            "audio_file",
            "text_content",
            "duration",
            "motion",
            "fit",
            "transition",
            "transition_duration",
            "seconds",
            "audio_seconds",
            "updated_at",
        ]
        read_only_fields = ["id", "sequence_index", "audio_seconds", "updated_at"]
        # An empty file is let through here so that it gets the same answer as any other unreadable one.
        extra_kwargs = {
            "image_file": {"allow_null": True, "allow_empty_file": True, "use_url": True},
            "audio_file": {"allow_null": True, "allow_empty_file": True, "use_url": True},
            "transition": {"allow_blank": False, "help_text": "Into the next segment; null: the project's."},
            "transition_duration": {"help_text": "In seconds; null: the project's."},
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read new files to their end, once everything that is cheaper to check is right."""
        if image := attrs.get("image_file"):
            uploads.check_image(cast(TemporaryUploadedFile, image))
        if "audio_file" in attrs:
            audio = attrs["audio_file"]
            attrs["audio_seconds"] = uploads.check_audio(audio) if audio else None
        return attrs

    def to_representation(self, instance: Segment) -> dict[str, Any]:
        """Return the segment with addresses that begin with `/`, like every address in the contract."""
        document = super().to_representation(instance)
        for name in ("image_file", "audio_file"):
            file = getattr(instance, name)
            document[name] = file.url if file else None
        return document


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A film in the making, with the whole state of its render."""

    segment_count = serializers.IntegerField(source="segments.count", read_only=True)
    seconds = serializers.SerializerMethodField(help_text="How long the film will be; crossfades overlap.")
    picture_url = serializers.SerializerMethodField(help_text="The newest film's poster, else its first picture.")
    status = serializers.ChoiceField(choices=Project.Status.choices, read_only=True)
    status_body = serializers.SerializerMethodField()

    class Meta:
        """What is shown of a project, and what may be written."""

        model = Project
        fields = [
            "id",
            "title",
            "resolution_width",
            "resolution_height",
            "framerate",
            "transition",
            "transition_duration",
            "caption_position",
            "caption_size",
            "caption_colour",
            "caption_backdrop",
            "music_file",
            "quality",
            "created_at",
            "updated_at",
            "segment_count",
            "seconds",
            "picture_url",
            "status",
            "status_body",
        ]
        read_only_fields = ["id", "quality", "created_at", "updated_at"]
        extra_kwargs = {"music_file": {"allow_null": True, "allow_empty_file": True, "use_url": True}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read new music to its end, once everything that is cheaper to check is right."""
        if music := attrs.get("music_file"):
            uploads.check_audio(cast(TemporaryUploadedFile, music), "music_file")
        return attrs

    def get_seconds(self, project: Project) -> float:
        """Return how long the film will be."""
        return renders.seconds_of(project)

    def get_picture_url(self, project: Project) -> str | None:
        """Return what stands for the project in a list."""
        if project.output_path and (poster := storage.versioned_url(project.poster)):
            return poster
        return next((segment.image_file.url for segment in project.segments.all() if segment.image_file), None)

    @extend_schema_field(StatusBody)
    def get_status_body(self, project: Project) -> dict[str, Any]:
        """Return what `GET …/status/` answers."""
        return renders.status_of(project).document

    def to_representation(self, instance: Project) -> dict[str, Any]:
        """Return the project; `status` is the one of `status_body`, which may be newer than the row.

        Addresses begin with `/`, like every address in the contract.
        """
        document = super().to_representation(instance)
        document["status"] = document["status_body"]["status"]
        document["music_file"] = instance.music_file.url if instance.music_file else None
        return document


class ProjectDetailSerializer(ProjectSerializer):
    """A project with its segments in order."""

    segments = SegmentSerializer(many=True, read_only=True)
    render_order = serializers.ListField(
        child=serializers.UUIDField(),
        read_only=True,
        help_text="The segments that `render.segments` is of, in its order, however they were edited since.",
    )

    class Meta(ProjectSerializer.Meta):
        """The same, and the segments."""

        fields = [*ProjectSerializer.Meta.fields, "segments", "render_order"]


class SampleSerializer(serializers.ModelSerializer[Project]):
    """The shape that the sample project is to have."""

    class Meta:
        """All that is left to choose."""

        model = Project
        fields = ["resolution_width", "resolution_height", "framerate"]


class RenderSerializer(serializers.Serializer[Any]):
    """How a project is to be rendered."""

    quality = serializers.ChoiceField(
        choices=list(QUALITIES), default=STANDARD.name, help_text="`draft` is half as wide and high."
    )
    dry_run = serializers.BooleanField(default=False, help_text="Say what the render would take, and begin nothing.")


class OrderSerializer(serializers.Serializer[Any]):
    """The order that a project's segments are to have."""

    order = serializers.ListField(child=serializers.UUIDField(), help_text="All segments, each once.")
