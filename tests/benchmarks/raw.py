"""The limits: a server's own cost of an answer, with nothing behind it, and Starlette's, of a status body's bytes."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from realtime.payload import encode
from realtime.snapshot import RenderSnapshot, RenderState

PROJECT = "11111111-1111-4111-8111-111111111111"
SNAPSHOT = RenderSnapshot.queued(PROJECT, total_segments=6, total_frames=800).evolve(state=RenderState.RUNNING)
BODY = encode(SNAPSHOT).body
HEADERS = {
    "ETag": '"1"',
    "Cache-Control": "no-cache",
    "Content-Type": "application/json",
    "Allow": "GET, HEAD, OPTIONS",
    "X-Frame-Options": "DENY",
    "Content-Length": str(len(BODY)),
    "Vary": "origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What Rushes answers with."""
RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


async def echo(scope, receive, send):
    """Answer every request with the same bytes."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": RAW_HEADERS})
    await send({"type": "http.response.body", "body": BODY})


async def status(request: Request) -> Response:
    """Answer as a Starlette application does."""
    assert request.path_params["pk"]
    return Response(BODY, headers=HEADERS)


starlette = Starlette(routes=[Route("/api/projects/{pk}/status/", status)])
