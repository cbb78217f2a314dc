"""A server that nobody has used yet, and its first visitor."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.browser import chromium
from tests.acceptance.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with chromium() as running:
        yield running


def test_the_sample_is_one_click_away(browser: Browser, server: Server) -> None:
    """The empty list offers it; the click makes it, opens it, and it can be exported as it is."""
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("button", name="Try the sample film").click()
    expect(page.get_by_role("button", name="Painting six pictures…")).to_be_disabled()
    page.wait_for_url(re.compile("/projects/[0-9a-f-]{36}/$"), timeout=60_000)
    expect(page.get_by_role("heading", name="A day, from first light to last")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(6)
    expect(page.get_by_role("button", name="Export Video")).to_be_enabled()
    page.goto(f"http://127.0.0.1:{server.port}/")
    expect(page.get_by_role("button", name="Try the sample film")).to_be_hidden()
    page.close()
