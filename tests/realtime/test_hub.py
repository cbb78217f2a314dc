"""Who is told what, and when: the hub under a clock that moves when the test says so."""

import asyncio
import json
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.exceptions import TooManyConnections
from realtime.followers import CloseCode, Connection
from realtime.hub import ProgressHub
from realtime.payload import encode
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.store import MemoryStore
from tests.realtime.clock import run

INTERVAL = 0.1
STOPPED = Failure("cancelled", "Stopped.")


def queued(project_id: str = "p") -> RenderSnapshot:
    """A render that waits."""
    return RenderSnapshot.queued(project_id, total_segments=9, total_frames=900)


def ended(snapshot: RenderSnapshot) -> RenderSnapshot:
    """The end of a render."""
    return snapshot.evolve(state=RenderState.CANCELLED, error=STOPPED)


class Client:
    """One client, as the hub sees it: it reads unless it was told to stop."""

    def __init__(self, hub: ProgressHub, store: MemoryStore, project_id: str | None = None) -> None:
        self.project_id = project_id
        self.messages: list[dict] = []
        self.times: list[float] = []
        self.closed: list[CloseCode] = []
        self.news = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.connection = Connection(project_id, self._send)
        hub.register(self.connection)
        known = store.active() if project_id is None else filter(None, [store.get(project_id)])
        self.expects = {snapshot.project_id for snapshot in known}
        for name in self.expects:
            self.connection.offer(encode(store.get(name)))

    async def _send(self, event: dict) -> None:
        if event["type"] == "websocket.close":
            self.closed.append(event["code"])
            return
        await self.reading.wait()
        self.messages.append(json.loads(event["text"]))
        self.times.append(asyncio.get_running_loop().time())
        self.news.set()

    def revisions(self, project_id: str = "p") -> list[int]:
        """The revisions of a project in the order in which they came."""
        data = [message["data"] for message in self.messages if message["type"] == "status"]
        return [one["revision"] for one in data if one["project_id"] == project_id]

    def gone(self) -> list[str]:
        """The projects that the client was told are deleted, in order."""
        return [one["data"]["project_id"] for one in self.messages if one["type"] == "deleted"]

    def states(self) -> list[str]:
        """The states that came, in order."""
        return [one["data"]["render"]["state"] for one in self.messages]


