"""News from other processes: one channel of this one, in the channel layer's groups of what is followed here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Set
from typing import Any

from realtime.snapshot import RenderSnapshot

EVERYTHING = "projects"
"""The group that hears of every project."""

AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


def group_of(project_id: str) -> str:
    """The group that hears of one project."""
    return f"project.{project_id}"


def news(project_id: str, snapshot: RenderSnapshot | None) -> dict[str, Any]:
    """The message that tells of a project's new snapshot, or of its end."""
    return {"type": "news", "project_id": project_id, "snapshot": snapshot and snapshot.to_dict()}


class Relay:
    """Hands what the groups hear to `published` and `deleted`, on the event loop that started it.

    A channel layer may lose messages, and its server may be away. Neither is an error here: the hub's sweep makes
    good what got lost, and this tries again until it can join.
    """

    def __init__(self, layer: Any, published: Callable[[RenderSnapshot], None], deleted: Callable[[str], None]) -> None:
        self._layer = layer
        self._published = published
        self._deleted = deleted
        self._groups: Set[str] = frozenset()
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def join(self, groups: Set[str]) -> None:
        """Hear these groups from now on, and no others; none at all is an end."""
        self._groups = groups
        self._changed.set()
        if groups and self._running is None:
            self._running = asyncio.create_task(self._run())
        elif not groups and self._running is not None:
            self._running.cancel()
            self._running = None

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - each layer has errors of its own
                logger.warning("No news from other processes until the channel layer is back: %s", error)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        channel = await self._layer.new_channel()
        receiving = asyncio.create_task(self._receive(channel))
        joined: set[str] = set()
        try:
            while not receiving.done():
                self._changed.clear()
                for group in self._groups - joined:
                    await self._layer.group_add(group, channel)
                for group in joined - self._groups:
                    await self._layer.group_discard(group, channel)
                joined = set(self._groups)
                changing = asyncio.create_task(self._changed.wait())
                await asyncio.wait({receiving, changing}, return_when=asyncio.FIRST_COMPLETED)
                changing.cancel()
            receiving.result()
        finally:
            for group in joined:
                with contextlib.suppress(Exception):  # the layer may be what failed
                    await self._layer.group_discard(group, channel)
            receiving.cancel()

    async def _receive(self, channel: str) -> None:
        while True:
            message = await self._layer.receive(channel)
            if message["snapshot"] is None:
                self._deleted(message["project_id"])
            else:
                self._published(RenderSnapshot.from_dict(message["snapshot"]))
