"""After a crash: what was being rendered goes on, or says why it doesn't."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from realtime.snapshot import RenderSnapshot, RenderState
from server.projects import renders
from server.projects.models import Project
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def left_behind(make_project: Make) -> Make:
    """Make a project whose row says that it is being rendered, as a dead server leaves it."""

    def make(*, finished: int = 1, attempts: int = 0, **fields: Any) -> dict[str, Any]:
        project = make_project(**fields)
        count = len(project["segments"])
        snapshot = RenderSnapshot.queued(project["id"], total_segments=count, total_frames=5 * count)
        snapshot = snapshot.evolve(state=RenderState.RUNNING)
        snapshot = snapshot.evolve(
            current_segment=finished,
            overall_progress=0.45,
            current_phase=f"Rendering segment {finished + 1} of {count}",
        )
        Project.objects.filter(pk=project["id"]).update(
            status="PROCESSING",
            snapshot=snapshot.to_dict(),
            revision=snapshot.revision,
            attempts=attempts,
        )
        return project

    return make


def status_of(api: APIClient, project: dict[str, Any]) -> dict[str, Any]:
    """What the API says of a project."""
    body: dict[str, Any] = api.get(f"/api/projects/{project['id']}/status/").json()
    return body


def test_a_render_goes_on_after_a_restart(api: APIClient, left_behind: Make, live: Live) -> None:
    """It is queued again, its revision grows on, and it ends like any other."""
    project = left_behind()
    before = status_of(api, project)
    renders.recover()
    last = live.journal.wait_for(project["id"], RenderState.COMPLETED)
    assert live.journal.of(project["id"])[0].revision > before["revision"]
    row = Project.objects.get()
    assert (row.status, row.attempts, row.revision) == ("COMPLETED", 0, last.revision)


def test_the_oldest_goes_first(left_behind: Make, live: Live) -> None:
    """Renders are queued again in the order in which they were asked for."""
    job = live.block()
    first, second, third = left_behind(), left_behind(), left_behind()
    # The first one was being rendered, so its row was written last.
    row = Project.objects.get(pk=first["id"])
    snapshot = RenderSnapshot.from_dict(row.snapshot).evolve(rendered_frames=7)  # type: ignore[arg-type]
    Project.objects.filter(pk=row.pk).update(snapshot=snapshot.to_dict(), revision=snapshot.revision + 1000)
    renders.recover()
    waiting = [live.manager.status(project["id"]) for project in (first, second, third)]
    assert [snapshot.queue_position for snapshot in waiting if snapshot] == [1, 2, 3]
    for project in (first, second, third):
        live.manager.cancel(project["id"])
    job.finish()


def test_a_shutdown_is_recovered_from_as_well(
    api: APIClient, make_project: Make, start_live: Callable[..., Live], transactional_db: None
) -> None:
    """A server that is told to stop leaves its renders PROCESSING, and the next one ends them."""
    live = start_live()
    project, other = make_project(), make_project()
    live.block()
    for one in (project, other):
        assert api.post(f"/api/projects/{one['id']}/render/").status_code == 202
    assert live.manager.shutdown(10)
    assert api.post(f"/api/projects/{make_project()['id']}/render/").json()["code"] == "server_stopping"
    assert [status_of(api, one)["status"] for one in (project, other)] == ["PROCESSING"] * 2
    live = start_live()
    renders.recover()
    for one in (project, other):
        live.journal.wait_for(one["id"], RenderState.COMPLETED)


def test_a_crash_before_the_first_state_was_recorded(
    api: APIClient, make_project: Make, live: Live, media_root: Path
) -> None:
    """A claimed row still carries the state of the render before: it is taken for nothing but that."""
    project = make_project()
    api.post(f"/api/projects/{project['id']}/render/")
    before = live.journal.wait_for(project["id"], RenderState.COMPLETED)
    live.manager.forget(project["id"], 10)
    live.journal.snapshots.clear()
    Project.objects.update(status="PROCESSING")
    renders.recover()
    after = live.journal.wait_for(project["id"], RenderState.COMPLETED)
    assert after.revision > before.revision
    assert after.created_at > before.created_at


def test_a_lost_picture_interrupts_the_render(api: APIClient, left_behind: Make, live: Live, media_root: Path) -> None:
    """FAILED with the code `interrupted`, the segment, and the last known progress; and everybody is told."""
    project = left_behind(segments=3)
    before = status_of(api, project)
    lost = project["segments"][2]
    (media_root / lost["image_file"].removeprefix("/media/")).unlink()
    renders.recover()
    status = status_of(api, project)
    assert (status["status"], status["output_url"]) == ("FAILED", None)
    assert status["progress"] == before["progress"]
    assert status["progress"]["current_segment"] == 1
    assert status["revision"] > before["revision"]
    error = status["render"]["error"]
    assert (error["code"], error["segment_id"], error["segment_index"]) == ("interrupted", lost["id"], 2)
    assert "The picture of segment 3 is gone" in error["message"]
    told = [(one.state, one.revision) for one in live.journal.of(project["id"])]
    assert told == [(RenderState.FAILED, status["revision"])]
    (media_root / "projects" / project["id"] / "output").mkdir()
    assert Project.objects.get().status == "FAILED"


def test_a_segment_removed_meanwhile_interrupts_the_render(api: APIClient, left_behind: Make, live: Live) -> None:
    """What can't be rendered as it is now isn't begun again."""
    project = left_behind(segments=1)
    api.delete(f"/api/projects/{project['id']}/segments/{project['segments'][0]['id']}/")
    renders.recover()
    error = status_of(api, project)["render"]["error"]
    assert error["code"] == "interrupted"
    assert "add a segment first" in error["message"]


def test_a_render_that_keeps_taking_the_server_down_is_given_up(api: APIClient, left_behind: Make, live: Live) -> None:
    """After three attempts nobody tries a fourth time but a person."""
    project = left_behind(attempts=renders.MAX_ATTEMPTS)
    renders.recover()
    assert status_of(api, project)["render"]["error"]["code"] == "interrupted"
    assert api.post(f"/api/projects/{project['id']}/render/").status_code == 202
    live.journal.wait_for(project["id"], RenderState.COMPLETED)
    assert Project.objects.get().attempts == 0


def test_what_the_queue_does_not_hold_is_interrupted(
    api: APIClient, left_behind: Make, start_live: Callable[..., Live], transactional_db: None
) -> None:
    """A smaller queue than before the crash fails the youngest, and says so."""
    live = start_live(capacity=1)
    job = live.block()
    first, second = left_behind(), left_behind()
    renders.recover()
    assert status_of(api, first)["status"] == "PROCESSING"
    status = status_of(api, second)
    assert (status["status"], status["render"]["error"]["code"]) == ("FAILED", "interrupted")
    job.finish()
    live.journal.wait_for(first["id"], RenderState.COMPLETED)


def test_what_is_not_being_rendered_is_left_alone(api: APIClient, make_project: Make, live: Live) -> None:
    """Drafts stay drafts, and finished films finished."""
    draft, done = make_project(), make_project()
    api.post(f"/api/projects/{done['id']}/render/")
    live.journal.wait_for(done["id"], RenderState.COMPLETED)
    before = [status_of(api, draft), status_of(api, done)]
    renders.recover()
    assert [status_of(api, draft), status_of(api, done)] == before


@pytest.mark.parametrize("damage", [{"state": "nonsense"}, {"created_at": None}, {"created_at": "2026-01-01T00:00:00"}])
def test_a_row_that_cannot_be_read_stops_nobody_elses_render(
    left_behind: Make, live: Live, damage: dict[str, Any]
) -> None:
    """Whatever is recorded in one row, the render of the next one goes on."""
    broken, whole = left_behind(), left_behind()
    row = Project.objects.get(pk=broken["id"])
    Project.objects.filter(pk=row.pk).update(snapshot={**(row.snapshot or {}), **damage})
    renders.recover()
    for project in (broken, whole):
        live.journal.wait_for(project["id"], RenderState.COMPLETED)


def test_an_unexpected_fault_interrupts_one_render_only(api: APIClient, left_behind: Make, live: Live) -> None:
    """A project that breaks the recovery itself is FAILED, and the next one goes on."""
    broken, whole = left_behind(), left_behind()
    Project.objects.filter(pk=broken["id"]).update(quality="of another version")
    renders.recover()
    live.journal.wait_for(whole["id"], RenderState.COMPLETED)
    assert status_of(api, broken)["render"]["error"]["code"] == "interrupted"


def test_waiting_is_no_attempt_and_progress_forgives(left_behind: Make, live: Live) -> None:
    """Only a start that found the render running counts, until a segment was finished since."""
    job = live.block()
    waited, ran = left_behind(attempts=1), left_behind(attempts=1)
    queued = RenderSnapshot.queued(waited["id"], total_segments=2, total_frames=10)
    Project.objects.filter(pk=waited["id"]).update(snapshot=queued.to_dict())
    renders.recover()
    assert [Project.objects.get(pk=one["id"]).attempts for one in (waited, ran)] == [1, 2]
    job.finish()
    for one in (waited, ran):
        live.journal.wait_for(one["id"], RenderState.COMPLETED)
        assert Project.objects.get(pk=one["id"]).attempts == 0
