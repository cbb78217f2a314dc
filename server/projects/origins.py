"""Keep other sites' pages from using the API through a visitor's browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

Answer = Callable[[HttpRequest], HttpResponseBase]


def is_foreign(request: HttpRequest) -> bool:
    """Return whether the request would change something and comes from a page of another site.

    A browser names the page's origin with each such request; what sends none is not a browser.
    """
    origin = request.headers.get("Origin")
    if origin is None or request.method in SAFE_METHODS:
        return False
    own = f"{request.scheme}://{request.get_host()}"
    return origin not in {own, *settings.ALLOWED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}


def refusal(request: HttpRequest) -> JsonResponse:
    """Answer a request from a foreign page."""
    return JsonResponse(
        {
            "code": "origin_not_allowed",
            "message": f"Pages of {request.headers['Origin']} may not change anything here. "
            "If you trust them, add that origin to ALLOWED_ORIGINS.",
        },
        status=403,
    )


def OriginMiddleware(get_response: Answer) -> Answer:  # noqa: N802 - a middleware, in Django's spelling
    """Refuse changes that a foreign page asks for; there is no sign-in that could tell them apart."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return refusal(request) if is_foreign(request) else get_response(request)

    return answer
