"""What Rushes is measured against: live state as the tutorials of Django REST framework and Channels have it.

A `ModelViewSet` action that reads its row, and a consumer for each client that joins its project's group, with the
settings that `startproject` writes.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from uuid import UUID

import django
from django.conf import settings

FOLDER = Path(os.environ.get("DATA_DIR") or tempfile.mkdtemp(prefix="rushes-stock-"))

settings.configure(
    SECRET_KEY="only for the benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "rest_framework",
        "channels",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "stock.sqlite3"}},
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - Django has its settings from here on
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402
from rest_framework.decorators import action  # noqa: E402
from rest_framework.response import Response  # noqa: E402

from tests.benchmarks.raw import BODY, PROJECT  # noqa: E402


class Project(models.Model):
    """A project and its status body."""

    id = models.UUIDField(primary_key=True)
    body = models.JSONField()

    class Meta:
        """Not in INSTALLED_APPS."""

        app_label = "stock"

    def __str__(self):
        return str(self.id)


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """All of it."""

    class Meta:
        """Of a project."""

        model = Project
        fields = "__all__"


class ProjectViewSet(viewsets.ModelViewSet[Project]):
    """The API."""

    queryset = Project.objects.all()
    serializer_class = ProjectSerializer

    @action(detail=True, methods=["get"])
    def status(self, request, pk):  # noqa: ARG002
        """Answer with the status in the row."""
        return Response(self.get_object().body)


class StatusConsumer(AsyncWebsocketConsumer):
    """One client."""

    async def connect(self):
        """Join the project's group."""
        await self.channel_layer.group_add("project", self.channel_name)
        await self.accept()
        await self.send(text_data=json.dumps({"type": "status", "data": {}}))

    async def disconnect(self, code):  # noqa: ARG002
        """Leave it."""
        await self.channel_layer.group_discard("project", self.channel_name)

    async def status(self, event):
        """Pass a state on."""
        await self.send(text_data=json.dumps({"type": "status", "data": event["data"]}))


router = routers.SimpleRouter()
router.register("projects", ProjectViewSet)
urlpatterns = [path("api/", include(router.urls))]
http = get_asgi_application()


def make_the_row() -> None:
    """Make the table with its one row, unless it is there."""
    if "stock_project" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Project)
        Project.objects.create(id=UUID(PROJECT), body=json.loads(BODY))
    connection.close()


make_the_row()


async def direct(scope, receive, send):
    """Be Django, but at `/burst/N` send N states to the group."""
    if not scope["path"].startswith("/burst/"):
        await http(scope, receive, send)
        return
    layer, data = get_channel_layer(), json.loads(BODY)
    for number in range(int(scope["path"].split("/")[2])):
        await layer.group_send("project", {"type": "status", "data": {**data, "revision": number + 1}})
        await asyncio.sleep(0)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


application = ProtocolTypeRouter(
    {"http": direct, "websocket": URLRouter([path(f"ws/projects/{PROJECT}/", StatusConsumer.as_asgi())])}
)
