"""Every address: the API, the media files, the admin's tables, the pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("server.projects.urls")),
    path("", include("server.web.urls")),
]

handler400 = "server.projects.errors.bad_request"
handler500 = "server.projects.errors.server_error"
