"""Which WebSocket addresses there are, and which pages may open them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.urls import path, re_path

from realtime.consumers import ProgressConsumer, refuse
from realtime.daphne import teach_daphne
from realtime.followers import CloseCode
from realtime.hub import ProgressHub
from realtime.payload import Active, Lookup


def websocket_application(
    hub: ProgressHub, *, lookup: Lookup, active: Active, origins: Sequence[str]
) -> ASGI3Application:
    """The ASGI application for WebSockets.

    `origins` are patterns as Channels' OriginValidator knows them: `example.com`, `.example.com`,
    `https://example.com:8443` or `*`.
    """
    teach_daphne(hub)
    progress = ProgressConsumer.as_asgi(hub=hub, lookup=lookup, active=active)
    nowhere: Any = refuse(CloseCode.NO_SUCH_PROJECT)
    return OriginCheck(
        URLRouter(
            [
                path("ws/projects/", progress),
                path("ws/projects/<uuid:project_id>/", progress),
                re_path("", nowhere),
            ]
        ),
        origins,
    )


class OriginCheck(OriginValidator):  # type: ignore[misc]
    """Lets in programs, which send no Origin, and pages from an allowed one; closes others with 4403.

    An Origin that equals the Host header is not enough: a page whose name was pointed at this machine after it
    was loaded sends that, too (DNS rebinding).
    """

    async def __call__(self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Pass on an allowed connection, refuse another."""
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        allowed = all(self._allows(origin) for origin in origins)
        application = self.application if allowed else refuse(CloseCode.ORIGIN_NOT_ALLOWED)
        await application(scope, receive, send)

    def _allows(self, origin: bytes) -> bool:
        try:
            return bool(self.validate_origin(urlsplit(origin.decode("latin1").lower())))
        except ValueError:  # no URL at all, or a port that is no number
            return False
