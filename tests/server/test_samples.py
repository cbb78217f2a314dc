"""The project to begin with."""

import os
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from media.sample import studio
from server.projects import samples

pytestmark = pytest.mark.django_db

SMALL = {"resolution_width": 320, "resolution_height": 180, "framerate": 10}


def test_the_sample_can_be_rendered_as_it_is(api: APIClient, media_root: Path) -> None:
    """Six segments, each with a picture, a sound, a caption and a length; of the size that was asked for."""
    answer = api.post("/api/projects/sample/", SMALL)
    assert answer.status_code == 201
    project = answer.json()
    assert (project["status"], project["segment_count"]) == ("DRAFT", 6)
    assert {name: project[name] for name in SMALL} == SMALL
    for index, segment in enumerate(project["segments"]):
        assert segment["sequence_index"] == index
        assert segment["text_content"]
        assert segment["audio_seconds"] == pytest.approx(4.6, abs=0.5)
        for name in ("image_file", "audio_file"):
            assert (media_root / segment[name].removeprefix("/media/")).stat().st_size > 0
    assert api.post(f"/api/projects/{project['id']}/render/?dry_run=1").status_code == 200


def test_only_one_is_painted_at_a_time(api: APIClient) -> None:
    """Who comes meanwhile is told to try again, and holds up nobody."""
    with samples._painting:
        answer = api.post("/api/projects/sample/", SMALL)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"]


def test_painting_that_takes_too_long_is_given_up(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the time or the memory for it says so, and keeps nothing."""
    monkeypatch.setattr(studio, "PATIENCE", 0.0)
    answer = api.post("/api/projects/sample/", SMALL)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert api.get("/api/projects/").json()["count"] == 0


def test_a_size_that_no_film_can_have_is_refused(api: APIClient) -> None:
    """Before anything is painted."""
    assert api.post("/api/projects/sample/", {"resolution_width": 4}).status_code == 400
    assert api.get("/api/projects/").json()["count"] == 0


def test_a_sample_that_fails_leaves_nothing(api: APIClient, media_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a row nor a file of it stays where its last file can't be stored, and the next one is not held up."""
    written = os.open
    stored = 0

    def full(path: str, flags: int, *args: int, **more: int) -> int:
        nonlocal stored
        if "/segments/" in str(path) and flags & os.O_CREAT:
            stored += 1
            if stored == 12:
                raise OSError(28, "No space left on device")
        return written(path, flags, *args, **more)

    monkeypatch.setattr(os, "open", full)
    api.raise_request_exception = False
    assert api.post("/api/projects/sample/", SMALL).status_code >= 500
    assert stored == 12
    assert api.get("/api/projects/").json()["count"] == 0
    assert list((media_root / "projects").iterdir()) == []
    monkeypatch.undo()
    assert not samples._painting.locked()
