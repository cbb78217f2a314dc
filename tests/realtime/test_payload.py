"""The status body, key for key as CONTRACT.md section 1 has it."""

import json
from datetime import UTC, datetime

import pytest

from realtime.payload import encode, encode_draft
from realtime.snapshot import Failure, RenderSnapshot, RenderState

NOON = datetime(2026, 1, 1, 12, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def running() -> RenderSnapshot:
    """A render in its third segment of six."""
    queued = RenderSnapshot.queued("p", total_segments=6, total_frames=800, now=NOON)
    return queued.evolve(
        NOON,
        state=RenderState.RUNNING,
        current_segment=2,
        current_phase="Rendering segment 3 of 6",
        overall_progress=0.41372,
        rendered_frames=331,
        frames_per_second=71.32,
        eta_seconds=6.58,
        segments=(100, 100, 48, 0, 0, 0),
        cached_segments=1,
        cached_indices=(0,),
        preview_url="/media/projects/p/preview.jpg?v=1",
    )


def test_a_running_render(running):
    """A running render has the brief's four keys, the revision and everything under `render`."""
    assert encode(running).document == {
        "project_id": "p",
        "status": "PROCESSING",
        "progress": {
            "current_segment": 2,
            "total_segments": 6,
            "percentage": 33,
            "current_phase": "Rendering segment 3 of 6",
        },
        "output_url": None,
        "revision": running.revision,
        "render": {
            "task_id": "render_p",
            "state": "running",
            "queue_position": None,
            "overall_progress": 0.4137,
            "rendered_frames": 331,
            "total_frames": 800,
            "frames_per_second": 71.3,
            "eta_seconds": 6.6,
            "segments": [100, 100, 48, 0, 0, 0],
            "cached_segments": 1,
            "cached_indices": [0],
            "created_at": "2026-01-01T12:00:00.123Z",
            "started_at": "2026-01-01T12:00:00.123Z",
            "updated_at": "2026-01-01T12:00:00.123Z",
            "completed_at": None,
            "stalled": False,
            "preview_url": "/media/projects/p/preview.jpg?v=1",
            "poster_url": None,
            "output_seconds": None,
            "output_bytes": None,
            "error": None,
        },
    }


def test_a_completed_render(running):
    """A completed render has all segments, 100 % and the file's address."""
    done = encode(running.evolve(state=RenderState.COMPLETED, output_url="/media/final.mp4")).document
    assert (done["status"], done["output_url"]) == ("COMPLETED", "/media/final.mp4")
    assert done["progress"] == {
        "current_segment": 6,
        "total_segments": 6,
        "percentage": 100,
        "current_phase": "Export complete",
    }


def test_a_failed_render(running):
    """A failed render keeps its progress, has no file and says what to do."""
    failure = Failure("disk_full", "Make room, then try again.", segment_id="s", segment_index=2)
    failed = encode(running.evolve(state=RenderState.FAILED, error=failure)).document
    assert (failed["status"], failed["output_url"]) == ("FAILED", None)
    assert failed["progress"] == encode(running).document["progress"]
    assert failed["render"]["error"] == {
        "code": "disk_full",
        "message": "Make room, then try again.",
        "segment_id": "s",
        "segment_index": 2,
        "phase": None,
        "retryable": True,
    }


def test_a_draft():
    """A project that was never rendered has neither progress nor render."""
    draft = encode_draft("p", 7)
    assert draft.document == {
        "project_id": "p",
        "status": "DRAFT",
        "progress": None,
        "output_url": None,
        "revision": 7,
        "render": None,
    }
    assert (draft.state, draft.etag) == (None, '"7"')


def test_every_view_gets_the_same_bytes(running):
    """The body is made once a snapshot, for its equals too, and the message is the body in an envelope."""
    payload = encode(running)
    assert encode(RenderSnapshot.from_dict(running.to_dict())) is payload
    assert payload.etag == f'"{running.revision}"'
    assert payload.message == f'{{"type":"status","data":{payload.body.decode()}}}'
    assert json.loads(payload.message)["data"] == payload.document
