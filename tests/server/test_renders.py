"""Renders: started once, followed, cancelled, and never lost, with the real engine."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import pytest
from django.db import connections
from django.http import Http404
from django.test.utils import override_script_prefix
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from realtime.exceptions import RecordGone
from realtime.snapshot import RenderSnapshot, RenderState
from realtime.store import MemoryStore
from realtime.task_manager import TaskManager
from server.projects import renders
from server.projects.models import Project, Segment
from server.projects.serializers import SegmentSerializer
from server.projects.views import SegmentViewSet
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]


def test_a_render_from_the_call_to_the_file(api: APIClient, make_project: Make, live: Live, media_root: Path) -> None:
    """202 says where to look; in the end there is a film, and the status, the row and the list say so."""
    project = make_project(segments=2)
    address = f"/api/projects/{project['id']}/"
    answer = api.post(f"{address}render/")
    assert answer.status_code == 202
    assert answer.json() == {
        "task_id": f"render_{project['id']}",
        "project_id": project["id"],
        "status": "PROCESSING",
        "total_segments": 2,
        "message": "The render of 2 segments has been queued.",
        "urls": {
            "status": f"{address}status/",
            "cancel": f"{address}cancel/",
            "websocket": f"/ws/projects/{project['id']}/",
        },
    }
    last = live.journal.wait_for(project["id"], RenderState.COMPLETED)
    status = api.get(f"{address}status/").json()
    assert status["status"] == "COMPLETED"
    assert status["progress"] == {
        "current_segment": 2,
        "total_segments": 2,
        "percentage": 100,
        "current_phase": "Export complete",
    }
    assert status["output_url"] == f"/media/projects/{project['id']}/output/final.mp4"
    assert status["revision"] == last.revision
    row = Project.objects.get()
    assert (row.status, row.revision) == ("COMPLETED", last.revision)
    assert (media_root / row.output_path).stat().st_size > 1000
    assert renders.status_of(row).body == renders.status(project["id"]).body  # type: ignore[union-attr]
    assert RenderSnapshot.from_dict(row.snapshot) == last  # type: ignore[arg-type]
    detail = api.get(address).json()
    assert (detail["status"], detail["status_body"]) == ("COMPLETED", status)


def test_where_to_look_below_a_path(api: APIClient, make_project: Make, live: Live) -> None:
    """The path that a proxy mounts us below stands before all addresses that 202 names."""
    address = f"projects/{make_project(segments=1)['id']}/"
    blocker = live.block()
    with override_script_prefix("/rushes/"):
        urls = api.post(f"/api/{address}render/").json()["urls"]
    blocker.finish()
    assert urls == {
        "status": f"/rushes/api/{address}status/",
        "cancel": f"/rushes/api/{address}cancel/",
        "websocket": f"/rushes/ws/{address}",
    }


def test_progress_never_goes_back(api: APIClient, make_project: Make, live: Live) -> None:
    """Revisions grow, and finished segments and overall progress never shrink within a render."""
    project = make_project(segments=3)
    api.post(f"/api/projects/{project['id']}/render/")
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    seen = live.journal.of(project["id"])
    for values in (
        [snapshot.current_segment for snapshot in seen],
        [snapshot.overall_progress for snapshot in seen],
        [snapshot.rendered_frames for snapshot in seen],
    ):
        assert values == sorted(values)
    revisions = [snapshot.revision for snapshot in seen]
    assert revisions == sorted(set(revisions))
    assert [s.state for s in seen if s.current_phase == "Export complete"] == [RenderState.COMPLETED]


def test_the_status_answers_304_until_something_changes(api: APIClient, make_project: Make, live: Live) -> None:
    """The revision is the ETag, and the body is the encoder's, byte for byte."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/status/"
    first = api.get(address)
    payload = renders.status(project["id"])
    assert payload is not None
    assert (first.content, first["ETag"]) == (payload.body, f'"{first.json()["revision"]}"')
    assert (first["Cache-Control"], first["Content-Type"]) == ("no-cache", "application/json")
    again = api.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert api.get(address, headers={"If-None-Match": f'"1", W/{first["ETag"]}'}).status_code == 304
    api.post(f"/api/projects/{project['id']}/render/")
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    changed = api.get(address, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["status"]) == (200, "COMPLETED")