class TestHub:
    """Connections and states."""

    def test_a_burst_is_thinned_and_ends_with_the_last(self):
        """Of 2,000 updates in two seconds a client sees about twenty, at most ten a second, and the end."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            snapshot = queued().evolve(state=RenderState.RUNNING)
            store.put(snapshot)
            client = Client(hub, store, "p")
            for _ in range(2000):
                snapshot = snapshot.evolve()
                store.put(snapshot)
                hub.published(snapshot)
                await asyncio.sleep(0.001)
            last = ended(snapshot)
            store.put(last)
            hub.published(last)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert client.revisions()[-1] == last.revision
            assert 18 <= len(client.messages) <= 24
            progress = client.times[1:-1]
            assert all(later - earlier >= INTERVAL - 1e-6 for earlier, later in pairwise(progress))
            hub.unregister(client.connection)

        run(story())

    def test_a_client_that_does_not_read_gets_the_newest_when_it_does(self):
        """A stopped reader holds nobody up, keeps one state waiting, and goes on with the newest one."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            snapshot = queued().evolve(state=RenderState.RUNNING)
            store.put(snapshot)
            slow, quick = Client(hub, store, "p"), Client(hub, store, "p")
            await asyncio.sleep(1)
            slow.reading.clear()
            for _ in range(100):
                snapshot = snapshot.evolve()
                store.put(snapshot)
                hub.published(snapshot)
                await asyncio.sleep(0.1)
            last = ended(snapshot)
            store.put(last)
            hub.published(last)
            await asyncio.sleep(0.2)
            assert len(quick.messages) > 90
            slow.reading.set()
            await asyncio.sleep(0.2)
            assert len(slow.messages) == 3
            assert slow.revisions()[-1] == last.revision
            hub.unregister(slow.connection)
            hub.unregister(quick.connection)

        run(story())

    def test_what_got_lost_is_made_good_within_a_second(self):
        """A state that reached the store but not the hub arrives with the next sweep, for both kinds of clients."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            one, everything = Client(hub, store, "p"), Client(hub, store)
            snapshot = queued()
            store.put(snapshot)
            await asyncio.sleep(1.1)
            assert one.revisions() == everything.revisions() == [snapshot.revision]
            last = ended(snapshot)
            store.put(last)
            await asyncio.sleep(1.1)
            assert one.revisions() == everything.revisions() == [snapshot.revision, last.revision]
            hub.unregister(one.connection)
            hub.unregister(everything.connection)

        run(story())

    def test_an_end_is_not_missed_even_if_nothing_else_was_seen(self):
        """Who follows all hears of an end that got lost, of a render that said nothing since they connected."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            store.put(queued())
            everything = Client(hub, store)
            last = ended(store.get("p"))
            store.put(last)
            await asyncio.sleep(1.1)
            assert everything.revisions()[-1] == last.revision
            hub.unregister(everything.connection)

        run(story())

    def test_deleted(self):
        """Who follows a deleted project is told and closed with 4410; who follows all is told and stays."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            store.put(queued())
            one, other, everything = Client(hub, store, "p"), Client(hub, store, "q"), Client(hub, store)
            await asyncio.sleep(0.2)
            hub.published(store.get("p").behind(1))
            hub.deleted("p")
            await asyncio.sleep(0.2)
            gone = {"type": "deleted", "data": {"project_id": "p"}}
            assert (one.messages[-1], one.closed) == (gone, [CloseCode.DELETED])
            assert (other.messages, other.closed) == ([], [])
            assert (everything.messages[-1], everything.closed) == (gone, [])
            assert len(one.messages) == len(everything.messages) == 2
            for client in (one, other, everything):
                hub.unregister(client.connection)

        run(story())

    def test_a_lost_deletion_is_made_good_within_a_second(self):
        """A deletion that reached the store but not the hub arrives with the next sweep, of a draft as well."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            store.put(queued())
            one, draft, everything = Client(hub, store, "p"), Client(hub, store, "draft"), Client(hub, store)
            store.delete("draft")
            await asyncio.sleep(1.1)
            store.delete("p")
            await asyncio.sleep(1.1)
            assert (one.gone(), one.closed) == (["p"], [CloseCode.DELETED])
            assert (draft.gone(), draft.closed) == (["draft"], [CloseCode.DELETED])
            assert (everything.gone(), everything.closed) == (["draft", "p"], [])
            for client in (one, draft, everything):
                hub.unregister(client.connection)

        run(story())

    def test_what_was_deleted_before_is_no_news(self):
        """Who follows all hears only of deletions since then, unless somebody else has not heard of an older one."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            store.delete("long gone")
            everything = Client(hub, store)
            store.delete("since then")
            await asyncio.sleep(1.1)
            assert everything.gone() == ["since then"]
            hub.unregister(everything.connection)
            store.put(queued("q"))
            one = Client(hub, store, "q")
            store.delete("q")
            everything = Client(hub, store)
            await asyncio.sleep(1.1)
            assert (one.gone(), everything.gone()) == (["q"], ["q"])
            for client in (one, everything):
                hub.unregister(client.connection)

        run(story())

    def test_states_are_encoded_once_and_only_for_those_who_follow(self):
        """A project that nobody follows costs nothing; one that many follow is encoded once a state."""

        async def story() -> None:
            encode.cache_clear()
            store = MemoryStore()
            hub = ProgressHub(store)
            hub.published(queued("nobody's"))
            clients = [Client(hub, store, "p") for _ in range(50)]
            hub.published(queued("nobody's"))
            await asyncio.sleep(0.2)
            assert encode.cache_info().misses == 0
            hub.published(queued("p"))
            await asyncio.sleep(0.2)
            assert encode.cache_info().misses == 1
            assert all(len(client.messages) == 1 for client in clients)
            for client in clients:
                hub.unregister(client.connection)

        run(story())

    def test_there_is_a_limit(self):
        """One connection more than allowed is refused, and there is room again when one leaves."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store, max_connections=2)
            first, second = Client(hub, store), Client(hub, store, "p")
            with pytest.raises(TooManyConnections):
                Client(hub, store, "p")
            hub.unregister(first.connection)
            hub.unregister(first.connection)
            third = Client(hub, store, "p")
            assert hub.connections == 2
            hub.unregister(second.connection)
            hub.unregister(third.connection)

        run(story())

    def test_a_connection_leaves_nothing_behind(self):
        """After the last client has left, neither tasks nor topics nor timers remain."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            snapshot = queued()
            for _ in range(100):
                clients = [Client(hub, store, "p"), Client(hub, store)]
                for _ in range(3):
                    snapshot = snapshot.behind(1)
                    store.put(snapshot)
                    hub.published(snapshot)
                    await asyncio.sleep(0)
                for client in clients:
                    hub.unregister(client.connection)
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert hub._topics == {}
            assert hub._inbox == {}
            assert hub.connections == 0

        run(story())

    def test_a_client_that_left_is_no_error(self):
        """A write to a client that has left ends its writer without a word."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)

            async def broken(_: dict) -> None:
                raise BrokenPipeError

            connection = Connection("p", broken)
            hub.register(connection)
            hub.published(queued())
            await asyncio.sleep(0.2)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            hub.unregister(connection)

        run(story())

    def test_a_client_that_breaks_hurts_nobody_else(self, caplog: pytest.LogCaptureFixture):
        """An error of one client's server, at once or after a wait, is logged; the others are served."""

        async def story() -> None:
            hub = ProgressHub(MemoryStore())

            async def broken(_: dict) -> None:
                raise RuntimeError("broken")

            async def broken_later(_: dict) -> None:
                waiting = asyncio.get_running_loop().create_future()
                asyncio.get_running_loop().call_later(0.1, waiting.set_exception, RuntimeError("broken later"))
                await waiting

            connections = [Connection("p", send) for send in (broken, broken_later)]
            for connection in connections:
                hub.register(connection)
            healthy = Client(hub, MemoryStore(), "p")
            hub.published(queued())
            await asyncio.sleep(0.2)
            assert len(healthy.messages) == 1
            assert [record.exc_info[1].args for record in caplog.records] == [("broken",), ("broken later",)]
            assert asyncio.all_tasks() == {asyncio.current_task()}
            for connection in (*connections, healthy.connection):
                hub.unregister(connection)

        run(story())

    def test_whoever_can_take_it_is_written_to_at_once(self):
        """A client that reads costs no task; what one that doesn't makes wait ends with its connection."""

        async def story() -> None:
            hub = ProgressHub(MemoryStore())
            ready, stopped = Client(hub, MemoryStore(), "p"), Client(hub, MemoryStore(), "p")
            stopped.reading.clear()
            snapshot = queued()
            ready.connection.offer(encode(snapshot))
            assert ready.revisions() == [snapshot.revision]
            assert asyncio.all_tasks() == {asyncio.current_task()}
            stopped.connection.offer(encode(snapshot))
            assert len(asyncio.all_tasks()) == 2
            for client in (ready, stopped):
                hub.unregister(client.connection)
            stopped.reading.set()
            await asyncio.sleep(0.1)
            assert stopped.messages == []
            assert asyncio.all_tasks() == {asyncio.current_task()}

        run(story())

    def test_going_away(self):
        """Closing all closes every client with 1001, and waits no longer than it has to for those who don't leave."""

        async def story() -> None:
            store = MemoryStore()
            hub = ProgressHub(store)
            clients = [Client(hub, store, "p"), Client(hub, store)]
            before = asyncio.get_running_loop().time()
            await hub.close_all()
            assert asyncio.get_running_loop().time() - before == pytest.approx(3.0)
            assert [client.closed for client in clients] == [[CloseCode.GOING_AWAY]] * 2
            for client in clients:
                hub.unregister(client.connection)
            await hub.close_all()

        run(story())


