"""The state of one render at one moment: immutable, ordered by revision, changed only by `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from realtime.exceptions import IllegalTransition

TASK_PREFIX = "render_"


class RenderState(StrEnum):
    """How far a render is."""

    QUEUED = "queued"
    """Waits for its turn."""

    RUNNING = "running"
    """Its segments are being rendered."""

    FINISHING = "finishing"
    """All frames exist; they are being joined into one file."""

    COMPLETED = "completed"
    """The file is in place."""

    FAILED = "failed"
    """It ended without a file; `error` says why."""

    CANCELLED = "cancelled"
    """Somebody stopped it."""

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more will happen to a render in this state."""
        return not TRANSITIONS[self]

    @property
    def status(self) -> str:
        """The brief's word for this state: PROCESSING, COMPLETED or FAILED."""
        return STATUSES[self]


TRANSITIONS: Mapping[RenderState, frozenset[RenderState]] = {
    RenderState.QUEUED: frozenset({RenderState.QUEUED, RenderState.RUNNING, RenderState.FAILED, RenderState.CANCELLED}),
    RenderState.RUNNING: frozenset(
        {
            RenderState.RUNNING,
            RenderState.FINISHING,
            RenderState.COMPLETED,
            RenderState.FAILED,
            RenderState.CANCELLED,
        }
    ),
    RenderState.FINISHING: frozenset(
        {RenderState.FINISHING, RenderState.COMPLETED, RenderState.FAILED, RenderState.CANCELLED}
    ),
    RenderState.COMPLETED: frozenset(),
    RenderState.FAILED: frozenset(),
    RenderState.CANCELLED: frozenset(),
}

