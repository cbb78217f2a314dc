"""The list of projects in a real Chromium, before a real server."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.browser import Relay, wait_for
from tests.acceptance.server import Server, completed, create, start, until
from tests.acceptance.test_page import at, button, long_project, make_project

pytestmark = pytest.mark.browser


def card_of(page: Page, project_id: str) -> Any:
    """Return a project's card."""
    return page.locator(f"[data-project='{project_id}']")


def test_the_list_follows_every_render(page: Page, server: Server, tmp_path: Path) -> None:
    """A project made elsewhere appears when its render starts, moves on its card, and goes when deleted."""
    page.goto(f"{at(server)}/")
    expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
    project = long_project(server, tmp_path)
    start(server.client, project["id"])
    card = page.locator(f"[data-project='{project['id']}']")
    expect(card.locator(".badge")).to_have_text("Rendering")
    wait_for(page, f"document.querySelector('[data-project=\"{project['id']}\"] progress').value > 0.02")
    expect(card.locator(".card-line")).to_contain_text("segment")
    server.client.post(f"/api/projects/{project['id']}/cancel/").raise_for_status()
    expect(card.locator(".badge")).to_have_text("Cancelled")
    expect(card.locator("progress")).to_be_hidden()
    server.client.delete(f"/api/projects/{project['id']}/").raise_for_status()
    expect(card).to_have_count(0)


def test_the_list_tells_what_ended_while_it_was_away(page: Page, relay: Relay, server: Server, tmp_path: Path) -> None:
    """The socket of the list begins with running renders only, so a reconnect reads the list again.

    An edit that it hears of while the server can't be asked is no error.
    """
    project = make_project(server, tmp_path, seconds=[0.5])
    page.goto(f"{relay.url}/")
    notice = page.locator(".connection")
    expect(notice).to_have_attribute("data-connection", "live")
    relay.cut()
    expect(notice).to_have_text("Reconnecting…")
    with page.expect_event("requestfailed"):
        page.evaluate("id => new BroadcastChannel('rushes-edits').postMessage({ project: id })", project["id"])
    start(server.client, project["id"])
    completed(server.client, project["id"])
    relay.mend()
    expect(page.locator(f"[data-project='{project['id']}'] .badge")).to_have_text("Completed")


def test_a_project_is_renamed_and_duplicated_from_its_card(page: Page, server: Server, tmp_path: Path) -> None:
    """The card follows, with the first picture where there is no poster; the copy stands in front of it."""
    project = make_project(server, tmp_path, seconds=[0.5], title="Old name")
    page.goto(f"{at(server)}/")
    card = card_of(page, project["id"])
    wait_for(page, f"document.querySelector('[data-project=\"{project['id']}\"] img').naturalWidth === 960")
    card.get_by_role("button", name="Rename").click()
    page.get_by_label("New title").fill("New name")
    page.keyboard.press("Enter")
    expect(card.get_by_role("link")).to_have_text("New name")
    card.get_by_role("button", name="Duplicate").click()
    expect(page.locator(".card").nth(0).get_by_role("link")).to_have_text("Copy of New name")
    expect(page.locator(".card").nth(0).get_by_role("link")).to_be_focused()


def test_a_deletion_can_be_undone_until_the_page_is_left(page: Page, server: Server, tmp_path: Path) -> None:
    """Undo brings the card back and nothing was deleted; whoever leaves the page means it."""
    project = make_project(server, tmp_path, seconds=[0.5])
    page.goto(f"{at(server)}/")
    card = card_of(page, project["id"])
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
    button(page, "Undo").click()
    expect(card.get_by_role("link")).to_be_focused()
    assert server.client.get(f"/api/projects/{project['id']}/").status_code == 200
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
    page.goto("about:blank")
    until(lambda: server.client.get(f"/api/projects/{project['id']}/").status_code == 404, "the deletion")


def test_projects_are_searched_and_sorted_by_the_server(page: Page, server: Server) -> None:
    """A word of the title finds them on every page of the list; the order is kept in the address."""
    for title in ("Zebra lake", "Apple lake", "Lakeside"):
        create(server.client, title=title)
    page.goto(f"{at(server)}/")
    page.get_by_label("Search").fill("lake")
    page.keyboard.press("Enter")
    titles = page.locator(".card-title")
    expect(titles).to_have_text(["Lakeside", "Apple lake", "Zebra lake"])
    expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
    page.get_by_label("Order").select_option("By title")
    expect(titles).to_have_text(["Apple lake", "Lakeside", "Zebra lake"])
    page.get_by_label("Search").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
