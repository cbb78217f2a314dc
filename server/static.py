"""Static files under ASGI."""

from contextlib import closing
from wsgiref.headers import Headers

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import Redirect, StaticFile  # type: ignore[import-untyped]

ICON_SECONDS = 600


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, reading each small file in the thread that it runs in anyway.

    Its own answer streams from a plain iterator, which Django warns about and reads into memory on the event loop.
    """

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        """Let a browser show the icons that it has while it asks whether there are newer ones.

        Under DEBUG it asks with each icon that a page adds; while the server is away, all of them would go.
        """
        super().add_cache_headers(headers, path, url)
        if self.autorefresh and path.endswith(".svg"):
            headers["Cache-Control"] = f"max-age=0, public, stale-while-revalidate={ICON_SECONDS}"

    @staticmethod
    def serve(static_file: StaticFile | Redirect, request: HttpRequest) -> HttpResponse:
        """Answer with one file, or with the part of it that was asked for."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with closing(found.file) as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
