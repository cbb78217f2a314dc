"""Every address: the API, the media files, the pages."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
]
if find_spec("server.web.urls"):
    urlpatterns.append(path("", include("server.web.urls")))
