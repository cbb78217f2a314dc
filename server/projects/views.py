"""The API: parse, then call one verb, then answer."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.http.response import HttpResponse
from django.urls import get_script_prefix, reverse
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action, api_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from server.projects import copies, exceptions, renders, samples, storage
from server.projects import schema as described
from server.projects.models import Project, Segment
from server.projects.serializers import (
    OrderSerializer,
    ProjectDetailSerializer,
    ProjectSerializer,
    RenderSerializer,
    SampleSerializer,
    SegmentSerializer,
)

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""What an id looks like: anything else has no address, so it is not found."""

METHODS = ["get", "post", "patch", "delete", "head", "options"]


SEARCH_WORDS = 100
"""As many as the longest title has."""


class OnlyOne(BaseContentNegotiation):
    """No negotiation: there is one form, whatever else a caller would accept."""

    def select_parser(self, _: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Return the first."""
        return next(iter(parsers))

    def select_renderer(
        self, _: Request, renderers: Iterable[BaseRenderer], __: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class BoundedSearch(SearchFilter):
    """Looks for so many words that a database can take the question apart."""

    def get_search_terms(self, request: Request) -> list[str]:
        """Return the words that a title must have."""
        words: list[str] = super().get_search_terms(request)
        if len(words) > SEARCH_WORDS:
            raise ValidationError({self.search_param: [f"At most {SEARCH_WORDS} words can be looked for."]})
        return words


PROJECT_FILES = {"application/json": ProjectSerializer, "multipart/form-data": ProjectSerializer}


@extend_schema_view(
    create=extend_schema(
        request=PROJECT_FILES,
        responses={
            201: ProjectSerializer,
            **described.INVALID,
            **described.TOO_LARGE,
            **described.DISK_FULL,
            **described.UNSUPPORTED,
            **described.BUSY,
        },
    ),
    list=extend_schema(responses={200: ProjectSerializer(many=True), **described.INVALID}),
    retrieve=extend_schema(responses={200: ProjectDetailSerializer, **described.NOT_FOUND}),
    partial_update=extend_schema(
        request=PROJECT_FILES,
        responses={
            200: ProjectDetailSerializer,
            **described.INVALID,
            **described.NOT_FOUND,
            **described.TOO_LARGE,
            **described.DISK_FULL,
            **described.UNSUPPORTED,
            **described.BUSY,
        },
    ),
    destroy=extend_schema(responses={204: None, **described.NOT_FOUND, **described.DISK_FULL}),
)
class ProjectViewSet(viewsets.ModelViewSet[Project]):
    """Films in the making."""

    http_method_names = METHODS
    lookup_value_regex = UUID_PATTERN
    queryset = Project.objects.all()
    filter_backends = [BoundedSearch, OrderingFilter]
    search_fields = ["title"]
    ordering_fields = ["created_at", "updated_at", "title"]

    def get_queryset(self) -> QuerySet[Project]:
        """Return all projects, with their segments where something of them is shown."""
        if self.action in ("list", "create", "retrieve", "partial_update"):
            return Project.objects.with_segments()
        return Project.objects.all()

    def get_serializer_class(self) -> type[BaseSerializer[Project]]:
        """Return the serializer with segments for one project, the one without for many."""
        return ProjectDetailSerializer if self.detail else ProjectSerializer

    def perform_create(self, serializer: BaseSerializer[Project]) -> None:
        """Store the project, and read it again with its counts."""
        project = Project(**serializer.validated_data)
        with storage.storing(project):
            project.save(force_insert=True)
        serializer.instance = project
        self._reread(serializer)

    def perform_update(self, serializer: BaseSerializer[Project]) -> None:
        """Store only what was sent: a render may be writing the rest of the row, and reading the music that goes."""
        project = cast(Project, serializer.instance)
        for name, value in serializer.validated_data.items():
            setattr(project, name, value)
        with storage.storing(project):
            if Project.objects.select_for_update().filter(pk=project.pk).first() is None:
                raise Http404
            project.save(update_fields=[*serializer.validated_data, "updated_at"])
        if "music_file" in serializer.validated_data:
            storage.sweep(str(project.pk))
        self._reread(serializer)

    def _reread(self, serializer: BaseSerializer[Project]) -> None:
        serializer.instance = self.get_queryset().get(pk=cast(Project, serializer.instance).pk)

    def perform_destroy(self, instance: Project) -> None:
        """End its render and remove its files with it."""
        renders.remove(instance)

    @extend_schema(
        parameters=[RenderSerializer],
        request=RenderSerializer,
        responses={
            200: OpenApiResponse(described.RenderEstimate, "With `dry_run`: nothing was begun."),
            202: described.RenderAccepted,
            400: OpenApiResponse(described.MissingAssets, "`no_segments`, `missing_assets`, or a field is wrong."),
            **described.NOT_FOUND,
            **described.UNSUPPORTED,
            409: OpenApiResponse(described.Problem, "`already_processing`"),
            429: OpenApiResponse(described.Problem, "`queue_full`; try again after `Retry-After` seconds."),
            403: OpenApiResponse(described.Problem, "`origin_not_allowed`: sent by a page of another origin."),
            **described.DISK_FULL,
            503: OpenApiResponse(described.Problem, "`encoder_missing`, or `server_stopping`; try again later."),
        },
    )
    @action(detail=True, methods=["post"])
    def render(self, request: Request, pk: str) -> Response:
        """Render the project as it is now; edits from here on count for the next render."""
        project = self.get_object()
        sent = request.data
        if isinstance(sent, Mapping):  # the body wins over the query; RenderSerializer refuses any other body
            sent = {**request.query_params.dict(), **dict(sent.items())}
        asked = RenderSerializer(data=sent)
        asked.is_valid(raise_exception=True)
        quality: str = asked.validated_data["quality"]
        if asked.validated_data["dry_run"]:
            return Response({"quality": quality, **asdict(renders.estimated(project, quality))})
        snapshot = renders.start(project, quality)
        count = snapshot.total_segments
        return Response(
            {
                "task_id": snapshot.task_id,
                "project_id": snapshot.project_id,
                "status": snapshot.status,
                "total_segments": count,
                "message": f"The render of {count} segment{'' if count == 1 else 's'} has been queued.",
                "urls": {
                    "status": reverse("project-status", args=[pk]),
                    "cancel": reverse("project-cancel", args=[pk]),
                    "websocket": f"{get_script_prefix()}ws/projects/{pk}/",
                },
            },
            status=202,
        )

    @extend_schema(
        request=None,
        responses={
            202: described.CancelAccepted,
            **described.NOT_FOUND,
            409: OpenApiResponse(described.Problem, "`not_running`"),
            **described.DISK_FULL,
        },
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Stop the render; finished segments are kept for the next try."""
        snapshot = renders.cancel(self.get_object())
        return Response(
            {
                "task_id": snapshot.task_id,
                "project_id": snapshot.project_id,
                "status": snapshot.status,
                "message": "The render is being stopped; finished segments are kept for the next try.",
            },
            status=202,
        )

    @extend_schema(request=None, responses={201: ProjectDetailSerializer, **described.NOT_FOUND, **described.DISK_FULL})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Make another project with the same segments and files, not rendered yet."""
        made = copies.duplicate(self.get_object())
        project = Project.objects.with_segments().get(pk=made.pk)
        return Response(self.get_serializer(project).data, status=201)

    @extend_schema(
        request=SampleSerializer,
        responses={
            201: ProjectDetailSerializer,
            **described.INVALID,
            **described.UNSUPPORTED,
            **described.DISK_FULL,
            503: OpenApiResponse(described.Problem, "`busy` with another one or with other things; try again."),
        },
    )
    @action(detail=False, methods=["post"])
    def sample(self, request: Request) -> Response:
        """Make a project to begin with: six painted pictures, each with its sound and caption."""
        asked = SampleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = Project(title=samples.TITLE, **asked.validated_data)
        samples.fill(made)
        project = Project.objects.with_segments().get(pk=made.pk)
        return Response(ProjectDetailSerializer(project, context=self.get_serializer_context()).data, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
        responses={
            200: described.StatusBody,
            304: OpenApiResponse(None, "Nothing changed since the revision in `If-None-Match`."),
            **described.NOT_FOUND,
            412: OpenApiResponse(described.Problem, "`precondition_failed`: another revision than `If-Match` names."),
        },
    )
    @action(detail=True, methods=["get"], url_path="status", content_negotiation_class=OnlyOne)
    def status(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the state of the project's render: bytes that were made once for all who ask."""
        payload = renders.status(pk)
        if payload is None:
            raise NotFound
        response = HttpResponse(
            payload.body,
            content_type="application/json",
            headers={"ETag": payload.etag, "Cache-Control": "no-cache"},
        )
        answer = get_conditional_response(request._request, etag=payload.etag, response=response) or response
        if answer.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise exceptions.PreconditionFailed
        return answer


PROJECT_PARAMETER = OpenApiParameter("project_pk", OpenApiTypes.UUID, OpenApiParameter.PATH)
FILES = {"application/json": SegmentSerializer, "multipart/form-data": SegmentSerializer}


@extend_schema(parameters=[PROJECT_PARAMETER])
@extend_schema_view(
    create=extend_schema(
        request=FILES,
        responses={
            201: SegmentSerializer,
            **described.INVALID,
            **described.NOT_FOUND,
            **described.TOO_LARGE,
            **described.DISK_FULL,
            **described.UNSUPPORTED,
            **described.BUSY,
        },
    ),
    partial_update=extend_schema(
        request=FILES,
        responses={
            200: SegmentSerializer,
            **described.INVALID,
            **described.NOT_FOUND,
            **described.TOO_LARGE,
            **described.DISK_FULL,
            **described.UNSUPPORTED,
            **described.BUSY,
        },
    ),
    list=extend_schema(responses={200: SegmentSerializer(many=True), **described.NOT_FOUND}),
    retrieve=extend_schema(responses={200: SegmentSerializer, **described.NOT_FOUND}),
    destroy=extend_schema(responses={204: None, **described.NOT_FOUND, **described.DISK_FULL}),
)
class SegmentViewSet(viewsets.ModelViewSet[Segment]):
    """A project's pictures, with their narrations and captions, in order."""

    http_method_names = METHODS
    lookup_value_regex = UUID_PATTERN
    queryset = Segment.objects.all()
    serializer_class = SegmentSerializer

    def get_queryset(self) -> QuerySet[Segment]:
        """Return the project's segments in order."""
        return Segment.objects.filter(project=self.kwargs["project_pk"])

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer 404 for what isn't there before looking at what was sent."""
        super().initial(request, *args, **kwargs)
        if not Project.objects.filter(pk=self.kwargs["project_pk"]).exists():
            raise NotFound

    def perform_create(self, serializer: BaseSerializer[Segment]) -> None:
        """Store the segment behind the others."""
        segment = Segment(project_id=UUID(self.kwargs["project_pk"]), **serializer.validated_data)
        with storage.storing(segment):
            project = self._lock()
            segment.sequence_index = project.segments.count()
            if segment.sequence_index >= settings.MAX_SEGMENTS:
                raise exceptions.TooManySegments(limit=settings.MAX_SEGMENTS)
            segment.save(force_insert=True)
        serializer.instance = segment

    def perform_update(self, serializer: BaseSerializer[Segment]) -> None:
        """Store what was sent; a replaced file goes as soon as no render needs it."""
        segment = cast(Segment, serializer.instance)
        for name, value in serializer.validated_data.items():
            setattr(segment, name, value)
        with storage.storing(segment):
            self._lock()
            if not self.get_queryset().filter(pk=segment.pk).exists():
                raise Http404
            segment.save(update_fields=[*serializer.validated_data, "updated_at"])
        storage.sweep(self.kwargs["project_pk"])

    def perform_destroy(self, instance: Segment) -> None:
        """Remove the segment and close the gap that it leaves."""
        with transaction.atomic():
            project = self._lock()
            instance.delete()
            _number(project, list(project.segments.all()))
        storage.sweep(self.kwargs["project_pk"])

    @extend_schema(
        responses={
            200: described.SegmentFilm,
            404: OpenApiResponse(described.Problem, "`not_rendered` as it is now, or not there at all."),
            **described.DISK_FULL,
        },
    )
    @action(detail=True, methods=["get"])
    def film(self, request: Request, project_pk: str, pk: str) -> Response:  # noqa: ARG002
        """Return where the segment's part of the film is, joined from what the present or last render finished."""
        segment = self.get_object()
        film = renders.excerpt_of(Project.objects.with_segments().get(pk=project_pk), segment)
        return Response({"url": storage.url_of(film)})

    @extend_schema(
        request=OrderSerializer,
        responses={
            200: SegmentSerializer(many=True),
            **described.INVALID,
            **described.NOT_FOUND,
            **described.DISK_FULL,
        },
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def reorder(self, request: Request, project_pk: str) -> Response:  # noqa: ARG002
        """Put all segments into a new order, at once or not at all."""
        sent = OrderSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        order: list[UUID] = sent.validated_data["order"]
        with transaction.atomic():
            project = self._lock()
            by_id = {segment.pk: segment for segment in project.segments.all()}
            if len(order) != len(by_id) or set(order) != set(by_id):
                raise exceptions.OrderInvalid
            segments = [by_id[segment_id] for segment_id in order]
            _number(project, segments)
        return Response(self.get_serializer(segments, many=True).data)

    def _lock(self) -> Project:
        """Return the project, held until the transaction ends: whoever changes its segments waits here."""
        project = Project.objects.select_for_update().filter(pk=self.kwargs["project_pk"]).first()
        if project is None:
            raise Http404
        project.save(update_fields=["updated_at"])
        return project


def _number(project: Project, segments: list[Segment]) -> None:
    for index, segment in enumerate(segments):
        segment.sequence_index = index
    project.segments.bulk_update(segments, ["sequence_index"])


@extend_schema(exclude=True)
@api_view(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def nowhere(request: Request) -> Response:  # noqa: ARG001
    """Answer for every address below `/api/` that isn't one."""
    raise NotFound
