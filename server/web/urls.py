"""The addresses of the pages."""

from django.urls import path

from server.web import views

app_name = "web"

urlpatterns = [
    path("", views.projects, name="projects"),
    path("projects/<uuid:project_id>/", views.project, name="project"),
]
