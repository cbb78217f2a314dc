"""What answers HTTP: Django, and the fast lane for those who poll a render that goes on."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import resolve, reverse
from django.utils.module_loading import import_string

from realtime.fast_lane import FastLane
from realtime.snapshot import RenderSnapshot
from server.projects.views import UUID_PATTERN

STATUS_PATTERN = f"/api/projects/({UUID_PATTERN})/status/"


def http_application(django: ASGIHandler, *, at_hand: Callable[[str], RenderSnapshot | None]) -> FastLane:
    """Return the application; `at_hand` returns a project's newest snapshot if this process has it in memory."""
    return FastLane(
        django,
        STATUS_PATTERN,
        resolve(reverse("project-status", args=[UUID(int=0)])).func,
        middleware=map(import_string, settings.STATUS_MIDDLEWARE),
        at_hand=at_hand,
    )
