"""Every page in each of its states, photographed before a real server: `make screenshots`.

`.github/page-light.png` and `page-dark.png` are the README's; all others go to `var/screenshots/` to be looked at.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.browser import chromium, wait_for
from tests.acceptance.server import ROOT, Server, add, completed, create, ended, running, start, status, until

SIZES = {1280: 900, 390: 844, 2560: 1440}
THEMES = ("light", "dark")
SHELF = ROOT / "var/screenshots"
FACE = ROOT / ".github"
SHOWN = "[...document.querySelectorAll('dialog[open] video')].every((video) => video.readyState > 2)"
COLOURS = 256
"""Of a picture in the README: a third of the bytes, and hardly anything that the eye would miss."""


class Studio:
    """A server with projects in every state, and a browser before it."""

    def __init__(self, server: Server, browser: Browser, only: str) -> None:
        self.server = server
        self.client = server.client
        self._browser = browser
        self._only = only

    def take(self, name: str, path: str, *clicks: str) -> None:
        """Photograph one page in all sizes and themes, after clicking what opens the part to be seen."""
        if self._only not in name:
            return
        for width, height in SIZES.items():
            for theme in THEMES:
                with self.page(path, width, height, theme) as page:
                    for selector in clicks:
                        page.locator(selector).first.click()
                    page.wait_for_load_state("networkidle")
                    wait_for(page, SHOWN)
                    photograph(page, SHELF / f"{name}-{width}-{theme}.png", whole=not clicks)

    def take_faces(self, path: str) -> None:
        """Photograph the README's picture of a page in both themes."""
        for theme in THEMES:
            with self.page(path, 1280, 960, theme) as page:
                photograph(page, FACE / f"page-{theme}.png", colours=COLOURS)

    @contextmanager
    def page(self, path: str, width: int, height: int, theme: Any) -> Iterator[Page]:
        """Open a page whose connection is up and whose pictures are there."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        page.wait_for_load_state("networkidle")
        yield page
        context.close()

    def copy(self, project: str, title: str) -> str:
        """Return another project like that one, under a title of its own."""
        twin: str = self.client.post(f"/api/projects/{project}/duplicate/").json()["id"]
        self.client.patch(f"/api/projects/{twin}/", json={"title": title}).raise_for_status()
        return twin

    def picture(self, project: str, index: int) -> Path:
        """Return where a segment's picture lies."""
        segments = self.client.get(f"/api/projects/{project}/").json()["segments"]
        return self.server.data / segments[index]["image_file"].removeprefix("/")

    @contextmanager
    def held_in_the_middle(self, project: str) -> Iterator[None]:
        """Render a project, and hold its encoders still past the middle for as long as it is photographed."""
        start(self.client, project)

        def is_past_the_middle() -> bool:
            body = status(self.client, project)
            assert body["status"] == "PROCESSING", body
            render = body["render"]
            return render["overall_progress"] > 0.45 and render["preview_url"] and render["eta_seconds"]

        until(is_past_the_middle, "the middle of the render", within=120)
        encoders = self.server.encoders()
        each(encoders, "suspend")
        try:
            yield
        finally:
            each(encoders, "resume")


def each(processes: list[psutil.Process], verb: str) -> None:
    """Do that to all of the processes that are still there."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            getattr(process, verb)()


def photograph(page: Page, target: Path, *, whole: bool = False, colours: int = 0) -> None:
    """Write what is to be seen, or the whole page."""
    picture = Image.open(BytesIO(page.screenshot(full_page=whole, animations="disabled"))).convert("RGB")
    if colours:
        # Dithered only against a palette that is there already; without it skies come out in bands.
        palette = picture.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=2)
        picture = picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    picture.save(target, optimize=True)


def take_all(studio: Studio) -> None:
    """Bring projects into every state, and photograph them there."""
    client = studio.client
    studio.take("projects-empty", "/")
    day: str = client.post("/api/projects/sample/", json={"framerate": 24}, timeout=300).json()["id"]
    empty = create(client, title="Winter in the mountains", resolution_width=1920, resolution_height=1080)
    draft = studio.copy(day, "Six places, one still without its picture")
    add(client, draft, text_content="What the lighthouse keeper saw that night")
    failed = studio.copy(day, "The long way home")
    done = studio.copy(day, "First light")
    client.patch(f"/api/projects/{done}/", json={"resolution_width": 640, "resolution_height": 360})
    long = create(client, title="Thirty evenings", resolution_width=1920, resolution_height=1080)
    for number in range(30):
        picture = studio.picture(day, number % 6)
        add(client, long, image=picture, duration=2 + number % 5, text_content=f"Evening {number + 1}")

    start(client, done)
    completed(client, done, within=120)
    studio.picture(failed, 3).unlink()
    start(client, failed)
    ended(client, failed, within=120)
    for name, project in {"empty": empty, "draft": draft, "done": done, "failed": failed, "thirty": long}.items():
        studio.take(f"project-{name}", f"/projects/{project}/")
    studio.take("dialog-create", "/", "[data-action=create]")
    studio.take("dialog-rename", "/", ".card [data-action=rename]")
    studio.take("dialog-look", f"/projects/{draft}/", "[data-action=look]")
    studio.take("dialog-delete", f"/projects/{draft}/", "[data-action=delete-project]")
    studio.take("dialog-film", f"/projects/{done}/", ".tile-play")
    with studio.held_in_the_middle(day):
        studio.take_faces(f"/projects/{day}/")
        studio.take("project-rendering", f"/projects/{day}/")
        studio.take("projects", "/")


def main() -> None:
    """Take all photographs, or those whose name has the given word in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="")
    only: str = parser.parse_args().only
    if not only:
        shutil.rmtree(SHELF, ignore_errors=True)
    SHELF.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as server, chromium() as browser:
        take_all(Studio(server, browser, only))


if __name__ == "__main__":
    main()
