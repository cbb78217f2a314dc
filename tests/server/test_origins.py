"""Which pages may use the API: nobody signs in yet, so a visitor's browser must not be made to."""

from uuid import UUID

import pytest
from django.test import AsyncClient
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

FOREIGN = [
    "http://evil.example",
    "https://localhost",
    "http://localhost:3000",
    "null",
    "http://localhost.evil.example",
    "",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_can_change_nothing(api: APIClient, origin: str) -> None:
    """Another scheme, port or name is another origin; even a plain form from it is refused."""
    for kind in ({"format": "json"}, {"format": "multipart"}):
        answer = api.post("/api/projects/", {"title": "x"}, headers={"Origin": origin, "Host": "localhost"}, **kind)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in answer
    assert api.get("/api/projects/").json()["count"] == 0


async def test_the_same_holds_on_the_event_loop() -> None:
    """The check is the same when Django runs under ASGI."""
    answer = await AsyncClient().post("/api/projects/", {"title": "x"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_the_server_s_own_pages_may_change_things(api: APIClient) -> None:
    """The own origin is the one of the Host header, which ALLOWED_HOSTS vouches for."""
    headers = {"Origin": "http://localhost:8000", "Host": "localhost:8000"}
    assert api.post("/api/projects/", {"title": "x"}, headers=headers).status_code == 201


def test_who_names_no_origin_is_no_browser(api: APIClient) -> None:
    """Tools like curl, and scripts, are let through."""
    assert api.post("/api/projects/", {"title": "x"}).status_code == 201


def test_named_origins_are_trusted(api: APIClient, settings: Settings) -> None:
    """ALLOWED_ORIGINS may change things; CORS_ALLOWED_ORIGINS may read the answers, too."""
    settings.ALLOWED_ORIGINS = ["https://films.example.com"]
    settings.CORS_ALLOWED_ORIGINS = ["https://other.example.com"]
    answer = api.post("/api/projects/", {"title": "x"}, headers={"Origin": "https://films.example.com"})
    assert answer.status_code == 201
    assert "Access-Control-Allow-Origin" not in answer
    answer = api.post("/api/projects/", {"title": "x"}, headers={"Origin": "https://other.example.com"})
    assert answer.status_code == 201
    assert answer["Access-Control-Allow-Origin"] == "https://other.example.com"


def test_named_origins_may_ask_for_what_is_new_only(api: APIClient, settings: Settings) -> None:
    """A browser asks first whether a page may send `If-None-Match`."""
    settings.CORS_ALLOWED_ORIGINS = ["https://other.example.com"]
    asked = {"Origin": "https://other.example.com", "Access-Control-Request-Method": "GET"}
    answer = api.options(f"/api/projects/{UUID(int=0)}/status/", headers=asked)
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]


def test_a_foreign_page_can_read_nothing(api: APIClient) -> None:
    """Answers to other origins carry no permission to look into them."""
    answer = api.get("/api/projects/", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
