"""The AsyncAPI document says what the WebSocket says; `test_live` holds a real render's messages against it."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from realtime.consumers import NOT_UNDERSTOOD, PONG
from realtime.followers import CloseCode
from realtime.payload import encode, encode_draft, message
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from tests.realtime.asyncapi import check, document

PROJECT = "6f1c2a9e-7d3b-4c5d-8e9f-0a1b2c3d4e5f"
QUEUED = RenderSnapshot.queued(PROJECT, total_segments=3, total_frames=90, ahead=2)
RUNNING = QUEUED.evolve(
    state=RenderState.RUNNING, frames_per_second=71.26, eta_seconds=6.64, preview_url="/media/p.jpg?v=1"
)
ENDS: list[dict[str, Any]] = [
    {"state": RenderState.FINISHING},
    {"state": RenderState.COMPLETED, "output_url": "/media/final.mp4", "poster_url": "/media/poster.jpg"},
    {"state": RenderState.FAILED, "error": Failure("encoder_failed", "Try again.", "s", 1, "Mixing audio", True)},
    {"state": RenderState.CANCELLED, "error": Failure("cancelled", "Stopped.")},
]


def test_every_message_is_described():
    """Drafts, each state of a render, deletions, errors and pongs are as the document says, with no key besides."""
    snapshots = [QUEUED, RUNNING, *(RUNNING.evolve(**end) for end in ENDS)]
    messages = [encode_draft(PROJECT, 1).message, *(encode(snapshot).message for snapshot in snapshots)]
    assert {check(one) for one in messages} == {"status"}
    assert check(message("deleted", {"project_id": PROJECT})) == "deleted"
    assert check(NOT_UNDERSTOOD) == "error"
    assert check(PONG) == "pong"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"percentage":0', '"percentage":101'), ('"status":"P', '"status":"p'), ('"stalled":false', '"stale":false')],
)
def test_what_is_wrong_is_seen(right: str, wrong: str):
    """A number out of bounds, an unknown word and an unknown key are no messages of ours."""
    text = encode(RUNNING).message
    assert right in text
    with pytest.raises(jsonschema.ValidationError):
        check(text.replace(right, wrong))


def test_each_reference_leads_somewhere():
    """Every `$ref` names a part of the document, and every close code is listed."""
    for reference in references(document()):
        node = document()
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    assert all(f"| {code} |" in document()["info"]["description"] for code in CloseCode)


def references(node: Any) -> Iterator[str]:
    """All references in a part of the document."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key == "$ref" else references(value)
