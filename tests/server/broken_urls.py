"""Addresses of a server with a fault in it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from server.urls import handler500

__all__ = ["handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    """Divide by zero."""
    return HttpResponse(1 // 0)


urlpatterns = [path("api/broken/", broken)]
