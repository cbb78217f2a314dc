"""The application that holds projects and their renders."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects, their segments, and what is rendered from them."""

    name = "server.projects"
    verbose_name = "Rushes"

    def ready(self) -> None:
        """Register the system checks."""
        from server.projects import checks  # noqa: F401
