"""The rows as Django's admin shows them; renders are started and watched on the pages and through the API."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from server.projects import renders
from server.projects.models import Project, Segment


class SegmentInline(admin.TabularInline):  # type: ignore[type-arg]
    """A project's segments in order; files come in through the API, which looks into them."""

    model = Segment
    fields = [
        "sequence_index",
        "image_file",
        "audio_file",
        "text_content",
        "duration",
        "motion",
        "fit",
        "transition",
        "transition_duration",
    ]
    readonly_fields = ["sequence_index", "image_file", "audio_file"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:  # noqa: ARG002
        """Leave new segments to the API, which numbers them."""
        return False


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Projects, newest first."""

    list_display = ["title", "status", "resolution_width", "resolution_height", "framerate", "created_at"]
    list_filter = ["status"]
    search_fields = ["title"]
    readonly_fields = ["id", "status", "output_path", "revision", "attempts", "created_at", "updated_at"]
    inlines = [SegmentInline]

    def delete_model(self, request: HttpRequest, obj: Project) -> None:  # noqa: ARG002
        """End the render and remove the files with the row."""
        renders.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:  # noqa: ARG002
        """Do the same for each one chosen from the list."""
        for project in queryset:
            renders.remove(project)
