"""What a project's page with two hundred segments costs its visitor while the film is rendered, in a real Chromium."""

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from media.testing import make_picture
from tests.acceptance.browser import chromium
from tests.acceptance.server import Server, add, create, frames_rendered, running, start, status
from tests.benchmarks import Figure, Figures

SEGMENTS = 200
UPDATES = 60
OPENINGS = 5
SETTLING_MS = 1000
"""A browser that has just opened a window is busy with that window; a visitor's was open before."""
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]

PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"

WATCH = """(() => {
  // As little as can be, because it counts as the page's own work.
  window.delays = [];
  const waiting = [];
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    window.delays.push(performance.now() - waiting.shift());
    if (window.delays.length === window.enough) window.onEnough();
  };
  const onFrame = () => painted.port2.postMessage(null);
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        waiting.push(performance.now());
        requestAnimationFrame(onFrame);
      });
    }
  };
})()"""


def measure() -> Figures:
    """Every figure of this module, by name."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as server, chromium() as browser:
        project_id = _project(server, Path(folder))
        url = f"http://127.0.0.1:{server.port}/projects/{project_id}/"
        start(server.client, project_id)
        frames_rendered(server, project_id, 20)
        before = status(server.client, project_id)["render"]["overall_progress"]
        paints: list[float] = [_opened(browser, url, before).evaluate(PAINT) for _ in range(OPENINGS - 1)]
        weights: list[int] = []
        page = _opened(browser, url, before, weights)
        paints = sorted([*paints, page.evaluate(PAINT)])
        busy, delays = _updates(browser, page)
        assert status(server.client, project_id)["status"] == "PROCESSING", "the render ended before it was measured"
    delays.sort()
    return {
        "page_script_and_style_kb": Figure(sum(weights) / 1000, at_most=120),
        "page_opened_to_right_bar_ms_p50": Figure(paints[len(paints) // 2]),
        "page_opened_to_right_bar_ms_worst": Figure(paints[-1], at_most=500),
        "page_message_to_pixels_ms_p50": Figure(delays[len(delays) // 2]),
        "page_message_to_pixels_ms_p95": Figure(delays[len(delays) * 95 // 100], at_most=50),
        "page_main_thread_ms_per_update": Figure(busy, at_most=4),
    }


def _project(server: Server, folder: Path) -> str:
    """Make a film that is rendered for longer than anything here takes."""
    picture = make_picture(folder / "picture.jpg", width=960, height=540)
    fields = {"resolution_width": 1280, "resolution_height": 720, "framerate": 30}
    project_id = create(server.client, **fields)
    for number in range(SEGMENTS):
        add(server.client, project_id, image=picture, duration=4, text_content=f"Caption {number}")
    return project_id


def _opened(browser: Browser, url: str, before: float, weights: list[int] | None = None) -> Page:
    """Open the page as a visitor who was never there, and return it with a bar that is no older than `before`."""
    for context in browser.contexts:
        context.close()
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.wait_for_timeout(SETTLING_MS)
    page.add_init_script(WATCH)
    if weights is not None:
        page.on("requestfinished", lambda request: _weigh(request, weights))
    page.goto(url)
    assert page.evaluate("document.querySelector('.render-bar').value") >= before
    return page


def _weigh(request: Any, weights: list[int]) -> None:
    if request.resource_type in ("script", "stylesheet"):
        weights.append(len(gzip.compress(request.response().body())))


def _updates(browser: Browser, page: Page) -> tuple[float, list[float]]:
    """The main thread's milliseconds an update, by its own clock, and each update's delay until it was painted."""
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))")
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.evaluate(
        f"new Promise((resolve) => Object.assign(window, {{ delays: [], enough: {UPDATES}, onEnough: resolve }}))"
    )
    events = json.loads(browser.stop_tracing())["traceEvents"]
    delays: list[float] = page.evaluate("window.delays")
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    by_thread = dict.fromkeys(mains, 0.0)
    for event in events:
        thread = event["pid"], event["tid"]
        if thread in by_thread and event["name"] == "RunTask" and event["ph"] == "X":
            by_thread[thread] += event.get("tdur", event["dur"]) / 1000
    return max(by_thread.values()) / len(delays), delays
