"""Rushes at the root of a site, and below a path of one."""

from typing import Any

import pytest

from server.mount import mounted


async def scope_inside(path: str, asked: str, kind: str = "http") -> dict[str, Any]:
    """The scope that the application is given when a proxy asks for a path."""
    seen: list[dict[str, Any]] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)

    await mounted(application, path)({"type": kind, "path": asked, "root_path": ""}, None, None)
    return seen[0]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("asked", ["/rushes/api/projects/", "/api/projects/"])
async def test_the_path_is_the_same_whether_a_proxy_cuts_it_or_not(asked: str, kind: str) -> None:
    """The application sees the whole path, and how much of it is not its own."""
    scope = await scope_inside("/rushes", asked, kind)
    assert (scope["root_path"], scope["path"]) == ("/rushes", "/rushes/api/projects/")


async def test_a_path_that_only_begins_alike_is_another() -> None:
    """`/rushes-old/` is no address below `/rushes`."""
    assert (await scope_inside("/rushes", "/rushes-old/"))["path"] == "/rushes/rushes-old/"


def test_at_the_root_nothing_stands_in_between() -> None:
    """Without a path the application is served as it is."""
    application = object()
    assert mounted(application, "") is application
