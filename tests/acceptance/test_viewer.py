"""The viewer on a project's page, and the segment that is chosen to be edited."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.browser import wait_for
from tests.acceptance.server import Server, add
from tests.acceptance.test_page import at, button, choose, make_project, open_project

pytestmark = pytest.mark.browser

PICTURE = "document.querySelector('.frame-picture')"


def test_the_arrows_lead_through_the_film(page: Page, server: Server, tmp_path: Path) -> None:
    """From the page and from the strip, which has one tab stop; what is chosen outlives changes and a reload."""
    project = make_project(server, tmp_path, seconds=[1.0] * 3)
    ids = [segment["id"] for segment in project["segments"]]
    open_project(page, at(server), project)
    current = page.locator(".tile-face[aria-current]")
    segment = page.locator(".segment")
    expect(segment).to_have_attribute("aria-label", "Segment 1 of 3")
    page.keyboard.press("ArrowRight")
    expect(segment).to_have_attribute("aria-label", "Segment 2 of 3")
    second = project["segments"][1]["image_file"]
    wait_for(page, f"{PICTURE}.src.endsWith({second!r}) && {PICTURE}.naturalWidth === 960")
    expect(page.locator(".frame-caption")).to_have_text("Caption 2")
    current.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(segment).to_have_attribute("aria-label", "Segment 3 of 3")
    expect(current).to_be_focused()
    assert page.locator(".tile-face[tabindex='0']").count() == 1
    expect(button(page, "Next segment")).to_be_disabled()
    button(page, "Previous segment").click()
    segment.get_by_label("Caption").fill("Typed")
    expect(page.locator(".frame-caption")).to_have_text("Typed")
    expect(segment.locator(".saved")).to_have_text("Saved")
    page.reload()
    expect(segment).to_have_attribute("aria-label", "Segment 2 of 3")
    with page.expect_response("**/reorder/"):
        button(page, "Move segment 2 back").click()
    expect(segment).to_have_attribute("aria-label", "Segment 1 of 3")
    assert segment.get_attribute("id") == f"segment-{ids[1]}"


def test_the_viewer_shows_a_segment_as_the_film_will(page: Page, server: Server, tmp_path: Path) -> None:
    """Its motion by moving the picture, unless that is unwelcome; the look of its caption; the lack of a picture."""
    project = make_project(server, tmp_path, seconds=[1.0], caption_position="top")
    add(server.client, project["id"], duration=1)
    page.goto(f"{at(server)}/projects/{project['id']}/")
    expect(page.locator(".frame-caption")).to_have_attribute("data-position", "top")
    first = choose(page, 1)
    first.get_by_label("Motion").select_option("zoom_in")
    wait_for(page, f"{PICTURE}.getAnimations().length === 1")
    page.emulate_media(reduced_motion="reduce")
    first.get_by_label("Motion").select_option("pan_left")
    assert page.evaluate(f"{PICTURE}.getAnimations().length") == 0
    choose(page, 2)
    expect(page.locator(".frame")).to_be_hidden()
    with page.expect_file_chooser() as chooser:
        button(page, "Choose a picture").click()
    chooser.value.set_files(tmp_path / "0.jpg")
    expect(page.locator(".frame")).to_be_visible()
    wait_for(page, f"{PICTURE}.naturalWidth > 0")


def test_the_viewer_goes_along_with_a_render(page: Page, server: Server, tmp_path: Path) -> None:
    """To its newest frame, then to the film; a segment chosen meanwhile stays in view and stays chosen."""
    project = make_project(server, tmp_path, seconds=[6.0, 6.0])
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    expect(page.locator(".stage")).to_be_visible()
    choose(page, 2)
    expect(page.locator(".stage")).to_be_hidden()
    expect(page.locator(".frame")).to_be_visible()
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()
    expect(page.locator("video").first).to_be_visible()
    expect(page.locator(".segment")).to_have_attribute("aria-label", "Segment 2 of 2")


def test_what_is_refused_is_shown_at_the_segments_tile(page: Page, server: Server, tmp_path: Path) -> None:
    """It is there while another segment is chosen, and goes when it was put right."""
    project = make_project(server, tmp_path, seconds=[1.0, 1.0])
    open_project(page, at(server), project)
    page.locator(".segment").get_by_label("Seconds").fill("-1")
    expect(page.locator(".segment [data-error=duration]")).to_be_visible()
    refused = page.locator(".tile[data-refused]")
    expect(refused).to_have_count(1)
    choose(page, 2)
    expect(refused).to_have_count(1)
    first = choose(page, 1)
    expect(first.locator("[data-error=duration]")).to_be_visible()
    first.get_by_label("Seconds").fill("2")
    expect(refused).to_have_count(0)
