"""The answers that no model describes, as the OpenAPI document shows them."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from media.encoder import QUALITIES
from realtime.snapshot import RenderState
from server.projects.models import Status

Described = serializers.Serializer[Any]


class Progress(Described):
    """The four keys of the original brief."""

    current_segment = serializers.IntegerField(help_text="How many segments are finished.")
    total_segments = serializers.IntegerField()
    percentage = serializers.IntegerField(min_value=0, max_value=100)
    current_phase = serializers.CharField(help_text="For a person: `Rendering segment 3 of 6`.")


class Failure(Described):
    """Why a render ended without a film."""

    code = serializers.CharField(help_text="Stable, for programs: `cancelled`, `disk_full`, …")
    message = serializers.CharField(help_text="What to do about it, for a person.")
    segment_id = serializers.CharField(allow_null=True)
    segment_index = serializers.IntegerField(allow_null=True)
    phase = serializers.CharField(allow_null=True)
    retryable = serializers.BooleanField()


class Render(Described):
    """All that is known of a render."""

    task_id = serializers.CharField(help_text="Always `render_{project_id}`.")
    state = serializers.ChoiceField(choices=[state.value for state in RenderState])
    queue_position = serializers.IntegerField(allow_null=True, help_text="How many renders go first.")
    overall_progress = serializers.FloatField(min_value=0, max_value=1, help_text="Never goes back.")
    rendered_frames = serializers.IntegerField()
    total_frames = serializers.IntegerField()
    frames_per_second = serializers.FloatField(allow_null=True, help_text="Of the last seconds.")
    eta_seconds = serializers.FloatField(
        allow_null=True,
        help_text="By this render's pace, at first by that of earlier ones; null if neither is known.",
    )
    segments = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100), help_text="Each one's percentage."
    )
    cached_segments = serializers.IntegerField(help_text="Taken from an earlier render unchanged.")
    cached_indices = serializers.ListField(child=serializers.IntegerField(min_value=0), help_text="Which ones.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    stalled = serializers.BooleanField(help_text="No frame for 30 s.")
    preview_url = serializers.CharField(allow_null=True, help_text="The newest frame, while running.")
    poster_url = serializers.CharField(allow_null=True)
    output_seconds = serializers.FloatField(allow_null=True, help_text="The finished film's length.")
    output_bytes = serializers.IntegerField(allow_null=True, help_text="The finished film's size.")
    error = Failure(allow_null=True)


class StatusBody(Described):
    """The state of a project: the same object wherever it is shown."""

    project_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    progress = Progress(allow_null=True)
    output_url = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField(help_text="Grows with every change; also the ETag.")
    render = Render(allow_null=True, help_text="Null if the project was never rendered.")


class RenderAddresses(Described):
    """Where to follow a render."""

    status = serializers.CharField()
    cancel = serializers.CharField()
    websocket = serializers.CharField()


class RenderAccepted(Described):
    """A render has begun, or waits for its turn."""

    task_id = serializers.CharField()
    project_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    total_segments = serializers.IntegerField()
    message = serializers.CharField()
    urls = RenderAddresses()


class RenderEstimate(Described):
    """What a render would take."""

    quality = serializers.ChoiceField(choices=list(QUALITIES))
    frames = serializers.IntegerField(help_text="Of the film.")
    seconds = serializers.FloatField(help_text="Of the film.")
    segments = serializers.IntegerField()
    cached_segments = serializers.IntegerField(help_text="Would be taken from an earlier render unchanged.")
    cached_indices = serializers.ListField(child=serializers.IntegerField(min_value=0), help_text="Which ones.")
    cached_frames = serializers.IntegerField()
    estimated_seconds = serializers.FloatField(
        allow_null=True, help_text="Of work, at the pace of this machine's renders; null before the first."
    )
    estimated_bytes = serializers.IntegerField(allow_null=True, help_text="Null before the first of this quality.")
    scaled = serializers.BooleanField(help_text="Estimated from films of other sizes, rates or qualities.")


class SegmentFilm(Described):
    """One segment as a video of its own."""

    url = serializers.CharField(help_text="An MP4; it stays until the project is changed or rendered again.")


class CancelAccepted(Described):
    """The render is being stopped."""

    task_id = serializers.CharField()
    project_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    message = serializers.CharField()


class Problem(Described):
    """What went wrong, in the one shape that every error has."""

    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="What to do about it, for a person.")


class FieldProblems(Problem):
    """Which fields are wrong."""

    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class MissingAssets(Problem):
    """Why there is nothing to render yet."""

    missing_images = serializers.ListField(child=serializers.UUIDField(), required=False)
    missing_audio = serializers.ListField(child=serializers.UUIDField(), required=False)


NOT_FOUND = {404: OpenApiResponse(Problem, "No such project or segment.")}
INVALID = {400: OpenApiResponse(FieldProblems, "A field is wrong, or a file can't be read.")}
TOO_LARGE = {413: OpenApiResponse(FieldProblems, "A file is larger than the server takes.")}
DISK_FULL = {507: OpenApiResponse(Problem, "There is no room for it on the server's disk.")}
UNSUPPORTED = {415: OpenApiResponse(Problem, "Neither JSON nor a form.")}
BUSY = {503: OpenApiResponse(Problem, "`busy` with other files; try again after `Retry-After` seconds.")}
