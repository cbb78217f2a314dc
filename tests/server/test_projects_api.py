"""Projects over REST: what is given, what is refused, and in which words."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from server.projects.errors import exception_handler

pytestmark = pytest.mark.django_db


def test_a_new_project_has_the_contract_s_defaults(api: APIClient) -> None:
    """A title is all that has to be said."""
    answer = api.post("/api/projects/", {"title": "Harbour"})
    assert answer.status_code == 201
    project = answer.json()
    assert {name: project[name] for name in list(project) if name not in ("id", "created_at", "updated_at")} == {
        "title": "Harbour",
        "resolution_width": 1920,
        "resolution_height": 1080,
        "framerate": 30,
        "transition": "crossfade",
        "transition_duration": 0.5,
        "caption_position": "bottom",
        "caption_size": 0.055,
        "caption_colour": "#ffffff",
        "caption_backdrop": "outline",
        "music_file": None,
        "picture_url": None,
        "quality": "standard",
        "segment_count": 0,
        "seconds": 0.0,
        "status": "DRAFT",
        "status_body": {
            "project_id": project["id"],
            "status": "DRAFT",
            "progress": None,
            "output_url": None,
            "revision": project["status_body"]["revision"],
            "render": None,
        },
    }
    assert 0 < project["status_body"]["revision"] < 2**53


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resolution_width", 127),
        ("resolution_width", 62),
        ("resolution_width", 4098),
        ("resolution_height", 71),
        ("resolution_height", 100_000),
        ("resolution_height", "wide"),
        ("framerate", 0),
        ("framerate", 61),
        ("framerate", 29.97),
        ("transition", "explosion"),
        ("transition_duration", -0.5),
        ("transition_duration", 10.5),
        ("transition_duration", "nan"),
        ("caption_position", "left"),
        ("caption_size", 0.01),
        ("caption_size", 0.21),
        ("caption_size", "inf"),
        ("caption_colour", "white"),
        ("caption_colour", "#12345g"),
        ("caption_backdrop", None),
        ("title", ""),
        ("title", "x" * 201),
        ("title", "nul\x00byte"),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_named(api: APIClient, field: str, value: Any) -> None:
    """Odd or huge sizes, rates outside 1-60 and the like: 400, and the message begins with the field."""
    answer = api.post("/api/projects/", {field: value})
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert problem["message"].startswith(f"{field}: ")
    assert list(problem["fields"]) == [field]
    assert api.get("/api/projects/").json()["count"] == 0


@pytest.mark.parametrize("value", [r'"\ud800"', r'["\udfff"]', r'{"\ud800": 1}'])
def test_a_wrong_value_is_quoted_even_if_it_is_no_text(api: APIClient, value: str) -> None:
    """JSON can spell half a surrogate pair, which no answer can hold: it is shown as it was spelled."""
    answer = api.post("/api/projects/", f'{{"transition": {value}}}', content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert r"\ud" in answer.json()["message"]


def test_the_list_comes_in_pages_with_each_status(api: APIClient, make_project: Callable[..., Any]) -> None:
    """Each entry of the list carries its whole status body; the newest project comes first."""
    made = [make_project(segments=count)["id"] for count in (0, 1, 2)]
    page = api.get("/api/projects/?page_size=2").json()
    assert page["count"] == 3
    assert [project["id"] for project in page["results"]] == [made[2], made[1]]
    assert page["results"][0]["segment_count"] == 2
    assert page["results"][0]["seconds"] == 1.0
    assert page["results"][0]["status_body"] == api.get(f"/api/projects/{made[2]}/status/").json()
    assert "page=2" in page["next"]


def test_the_list_costs_three_queries_however_long_it_is(
    api: APIClient, make_project: Callable[..., Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """One to count, one for the rows, one for all their segments."""
    for _ in range(3):
        make_project(segments=1)
    with django_assert_num_queries(3):
        api.get("/api/projects/")


def test_a_search_has_as_many_words_as_a_title(api: APIClient) -> None:
    """More of them than SQLite can nest are refused, and the message says how many it may be."""
    made = api.post("/api/projects/", {"title": "a " * 99 + "b"}).json()
    assert api.get("/api/projects/", {"search": made["title"]}).json()["count"] == 1
    answer = api.get("/api/projects/", {"search": "a " * 999})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["message"] == "search: At most 100 words can be looked for."


def test_a_project_is_changed_in_part(api: APIClient, make_project: Callable[..., Any]) -> None:
    """PATCH changes what it names; what the server decides can't be written."""
    project = make_project(segments=1)
    address = f"/api/projects/{project['id']}/"
    changes = {"title": "Second cut", "status": "COMPLETED", "id": str(uuid.uuid4()), "revision": 7}
    changed = api.patch(address, changes)
    assert changed.status_code == 200
    assert changed.json() == {**project, "title": "Second cut", "updated_at": changed.json()["updated_at"]}
    assert api.put(address, {"title": "Third cut"}).status_code == 405


