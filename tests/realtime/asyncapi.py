"""`realtime/asyncapi.yaml` as a checker of real messages, stricter than for clients: it allows no key that it lacks."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

DOCUMENT = Path(__file__).parents[2] / "realtime" / "asyncapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The parsed document."""
    parsed: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text())
    return parsed


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = {"$ref": f"#/components/messages/{kind}/payload", "components": _closed(document()["components"])}
    return jsonschema.Draft202012Validator(schema)


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    return {**closed, "additionalProperties": False} if node.get("type") == "object" else closed


def check(text: str | bytes) -> str:
    """Hold one message that the server sent against the document; return its type."""
    message = json.loads(text)
    kind: str = message["type"]
    sent = [reference["$ref"] for reference in document()["operations"]["tell"]["messages"]]
    assert kind == "pong" or f"#/channels/project/messages/{kind}" in sent
    _validator(kind).validate(message)
    return kind
