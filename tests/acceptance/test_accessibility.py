"""axe-core on every page, in both themes and in each state that it can be in."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from media.testing import make_tone
from tests.acceptance.server import Server, add, completed, create, ended, frames_rendered, start
from tests.acceptance.test_page import at, long_project, make_project

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


RULES = {"light": None, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
"""What axe looks for in each theme: all of it, and then what depends on colours."""


def violations(page: Page, url: str) -> list[tuple[str, str, list[Any]]]:
    """Each rule that the page breaks, with its theme and where."""
    found = []
    page.goto(url)
    expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
    page.evaluate(AXE)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)
        broken = page.evaluate("rules => axe.run(rules ?? {})", rules)["violations"]
        found += [(theme, rule["id"], [node["html"][:160] for node in rule["nodes"]][:3]) for rule in broken]
    return found


def test_no_rule_is_broken_in_any_state(browser: Browser, server: Server, tmp_path: Path) -> None:
    """Being rendered, empty, lacking something, finished and failed; the list of them, and one of none."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    running = long_project(server, tmp_path)
    start(server.client, running["id"])
    frames_rendered(server, running["id"])
    found = {"rendering": violations(page, f"{at(server)}/projects/{running['id']}/")}
    server.client.post(f"/api/projects/{running['id']}/cancel/")
    ended(server.client, running["id"])

    draft = make_project(server, tmp_path, seconds=[1.0, 2.0])
    add(server.client, draft["id"], audio=make_tone(tmp_path / "tone.wav", seconds=1))
    done = make_project(server, tmp_path, seconds=[0.5, 0.5])
    failed = make_project(server, tmp_path, seconds=[0.5, 0.5])
    (server.data / failed["segments"][1]["image_file"].removeprefix("/")).unlink()
    for project in (done, failed):
        start(server.client, project["id"])
        ended(server.client, project["id"])
    completed(server.client, done["id"])
    pages = {"empty": create(server.client), "draft": draft["id"], "done": done["id"], "failed": failed["id"]}
    found |= {state: violations(page, f"{at(server)}/projects/{project}/") for state, project in pages.items()}
    found["list"] = violations(page, f"{at(server)}/")
    found["nothing found"] = violations(page, f"{at(server)}/?search=nothing")
    context.close()
    assert {state: broken for state, broken in found.items() if broken} == {}
