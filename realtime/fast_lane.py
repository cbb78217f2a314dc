"""Polling, answered on the event loop: the same view, without a thread, where nothing has to be waited for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponseBase

View = Callable[..., HttpResponseBase]

FINISHED = frozenset({200, 304})
"""Answers that need nothing more of Django: no rendering, no log line."""


class FastLane:
    """Answers GET and HEAD of one project's address by calling `view` right here; Django answers all the rest.

    `view` takes a request and the project's id as `pk`, and must not wait for anything as long as `is_at_hand` says
    that the project's state is. `pattern` matches its paths, with the id as its only group. `middleware` is what of
    Django's has a say in such an answer; requests with cookies, which more of it would look at, are left to Django.
    """

    def __init__(
        self,
        django: ASGIHandler,
        pattern: str,
        view: View,
        *,
        middleware: Iterable[Callable[[View], View]],
        is_at_hand: Callable[[str], bool],
    ) -> None:
        self._django = django
        self._match = re.compile(pattern).fullmatch
        self._is_at_hand = is_at_hand
        self._answer: View = lambda request: view(request, pk=self._project_of(request.path))
        for wrap in reversed(list(middleware)):
            self._answer = wrap(self._answer)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        response = self._respond(scope)
        if response is None:
            await self._django(scope, receive, send)
        else:
            await self._django.send_response(response, send)

    def _respond(self, scope: dict[str, Any]) -> HttpResponseBase | None:
        """The finished answer, or None if it takes Django."""
        if scope["method"] not in ("GET", "HEAD") or scope["root_path"]:
            return None
        project_id = self._project_of(scope["path"])
        if project_id is None or not self._is_at_hand(project_id):
            return None
        if any(name == b"cookie" for name, _ in scope["headers"]):
            return None
        try:
            response = self._answer(ASGIRequest(scope, BytesIO()))
        except Exception:  # noqa: BLE001 - Django meets the same, and answers and logs it in its own way
            return None
        return response if response.status_code in FINISHED else None

    def _project_of(self, path: str) -> str | None:
        found = self._match(path)
        return found and found[1]
