"""Where the newest snapshot of each project lives. Every store has to pass this."""

from collections.abc import Iterator

import pytest

from realtime.redis import RedisStore
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import MemoryStore, SnapshotStore
from tests.realtime.redis_server import RedisServer


def queued(project_id: str, previous_revision: int = 0) -> RenderSnapshot:
    """A render that waits."""
    return RenderSnapshot.queued(project_id, total_segments=1, total_frames=1, previous_revision=previous_revision)


def ended(project_id: str) -> RenderSnapshot:
    """A render that is over."""
    return queued(project_id).evolve(state=RenderState.CANCELLED, error=Failure("cancelled", "Stopped."))


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[SnapshotStore]:
    """A store with room for two ended renders."""
    if request.param == "memory":
        yield MemoryStore(keep=2)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    store = RedisStore(server.url, keep=2)
    yield store
    store.close()


@pytest.fixture
def other(store: SnapshotStore, request: pytest.FixtureRequest) -> Iterator[SnapshotStore]:
    """The same store as another process sees it."""
    if not store.waits:
        yield store
        return
    other = RedisStore(request.getfixturevalue("redis_server").url, keep=2)
    yield other
    other.close()


def test_it_keeps_the_newest(store):
    """A snapshot stays until a newer one of its project comes."""
    first = queued("p")
    second = first.behind(1)
    store.put(first)
    store.put(second)
    assert store.get("p") == second
    assert store.get("unknown") is None


def test_an_older_snapshot_replaces_nothing(store):
    """A snapshot that arrives late, or twice, changes nothing."""
    first = queued("p")
    last = first.evolve(state=RenderState.CANCELLED, error=Failure("cancelled", "Stopped."))
    store.put(last)
    store.put(first)
    assert store.get("p") == last
    assert store.active() == []


def test_a_new_render_replaces_the_ended_one(store):
    """A project that is rendered again is active again."""
    last = ended("p")
    store.put(last)
    again = queued("p", last.revision)
    store.put(again)
    assert store.get("p") == again
    assert store.active() == [again]


def test_active_renders_come_in_the_order_of_their_beginning(store):
    """A render keeps its place in the list while it goes on."""
    first, second = queued("a"), queued("b")
    store.put(first)
    store.put(second)
    store.put(first.behind(3))
    assert [snapshot.project_id for snapshot in store.active()] == ["a", "b"]


def test_only_the_last_ended_renders_stay(store):
    """Of the ended renders the oldest leave first; those that go on never leave."""
    store.put(queued("going on"))
    for name in ("first", "second", "third"):
        store.put(ended(name))
    kept = [name for name in ("going on", "first", "second", "third") if store.get(name)]
    assert kept == ["going on", "second", "third"]


def test_delete_forgets(store):
    """Nothing is left of a deleted project, and deleting twice does no harm."""
    store.put(queued("p"))
    store.delete("p")
    store.delete("p")
    assert store.get("p") is None
    assert store.active() == []


def test_deletions_are_remembered_in_order(store, other):
    """Whoever asks learns what was deleted since the mark they have, whether anything else was known of it or not."""
    _, mark = store.deletions(None)
    store.put(queued("rendered"))
    store.delete("rendered")
    other.delete("draft")
    deleted, later = store.deletions(mark)
    assert deleted == ["rendered", "draft"]
    assert store.deletions(later) == ([], later)
    store.delete("last")
    assert other.deletions(later)[0] == ["last"]


def test_only_the_last_deletions_stay(store):
    """The oldest deletions are forgotten, whatever mark somebody has."""
    _, mark = store.deletions(None)
    for name in ("first", "second", "third"):
        store.delete(name)
    assert store.deletions(mark)[0] == store.deletions(None)[0] == ["second", "third"]


def test_what_is_at_hand_is_the_newest(store, other):
    """What needs no question to anybody is right, whoever else puts something."""
    first = queued("p")
    store.put(first)
    assert store.at_hand("p") == first
    assert other.at_hand("p") in (None, first)
    last = first.evolve(state=RenderState.CANCELLED, error=Failure("cancelled", "Stopped."))
    store.put(last)
    again = queued("p", last.revision)
    other.put(again)
    assert store.at_hand("p") in (None, again)
    assert store.get("p") == other.get("p") == other.at_hand("p") == again


def test_everybody_sees_the_same(store, other):
    """What one puts and deletes, the other one has and misses, and late snapshots of either change nothing."""
    first = queued("p")
    last = first.evolve(state=RenderState.CANCELLED, error=Failure("cancelled", "Stopped."))
    store.put(last)
    other.put(first)
    other.put(queued("q"))
    assert store.get("p") == last
    assert [snapshot.project_id for snapshot in store.active()] == ["q"]
    store.delete("p")
    assert other.get("p") is None
