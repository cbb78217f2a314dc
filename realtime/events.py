"""The live state of one project as server-sent events, for whoever can't open a WebSocket.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from realtime.exceptions import TooManyConnections
from realtime.followers import Follower
from realtime.hub import ProgressHub
from realtime.payload import Lookup, Payload, to_json

CONTENT_TYPE = "text/event-stream"

COMMENT_SECONDS = 15.0
"""How long there is silence at the most: proxies take a connection that is silent for longer for a dead one."""

GREETING = b"retry: 3000\n\n"
"""Sent at once, so that a client sees that it is connected; and how many milliseconds it waits to come back."""

COMMENT = b": still here\n\n"


async def stream(
    hub: ProgressHub, lookup: Lookup, project_id: str, *, last_seen: str | None = None
) -> AsyncGenerator[bytes, None]:
    """Yield the state of a project, unless its revision is `last_seen`, then each newer one, until it is deleted.

    Ends at once if there are too many connections, and when the server goes away.
    """
    follower = Follower(project_id)
    try:
        hub.register(follower)
    except TooManyConnections:
        return
    try:
        yield GREETING
        # Registered first: what happens while this reads arrives through the hub.
        _begin(follower, await lookup(project_id), project_id, last_seen)
        while True:
            try:
                async with asyncio.timeout(COMMENT_SECONDS):
                    news = await follower.news()
            except TimeoutError:
                yield COMMENT
                continue
            if news is None:
                return
            yield event(*news)
            if news[1] is None:
                return
    finally:
        hub.unregister(follower)


def _begin(follower: Follower, payload: Payload | None, project_id: str, last_seen: str | None) -> None:
    if payload is None:
        follower.offer_deletion(project_id)
    elif str(payload.revision) == last_seen:
        follower.knows(payload)
    else:
        follower.offer(payload)


def event(project_id: str, payload: Payload | None) -> bytes:
    """One event: a status with its revision for an id, or that the project is gone."""
    if payload is None:
        return b"event: deleted\ndata: %b\n\n" % to_json({"project_id": project_id}).encode()
    return b"id: %d\nevent: status\ndata: %b\n\n" % (payload.revision, payload.body)
