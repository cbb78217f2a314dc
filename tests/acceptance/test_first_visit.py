"""A server that nobody has used yet, and its first visitor."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.server import Server

pytestmark = pytest.mark.browser


def test_the_sample_is_one_click_away(page: Page, server: Server) -> None:
    """The empty list offers it; the click makes it, opens it, and it can be exported as it is."""
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("button", name="Try the sample film").click()
    expect(page.get_by_role("button", name="Painting six pictures…")).to_be_disabled()
    page.wait_for_url(re.compile("/projects/[0-9a-f-]{36}/$"), timeout=60_000)
    expect(page.get_by_role("heading", name="A day, from first light to last")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(6)
    expect(page.get_by_role("button", name="Export Video")).to_be_enabled()
    page.goto(f"http://127.0.0.1:{server.port}/")
    expect(page.get_by_role("button", name="Try the sample film")).to_be_hidden()