project_ids = st.sampled_from("ab")
actions = st.one_of(
    st.tuples(st.just("update"), project_ids),
    st.tuples(st.just("lose an update of"), project_ids),
    st.tuples(st.just("advance"), project_ids),
    st.tuples(st.just("lose an advance of"), project_ids),
    st.tuples(st.just("delete"), project_ids),
    st.tuples(st.just("lose a deletion of"), project_ids),
    st.tuples(st.just("connect"), st.none() | project_ids),
    st.tuples(st.just("disconnect"), st.integers(0, 5)),
    st.tuples(st.just("stop or start reading"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.floats(0, 0.5)),
)
NEXT = {
    RenderState.QUEUED: RenderState.RUNNING,
    RenderState.RUNNING: RenderState.FINISHING,
    RenderState.FINISHING: RenderState.CANCELLED,
}


@given(st.lists(actions, max_size=40))
def test_whatever_happens_a_client_sees_rising_revisions_that_end_with_the_last(script):
    """Any interleaving of updates, deletions, losses, connects, disconnects and stopped readers keeps clients right."""

    async def story() -> None:
        store = MemoryStore()
        hub = ProgressHub(store)
        clients: list[Client] = []
        everyone: list[Client] = []
        deleted: set[str] = set()
        for name in "ab":
            store.put(queued(name))
        for action, value in script:
            match action:
                case "update" | "lose an update of" | "advance" | "lose an advance of":
                    snapshot = store.get(value)
                    if snapshot is None or snapshot.state.is_terminal:
                        continue
                    state = NEXT[snapshot.state] if "advance" in action else snapshot.state
                    error = {"error": STOPPED} if state.is_terminal else {}
                    snapshot = snapshot.evolve(state=state, **error)
                    store.put(snapshot)
                    if "lose" not in action:
                        hub.published(snapshot)
                case "delete" | "lose a deletion of" if value not in deleted:
                    deleted.add(value)
                    store.delete(value)
                    if "lose" not in action:
                        hub.deleted(value)
                case "connect" if value not in deleted:
                    clients.append(Client(hub, store, value))
                    everyone.append(clients[-1])
                case "disconnect" if value < len(clients):
                    hub.unregister(clients.pop(value).connection)
                case "stop or start reading" if value < len(clients):
                    reading = clients[value].reading
                    reading.clear() if reading.is_set() else reading.set()
                case "wait":
                    await asyncio.sleep(value)
        for client in clients:
            client.reading.set()
        await asyncio.sleep(1.5)
        for client in everyone:
            for name in "ab":
                revisions = client.revisions(name)
                assert revisions == sorted(set(revisions))
                told = [one["type"] for one in client.messages if one["data"]["project_id"] == name]
                assert "deleted" not in told[:-1]
        for client in clients:
            for name in client.expects:
                if name in deleted:
                    assert name in client.gone()
                else:
                    assert client.revisions(name)[-1] == store.get(name).revision
            hub.unregister(client.connection)

    run(story())


async def test_threads_reach_an_idle_loop_at_once():
    """A state published by another thread wakes an idle loop, and the last of many arrives."""
    store = MemoryStore()
    hub = ProgressHub(store, interval=0.01, sweep_interval=3600)
    client = Client(hub, store, "p")
    snapshots = [queued()]
    for _ in range(500):
        snapshots.append(snapshots[-1].behind(1))

    def render() -> None:
        for snapshot in snapshots:
            store.put(snapshot)
            hub.published(snapshot)

    thread = threading.Thread(target=render)
    thread.start()
    async with asyncio.timeout(10):
        while client.revisions()[-1:] != [snapshots[-1].revision]:
            await client.news.wait()
            client.news.clear()
    thread.join()
    hub.unregister(client.connection)
