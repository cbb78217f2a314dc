"""A project like another one."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from server.projects import copies

pytestmark = pytest.mark.django_db


def original(api: APIClient, files: Path) -> dict[str, Any]:
    """A project with two segments and music."""
    project: dict[str, Any] = api.post("/api/projects/", {"title": "Film", "caption_position": "top"}).json()
    path = f"/api/projects/{project['id']}/"
    with (files / "tone.mp3").open("rb") as music:
        api.patch(path, {"music_file": music}, format="multipart")
    with (files / "picture.jpg").open("rb") as image, (files / "tone.wav").open("rb") as audio:
        fields = {"image_file": image, "audio_file": audio, "text_content": "One", "motion": "pan_left"}
        assert api.post(f"{path}segments/", fields, format="multipart").status_code == 201
    api.post(f"{path}segments/", {"text_content": "Two", "duration": 3})
    document: dict[str, Any] = api.get(path).json()
    return document


def test_a_copy_has_the_same_segments_and_files_and_was_never_rendered(
    api: APIClient, files: Path, media_root: Path
) -> None:
    """Everything that decides the film is the same; ids, names of files and the state are its own."""
    first = original(api, files)
    answer = api.post(f"/api/projects/{first['id']}/duplicate/")
    assert answer.status_code == 201
    copy = answer.json()
    assert (copy["title"], copy["status"], copy["caption_position"]) == ("Copy of Film", "DRAFT", "top")
    assert copy["id"] != first["id"]
    for one, other in zip(first["segments"], copy["segments"], strict=True):
        for name in ("sequence_index", "text_content", "duration", "motion", "seconds", "audio_seconds"):
            assert one[name] == other[name]
        assert one["id"] != other["id"]
    pairs = [(first["music_file"], copy["music_file"])]
    pairs += [(first["segments"][0][name], copy["segments"][0][name]) for name in ("image_file", "audio_file")]
    for one, other in pairs:
        assert copy["id"] in other
        paths = [media_root / url.removeprefix("/media/") for url in (one, other)]
        assert paths[0].samefile(paths[1])


def test_each_of_the_two_goes_without_the_other(api: APIClient, files: Path, media_root: Path) -> None:
    """Deleting the first leaves the copy's files where they are."""
    first = original(api, files)
    copy = api.post(f"/api/projects/{first['id']}/duplicate/").json()
    assert api.delete(f"/api/projects/{first['id']}/").status_code == 204
    assert (media_root / copy["segments"][0]["image_file"].removeprefix("/media/")).stat().st_size > 0


def test_a_copy_that_fails_leaves_nothing(
    api: APIClient, files: Path, settings: Settings, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a row nor a file of it stays."""
    first = original(api, files)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies.os, "link", full)
    monkeypatch.setattr(copies.shutil, "copyfile", full)
    api.raise_request_exception = False
    assert api.post(f"/api/projects/{first['id']}/duplicate/").status_code >= 500
    assert api.get("/api/projects/").json()["count"] == 1
    assert [folder.name for folder in (media_root / "projects").iterdir()] == [first["id"]]


def test_nothing_is_copied_from_a_project_that_is_not_there(api: APIClient) -> None:
    """404, like every other call."""
    assert api.post("/api/projects/00000000-0000-0000-0000-000000000000/duplicate/").status_code == 404
