"""The states of a project on any server: from its WebSocket while there is one, else by asking every three seconds."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException
from websockets.sync.client import connect

POLL_SECONDS = 3.0
FINAL = {4401: "The server asks for a sign-in.", 4403: "The server does not let this client watch."}
GONE = (4404, 4410)

Body = Mapping[str, Any]


class WatchError(Exception):
    """Nothing more will be heard of the project."""


class NoSuchProject(WatchError):
    """There is no such project on the server, or no longer."""


class Unreachable(WatchError):
    """Nobody answered at the server's address at all."""


def states(server: str, project_id: str, *, on_connection: Callable[[str], None]) -> Iterator[Body]:
    """Yield each newer status body, for ever; `on_connection` hears `live`, `polling` and `reconnecting`.

    Raises `WatchError`. A server that was reached once is waited for, however long it takes to come back.
    """
    revision = -1
    with httpx.Client(timeout=10, follow_redirects=True) as client:
        while True:
            for body in _told_or_asked(client, server.rstrip("/"), project_id, on_connection, is_first=revision < 0):
                if body["revision"] > revision:
                    revision = body["revision"]
                    yield body
            time.sleep(POLL_SECONDS)


def _told_or_asked(
    client: httpx.Client, server: str, project_id: str, on_connection: Callable[[str], None], *, is_first: bool
) -> Iterator[Body]:
    try:
        yield from _told(server, project_id, on_connection)
    except InvalidURI as error:
        raise Unreachable(f"{server} is no address of a server.") from error
    except (OSError, WebSocketException):
        try:
            body = _asked(client, server, project_id)
        except httpx.HTTPError as error:
            if is_first:
                raise Unreachable(f"{server} does not answer: {error}") from error
            on_connection("reconnecting")
        else:
            on_connection("polling")
            yield body


def _told(server: str, project_id: str, on_connection: Callable[[str], None]) -> Iterator[Body]:
    """Yield what the socket tells. Raises `OSError` or `WebSocketException` when it is lost or can't be opened."""
    scheme, rest = server.split("://", 1) if "://" in server else ("http", server)
    address = f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws/projects/{project_id}/"
    with connect(address) as socket:
        on_connection("live")
        try:
            while True:
                message = json.loads(socket.recv())
                if message["type"] == "status":
                    yield message["data"]
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else None
            if code in GONE:
                raise NoSuchProject(f"There is no project {project_id} at {server}.") from closed
            if code in FINAL:
                raise WatchError(FINAL[code]) from closed
            raise


def _asked(client: httpx.Client, server: str, project_id: str) -> Body:
    if urlsplit(server).scheme not in ("http", "https"):
        server = f"http://{server}"
    response = client.get(f"{server}/api/projects/{project_id}/status/")
    if response.status_code == httpx.codes.NOT_FOUND:
        raise NoSuchProject(f"There is no project {project_id} at {server}.")
    response.raise_for_status()
    body: Body = response.json()
    return body