def test_a_deleted_project_takes_its_files_along(
    api: APIClient, make_project: Callable[..., Any], media_root: Path
) -> None:
    """The row, the segments and the folder are gone."""
    project = make_project(segments=2)
    folder = media_root / "projects" / project["id"]
    assert len(list(folder.rglob("image-*.png"))) == 2
    assert api.delete(f"/api/projects/{project['id']}/").status_code == 204
    assert not folder.exists()
    assert api.get(f"/api/projects/{project['id']}/").status_code == 404


@pytest.mark.parametrize("project", ["0" * 8, "not-a-uuid", "%00", "{id}", str(uuid.UUID(int=1)), "-" * 36])
@pytest.mark.parametrize("rest", ["", "status/", "render/", "cancel/", "segments/"])
def test_what_is_not_there_is_not_found(api: APIClient, project: str, rest: str) -> None:
    """Unknown ids and malformed ones get the same 404, whatever is asked of them."""
    call = api.post if rest in ("render/", "cancel/") else api.get
    answer = call(f"/api/projects/{project}/{rest}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.json()["message"]


@pytest.mark.parametrize("address", ["/api/", "/api/nowhere/", "/api/projects", "/api/projects/1/2/3/4"])
@pytest.mark.parametrize("verb", ["get", "post", "delete"])
def test_an_unknown_address_answers_in_json(api: APIClient, address: str, verb: str) -> None:
    """Everything below /api/ speaks the one language of errors."""
    answer = getattr(api, verb)(address)
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message"}


def test_wrong_verbs_types_and_bodies_have_their_codes(api: APIClient, settings: Settings) -> None:
    """405, 415, 413 and 400 come in the same shape."""
    answer = api.delete("/api/projects/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    answer = api.post("/api/projects/", "<film/>", content_type="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    answer = api.post("/api/projects/", '{"title": ', content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    answer = api.post("/api/projects/", "[1, 2]", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api.post("/api/projects/", {"title": "x" * 2000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_what_django_finds_suspicious_is_malformed() -> None:
    """A form with too many fields and the like is a bad request, not a fault of the server's."""
    response = exception_handler(SuspiciousOperation("too many fields"), {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (400, "malformed")


def test_a_body_that_is_nested_too_deeply_is_malformed(api: APIClient) -> None:
    """What no parser can follow is not a fault of the server's."""
    answer = api.post("/api/projects/", "[" * 1000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-www-form-urlencoded; charset=punycode", b"title=x"),
        (
            "multipart/form-data; boundary=b; charset=idna",
            b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--b--\r\n',
        ),
    ],
)
def test_a_form_in_a_charset_that_cannot_be_read_is_malformed(api: APIClient, kind: str, content: bytes) -> None:
    """Python knows charsets that no form can be in."""
    answer = api.generic("POST", "/api/projects/", content, content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_a_fault_of_the_server_is_told_in_the_same_shape(settings: Settings, tmp_path: Path) -> None:
    """500 with a code; the traceback goes into the log only."""
    settings.ROOT_URLCONF = "tests.server.broken_urls"
    answer = APIClient(raise_request_exception=False).get("/api/broken/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "ZeroDivisionError" not in answer.content.decode()


def test_a_foreign_host_is_refused(api: APIClient) -> None:
    """A name that isn't the server's own, as in DNS rebinding, gets nowhere."""
    answer = api.get("/api/projects/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("address", ["/", "/admin/login/"])
def test_a_form_that_is_no_utf_8_is_refused_even_beside_a_token(address: str) -> None:
    """Django looks for the token in the form, and once more before it says what is wrong: that must not fail, too."""
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32
    answer = visitor.post(address, b"a=b", content_type="application/x-www-form-urlencoded; charset=latin-1")
    assert answer.status_code == 400
