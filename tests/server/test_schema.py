"""The OpenAPI document says what the API does."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The document, generated without a warning and valid."""
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    document: dict[str, Any] = yaml.safe_load(out.getvalue())
    return document


def conforms(schema: dict[str, Any], component: str, document: Any) -> None:
    """Raise if `document` isn't what the component describes; OpenAPI 3.0's `nullable` is read as a type."""

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: plain(value) for key, value in node.items() if key not in ("readOnly", "format")}
        return {"anyOf": [node, {"type": "null"}]} if node.pop("nullable", False) else node

    whole = {"$ref": f"#/components/schemas/{component}", "components": plain(schema["components"])}
    jsonschema.Draft202012Validator(whole).validate(document)


def test_each_call_of_the_contract_is_there(schema: dict[str, Any]) -> None:
    """Section 2 of the contract, address by address and verb by verb."""
    calls = {re.sub(r"\{[a-z_]+\}", "{}", path): set(verbs) - {"parameters"} for path, verbs in schema["paths"].items()}
    assert calls == {
        "/api/projects/": {"get", "post"},
        "/api/projects/sample/": {"post"},
        "/api/projects/{}/": {"get", "patch", "delete"},
        "/api/projects/{}/segments/": {"get", "post"},
        "/api/projects/{}/segments/{}/": {"get", "patch", "delete"},
        "/api/projects/{}/segments/{}/film/": {"get"},
        "/api/projects/{}/segments/reorder/": {"post"},
        "/api/projects/{}/render/": {"post"},
        "/api/projects/{}/cancel/": {"post"},
        "/api/projects/{}/duplicate/": {"post"},
        "/api/projects/{}/status/": {"get"},
        "/api/projects/{}/events/": {"get"},
    }


def test_answers_and_errors_are_described(schema: dict[str, Any]) -> None:
    """Each code that a call can answer with has its place; uploads are binary fields of a form."""
    paths = schema["paths"]
    render = paths["/api/projects/{id}/render/"]["post"]
    assert set(render["responses"]) == {"200", "202", "400", "403", "404", "409", "415", "429", "503", "507"}
    assert {parameter["name"] for parameter in render["parameters"]} >= {"quality", "dry_run"}
    for path, verb in (
        ("/api/projects/{id}/", "delete"),
        ("/api/projects/{id}/cancel/", "post"),
        ("/api/projects/{project_pk}/segments/{id}/", "delete"),
        ("/api/projects/{project_pk}/segments/reorder/", "post"),
    ):
        assert "507" in paths[path][verb]["responses"], "a row, too, may find no room"
    assert set(paths["/api/projects/"]["get"]["responses"]) == {"200", "400"}
    assert set(paths["/api/projects/{id}/status/"]["get"]["responses"]) == {"200", "304", "404", "412"}
    for path, verb, responses, field in (
        (
            "/api/projects/{project_pk}/segments/",
            "post",
            {"201", "400", "404", "413", "415", "503", "507"},
            "image_file",
        ),
        ("/api/projects/{id}/", "patch", {"200", "400", "404", "413", "415", "503", "507"}, "music_file"),
    ):
        upload = paths[path][verb]
        assert set(upload["responses"]) == responses
        form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert schema["components"]["schemas"][form]["properties"][field]["format"] == "binary"


def test_real_answers_are_as_described(
    api: APIClient, schema: dict[str, Any], make_project: Callable[..., dict[str, Any]]
) -> None:
    """A project, a segment, a status, an estimate and an error, held against their components."""
    project = make_project(segments=1)
    conforms(schema, "ProjectDetail", project)
    conforms(schema, "Segment", project["segments"][0])
    conforms(schema, "StatusBody", api.get(f"/api/projects/{project['id']}/status/").json())
    conforms(schema, "RenderEstimate", api.post(f"/api/projects/{project['id']}/render/?dry_run=1").json())
    conforms(schema, "PaginatedProjectList", api.get("/api/projects/").json())
    conforms(schema, "FieldProblems", api.post("/api/projects/", {"framerate": 0}).json())
    conforms(schema, "Problem", api.get("/api/nowhere/").json())


def test_the_docs_page_asks_nobody_else(client: Client) -> None:
    """Script, style and schema come from this server."""
    page = client.get("/api/docs/").content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith(("/static/", "/api/docs/")) for address in addresses)
    for address in addresses:
        assert client.get(address).status_code == 200, address
