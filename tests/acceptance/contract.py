"""CONTRACT.md section 1 as a checker: each body on its own, and the bodies of one render in their order."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BODY = {"project_id", "status", "progress", "output_url", "revision", "render"}
PROGRESS = {"current_segment", "total_segments", "percentage", "current_phase"}
RENDER = {
    "task_id",
    "state",
    "queue_position",
    "overall_progress",
    "rendered_frames",
    "total_frames",
    "frames_per_second",
    "eta_seconds",
    "segments",
    "cached_segments",
    "cached_indices",
    "created_at",
    "started_at",
    "updated_at",
    "completed_at",
    "stalled",
    "preview_url",
    "poster_url",
    "output_seconds",
    "output_bytes",
    "error",
}
ERROR = {"code", "message", "segment_id", "segment_index", "phase", "retryable"}
CODES = {
    "cancelled",
    "interrupted",
    "image_unreadable",
    "audio_unreadable",
    "encoder_failed",
    "disk_full",
    "timeout",
    "internal",
}
STATES = {
    "PROCESSING": {"queued", "running", "finishing"},
    "COMPLETED": {"completed"},
    "FAILED": {"failed", "cancelled"},
}
PHASES = re.compile(
    r"Queued(, [1-9]\d* ahead)?|Rendering segment [1-9]\d* of [1-9]\d*|Joining segments|Mixing audio|"
    r"Finishing file|Export complete|Cancelled"
)
STAMPS = ("created_at", "started_at", "updated_at", "completed_at")


def check(body: dict[str, Any]) -> None:
    """Hold one status body against every sentence of the contract that speaks of one body."""
    assert body.keys() == BODY
    assert isinstance(body["project_id"], str)
    assert type(body["revision"]) is int
    assert 0 < body["revision"] < 2**53
    match body["status"]:
        case "DRAFT":
            assert (body["progress"], body["output_url"], body["render"]) == (None, None, None)
            return
        case "PROCESSING":
            assert body["progress"] is not None
            assert body["output_url"] is None
        case "COMPLETED":
            progress = body["progress"]
            assert progress["current_segment"] == progress["total_segments"]
            assert (progress["percentage"], progress["current_phase"]) == (100, "Export complete")
            assert body["output_url"] == f"/media/projects/{body['project_id']}/output/final.mp4"
        case "FAILED":
            assert body["output_url"] is None
        case other:
            raise AssertionError(f"no such status: {other}")
    if body["progress"] is not None:
        check_progress(body["progress"])
    check_render(body["render"], body)


def check_progress(progress: dict[str, Any]) -> None:
    """Hold the four keys of the brief against what they promise."""
    assert progress.keys() == PROGRESS
    done, total = progress["current_segment"], progress["total_segments"]
    assert type(done) is type(total) is type(progress["percentage"]) is int
    assert 0 <= done <= total
    assert progress["percentage"] == done * 100 // total
    assert PHASES.fullmatch(progress["current_phase"]), progress["current_phase"]


def check_render(render: dict[str, Any], body: dict[str, Any]) -> None:
    """Hold the added keys against their table."""
    assert render.keys() == RENDER
    assert render["task_id"] == f"render_{body['project_id']}"
    assert render["state"] in STATES[body["status"]]
    assert (render["queue_position"] is not None) == (render["state"] == "queued")
    assert 0 <= render["overall_progress"] <= 1
    assert 0 <= render["rendered_frames"] <= render["total_frames"]
    assert len(render["segments"]) == body["progress"]["total_segments"]
    assert all(type(share) is int and 0 <= share <= 100 for share in render["segments"])
    assert render["cached_segments"] == len(render["cached_indices"]) <= len(render["segments"])
    assert render["cached_indices"] == sorted(set(render["cached_indices"]))
    assert all(render["segments"][index] == 100 for index in render["cached_indices"])
    assert type(render["stalled"]) is bool
    for name in ("frames_per_second", "eta_seconds"):
        assert render[name] is None or render[name] >= 0
    for name in STAMPS:
        assert render[name] is None or instant(render[name])
    assert render["created_at"] <= render["updated_at"]
    assert (render["completed_at"] is not None) == (body["status"] != "PROCESSING")
    if render["preview_url"] is not None:
        folder = f"/media/projects/{body['project_id']}"
        assert re.fullmatch(rf"{folder}/preview\.jpg\?v=\d+", render["preview_url"])
    if body["status"] == "COMPLETED":
        assert render["overall_progress"] == 1
        assert render["rendered_frames"] == render["total_frames"]
        assert set(render["segments"]) == {100}
        assert render["output_seconds"] > 0
        assert render["output_bytes"] > 0
    assert (render["error"] is not None) == (body["status"] == "FAILED")
    if render["error"] is not None:
        assert render["error"].keys() == ERROR
        assert render["error"]["code"] in CODES
        assert (render["error"]["code"] == "cancelled") == (render["state"] == "cancelled")
        assert render["error"]["message"].rstrip().endswith((".", "!")), "a sentence for a person"
        assert type(render["error"]["retryable"]) is bool


def instant(stamp: str) -> datetime:
    """The moment that a time stamp names; it ends with Z."""
    assert stamp.endswith("Z")
    return datetime.fromisoformat(stamp)


@dataclass
class History:
    """All bodies that one client saw of one project, in order; `see` holds each against those before it."""

    name: str
    texts: dict[int, str] = field(default_factory=dict)
    """The body's own bytes, by revision."""
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def see(self, text: str, *, again: bool = False) -> dict[str, Any]:
        """Take the next body. Only who asked `again` may get one that is not new, and then the very same."""
        body: dict[str, Any] = json.loads(text)
        check(body)
        if self.bodies:
            last = self.bodies[-1]
            if again and body["revision"] == last["revision"]:
                assert text == self.texts[last["revision"]], self.name
                return body
            assert body["revision"] > last["revision"], self.name
            if last["status"] == "PROCESSING":
                self._never_back(last, body)
        self.texts[body["revision"]] = text
        self.bodies.append(body)
        return body

    def _never_back(self, last: dict[str, Any], body: dict[str, Any]) -> None:
        """Within one render nothing goes back."""
        order = ["queued", "running", "finishing", "completed"]
        if body["render"]["state"] in order:
            assert order.index(last["render"]["state"]) <= order.index(body["render"]["state"]), self.name
        for name in ("current_segment", "percentage"):
            assert last["progress"][name] <= body["progress"][name], (self.name, name)
        assert last["progress"]["total_segments"] == body["progress"]["total_segments"]
        for name in ("overall_progress", "rendered_frames", "created_at", "updated_at"):
            assert last["render"][name] <= body["render"][name], (self.name, name)
        shares = zip(last["render"]["segments"], body["render"]["segments"], strict=True)
        assert all(before <= after for before, after in shares), self.name

    @property
    def last(self) -> dict[str, Any]:
        """The newest body."""
        return self.bodies[-1]


def agree(*histories: History) -> None:
    """Hold histories of one project against each other: the same revision is the same bytes to everybody."""
    everybody: dict[int, tuple[str, str]] = {}
    for history in histories:
        for revision, text in history.texts.items():
            name, known = everybody.setdefault(revision, (history.name, text))
            assert text == known, f"{history.name} and {name} were told different things of {revision}"
