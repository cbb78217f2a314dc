"""`POST …/render/?dry_run=1`: what a render would take, and nothing begun."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from realtime.snapshot import RenderState
from server.projects import renders
from server.projects.models import Project
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """A machine that has never rendered anything."""
    settings.DATA_DIR, settings.CACHE_DIR = tmp_path, tmp_path / "cache"
    for remembered in (renders.pace_book, renders.chunk_cache):
        remembered.cache_clear()
    return tmp_path


def asked(api: APIClient, project: dict[str, Any], **query: str) -> dict[str, Any]:
    """The answer to a dry run."""
    answer = api.post(f"/api/projects/{project['id']}/render/", {"dry_run": True, **query})
    assert answer.status_code == 200, answer.content
    document: dict[str, Any] = answer.json()
    return document


def render(api: APIClient, live: Live, project: dict[str, Any]) -> None:
    """Render a project to its end."""
    live.journal.snapshots.clear()
    assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)


@pytest.mark.django_db
def test_before_the_first_render_only_the_length_is_known(api: APIClient, make_project: Make) -> None:
    """No guess is made of time and size, no task manager is needed, and the project stays a draft."""
    project = make_project(segments=2)
    answer = api.post(f"/api/projects/{project['id']}/render/?dry_run=1")
    assert answer.status_code == 200
    assert answer.json() == {
        "quality": "standard",
        "frames": 10,
        "seconds": 1.0,
        "segments": 2,
        "cached_segments": 0,
        "cached_indices": [],
        "cached_frames": 0,
        "estimated_seconds": None,
        "estimated_bytes": None,
        "scaled": False,
    }
    assert Project.objects.get().status == "DRAFT"


def test_after_a_render_all_of_it_is_cached(api: APIClient, make_project: Make, live: Live, media_root: Path) -> None:
    """The next render of the same film is nearly free, and as large; another caption costs its own segment."""
    project = make_project(segments=3)
    render(api, live, project)
    film = media_root / "projects" / project["id"] / "output" / "final.mp4"
    estimate = asked(api, project)
    assert (estimate["cached_segments"], estimate["cached_frames"]) == (3, 15)
    assert estimate["estimated_seconds"] < 1
    assert estimate["estimated_bytes"] == film.stat().st_size
    api.patch(
        f"/api/projects/{project['id']}/segments/{project['segments'][1]['id']}/", {"text_content": "Another one"}
    )
    estimate = asked(api, project)
    assert (estimate["segments"], estimate["cached_segments"], estimate["cached_frames"]) == (3, 2, 10)
    assert asked(api, project, quality="draft")["cached_segments"] == 0


def test_another_size_is_estimated_by_its_pixels(api: APIClient, make_project: Make, live: Live) -> None:
    """Four times the pixels are four times the bytes; of another quality only the time is known. The answer says so."""
    project = make_project(segments=1)
    render(api, live, project)
    size = asked(api, project)["estimated_bytes"]
    api.patch(f"/api/projects/{project['id']}/", {"resolution_width": 256, "resolution_height": 144})
    estimate = asked(api, project)
    assert estimate["scaled"] is True
    assert estimate["estimated_bytes"] == pytest.approx(4 * size, abs=1)
    high = asked(api, project, quality="high")
    assert high["estimated_seconds"] > 0
    assert (high["estimated_bytes"], high["scaled"]) == (None, True)


def test_a_dry_run_is_answered_while_the_render_runs(api: APIClient, make_project: Make, live: Live) -> None:
    """It begins nothing, so there is nothing that it could conflict with."""
    project = make_project(segments=1)
    job = live.block()
    api.post(f"/api/projects/{project['id']}/render/")
    assert asked(api, project)["frames"] == 5
    job.finish()
    live.journal.wait_for(project["id"], RenderState.COMPLETED)


@pytest.mark.django_db
def test_what_a_render_would_be_refused_for_is_said(api: APIClient, make_project: Make, media_root: Path) -> None:
    """The same 400s, and one for a file that is gone, which a render would fail for."""
    project = make_project(segments=0)
    address = f"/api/projects/{project['id']}/"
    assert api.post(f"{address}render/?dry_run=1").json()["code"] == "no_segments"
    lacking = api.post(f"{address}segments/", {"duration": 1}).json()["id"]
    problem = api.post(f"{address}render/?dry_run=1").json()
    assert (problem["code"], problem["missing_images"]) == ("missing_assets", [lacking])
    project = make_project(segments=1)
    lost = project["segments"][0]
    (media_root / lost["image_file"].removeprefix("/media/")).unlink()
    answer = api.post(f"/api/projects/{project['id']}/render/?dry_run=1")
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["segment_id"]) == ("image_unreadable", lost["id"])
