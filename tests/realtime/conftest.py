"""What the tests of live state share: a real manager, real threads, a listener that remembers."""

import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from realtime.snapshot import RenderSnapshot
from realtime.store import MemoryStore
from realtime.task_manager import TaskManager
from realtime.testing import Journal, ScriptedJob
from tests.realtime.redis_server import RedisServer

SIZE = {"total_segments": 2, "total_frames": 10}
"""Of the renders in these tests."""

# A busy machine is slow without anything being wrong.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")


def states(snapshots: list[RenderSnapshot]) -> list[str]:
    """The states of snapshots, without repetition."""
    return list(dict.fromkeys(snapshot.state.value for snapshot in snapshots))


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_server(_redis_server: RedisServer) -> RedisServer:
    """A real Redis, empty."""
    _redis_server.empty()
    return _redis_server


class Rows:
    """The rows of a database, as far as a TaskManager sees them; broken for as long as a test wants."""

    def __init__(self) -> None:
        self.snapshots: list[RenderSnapshot] = []
        self.error: Exception | None = None
        self.refused = threading.Event()
        """Set when a record was refused with `error`."""

    def record(self, snapshot: RenderSnapshot) -> None:
        """Write a snapshot, or raise what is wrong."""
        if self.error is not None:
            self.refused.set()
            raise self.error
        self.snapshots.append(snapshot)

    def of(self, project_id: str) -> list[RenderSnapshot]:
        """All that was recorded of one project."""
        return [snapshot for snapshot in self.snapshots if snapshot.project_id == project_id]


@pytest.fixture
def rows() -> Rows:
    """A database that works until told otherwise."""
    return Rows()


@pytest.fixture
def journal() -> Journal:
    """A listener that remembers."""
    return Journal()


@pytest.fixture
def make_manager(rows: Rows, journal: Journal) -> Iterator[Callable[..., TaskManager]]:
    """Makes managers that record in `rows` and tell `journal`; all are shut down after the test."""
    made: list[TaskManager] = []

    def make(**options: int) -> TaskManager:
        manager = TaskManager(MemoryStore(), rows.record, **options)
        manager.add_listener(journal)
        made.append(manager)
        return manager

    yield make
    for manager in made:
        assert manager.shutdown(10), "a job did not end"


@pytest.fixture
def manager(make_manager: Callable[..., TaskManager]) -> TaskManager:
    """A manager that renders one after another."""
    return make_manager()


@pytest.fixture
def submit(manager: TaskManager) -> Callable[..., ScriptedJob]:
    """Submits a scripted job of two segments for a project."""

    def submit(project_id: str = "p", **options: bool) -> ScriptedJob:
        job = ScriptedJob(**options)
        manager.submit(project_id, job, **SIZE)
        return job

    return submit
