"""An upload finds no room, wherever on its way to its place that is noticed."""

import gc
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from media.exceptions import DiskFull
from server.http import Handler
from server.projects.errors import exception_handler
from server.projects.models import Segment
from tests.acceptance.server import running
from tests.disks import little_room

ROOM = 2 * 1024**2
"""Bytes; enough for a database, and not for `LARGE`."""

LARGE = bytes(2 * ROOM)

LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Django leaves closing the file that can't be written to the interpreter, which finds out once more."""


def test_a_body_that_the_server_can_t_keep_is_refused(tmp_path: Path) -> None:
    """507 with a code and advice while it is still coming in, and the next request is answered."""
    with running(tmp_path / "data") as server:
        project = server.client.post("/api/projects/", json={}).json()["id"]
        path = f"/api/projects/{project}/segments/"
        with little_room(ROOM, server.process.pid):
            answer = server.client.post(path, files={"image_file": ("p.jpg", LARGE)})
        assert_tells(answer.status_code, answer.json())
        assert server.client.get(path).json()["results"] == []


@LEFT_OPEN
async def test_a_body_that_django_can_t_keep_is_refused(settings: Settings) -> None:
    """Other servers hand it over piece by piece, and the first file is Django's own."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    transport = httpx.ASGITransport(Handler())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        with little_room(ROOM):
            answer = await client.post("/api/projects/", content=LARGE)
    assert_tells(answer.status_code, answer.json())
    gc.collect()


@pytest.mark.django_db
def test_a_file_that_can_t_be_taken_out_of_its_form_is_refused(api: APIClient, settings: Settings) -> None:
    """Nothing of the form is stored."""
    project = api.post("/api/projects/", {}, format="json").json()["id"]
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * len(LARGE)
    with little_room(ROOM):
        answer = api.post(f"/api/projects/{project}/segments/", {"image_file": io.BytesIO(LARGE)}, format="multipart")
    assert_tells(answer.status_code, json.loads(answer.content))
    assert not Segment.objects.exists()
    for handler in answer.wsgi_request.upload_handlers:  # Django leaves that to the interpreter, at any later time
        if file := getattr(handler, "file", None):
            file.close()


def test_a_file_that_can_t_be_stored_leaves_nothing(media_root: Path) -> None:
    """No part of it stays in its place."""
    with little_room(ROOM), pytest.raises(OSError, match="too large"):
        default_storage.save("projects/p/film.bin", ContentFile(LARGE))
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_finds_no_room_is_refused(api: APIClient) -> None:
    """507, no part of it is stored, and what fits is stored as before."""
    project = api.post("/api/projects/", {}, format="json").json()["id"]
    path = f"/api/projects/{project}/segments/"
    long = {"text_content": "x" * 2000}
    with full_database():
        answers = [api.post(path, long, format="json") for _ in range(10)]
    assert_tells(answers[-1].status_code, answers[-1].json())
    assert Segment.objects.count() == sum(answer.status_code == 201 for answer in answers)
    assert api.post(path, long, format="json").status_code == 201


def test_the_engine_s_word_for_it_is_understood() -> None:
    """What is made for an answer, as one segment's film is, may find no room either."""
    answer = exception_handler(DiskFull(), {})
    assert answer is not None
    assert_tells(answer.status_code, answer.data)


@contextmanager
def full_database() -> Iterator[None]:
    """No page is added to the database inside the block."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        (most,) = cursor.fetchone()
        cursor.execute("PRAGMA max_page_count = 1")  # SQLite takes the pages that there are for the least
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA max_page_count = {most}")


def assert_tells(status: int, body: dict[str, str]) -> None:
    """It is said what is wrong, and what to do."""
    assert (status, body["code"]) == (507, "disk_full")
    assert "free some space" in body["message"]
