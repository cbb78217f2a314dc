"""rushes-client.js in a page of another origin."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from media.testing import make_picture
from tests.acceptance.browser import wait_for
from tests.acceptance.server import Server, add, create, running, start

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/progress.html"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: Any) -> None:
        """Keep the request to itself."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another site: its origin, and the folder that it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    site = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}", folder
    site.shutdown()
    site.server_close()


def example(server: Server, folder: Path, project_id: str) -> None:
    """Lay the example page into the folder, as whoever copies it would fill it in."""
    text = EXAMPLE.read_text().replace("http://127.0.0.1:8000", f"http://127.0.0.1:{server.port}")
    (folder / "index.html").write_text(text.replace("PROJECT", project_id))


def test_a_page_of_another_origin_watches_a_render(
    page: Page, elsewhere: tuple[str, Path], data: Path, tmp_path: Path
) -> None:
    """The example of the README shows the bar, the line, the end; and that its project was deleted."""
    origin, folder = elsewhere
    with running(data, CORS_ALLOWED_ORIGINS=origin) as server:
        project_id = create(server.client)
        add(server.client, project_id, image=make_picture(tmp_path / "0.jpg", width=320, height=180), duration=1)
        example(server, folder, project_id)
        page.goto(f"{origin}/")
        wait_for(page, "document.documentElement.dataset.connection === 'live'")
        progress = page.locator("render-progress")
        expect(progress.get_by_text("Not rendered yet")).to_be_visible()
        expect(progress.get_by_role("progressbar", name="Holiday")).to_be_visible()
        start(server.client, project_id)
        expect(progress.get_by_text("Segment 1 of 1 (100%)")).to_be_visible()
        expect(progress.get_by_role("status")).to_have_text("The video is ready.")
        expect(page.locator("#film")).to_contain_text("/output/final.mp4")
        server.client.delete(f"/api/projects/{project_id}/").raise_for_status()
        wait_for(page, "document.documentElement.dataset.connection === 'ended'")


def test_a_page_whose_origin_is_not_allowed_is_told_so(page: Page, elsewhere: tuple[str, Path], data: Path) -> None:
    """The socket closes with 4403, and nothing is asked for ever after."""
    origin, folder = elsewhere
    with running(data, ALLOWED_HOSTS="127.0.0.1") as server:
        example(server, folder, create(server.client))
        page.goto(f"{origin.replace('127.0.0.1', 'localhost')}/")
        wait_for(page, "document.documentElement.dataset.connection === 'ended'")
        expect(page.locator("render-progress").get_by_text("be watched.")).to_be_visible()
