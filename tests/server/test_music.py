"""A project's music over REST: read before it is kept, never changed, and heard in the film."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from media.recordings import decode
from realtime.snapshot import RenderState
from server.projects import renders, storage
from server.projects.models import Project
from tests.server.conftest import Live

Make = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(api: APIClient, files: Path) -> Callable[..., Any]:
    """Give a project one of the sounds as its music."""

    def patch(project: dict[str, Any], name: str = "tone.mp3") -> Any:
        with (files / name).open("rb") as music:
            return api.patch(f"/api/projects/{project['id']}/", {"music_file": music}, format="multipart")

    return patch


def stored(media_root: Path) -> list[str]:
    """The music that is kept, as addresses."""
    return [storage.url_of(path) for path in media_root.rglob("music/*")]


def loudest(film: Path) -> float:
    """The highest sample of a film's sound."""
    with film.open("rb") as file:
        return max(float(abs(block).max()) for block in decode(file))


def test_music_is_kept_and_served(api: APIClient, make_project: Make, send: Any, media_root: Path) -> None:
    """PATCH takes it as a form's file beside other fields' values; its address is that of the very bytes, for ever."""
    project = make_project(segments=0)
    changed = send(project)
    assert changed.status_code == 200
    (address,) = stored(media_root)
    assert changed.json() == {**project, "music_file": address, "updated_at": changed.json()["updated_at"]}
    assert address.startswith(f"/media/projects/{project['id']}/music/music-")
    assert address.endswith(".mp3")
    served = api.get(address)
    assert (served.status_code, served["Content-Type"]) == (200, "audio/mpeg")
    assert "immutable" in served["Cache-Control"]
    assert api.get("/api/projects/").json()["results"][0]["music_file"] == address
    served.close()


def test_a_project_may_begin_with_its_music(api: APIClient, files: Path, media_root: Path) -> None:
    """POST takes it too."""
    with (files / "tone.ogg").open("rb") as music:
        made = api.post("/api/projects/", {"title": "Loud", "music_file": music}, format="multipart")
    assert made.status_code == 201
    assert stored(media_root) == [made.json()["music_file"]]


def test_replaced_and_removed_music_goes(api: APIClient, make_project: Make, send: Any, media_root: Path) -> None:
    """Other music has another name and the old file is gone; null takes the last one away, other edits take nothing."""
    project = make_project(segments=1)
    first, second = send(project).json()["music_file"], send(project, "tone.flac").json()["music_file"]
    assert first != second
    assert stored(media_root) == [second]
    address = f"/api/projects/{project['id']}/"
    assert api.patch(address, {"title": "Silence"}).json()["music_file"] == second
    assert api.patch(address, {"music_file": None}).json()["music_file"] is None
    assert stored(media_root) == []
    assert len(list(media_root.rglob("image-*"))) == 1


def test_replaced_music_stays_while_a_render_may_read_it(make_project: Make, send: Any, media_root: Path) -> None:
    """An edit during a render counts for the next one."""
    project = make_project(segments=1)
    send(project)
    Project.objects.update(status=Project.Status.PROCESSING)
    newest = send(project, "tone.wav").json()["music_file"]
    assert len(stored(media_root)) == 2
    Project.objects.update(status=Project.Status.FAILED)
    storage.sweep(project["id"])
    assert stored(media_root) == [newest]


@pytest.mark.parametrize("content", [b"", b"no music", b"ffconcat version 1.0\nfile README.md\n"])
def test_unreadable_music_is_refused_with_the_reason(
    api: APIClient, make_project: Make, send: Any, media_root: Path, content: bytes
) -> None:
    """Nothing is stored of it, and what there was stays."""
    project = make_project(segments=0)
    before = send(project).json()["music_file"]
    file = SimpleUploadedFile("music.mp3", content, "audio/mpeg")
    answer = api.patch(f"/api/projects/{project['id']}/", {"music_file": file}, format="multipart")
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["code"], list(problem["fields"])) == ("audio_unreadable", ["music_file"])
    assert problem["message"].startswith("music_file: ")
    assert stored(media_root) == [before]


def test_too_much_music_is_too_large(
    make_project: Make, send: Any, media_root: Path, settings: Settings, files: Path
) -> None:
    """The limits of a sound are those of music: bytes and seconds."""
    project = make_project(segments=0)
    settings.UPLOAD_MAX_AUDIO_SECONDS = 0.3
    assert send(project).json()["code"] == "audio_unreadable"
    settings.UPLOAD_MAX_AUDIO_BYTES = 100
    answer = send(project)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["message"].startswith("music_file: ")
    assert stored(media_root) == []


def test_music_is_heard_in_the_film_and_renders_no_picture_again(
    api: APIClient, make_project: Make, send: Any, live: Live, media_root: Path
) -> None:
    """A film of silent segments is silent; with music it sounds, and every segment comes from the cache."""
    project = make_project(segments=2)
    film = media_root / "projects" / project["id"] / "output" / "final.mp4"
    for heard, cached in ((False, 0), (True, 2)):
        live.journal.snapshots.clear()
        api.post(f"/api/projects/{project['id']}/render/")
        last = live.journal.wait_for(project["id"], RenderState.COMPLETED)
        assert (loudest(film) > 0.05) is heard
        assert last.cached_segments >= cached
        send(project)


def test_music_that_is_gone_is_said_so(
    api: APIClient, make_project: Make, send: Any, live: Live, media_root: Path
) -> None:
    """A lost file stops a dry run and a render with the reason, which belongs to no segment."""
    project = make_project(segments=1)
    send(project)
    renders.chunk_cache.cache_clear()
    next(media_root.rglob("music/*")).unlink()
    estimate = api.post(f"/api/projects/{project['id']}/render/?dry_run=1")
    assert (estimate.json()["code"], estimate.json()["message"]) == (
        "audio_unreadable",
        "The music is gone. Upload it again.",
    )
    api.post(f"/api/projects/{project['id']}/render/")
    failed = live.journal.wait_for(project["id"], RenderState.FAILED)
    assert failed.error is not None
    assert (failed.error.code, failed.error.segment_id) == ("audio_unreadable", None)
    assert "music" in failed.error.message
