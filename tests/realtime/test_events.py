"""Server-sent events under a clock that moves when the test says so."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from realtime.events import COMMENT, GREETING, stream
from realtime.hub import ProgressHub
from realtime.payload import Payload, encode
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import MemoryStore
from tests.realtime.clock import run


class Stage:
    """A hub, and one project that renders."""

    def __init__(self, **options: int) -> None:
        self.store = MemoryStore()
        self.hub = ProgressHub(self.store, **options)
        self.snapshot = RenderSnapshot.queued("p", total_segments=9, total_frames=900)
        self.store.put(self.snapshot)

    async def lookup(self, project_id: str) -> Payload | None:
        """The project's payload, if there is one."""
        snapshot = self.store.get(project_id)
        return encode(snapshot) if snapshot else None

    def publish(self, **changes: object) -> RenderSnapshot:
        """The next snapshot, told to everybody."""
        self.snapshot = self.snapshot.evolve(**changes)
        self.store.put(self.snapshot)
        self.hub.published(self.snapshot)
        return self.snapshot

    def follow(self, last_seen: object = None) -> AsyncGenerator[bytes, None]:
        """The events of the project."""
        return stream(self.hub, self.lookup, "p", last_seen=None if last_seen is None else str(last_seen))


def parsed(event: bytes) -> tuple[str, str, dict]:
    """An event's name, id and data."""
    lines = dict(line.split(": ", 1) for line in event.decode().removesuffix("\n\n").split("\n"))
    return lines["event"], lines.get("id", ""), json.loads(lines["data"])


def test_the_state_comes_at_once_and_then_each_newer_one():
    """The first event is the present state, byte for byte the status body, and its id the revision."""

    async def story() -> None:
        stage = Stage()
        async with aclosing(stage.follow()) as events:
            assert await anext(events) == GREETING
            first = encode(stage.snapshot)
            assert await anext(events) == b"id: %d\nevent: status\ndata: %b\n\n" % (first.revision, first.body)
            for state in (RenderState.RUNNING, RenderState.FINISHING):
                snapshot = stage.publish(state=state)
                assert parsed(await anext(events)) == ("status", str(snapshot.revision), encode(snapshot).document)
        assert stage.hub.connections == 0

    run(story())


def test_who_comes_back_is_told_only_what_is_new():
    """`Last-Event-ID` leaves out the state that it names; any other one is answered with the present state."""

    async def story() -> None:
        stage = Stage()
        seen = stage.snapshot.revision
        async with aclosing(stage.follow(seen)) as events:
            assert await anext(events) == GREETING
            following = asyncio.create_task(anext(events))
            await asyncio.sleep(5)
            assert not following.done()
            newer = stage.publish(state=RenderState.RUNNING)
            assert parsed(await following)[1] == str(newer.revision)
        for unknown in (seen, 2**60, -1, "", "nonsense", "\x00"):
            async with aclosing(stage.follow(unknown)) as events:
                await anext(events)
                assert parsed(await anext(events))[1] == str(newer.revision)

    run(story())


def test_silence_is_broken_by_a_comment():
    """Each fifteen seconds without an event bring a comment, and lose nothing."""

    async def story() -> None:
        stage = Stage()
        loop = asyncio.get_running_loop()
        async with aclosing(stage.follow(stage.snapshot.revision)) as events:
            await anext(events)
            for seconds in (15, 30, 45):
                assert await anext(events) == COMMENT
                assert round(loop.time()) == seconds
            newer = stage.publish(state=RenderState.RUNNING)
            assert parsed(await anext(events))[1] == str(newer.revision)

    run(story())


def test_who_reads_slowly_finds_the_newest():
    """Between two reads states are left out, the last one never."""

    async def story() -> None:
        stage = Stage()
        async with aclosing(stage.follow()) as events:
            await anext(events)
            await anext(events)
            stage.publish(state=RenderState.RUNNING)
            for segment in range(9):
                stage.publish(current_segment=segment)
                await asyncio.sleep(0.2)
            last = stage.publish(state=RenderState.CANCELLED, error=Failure("cancelled", "Stopped."))
            await asyncio.sleep(0.2)
            assert parsed(await anext(events))[1] == str(last.revision)

    run(story())


def test_a_deleted_project_ends_the_stream():
    """A deletion is the last event, also of a project that went between the request and the first look."""

    async def story() -> None:
        stage = Stage()
        gone = ("deleted", "", {"project_id": "p"})
        async with aclosing(stage.follow()) as events:
            await anext(events)
            await anext(events)
            stage.store.delete("p")
            stage.hub.deleted("p")
            assert [parsed(event) async for event in events] == [gone]
        assert [parsed(event) async for event in stage.follow() if event != GREETING] == [gone]
        assert stage.hub.connections == 0

    run(story())


def test_the_server_goes_away():
    """When the server stops, every stream ends, and nobody waits for it."""

    async def story() -> None:
        stage = Stage()
        following = [asyncio.create_task(drain(stage.follow())) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert stage.hub.connections == 3
        before = asyncio.get_running_loop().time()
        await stage.hub.close_all()
        assert asyncio.get_running_loop().time() == before
        assert [len(events) for events in await asyncio.gather(*following)] == [2, 2, 2]
        assert stage.hub.connections == 0

    run(story())


def test_one_too_many_ends_at_once():
    """A stream more than the hub takes has no events, and gives the room to nobody."""

    async def story() -> None:
        stage = Stage(max_connections=1)
        async with aclosing(stage.follow()) as events:
            await anext(events)
            assert stage.hub.is_full
            assert await drain(stage.follow()) == []
        assert not stage.hub.is_full

    run(story())


async def drain(events: AsyncGenerator[bytes, None]) -> list[bytes]:
    """All events, to the end."""
    return [event async for event in events]
