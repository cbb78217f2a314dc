"""The pages, made from the same documents that the API gives."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import get_script_prefix
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from media.timeline import MAX_RATE, MAX_SIZE, MIN_RATE, MIN_SIZE
from server.projects import storage
from server.projects.models import Project
from server.projects.pagination import Pages
from server.projects.serializers import ProjectDetailSerializer, ProjectSerializer

FIRST_TILES = 28
"""So many tiles come with the page, more than any screen is wide; filmstrip.js adds the others."""

FIRST_PICTURES = 12
"""So many of them bring their picture at once; more would be asked for before the page is seen."""

ORDERINGS = {"-created_at": "Newest first", "-updated_at": "Last changed", "title": "By title"}

FACES = {
    Project.Status.DRAFT: "export",
    Project.Status.PROCESSING: "rendering",
    Project.Status.COMPLETED: "done",
    Project.Status.FAILED: "failed",
}


kept_for_its_reader = cache_control(private=True, no_cache=True)
"""Asked for anew each time, but kept for the way back: a page that comes back reads what changed meanwhile."""


@kept_for_its_reader
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that the API would list for the same query, a page of its length at a time."""
    search, ordering = request.GET.get("search", "").strip(), request.GET.get("ordering", "")
    if ordering not in ORDERINGS:
        ordering = next(iter(ORDERINGS))
    found = Project.objects.with_segments().order_by(ordering, "id")
    for word in search.split():
        found = found.filter(title__icontains=word)
    page = Paginator(found, Pages.page_size).get_page(request.GET.get("page"))
    documents = ProjectSerializer(list(page), many=True).data
    context = {
        "page": page,
        "projects": [{**document, "state": state_of(document["status_body"])} for document in documents],
        "statuses": [document["status_body"] for document in documents],
        "search": search,
        "ordering": ordering,
        "orderings": ORDERINGS,
        "kept": urlencode({"search": search, "ordering": ordering}),
        "limits": {"size": (MIN_SIZE, MAX_SIZE), "rate": (MIN_RATE, MAX_RATE)},
    }
    return answer(request, "web/projects.html", context)


@kept_for_its_reader
@require_safe
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """One project: its segments, its render as it stands at this moment, its newest video."""
    row = get_object_or_404(Project.objects.with_segments(), pk=project_id)
    document = ProjectDetailSerializer(row).data
    body = document["status_body"]
    video, face = video_url(row, body), FACES[Project.Status(body["status"])]
    context = {
        "project": document,
        "status": body,
        "state": state_of(body),
        "face": face,
        "view": "live" if face == "rendering" else "film" if video else "segment",
        "video_url": video,
        "poster_url": poster_url(row),
        "captions_url": storage.versioned_url(row.subtitles),
        "tiles": tiles(document),
    }
    return answer(request, "web/project.html", context)


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page that knows under which path Rushes is mounted."""
    return render(request, template, {**context, "base": get_script_prefix().rstrip("/")})


def tiles(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the filmstrip's first tiles as they stand; filmstrip.js says the same of every later moment."""
    render = document["status_body"]["render"] or {"segments": [], "cached_indices": [], "error": None}
    shares, cached, failed = render["segments"], set(render["cached_indices"]), render["error"] or {}
    began = datetime.fromisoformat(render["created_at"]) if "created_at" in render else None
    order = document["render_order"] or [segment["id"] for segment in document["segments"]]
    places = {segment_id: place for place, segment_id in enumerate(order)}
    shown = []
    for index, segment in enumerate(document["segments"][:FIRST_TILES]):
        place = places.get(segment["id"], len(shares))
        share = shares[place] if place < len(shares) else 0
        has_failed = failed.get("segment_id") == segment["id"]
        if segment["image_file"] is None or segment["seconds"] is None:
            state, word = "missing", "Incomplete"
        elif (has_failed or share == 100) and began and datetime.fromisoformat(segment["updated_at"]) > began:
            state, word = "changed", "Changed"
        elif has_failed:
            state, word = "failed", "Failed"
        elif share == 100:
            state, word = ("cached", "Unchanged") if place in cached else ("done", "Rendered")
        else:
            state, word = ("rendering", f"{share}%") if share else ("waiting", "")
        picture = segment["image_file"] if index < FIRST_PICTURES else None
        shown.append({**segment, "number": index + 1, "state": state, "word": word, "picture": picture})
    return shown


def state_of(body: dict[str, Any]) -> str:
    """Return the word on the badge; `stateOf` in words.js says the same."""
    if body["status"] == Project.Status.DRAFT or body["render"] is None:
        return "draft"
    state: str = body["render"]["state"]
    return "rendering" if state == "running" else state


def video_url(project: Project, body: dict[str, Any]) -> str | None:
    """Return the newest complete video: a render that runs or failed leaves the earlier one in place.

    The time of the render goes along, so that a browser never mixes the bytes of two videos.
    """
    if body["output_url"]:
        return f"{body['output_url']}?v={quote(body['render']['completed_at'], safe='')}"
    return storage.url_of(project.output) if project.output_path else None


def poster_url(project: Project) -> str | None:
    """Return the poster of the newest complete video."""
    return storage.versioned_url(project.poster) if project.output_path else None
