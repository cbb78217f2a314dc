"""Polling, answered on the event loop: the same view, without a thread, where nothing has to be waited for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.http import HttpResponse, HttpResponseBase

from realtime.snapshot import RenderSnapshot

View = Callable[..., HttpResponseBase]
Headers = tuple[tuple[bytes, bytes], ...]
Answer = tuple[int, Headers, bytes]

REMEMBERED = 256
"""How many answers are kept for the next one who asks just the same."""

ASKED = ("method", "scheme", "root_path", "path", "query_string")
"""What of a request's scope an answer depends on, beside its headers."""

FINISHED = frozenset({200, 304})
"""Answers that need nothing more of Django: no rendering, no log line."""


class FastLane:
    """Answers GET and HEAD of a project's address by calling `view` right here; Django answers all the rest.

    `view` takes a request and the project's id as `pk`, and must not wait for anything as long as `at_hand` knows the
    project's snapshot. `pattern` matches its paths below our root, with the id as its only group. `middleware` is what
    of Django's has a say in such an answer; requests with cookies, which more of it would look at, are left to Django.

    As a payload is encoded once a revision, so an answer is made once a revision for all who ask with the same
    headers. It can depend on nothing else: the view is shown neither the client's address nor its cookies.
    """

    def __init__(
        self,
        django: ASGIHandler,
        pattern: str,
        view: View,
        *,
        middleware: Iterable[Callable[[View], View]],
        at_hand: Callable[[str], RenderSnapshot | None],
    ) -> None:
        self._django = django
        self._match = re.compile(pattern).fullmatch
        self._at_hand = at_hand
        self._view: View = lambda request: view(request, pk=self._project_of(request.path_info))
        for wrap in reversed(list(middleware)):
            self._view = wrap(self._view)
        self._remembered = lru_cache(REMEMBERED)(self._make)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        answer = self._answer(scope)
        if answer is None:
            await self._django(scope, receive, send)
            return
        status, headers, body = answer
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _answer(self, scope: dict[str, Any]) -> Answer | None:
        """What to answer; None if it takes Django to know."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        project_id = self._project_of(scope["path"].removeprefix(get_script_prefix(scope)))  # as ASGIRequest has it
        snapshot = project_id and self._at_hand(project_id)
        if not snapshot:
            return None
        headers = tuple((name, value) for name, value in scope["headers"])
        if any(name == b"cookie" for name, _ in headers):
            return None
        return self._remembered(snapshot.revision, *(scope[name] for name in ASKED), headers)

    def _make(self, _revision: int, *asked: Any) -> Answer | None:
        scope = dict(zip((*ASKED, "headers"), asked, strict=True))
        try:
            response = self._view(ASGIRequest(scope, BytesIO()))
        except Exception:  # noqa: BLE001 - Django meets the same, and answers and logs it in its own way
            return None
        if not isinstance(response, HttpResponse) or response.status_code not in FINISHED:
            return None
        written = tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in response.items())
        return response.status_code, written, response.content

    def _project_of(self, path: str) -> str | None:
        found = self._match(path)
        return found and found[1]
