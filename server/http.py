"""What answers HTTP: Django, and the fast lane for those who poll a render that goes on."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import resolve, reverse
from django.utils.module_loading import import_string

from realtime.fast_lane import FastLane
from server.projects.views import UUID_PATTERN

STATUS_PATTERN = f"/api/projects/({UUID_PATTERN})/status/"


def http_application(django: ASGIHandler, *, is_at_hand: Callable[[str], bool]) -> FastLane:
    """Return the application; `is_at_hand` says of a project whether its state is in this process's memory."""
    return FastLane(
        django,
        STATUS_PATTERN,
        resolve(reverse("project-status", args=[UUID(int=0)])).func,
        middleware=map(import_string, settings.STATUS_MIDDLEWARE),
        is_at_hand=is_at_hand,
    )
