"""What answers HTTP: Django in one thread hop a request, and the fast lane for those who poll a render that goes on."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import resolve, set_script_prefix
from django.utils.module_loading import import_string

from media.files import is_full
from realtime.fast_lane import FastLane
from realtime.snapshot import RenderSnapshot
from server.projects.exceptions import DiskFull
from server.projects.views import UUID_PATTERN

STATUS_PATTERN = f"/api/projects/({UUID_PATTERN})/status/"

THREADS = 32
"""Requests that are answered at a time; the others wait."""

T = TypeVar("T")


class Handler(ASGIHandler):
    """Django's own handler, without its many small steps between the event loop and threads.

    That one calls each middleware, the view and each signal in a thread by itself, seventeen hops for a request, in
    threads made for this request, each with a database connection of its own. Here all of it is one call in a pool's
    thread, which keeps its connection (`CONN_MAX_AGE`). So every view and middleware has to be synchronous; what a
    response streams is not.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        except OSError as error:
            if not is_full(error):
                raise
            await self.send_response(JsonResponse(DiskFull().body, status=DiskFull.status_code), send)
            return
        response = await self._in_thread(self._respond, scope, body)
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    def _respond(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        """All that Django does for a request, on one thread."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        with body:
            request, refusal = self.create_request(_measured(scope, body), body)
            response = self.get_response(request) if request is not None else cast(HttpResponse, refusal)
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Send what comes, until its end or until the client leaves."""
        sending = asyncio.ensure_future(self.send_response(response, send))
        leaving = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left = sending.cancel()
            leaving.cancel()
            await asyncio.wait({sending, leaving})
            await self._in_thread(response.close)
        if not left:
            sending.result()

    async def _in_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        run = copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._threads, run, call, *arguments)


def _measured(scope: dict[str, Any], body: IO[bytes]) -> dict[str, Any]:
    """Return the scope with the length of a body that came in chunks, which would be taken for an empty one."""
    if not any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        return scope
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    others = [header for header in scope["headers"] if header[0] not in (b"transfer-encoding", b"content-length")]
    return {**scope, "headers": [*others, (b"content-length", b"%d" % length)]}


def http_application(django: ASGIHandler, *, at_hand: Callable[[str], RenderSnapshot | None]) -> FastLane:
    """Return the application; `at_hand` returns a project's newest snapshot if this process has it in memory."""
    return FastLane(
        django,
        STATUS_PATTERN,
        resolve(f"/api/projects/{UUID(int=0)}/status/").func,
        middleware=map(import_string, settings.STATUS_MIDDLEWARE),
        at_hand=at_hand,
    )
