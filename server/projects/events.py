"""Server-sent events of a project: the hub, seen from the API."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from realtime import events
from realtime.hub import ProgressHub
from realtime.payload import Lookup
from server.projects import exceptions, renders
from server.projects import schema as described
from server.projects.views import OnlyOne

HEADERS = {
    "Content-Type": events.CONTENT_TYPE,
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events until it has a bufferful
}

_source: tuple[ProgressHub, Lookup] | None = None


def use(hub: ProgressHub, lookup: Lookup) -> None:
    """Let the events of this process come from `hub`."""
    global _source
    _source = hub, lookup


class Events(APIView):
    """The live state of a project for those who can't open a WebSocket."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = OnlyOne

    @extend_schema(
        operation_id="projects_events_retrieve",
        parameters=[
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH),
            OpenApiParameter(
                "Last-Event-ID", str, OpenApiParameter.HEADER, description="The revision that the client has seen."
            ),
        ],
        responses={
            (200, events.CONTENT_TYPE): OpenApiResponse(
                str,
                "`event: status` with the status body for `data` and its revision for `id`: the present one at once, "
                "unless `Last-Event-ID` names it, then each change, progress at most ten times a second. "
                "`event: deleted` is the last one. A comment comes after each 15 seconds of silence.",
            ),
            **described.NOT_FOUND,
            429: OpenApiResponse(described.Problem, "`too_many_connections`"),
            503: OpenApiResponse(described.Problem, "`server_stopping`"),
        },
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        """Follow the project's render until the project is deleted."""
        if _source is None:
            raise exceptions.ServerStopping("Renders are followed on the server; start it with `make serve`.")
        if renders.status(id) is None:
            raise NotFound
        hub, lookup = _source
        if hub.is_full:
            raise exceptions.TooManyConnections
        if request.method == "HEAD":
            return HttpResponse(headers=HEADERS)
        last_seen = request.headers.get("Last-Event-ID")
        return StreamingHttpResponse(events.stream(hub, lookup, id, last_seen=last_seen), headers=HEADERS)
