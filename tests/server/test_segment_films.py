"""`GET …/segments/{id}/film/`: one segment, as soon as it is rendered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from realtime.snapshot import RenderState
from server.projects import renders
from tests.server.conftest import Live


def test_a_rendered_segment_can_be_seen_alone(
    api: APIClient,
    make_project: Callable[..., dict[str, Any]],
    live: Live,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """Not before it is rendered, not as it was before a change, and in ranges like any film."""
    settings.CACHE_DIR = tmp_path / "cache"
    renders.chunk_cache.cache_clear()
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
    renders.chunk_cache.cache_clear()
