"""What the templates say in words of their own."""

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix

register = template.Library()


@register.filter
def length_of(seconds: float) -> str:
    """Return a length of film as a person writes it, like `lengthOf` in words.js: `4.5 s`, `2:05`."""
    if seconds < 60:
        return f"{round(seconds, 1):g}\N{NO-BREAK SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.simple_tag
def asset(path: str) -> str:
    """Return a static file's address below the path under which Rushes is mounted."""
    url, prefix = static(path), get_script_prefix()
    return url if url.startswith(prefix) or not url.startswith("/") else prefix + url.removeprefix("/")
