"""What pages may load, and how their modules find each other."""

import json
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

IMPORT_MAP = re.compile(r'<script type="importmap" nonce="([^"]+)">(.*?)</script>')


def test_a_page_runs_its_own_files_and_one_script_of_this_very_answer(client: Client) -> None:
    """No inline script but the import map, whose nonce is another one each time; no inline style, no frame."""
    nonces = set()
    for _ in range(2):
        answer = client.get("/")
        policy = answer["Content-Security-Policy"]
        ((nonce, _),) = IMPORT_MAP.findall(answer.content.decode())
        assert f"script-src 'self' 'nonce-{nonce}'" in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        nonces.add(nonce)
    assert len(nonces) == 2


def test_the_map_comes_before_the_first_module(client: Client) -> None:
    """One that comes late would be ignored."""
    html = client.get("/").content.decode()
    ((_, text),) = IMPORT_MAP.findall(html)
    assert set(json.loads(text)) == {"imports"}
    assert html.index('type="importmap"') < html.index('type="module"')


def test_only_pages_carry_a_policy(client: Client) -> None:
    """The API's answers load nothing."""
    assert "Content-Security-Policy" not in client.get("/api/projects/")
    assert "Content-Security-Policy" in client.get("/admin/login/")


def test_the_page_of_the_api_may_style_itself_and_nothing_more(client: Client) -> None:
    """Swagger UI needs inline styles; it gets no inline script for that."""
    policy = client.get("/api/docs/")["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert re.search(r"script-src 'self'(;|$)", policy)
