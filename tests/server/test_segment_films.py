"""`GET …/segments/{id}/film/`: one segment, as soon as it is rendered."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from realtime.snapshot import RenderState
from server.projects import renders
from tests.server.conftest import Live


@pytest.fixture(autouse=True)
def _own_cache(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Only what a test renders itself is finished."""
    settings.CACHE_DIR = tmp_path / "cache"
    renders.chunk_cache.cache_clear()
    yield
    renders.chunk_cache.cache_clear()


def test_a_rendered_segment_can_be_seen_alone(
    api: APIClient,
    make_project: Callable[..., dict[str, Any]],
    live: Live,
) -> None:
    """Not before it is rendered, not as it was before a change, and in ranges like any film."""
    project = make_project(segments=2)
    address = f"/api/projects/{project['id']}/segments/{project['segments'][1]['id']}/"
    before = api.get(f"{address}film/")
    assert (before.status_code, before.json()["code"]) == (404, "not_rendered")
    assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    body = api.get(f"/api/projects/{project['id']}/status/").json()
    assert body["render"]["output_seconds"] == 1.0
    assert body["render"]["output_bytes"] > 1000
    url = api.get(f"{address}film/").json()["url"]
    assert api.get(f"{address}film/").json()["url"] == url
    answer = api.head(url, headers={"range": "bytes=0-99"})
    assert (answer.status_code, answer["Content-Type"], answer["Content-Length"]) == (206, "video/mp4", "100")
    api.patch(address, {"text_content": "Another"})
    assert api.get(f"{address}film/").status_code == 404
    assert api.head(url).status_code == 404


def test_a_segment_that_lacks_something_hides_only_its_neighbours_seams(
    api: APIClient, make_project: Callable[..., dict[str, Any]], live: Live
) -> None:
    """The films of rendered segments stay until what they fade into changes; the incomplete one has none."""
    project = make_project(segments=2, transition="crossfade")
    address = f"/api/projects/{project['id']}/segments/"
    first, second = (segment["id"] for segment in project["segments"])
    assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    films = [api.get(f"{address}{segment}/film/").json()["url"] for segment in (first, second)]
    empty = api.post(address, {}).json()["id"]
    assert [api.get(f"{address}{segment}/film/").json().get("url") for segment in (first, second)] == films
    api.patch(f"{address}{second}/", {"image_file": None})
    for segment in (first, second, empty):
        answer = api.get(f"{address}{segment}/film/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_rendered")
