"""A snapshot as the status body of CONTRACT.md. Every view of a render hands out the bytes made here."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from realtime.snapshot import RenderSnapshot, RenderState

REMEMBERED = 512
"""How many payloads are kept for the next one who asks."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One revision of one project, ready to send."""

    project_id: str
    revision: int
    status: str
    state: RenderState | None
    """None for a project that was never rendered."""
    body: bytes
    """The status body as JSON."""
    message: str
    """The WebSocket message around it; text, because that is what ASGI sends as a text frame."""
    etag: str

    @property
    def document(self) -> dict[str, Any]:
        """The status body as a fresh dictionary."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


Lookup = Callable[[str], Awaitable[Payload | None]]
"""The newest payload of a project; None if there is no such project."""

Active = Callable[[], Awaitable[Sequence[Payload]]]
"""The newest payloads of all projects that are being rendered."""


@lru_cache(maxsize=REMEMBERED)
def encode(snapshot: RenderSnapshot) -> Payload:
    """The payload of a render. Made once a snapshot: equal snapshots share one payload, whoever asks."""
    body = {
        "project_id": snapshot.project_id,
        "status": snapshot.status,
        "progress": {
            "current_segment": snapshot.current_segment,
            "total_segments": snapshot.total_segments,
            "percentage": snapshot.percentage,
            "current_phase": snapshot.current_phase,
        },
        "output_url": snapshot.output_url if snapshot.state is RenderState.COMPLETED else None,
        "revision": snapshot.revision,
        "render": {
            "task_id": snapshot.task_id,
            "state": snapshot.state.value,
            "queue_position": snapshot.queue_position,
            "overall_progress": round(snapshot.overall_progress, 4),
            "rendered_frames": snapshot.rendered_frames,
            "total_frames": snapshot.total_frames,
            "frames_per_second": _rounded(snapshot.frames_per_second),
            "eta_seconds": _rounded(snapshot.eta_seconds),
            "segments": snapshot.segments,
            "cached_segments": snapshot.cached_segments,
            "cached_indices": snapshot.cached_indices,
            "created_at": _instant(snapshot.created_at),
            "started_at": _instant(snapshot.started_at),
            "updated_at": _instant(snapshot.updated_at),
            "completed_at": _instant(snapshot.completed_at),
            "stalled": snapshot.stalled,
            "preview_url": snapshot.preview_url,
            "poster_url": snapshot.poster_url,
            "output_seconds": snapshot.output_seconds,
            "output_bytes": snapshot.output_bytes,
            "error": asdict(snapshot.error) if snapshot.error else None,
        },
    }
    return _payload(body, snapshot.state)


def encode_draft(project_id: str, revision: int) -> Payload:
    """The payload of a project that was never rendered."""
    body = {
        "project_id": project_id,
        "status": "DRAFT",
        "progress": None,
        "output_url": None,
        "revision": revision,
        "render": None,
    }
    return _payload(body, None)


def message(kind: str, data: dict[str, Any]) -> str:
    """A WebSocket message that is no status."""
    return to_json({"type": kind, "data": data})


def _payload(body: dict[str, Any], state: RenderState | None) -> Payload:
    text = to_json(body)
    return Payload(
        project_id=body["project_id"],
        revision=body["revision"],
        status=body["status"],
        state=state,
        body=text.encode(),
        message=f'{{"type":"status","data":{text}}}',
        etag=f'"{body["revision"]}"',
    )


def to_json(value: object) -> str:
    """Any value the way that payloads are written."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
