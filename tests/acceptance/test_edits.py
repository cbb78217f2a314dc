"""Edits on a project's page: undone, made on another page, and made after the render."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.browser import another_window
from tests.acceptance.server import Server, status, until
from tests.acceptance.test_page import at, button, choose, make_project, open_project

pytestmark = pytest.mark.browser


def stored(server: Server, project: dict[str, Any]) -> list[str]:
    """The ids of the project's segments, in the server's order."""
    segments = server.client.get(f"/api/projects/{project['id']}/").json()["segments"]
    return [segment["id"] for segment in segments]


def shown(page: Page) -> list[str]:
    """The ids of the segments on the page, in their order."""
    ids: list[str] = page.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.dataset.segment)")
    return ids


def test_a_deleted_segment_comes_back_until_the_film_is_rendered_or_the_page_is_left(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """To its place among those that were moved meanwhile; a render is of what the page shows."""
    project = make_project(server, tmp_path, seconds=[0.3] * 4)
    first, second, third, fourth = stored(server, project)
    open_project(page, at(server), project)
    choose(page, 2)
    button(page, "Delete segment 2").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Segment 2 was deleted.")
    expect(page.locator(f"#segment-{third}")).to_be_focused()
    expect(page.locator("#segment-count")).to_have_text("3 segments")
    expect(page.locator("#length")).to_have_text("0.9 s")
    expect(page.locator(".estimate")).to_be_empty()
    with page.expect_response("**/reorder/"):
        button(page, "Move segment 2 forward").press("Enter")
    page.keyboard.press("Control+z")
    expect(page.locator(f"#segment-{second}")).to_be_focused()
    expect(page.locator("#toasts")).to_be_empty()
    expect(page.locator(".estimate")).to_contain_text("4 segments will be rendered")
    until(lambda: stored(server, project) == shown(page), "the order that is shown")
    assert shown(page) == [first, fourth, second, third]

    orders: list[str] = []
    page.on("requestfinished", lambda request: orders.append(request.url) if "reorder" in request.url else None)
    choose(page, 2)
    button(page, "Delete segment 2").click()
    button(page, "Delete segment 2").click()
    for _ in range(2):
        button(page, "Undo").first.click()
    assert shown(page) == [first, fourth, second, third]
    page.locator(".tile-face[aria-current]").evaluate(
        """tile => ["ArrowUp", "ArrowDown"].forEach(
          key => tile.dispatchEvent(new KeyboardEvent("keydown", { key, altKey: true, bubbles: true })),
        )"""
    )
    until(lambda: page.evaluate("true") and len(orders) == 4, "an order for each undo and each move to be stored")
    assert stored(server, project) == shown(page) == [first, fourth, second, third]
    choose(page, 3)
    button(page, "Delete segment 3").click()
    page.locator(".segment").get_by_label("Caption").fill("Typed at last")
    button(page, "Export Video").click()
    expect(button(page, "Re-Render")).to_be_enabled()
    assert stored(server, project) == shown(page) == [first, fourth, third]
    assert status(server.client, project["id"])["progress"]["total_segments"] == 3
    captions = (server.data / f"media/projects/{project['id']}/output/captions.srt").read_text()
    assert "Typed at last" in captions

    button(page, "Delete segment 3").click()
    expect(page.locator(".tile")).to_have_count(2)
    page.goto("about:blank")
    until(lambda: third not in stored(server, project), "the deletion")


def test_the_way_back_stays_while_somebody_is_at_it(page: Page, server: Server, tmp_path: Path) -> None:
    """With the focus, which went to what brings the next segment, or with the pointer; nothing is deleted meanwhile."""
    project = make_project(server, tmp_path, seconds=[1.0])
    page.clock.install()
    open_project(page, at(server), project)
    button(page, "Delete segment 1").press("Enter")
    expect(page.locator("#pictures")).to_be_focused()
    button(page, "Undo").focus()
    page.clock.run_for(20_000)
    expect(button(page, "Undo")).to_be_focused()
    page.locator("#pictures").focus()
    button(page, "Undo").hover()
    page.clock.run_for(20_000)
    assert stored(server, project) == [project["segments"][0]["id"]]
    page.mouse.move(0, 0)
    page.clock.run_for(10_000)
    expect(page.locator("#toasts")).to_be_empty()
    until(lambda: page.evaluate("1") and not stored(server, project), "the deletion")


def test_two_pages_agree_on_the_segments(page: Page, server: Server, tmp_path: Path) -> None:
    """What one page adds, deletes, moves, writes or names, the other shows; but for what is being typed there."""
    project = make_project(server, tmp_path, seconds=[1.0] * 4, title="Before")
    first, second, _, fourth = stored(server, project)
    other = another_window(page)
    for window in (page, other):
        open_project(window, at(server), project)
    typed = other.locator(f"#segment-{first}").get_by_label("Caption")
    typed.focus()
    other.keyboard.press("End")
    other.keyboard.type(" and mine")

    page.locator(f"#segment-{first}").get_by_label("Motion").select_option("zoom_out")
    expect(other.locator(f"#segment-{first}").get_by_label("Motion")).to_have_value("zoom_out")
    choose(page, 2).get_by_label("Caption").fill("From afar")
    choose(page, 4)
    button(page, "Move segment 4 back").click()
    expect(other.locator(".tile").nth(2)).to_have_attribute("data-segment", fourth)
    button(page, "Add empty segment").click()
    expect(other.locator(".tile")).to_have_count(5)
    choose(page, 4)
    button(page, "Delete segment 4").click()
    button(page, "Delete segment 4").click()
    page.get_by_role("link", name="Projects").click()
    expect(other.locator(".tile")).to_have_count(3)
    assert shown(other) == stored(server, project) == [first, second, fourth]
    expect(typed).to_be_focused()
    other.keyboard.type(" alone")
    expect(typed).to_have_value("Caption 1 and mine alone")

    card = page.locator(f"[data-project='{project['id']}']")
    card.get_by_role("button", name="Rename").click()
    page.get_by_label("New title").fill("After")
    page.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="After")).to_be_visible()
    assert other.title() == "After · Rushes"
    expect(choose(other, 2).get_by_label("Caption")).to_have_value("From afar")
    button(other, "Add empty segment").click()
    expect(card.locator(".card-facts")).to_contain_text("4 segments")

    path = f"/api/projects/{project['id']}/segments/{first}/"
    assert server.client.get(path).json()["text_content"] == "Caption 1 and mine alone"
    server.client.patch(path, json={"text_content": "Of another browser"}).raise_for_status()
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(choose(other, 1).get_by_label("Caption")).to_have_value("Of another browser")


def test_a_segment_that_was_edited_after_the_render_says_so(page: Page, server: Server, tmp_path: Path) -> None:
    """Also on a fresh page, and whatever quality is asked for next; edited back, it is as it was rendered."""
    project = make_project(server, tmp_path, seconds=[0.3] * 3, framerate=12)
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    words = page.locator(".tile-word")
    expect(words).to_have_text(["Rendered"] * 3)
    expect(page.locator(".estimate")).to_contain_text("Nothing has to be rendered again")
    caption = choose(page, 2).get_by_label("Caption")
    caption.fill("Another one")
    expect(words).to_have_text(["Rendered", "Changed", "Rendered"])
    expect(page.locator(".tile").nth(1).locator(".tile-play")).to_be_hidden()
    answer = page.reload()
    assert answer is not None
    assert answer.text().count('class="tile" data-state="changed"') == 1
    expect(words).to_have_text(["Rendered", "Changed", "Rendered"])
    page.get_by_label("Quality").select_option("draft")
    expect(page.locator(".estimate")).to_contain_text("3 segments will be rendered")
    expect(words).to_have_text(["Rendered", "Changed", "Rendered"])
    caption.fill("Caption 2")
    expect(words).to_have_text(["Rendered"] * 3)
    choose(page, 3).get_by_label("Caption").fill("The last")
    expect(words).to_have_text(["Rendered", "Rendered", "Changed"])
    page.get_by_label("Quality").select_option("standard")
    button(page, "Re-Render").click()
    expect(words).to_have_text(["Unchanged", "Unchanged", "Rendered"])
