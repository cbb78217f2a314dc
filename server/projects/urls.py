"""The addresses of the API and of the files that belong to projects."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter
from rest_framework_nested.routers import NestedSimpleRouter

from server.projects import events, files, views

projects = SimpleRouter()
projects.register("projects", views.ProjectViewSet, basename="project")
segments = NestedSimpleRouter(projects, "projects", lookup="project")
segments.register("segments", views.SegmentViewSet, basename="project-segment")

# Swagger UI writes its styles into the page as it goes.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("api/", include(projects.urls)),
    path("api/", include(segments.urls)),
    re_path(f"^api/projects/(?P<id>{views.UUID_PATTERN})/events/$", events.Events.as_view(), name="project-events"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
    re_path("^api/", views.nowhere),
    re_path(files.PATTERN, files.media_file, name="media-file"),
]