STATUSES: Mapping[RenderState, str] = {
    RenderState.QUEUED: "PROCESSING",
    RenderState.RUNNING: "PROCESSING",
    RenderState.FINISHING: "PROCESSING",
    RenderState.COMPLETED: "COMPLETED",
    RenderState.FAILED: "FAILED",
    RenderState.CANCELLED: "FAILED",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a render ended without a file: `code` is for programs, `message` tells a person what to do."""

    code: str
    message: str
    segment_id: str | None = None
    segment_index: int | None = None
    phase: str | None = None
    retryable: bool = True


@dataclass(frozen=True, slots=True)
class RenderSnapshot:
    """Everything that is to be said about one render at one moment.

    `segments` holds each segment's percentage in order. `overall_progress` runs from 0 to 1 and counts
    joining as well; `percentage` is the brief's, of finished segments only. All times are aware and in UTC.
    """

    project_id: str
    revision: int
    state: RenderState
    total_segments: int
    total_frames: int
    created_at: datetime
    updated_at: datetime
    current_segment: int = 0
    current_phase: str = ""
    overall_progress: float = 0.0
    rendered_frames: int = 0
    frames_per_second: float | None = None
    eta_seconds: float | None = None
    segments: tuple[int, ...] = ()
    cached_segments: int = 0
    cached_indices: tuple[int, ...] = ()
    queue_position: int | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    stalled: bool = False
    preview_url: str | None = None
    poster_url: str | None = None
    output_url: str | None = None
    output_seconds: float | None = None
    output_bytes: int | None = None
    error: Failure | None = None

    @classmethod
    def queued(
        cls,
        project_id: str,
        *,
        total_segments: int,
        total_frames: int,
        ahead: int = 0,
        previous_revision: int = 0,
        now: datetime | None = None,
    ) -> RenderSnapshot:
        """The first snapshot of a new render, which `ahead` others have to end for."""
        now = now or datetime.now(UTC)
        return cls(
            project_id=project_id,
            revision=next_revision(previous_revision, now),
            state=RenderState.QUEUED,
            total_segments=total_segments,
            total_frames=total_frames,
            created_at=now,
            updated_at=now,
            current_phase=queued_phase(ahead),
            segments=(0,) * total_segments,
            queue_position=ahead,
        )

    def evolve(self, now: datetime | None = None, **changes: Any) -> RenderSnapshot:
        """The next snapshot: a higher revision, what the new state brings with it, and `changes`.

        `current_segment`, `overall_progress` and `rendered_frames` never go back: a smaller value leaves
        them as they were. Raises IllegalTransition if the state can't follow this one.
        """
        now = now or datetime.now(UTC)
        state = RenderState(changes.get("state", self.state))
        self._allow(state, changes)
        if state is not self.state:
            changes = {**self._on_entering(state, now, changes), "state": state}
        changed = replace(self, **changes)
        return replace(
            changed,
            revision=next_revision(self.revision, now),
            updated_at=now,
            current_segment=max(self.current_segment, min(changed.current_segment, changed.total_segments)),
            overall_progress=max(self.overall_progress, min(changed.overall_progress, 1.0)),
            rendered_frames=max(self.rendered_frames, changed.rendered_frames),
            segments=tuple(changed.segments),
            cached_indices=tuple(changed.cached_indices),
        )

    def behind(self, ahead: int, now: datetime | None = None) -> RenderSnapshot:
        """The next snapshot of a render that waits, now for `ahead` others."""
        return self.evolve(now, queue_position=ahead, current_phase=queued_phase(ahead))

    def _allow(self, state: RenderState, changes: Mapping[str, Any]) -> None:
        allowed = TRANSITIONS[self.state]
        if state not in allowed:
            expected = " or ".join(sorted(allowed)) or "no change"
            raise IllegalTransition(f"{expected} after {self.state}", state)
        if state is RenderState.COMPLETED and not changes.get("output_url"):
            raise IllegalTransition("completed with an output_url", "completed without one")
        if state in (RenderState.FAILED, RenderState.CANCELLED) and not changes.get("error"):
            raise IllegalTransition(f"{state} with an error", f"{state} without one")

    def _on_entering(self, state: RenderState, now: datetime, changes: Mapping[str, Any]) -> dict[str, Any]:
        """`changes`, and what follows from entering `state`."""
        match state:
            case RenderState.RUNNING:
                begun = {"current_phase": f"Rendering segment 1 of {self.total_segments}", "started_at": now}
                return {**begun, **changes, "queue_position": None}
            case RenderState.COMPLETED:
                total = changes.get("total_frames", self.total_frames)
                return {
                    **changes,
                    **self._ended(now),
                    "current_segment": self.total_segments,
                    "current_phase": "Export complete",
                    "overall_progress": 1.0,
                    "rendered_frames": total,
                    "segments": (100,) * self.total_segments,
                }
            case RenderState.CANCELLED:
                return {"current_phase": "Cancelled", **changes, **self._ended(now)}
            case RenderState.FAILED:
                return {**changes, **self._ended(now)}
        return dict(changes)

    def _ended(self, now: datetime) -> dict[str, Any]:
        return {
            "completed_at": now,
            "queue_position": None,
            "eta_seconds": None,
            "stalled": False,
            "preview_url": None,
        }

    @property
    def task_id(self) -> str:
        """`render_{project_id}`."""
        return task_id(self.project_id)

    @property
    def status(self) -> str:
        """PROCESSING, COMPLETED or FAILED."""
        return self.state.status

    @property
    def percentage(self) -> int:
        """The exact floor of `current_segment / total_segments * 100`."""
        if self.total_segments == 0:
            return 100 if self.state is RenderState.COMPLETED else 0
        return self.current_segment * 100 // self.total_segments

    def to_dict(self) -> dict[str, Any]:
        """The snapshot as plain JSON values, for the project's row."""
        values = asdict(self)
        for name in TIMES:
            values[name] = values[name] and values[name].isoformat()
        return {
            **values,
            "state": self.state.value,
            "segments": list(self.segments),
            "cached_indices": list(self.cached_indices),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RenderSnapshot:
        """The snapshot that `to_dict` was made of; keys that this version doesn't know are left out."""
        known = {name: values[name] for name in FIELDS if name in values}
        for name in TIMES:
            known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
        error = known.get("error")
        known["error"] = Failure(**error) if error else None
        known["state"] = RenderState(known["state"])
        for name in ("segments", "cached_indices"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


FIELDS = tuple(field.name for field in fields(RenderSnapshot))
TIMES = tuple(name for name in FIELDS if name.endswith("_at"))


def next_revision(previous: int, now: datetime | None = None) -> int:
    """The revision after `previous`: unix time in ms, so that it grows across restarts; at least one more."""
    now = now or datetime.now(UTC)
    return max(previous + 1, int(now.timestamp() * 1000))


def queued_phase(ahead: int) -> str:
    """What a waiting render says of itself: `Queued`, or `Queued, 2 ahead`."""
    return f"Queued, {ahead} ahead" if ahead else "Queued"


def task_id(project_id: str) -> str:
    """The id of a project's render, known without looking anything up."""
    return f"{TASK_PREFIX}{project_id}"
