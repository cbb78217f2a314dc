"""Rushes below a path of a site that has other things, too."""

from typing import Any


def mounted(application: Any, path: str) -> Any:
    """Return the ASGI application as it is seen below `path`, like `/rushes`.

    A proxy may hand on the path as it came or cut `path` off; from here on it is always there, and `root_path` says
    how much of it is not ours, as ASGI has it.
    """
    if not path:
        return application

    async def below(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if "path" in scope:
            cut = scope["path"].removeprefix(path) if scope["path"].startswith(f"{path}/") else scope["path"]
            scope = {**scope, "root_path": path, "path": path + cut}
        await application(scope, receive, send)

    return below
