"""What lies beside a film: its poster and its captions as text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from rest_framework.test import APIClient

from realtime.snapshot import RenderState
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]


def rendered(api: APIClient, live: Live, project: dict[str, Any]) -> dict[str, Any]:
    """Render a project and return its status body."""
    live.journal.snapshots.clear()
    assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    body: dict[str, Any] = api.get(f"/api/projects/{project['id']}/status/").json()
    return body


def names(media_root: Path, project: dict[str, Any]) -> list[str]:
    """What lies in a project's output folder."""
    return sorted(path.name for path in (media_root / "projects" / project["id"] / "output").iterdir())


def test_a_completed_film_has_a_poster(api: APIClient, make_project: Make, live: Live, media_root: Path) -> None:
    """Its address is in the snapshot, leads to a JPEG of the film's shape, and is another one after each render."""
    project = make_project(segments=1)
    first = rendered(api, live, project)["render"]["poster_url"]
    address, version = first.split("?v=")
    assert address == f"/media/projects/{project['id']}/output/poster.jpg"
    assert int(version) > 0
    answer = api.head(first)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    with Image.open(media_root / address.removeprefix("/media/")) as poster:
        assert (poster.format, poster.size) == ("JPEG", (128, 72))
    assert rendered(api, live, project)["render"]["poster_url"] != first


def test_captions_lie_beside_the_film_as_long_as_it_has_any(
    api: APIClient, make_project: Make, live: Live, media_root: Path
) -> None:
    """Written with the film, served as text, and gone with the last caption's film."""
    project = make_project(segments=2)
    segment = f"/api/projects/{project['id']}/segments/{project['segments'][1]['id']}/"
    api.patch(segment, {"text_content": "Low & high tide"})
    rendered(api, live, project)
    assert names(media_root, project) == ["captions.srt", "captions.vtt", "chapters.vtt", "final.mp4", "poster.jpg"]
    folder = f"/media/projects/{project['id']}/output/"
    answer = api.head(f"{folder}captions.vtt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    vtt = (media_root / "projects" / project["id"] / "output" / "captions.vtt").read_text()
    assert "00:00:00.500 --> 00:00:01.000\nLow &amp; high tide\n" in vtt
    assert api.head(f"{folder}captions.srt")["Content-Type"] == "application/x-subrip; charset=utf-8"
    api.patch(segment, {"text_content": "  "})
    rendered(api, live, project)
    assert names(media_root, project) == ["chapters.vtt", "final.mp4", "poster.jpg"]
    assert api.head(f"{folder}captions.vtt").status_code == 404


def test_a_cancelled_render_leaves_them_alone(api: APIClient, make_project: Make, live: Live, media_root: Path) -> None:
    """They belong to the film that is there, not to the one that was given up."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    segment = f"{address}segments/{project['segments'][0]['id']}/"
    api.patch(segment, {"text_content": "First"})
    rendered(api, live, project)
    folder = media_root / "projects" / project["id"] / "output"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    api.patch(address, {"resolution_width": 1920, "resolution_height": 1080, "framerate": 60})
    api.patch(segment, {"text_content": "Second", "duration": 60})
    live.journal.snapshots.clear()
    api.post(f"{address}render/")
    live.journal.wait_for(project["id"], RenderState.RUNNING)
    api.post(f"{address}cancel/")
    live.journal.wait_for(project["id"], RenderState.CANCELLED)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
