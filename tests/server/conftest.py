"""A film folder of each test's own, a client, a task manager, and tiny real files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from media.testing import make_picture, make_tone
from realtime.store import MemoryStore
from realtime.task_manager import TaskManager
from realtime.testing import Journal, ScriptedJob
from server.projects import renders

SMALL = {"resolution_width": 128, "resolution_height": 72, "framerate": 10, "transition": "cut"}


@pytest.fixture(scope="session", autouse=True)
def _plain_flush(django_db_setup: None) -> None:
    """Tables that are emptied after a test stay so: nobody here asks for permissions, which take long to make anew."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """The folder that this test's uploads and films go to."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `picture.jpg`, `picture.png`, `picture.webp` and half-second sounds in each format."""
    folder = tmp_path_factory.mktemp("files")
    for suffix in ("jpg", "png", "webp"):
        make_picture(folder / f"picture.{suffix}", width=160, height=90)
    for suffix in ("wav", "mp3", "m4a", "ogg", "flac"):
        make_tone(folder / f"tone.{suffix}", seconds=0.5)
    return folder


@pytest.fixture
def api() -> APIClient:
    """A client that is not a browser: it names no origin."""
    return APIClient()


@dataclass
class Live:
    """The renders of this process, and what was published of them."""

    manager: TaskManager
    journal: Journal

    def block(self) -> ScriptedJob:
        """Keep the only render slot busy until the returned job is told to finish."""
        job = ScriptedJob()
        self.manager.submit("blocker", job, total_segments=1, total_frames=1)
        assert job.started.wait(10)
        return job


def record_projects(snapshot: Any) -> None:
    """Record what has a row; the blocker has none."""
    if snapshot.project_id != "blocker":
        renders.record(snapshot)


@pytest.fixture
def start_live() -> Iterator[Callable[..., Live]]:
    """Hand a new task manager to `renders`; each is shut down at the end."""
    managers = []

    def start(**limits: int) -> Live:
        manager, journal = TaskManager(MemoryStore(), record_projects, **limits), Journal()
        manager.add_listener(journal)
        managers.append(manager)
        renders.use(manager)
        return Live(manager, journal)

    yield start
    for manager in managers:
        assert manager.shutdown(10)
    renders.use(None)


@pytest.fixture
def live(start_live: Callable[..., Live], transactional_db: None) -> Live:
    """One render at a time, on rows that its thread can see."""
    return start_live()


@pytest.fixture
def make_project(api: APIClient, files: Path) -> Callable[..., dict[str, Any]]:
    """Make a project through the API, with a picture and half a second for each segment."""

    def make(segments: int = 2, **fields: Any) -> dict[str, Any]:
        project: dict[str, Any] = api.post("/api/projects/", {**SMALL, **fields}).json()
        for _ in range(segments):
            with (files / "picture.png").open("rb") as picture:
                sent = {"image_file": picture, "duration": 0.5}
                answer = api.post(f"/api/projects/{project['id']}/segments/", sent, format="multipart")
            assert answer.status_code == 201, answer.content
        detail: dict[str, Any] = api.get(f"/api/projects/{project['id']}/").json()
        return detail

    return make
