"""What the templates say in words of their own."""

import json
from functools import cache

from django import template
from django.conf import settings
from django.template import RequestContext
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from server.web.vendor import STATIC, libraries

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
    return _mounted(static(path))


@register.simple_tag(takes_context=True)
def import_map(context: RequestContext) -> SafeString:
    """Return the page's one import map: libraries by name, and each module by its address without the hash.

    A module names its neighbours relative to its own address. Without the second half they would be fetched under
    names that are cached for a minute, and a module that is also known by its hashed name would run twice.
    """
    names = {name: asset(file) for library in libraries() for name, file in library.modules.items()}
    plain = {_mounted(f"{settings.STATIC_URL}{module}"): asset(module) for module in modules()}
    hashed = {address: url for address, url in plain.items() if address != url}
    text = json.dumps({"imports": names | hashed}, separators=(",", ":"))
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        str(context["request"].csp_nonce),
        mark_safe(text),  # noqa: S308 - names of our own files
    )


@cache
def modules() -> tuple[str, ...]:
    """Return every ES module among the static files of the pages."""
    found = (file for kind in ("*.js", "*.mjs") for file in (STATIC / "web").rglob(kind))
    return tuple(sorted(file.relative_to(STATIC).as_posix() for file in found))


def _mounted(url: str) -> str:
    prefix = get_script_prefix()
    return url if url.startswith(prefix) or not url.startswith("/") else prefix + url.removeprefix("/")
