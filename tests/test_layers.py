"""Imports point one way: asgi → server → (realtime, media)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN = {
    "media": {"asgi", "server", "realtime", "django", "channels", "rest_framework", "daphne", "corsheaders"},
    "realtime": {"asgi", "server", "media", "django.db", "rest_framework", "av", "cv2", "numpy", "PIL", "daphne"},
    "server": {"asgi", "tests", "av", "cv2", "numpy", "PIL"},
}
# The command that serves is where the composition root is imported on purpose.
ALLOWED = {("server/projects/management/commands/serve.py", "asgi")}


def imports(module: Path) -> Iterator[str]:
    """Every module that a file names in an import, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_arrows(package: str) -> Iterator[str]:
    """Each import of a package's that points the wrong way."""
    for module in sorted((ROOT / package).rglob("*.py")):
        name = module.relative_to(ROOT).as_posix()
        for imported in imports(module):
            for forbidden in FORBIDDEN[package]:
                if f"{imported}.".startswith(f"{forbidden}.") and (name, forbidden) not in ALLOWED:
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