@pytest.mark.django_db
@pytest.mark.parametrize("condition", [{"If-Match": '"1"'}, {"If-Unmodified-Since": "Wed, 21 Oct 2015 07:28:00 GMT"}])
def test_a_status_under_a_condition_that_fails_is_an_error_like_others(
    api: APIClient, make_project: Make, condition: dict[str, str]
) -> None:
    """412 comes with a code and a message."""
    project = make_project(segments=0)
    answer = api.get(f"/api/projects/{project['id']}/status/", headers=condition)
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")


def test_the_status_costs_at_most_one_row(
    api: APIClient, make_project: Make, live: Live, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Of a project in memory none is read, of another one exactly one."""
    project = make_project(segments=1)
    with django_assert_num_queries(1):
        assert api.get(f"/api/projects/{project['id']}/status/").json()["status"] == "DRAFT"
    job = live.block()
    api.post(f"/api/projects/{project['id']}/render/")
    with django_assert_num_queries(0):
        body = api.get(f"/api/projects/{project['id']}/status/").json()
    assert body["progress"] == {
        "current_segment": 0,
        "total_segments": 1,
        "percentage": 0,
        "current_phase": "Queued, 1 ahead",
    }
    job.finish()
    live.journal.wait_for(project["id"], RenderState.COMPLETED)


def test_what_is_missing_is_listed(api: APIClient, make_project: Make, live: Live) -> None:
    """Segments without picture, or without both sound and duration, are named; the project stays a draft."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    no_picture = api.post(f"{address}segments/", {"duration": 1}).json()["id"]
    nothing = api.post(f"{address}segments/", {"text_content": "alone"}).json()["id"]
    answer = api.post(f"{address}render/")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "missing_assets"
    assert problem["missing_images"] == [no_picture, nothing]
    assert problem["missing_audio"] == [nothing]
    assert (Project.objects.get().status, api.get(f"{address}status/").json()["status"]) == ("DRAFT", "DRAFT")


def test_an_empty_project_has_nothing_to_render(api: APIClient, make_project: Make, live: Live) -> None:
    """No segments, no film."""
    project = make_project(segments=0)
    answer = api.post(f"/api/projects/{project['id']}/render/")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_segments")
    assert Project.objects.get().status == "DRAFT"


def test_exactly_one_of_many_simultaneous_calls_wins(make_project: Make, live: Live) -> None:
    """Of eight threads that call at once, one gets 202 and the others 409."""
    project = make_project(segments=1)
    job = live.block()
    together = threading.Barrier(8)

    def call(_: int) -> int:
        together.wait()
        try:
            return APIClient().post(f"/api/projects/{project['id']}/render/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(call, range(8)))
    assert answers == [202] + [409] * 7
    job.finish()
    live.journal.wait_for(project["id"], RenderState.COMPLETED)


def test_a_project_is_rendered_again_after_it_was_completed(api: APIClient, make_project: Make, live: Live) -> None:
    """A second render of an unchanged project takes every segment from the cache."""
    project = make_project(segments=2)
    for _ in range(2):
        assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
        before = live.journal.wait_for(project["id"], RenderState.COMPLETED)
        live.journal.snapshots.clear()
    assert before.cached_segments == 2


def test_a_queued_render_is_cancelled_at_once(api: APIClient, make_project: Make, live: Live) -> None:
    """202, then FAILED with the code `cancelled`; a second cancel finds nothing to do."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    job = live.block()
    api.post(f"{address}render/")
    answer = api.post(f"{address}cancel/")
    assert answer.status_code == 202
    assert answer.json()["task_id"] == f"render_{project['id']}"
    status = api.get(f"{address}status/").json()
    assert (status["status"], status["render"]["state"]) == ("FAILED", "cancelled")
    assert status["render"]["error"]["code"] == "cancelled"
    assert Project.objects.get().status == "FAILED"
    answer = api.post(f"{address}cancel/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_running")
    job.finish()


def test_a_running_render_is_cancelled_and_tried_again(
    api: APIClient, make_project: Make, live: Live, media_root: Path
) -> None:
    """The earlier film stays until the new one is complete; FAILED can be rendered again."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    api.post(f"{address}render/")
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    film = media_root / "projects" / project["id"] / "output" / "final.mp4"
    before = film.read_bytes()
    live.journal.snapshots.clear()
    api.patch(address, {"resolution_width": 1920, "resolution_height": 1080, "framerate": 60})
    api.patch(f"{address}segments/{project['segments'][0]['id']}/", {"duration": 60})
    api.post(f"{address}render/")
    live.journal.wait_for(project["id"], RenderState.RUNNING)
    assert api.post(f"{address}cancel/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.CANCELLED)
    assert film.read_bytes() == before
    assert sorted(path.name for path in film.parent.iterdir()) == ["chapters.vtt", "final.mp4", "poster.jpg"]
    status = api.get(f"{address}status/").json()
    assert (status["status"], status["output_url"]) == ("FAILED", None)
    api.patch(address, {"resolution_width": 128, "resolution_height": 72, "framerate": 10})
    api.patch(f"{address}segments/{project['segments'][0]['id']}/", {"duration": 0.5})
    assert api.post(f"{address}render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)


def test_a_full_queue_says_when_to_come_back(
    api: APIClient, make_project: Make, start_live: Callable[..., Live], transactional_db: None
) -> None:
    """429 with Retry-After, and the project is what it was before."""
    live = start_live(capacity=0)
    project = make_project(segments=1)
    job = live.block()
    answer = api.post(f"/api/projects/{project['id']}/render/")
    assert (answer.status_code, answer.json()["code"]) == (429, "queue_full")
    assert int(answer["Retry-After"]) > 0
    assert api.get(f"/api/projects/{project['id']}/status/").json()["status"] == "DRAFT"
    job.finish()


@pytest.mark.django_db
def test_without_a_task_manager_nothing_can_be_rendered(api: APIClient, make_project: Make) -> None:
    """A process that serves no renders says so, and leaves the project alone."""
    project = make_project(segments=1)
    answer = api.post(f"/api/projects/{project['id']}/render/")
    assert (answer.status_code, answer.json()["code"]) == (503, "server_stopping")
    assert Project.objects.get().status == "DRAFT"


def test_without_an_encoder_nothing_can_be_rendered(
    api: APIClient, make_project: Make, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with what to do where PyAV has been built without x264; the project is what it was before."""
    project = make_project(segments=1)
    monkeypatch.setattr(av, "codecs_available", av.codecs_available - {"libx264"})
    answer = api.post(f"/api/projects/{project['id']}/render/")
    assert (answer.status_code, answer.json()["code"]) == (503, "encoder_missing")
    assert "requirements" in answer.json()["message"]
    assert Project.objects.get().status == "DRAFT"


def test_a_picture_that_vanished_fails_the_render_with_its_segment(
    api: APIClient, make_project: Make, live: Live, media_root: Path
) -> None:
    """FAILED with code, segment and advice; no output; the next project is rendered as if nothing had been."""
    project, other = make_project(segments=2), make_project(segments=1)
    lost = project["segments"][1]
    (media_root / lost["image_file"].removeprefix("/media/")).unlink()
    api.post(f"/api/projects/{project['id']}/render/")
    api.post(f"/api/projects/{other['id']}/render/")
    live.journal.wait_for(project["id"], RenderState.FAILED)
    status = api.get(f"/api/projects/{project['id']}/status/").json()
    error = status["render"]["error"]
    assert (status["status"], status["output_url"]) == ("FAILED", None)
    assert (error["code"], error["segment_id"], error["segment_index"]) == ("image_unreadable", lost["id"], 1)
    assert error["message"]
    assert not (media_root / "projects" / project["id"] / "output" / "final.mp4").exists()
    live.journal.wait_for(other["id"], RenderState.COMPLETED)


def test_an_edit_during_a_render_counts_for_the_next(
    api: APIClient, make_project: Make, live: Live, media_root: Path, files: Path
) -> None:
    """A queued render keeps its pictures; the replaced one is swept when that render is over."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    job = live.block()
    api.post(f"{address}render/")
    with (files / "picture.jpg").open("rb") as picture:
        segment = f"{address}segments/{project['segments'][0]['id']}/"
        assert api.patch(segment, {"image_file": picture}, format="multipart").status_code == 200
    pictures = media_root / "projects" / project["id"] / "segments"
    assert len(list(pictures.rglob("image-*"))) == 2
    job.finish()
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    assert [path.suffix for path in pictures.rglob("image-*")] == [".jpg"]


def test_a_deleted_project_takes_its_render_along(
    api: APIClient, make_project: Make, live: Live, media_root: Path
) -> None:
    """The encoder is gone, listeners hear of it, and neither row nor folder comes back."""
    project = make_project(segments=1, resolution_width=1920, resolution_height=1080, framerate=60)
    address = f"/api/projects/{project['id']}/"
    api.patch(f"{address}segments/{project['segments'][0]['id']}/", {"duration": 60})
    api.post(f"{address}render/")
    live.journal.wait_for(project["id"], RenderState.RUNNING)
    assert api.delete(address).status_code == 204
    live.journal.wait_until_gone(project["id"])
    assert api.get(f"{address}status/").status_code == 404
    assert not (media_root / "projects" / project["id"]).exists()
    assert live.manager.status(project["id"]) is None


def test_nothing_is_recorded_for_a_row_that_is_gone_or_over(live: Live, make_project: Make) -> None:
    """A late state of a render neither brings a project back nor undoes how it ended."""
    queued = RenderSnapshot.queued(str(uuid.uuid4()), total_segments=1, total_frames=1)
    with pytest.raises(RecordGone):
        renders.record(queued)
    project = make_project(segments=1)
    late = RenderSnapshot.queued(project["id"], total_segments=1, total_frames=1)
    with pytest.raises(RecordGone):
        renders.record(late)
    assert Project.objects.get().status == "DRAFT"


def test_recording_twice_is_recording_once(live: Live, make_project: Make) -> None:
    """A retry after a record that did arrive changes nothing and raises nothing."""
    project = make_project(segments=1)
    Project.objects.update(status="PROCESSING")
    queued = RenderSnapshot.queued(project["id"], total_segments=1, total_frames=5)
    running = queued.evolve(state=RenderState.RUNNING)
    renders.record(running)
    renders.record(running)
    renders.record(queued)
    assert Project.objects.get().snapshot == running.to_dict()


def test_what_was_deleted_meanwhile_is_not_found(
    start_live: Callable[..., Live], make_project: Make, live: Live
) -> None:
    """A render or an edit whose project or segment went between its look-up and its lock ends with 404."""
    project = make_project(segments=1)
    row, segment = Project.objects.get(), Segment.objects.get()
    view = SegmentViewSet(kwargs={"project_pk": project["id"]})
    sent = SegmentSerializer(segment, data={"text_content": "Late"}, partial=True)
    sent.is_valid(raise_exception=True)
    Segment.objects.all().delete()
    with pytest.raises(Http404):
        view.perform_update(sent)
    Project.objects.all().delete()
    with pytest.raises(Http404):
        renders.start(row)


def test_a_project_deleted_while_it_is_submitted_is_not_found(
    api: APIClient, make_project: Make, transactional_db: None
) -> None:
    """A row that goes between its claim and the first record of its render is a 404, too."""
    project = make_project(segments=1)

    def record(snapshot: RenderSnapshot) -> None:
        Project.objects.all().delete()
        renders.record(snapshot)

    manager = TaskManager(MemoryStore(), record)
    renders.use(manager)
    try:
        assert api.post(f"/api/projects/{project['id']}/render/").status_code == 404
    finally:
        assert manager.shutdown(10)
        renders.use(None)


def test_files_that_stay_behind_are_reported(
    api: APIClient, make_project: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture, live: Live
) -> None:
    """A folder that can't be removed does not stop the deletion, but the log names the project."""
    project = make_project(segments=0)
    folder = Project.objects.get().folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(tmp_path)  # which is never followed
    assert api.delete(f"/api/projects/{project['id']}/").status_code == 204
    assert f"Not all files of project {project['id']}" in caplog.text
