"""Imports point one way: asgi → server → (realtime, media)."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN = {
    "media": {
        *("asgi", "server", "realtime", "tests"),
        *("django", "rest_framework", "drf_spectacular", "corsheaders", "whitenoise"),
        *("channels", "daphne", "redis"),
    },
    "realtime": {"asgi", "server", "media", "tests", "django", "rest_framework", "av", "cv2", "numpy", "PIL", "daphne"},
    "server": {"asgi", "tests", "av", "cv2", "numpy", "PIL"},
}
# The command that serves is where the composition root is imported on purpose.
ALLOWED = {("server/projects/management/commands/serve.py", "asgi")}

# Of Django, live state uses what speaks HTTP, and nothing that knows settings, models or templates.
ALLOWED_MODULES = {"realtime": {"django.core.handlers.asgi", "django.http", "django.urls"}}


def imports(module: Path) -> Iterator[str]:
    """Every module that a file names in an import, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(imported: str, modules: Iterable[str]) -> bool:
    """Whether an imported name is one of these modules, or inside of one."""
    return any(f"{imported}.".startswith(f"{module}.") for module in modules)


def wrong_arrows(package: str, root: Path = ROOT) -> Iterator[str]:
    """Each import of a package's that points the wrong way."""
    for module in sorted((root / package).rglob("*.py")):
        name = module.relative_to(root).as_posix()
        forbidden = {one for one in FORBIDDEN[package] if (name, one) not in ALLOWED}
        for imported in imports(module):
            if is_in(imported, forbidden) and not is_in(imported, ALLOWED_MODULES.get(package, ())):
                yield f"{name} imports {imported}"


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_imports_point_one_way(package: str) -> None:
    """No package imports one that stands above or beside it."""
    assert list(wrong_arrows(package)) == []


def test_a_wrong_arrow_is_seen(tmp_path: Path) -> None:
    """An import inside of a function counts like any other."""
    module = tmp_path / "module.py"
    module.write_text("def late():\n    from django.db import models\n    import av.video\n")
    assert list(imports(module)) == ["django.db.models", "av.video"]


def test_of_django_only_what_is_allowed(tmp_path: Path) -> None:
    """Live state may import Django's requests and routes, but not its settings or models."""
    module = tmp_path / "realtime" / "module.py"
    module.parent.mkdir()
    module.write_text("from django.urls import path\nfrom django.conf import settings\nimport django\n")
    assert list(wrong_arrows("realtime", tmp_path)) == [
        "realtime/module.py imports django.conf.settings",
        "realtime/module.py imports django",
    ]
