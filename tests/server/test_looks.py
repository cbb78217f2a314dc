"""How a film is to look: transitions, fits, captions and qualities, from the request to the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from media import timeline
from realtime.snapshot import RenderSnapshot, RenderState
from server.projects import renders
from server.projects.models import Project
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]


def segment_address(project: dict[str, Any], index: int) -> str:
    """Where one segment of a project is."""
    return f"/api/projects/{project['id']}/segments/{project['segments'][index]['id']}/"


def planned() -> timeline.Timeline:
    """What the engine would be told of the only project."""
    return renders.timeline_of(Project.objects.get())


def film_of(media_root: Path, project: dict[str, Any]) -> Path:
    """Where a project's film lies."""
    return media_root / "projects" / project["id"] / "output" / "final.mp4"


def test_a_segment_s_own_transition_wins_over_the_project_s(api: APIClient, make_project: Make, db: None) -> None:
    """Kind and length each come from the segment, or from the project where the segment has none."""
    project = make_project(segments=4, transition="fade_black", transition_duration=0.4)
    own = [{"transition": "cut"}, {"transition_duration": 0.2}, {"transition": "crossfade", "transition_duration": 0}]
    for index, fields in enumerate(own):
        assert api.patch(segment_address(project, index), fields).status_code == 200
    assert [(segment.transition.kind.value, segment.transition.seconds) for segment in planned().segments] == [
        ("cut", 0.4),
        ("fade_black", 0.2),
        ("crossfade", 0),
        ("fade_black", 0.4),
    ]
    assert api.patch(segment_address(project, 0), {"transition": None}).json()["transition"] is None
    assert planned().segments[0].transition.kind == "fade_black"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fit", "stretch"),
        ("fit", None),
        ("transition", "explosion"),
        ("transition", ""),
        ("transition_duration", -0.1),
        ("transition_duration", 10.5),
        ("transition_duration", "nan"),
    ],
)
def test_a_wrong_look_is_refused_with_the_field_named(
    api: APIClient, make_project: Make, db: None, field: str, value: Any
) -> None:
    """400, and the segment is what it was."""
    project = make_project(segments=1)
    answer = api.patch(segment_address(project, 0), {field: value})
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert api.get(segment_address(project, 0)).json() == project["segments"][0]


def test_a_form_says_none_with_nothing(api: APIClient, make_project: Make, db: None) -> None:
    """A form can't spell null, so an empty field is the project's."""
    project = make_project(segments=1)
    api.patch(segment_address(project, 0), {"transition": "cut", "transition_duration": 1})
    sent = {"transition": "", "transition_duration": "", "fit": "blur"}
    segment = api.patch(segment_address(project, 0), sent, format="multipart").json()
    assert (segment["transition"], segment["transition_duration"], segment["fit"]) == (None, None, "blur")
    assert planned().segments[0].fit is timeline.Fit.BLUR


def test_captions_look_as_the_project_says(
    api: APIClient, make_project: Make, db: None, settings: Settings, tmp_path: Path
) -> None:
    """Position, size, colour and backdrop reach the engine as they were given, and the server's font with them."""
    settings.CAPTION_FONT = tmp_path / "font.ttf"
    project = make_project(segments=1)
    style = {
        "caption_position": "top",
        "caption_size": 0.1,
        "caption_colour": "#FFcc00",
        "caption_backdrop": "box",
    }
    assert api.patch(f"/api/projects/{project['id']}/", style).status_code == 200
    assert planned().captions == timeline.CaptionStyle(
        timeline.Position.TOP, 0.1, "#FFcc00", timeline.Backdrop.BOX, tmp_path / "font.ttf"
    )


def test_a_crossfade_makes_the_film_shorter(api: APIClient, make_project: Make, live: Live, media_root: Path) -> None:
    """The project, the list, the render and the file agree on the length, overlaps counted once."""
    project = make_project(segments=3, transition="crossfade", transition_duration=0.2)
    assert project["seconds"] == pytest.approx(3 * 0.5 - 2 * 0.2)
    assert api.get("/api/projects/").json()["results"][0]["seconds"] == project["seconds"]
    api.post(f"/api/projects/{project['id']}/render/")
    assert live.journal.wait_for(project["id"], RenderState.COMPLETED).total_frames == 11
    with av.open(film_of(media_root, project)) as film:
        assert film.streams.video[0].frames == 11


@pytest.mark.parametrize("asked", [{"query": "?quality=draft"}, {"body": {"quality": "draft"}}])
def test_a_draft_is_half_the_size(
    api: APIClient, make_project: Make, live: Live, media_root: Path, asked: dict[str, Any]
) -> None:
    """Asked for in the address or in the body; the project says what its last render was asked for."""
    project = make_project(segments=1, resolution_width=256, resolution_height=144)
    address = f"/api/projects/{project['id']}/"
    assert api.post(f"{address}render/{asked.get('query', '')}", asked.get("body")).status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    with av.open(film_of(media_root, project)) as film:
        video = film.streams.video[0]
        assert (video.width, video.height) == (128, 72)
    assert api.get(address).json()["quality"] == "draft"
    live.journal.snapshots.clear()
    api.post(f"{address}render/")
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    assert api.get(address).json()["quality"] == "standard"


@pytest.mark.parametrize("sent", [{"quality": "best"}, {"quality": None}, {"dry_run": "perhaps"}])
def test_a_render_that_can_t_be_understood_is_not_begun(
    api: APIClient, make_project: Make, live: Live, sent: dict[str, Any]
) -> None:
    """400 names the field; a body that is no object is refused as well."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    answer = api.post(f"{address}render/?quality=high", sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(sent))
    assert api.post(f"{address}render/", "[1]", content_type="application/json").status_code == 400
    assert api.get(f"{address}status/").json()["status"] == "DRAFT"


def test_a_refused_render_leaves_the_quality(
    api: APIClient, make_project: Make, start_live: Callable[..., Live], transactional_db: None
) -> None:
    """Where the queue is full, the project is what it was before."""
    live = start_live(capacity=0)
    project = make_project(segments=1)
    job = live.block()
    assert api.post(f"/api/projects/{project['id']}/render/?quality=high").status_code == 429
    assert Project.objects.get().quality == "standard"
    job.finish()


def test_a_resumed_render_keeps_its_quality(make_project: Make, live: Live, media_root: Path) -> None:
    """A draft that a dead server left behind is finished as a draft."""
    project = make_project(segments=1, resolution_width=256, resolution_height=144)
    snapshot = RenderSnapshot.queued(project["id"], total_segments=1, total_frames=5).evolve(state=RenderState.RUNNING)
    Project.objects.update(
        status="PROCESSING", quality="draft", snapshot=snapshot.to_dict(), revision=snapshot.revision
    )
    renders.recover()
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    with av.open(film_of(media_root, project)) as film:
        assert film.streams.video[0].width == 128
