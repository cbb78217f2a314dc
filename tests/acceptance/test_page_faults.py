"""What is always true of a project's page: with the server killed, the network away, and more than one window."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.acceptance.browser import ARGUMENTS, Relay, another_window, wait_for
from tests.acceptance.server import Server, completed, running, start, until
from tests.acceptance.test_page import BAR, FACE, at, button, choose, long_project, make_project, open_project
from tests.acceptance.test_page import wait_for_the_middle as middle_of

pytestmark = pytest.mark.browser

IDLE_SECONDS = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that renders on one core, as most films here are only rendered to be watched and cancelled."""
    with running(tmp_path_factory.mktemp("server") / "data", RENDER_WORKERS="1") as server:
        yield server


def test_a_killed_server_is_waited_for_and_its_render_goes_on(page: Page, data: Path, tmp_path: Path) -> None:
    """Reconnecting… is shown; once there is a server again, the same page goes on where the bar was."""
    with running(data, RENDER_WORKERS="1") as first, closing(Relay(first.port)) as relay:
        open_project(page, relay.url, long_project(first, tmp_path))
        page.evaluate("window.isSamePage = true")
        button(page, "Export Video").click()
        before = middle_of(page)
        first.kill()
        expect(page.locator(".connection")).to_have_text("Reconnecting…")
        assert page.evaluate(BAR) >= before
        with running(data, RENDER_WORKERS="1") as second:
            relay.lead_to(second.port)
            expect(page.locator(".connection")).to_be_hidden()
            wait_for(page, f"{FACE} === 'rendering' && {BAR} > {before}")
            assert page.evaluate("window.isSamePage")
            button(page, "Cancel").click()
            expect(button(page, "Retry Render")).to_be_enabled()


def test_a_browser_that_was_offline_catches_up(page: Page, server: Server, tmp_path: Path) -> None:
    """Offline is said, what is shown stays, and afterwards the page tells what it missed, without a reload."""
    project = make_project(server, tmp_path, seconds=[0.5])
    open_project(page, at(server), project)
    notice = page.locator(".connection")
    expect(notice).to_have_attribute("data-connection", "live")
    page.context.set_offline(True)
    expect(notice).to_have_text("Reconnecting…")
    start(server.client, project["id"])
    completed(server.client, project["id"])
    expect(button(page, "Export Video")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()
    expect(notice).to_be_hidden()


def test_what_was_typed_while_the_server_was_away_is_sent_again(page: Page, server: Server, tmp_path: Path) -> None:
    """No render starts without it, and the field says why; it arrives with the connection or with the next render.

    The page keeps its icons meanwhile.
    """
    project = make_project(server, tmp_path, seconds=[0.3] * 2)
    captions = server.data / f"media/projects/{project['id']}/output/captions.srt"
    with closing(Relay(server.port)) as relay:
        open_project(page, relay.url, project)
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        relay.cut()
        caption = page.locator(".segment").get_by_label("Caption")
        caption.fill("Typed alone")
        error = page.locator(".segment [data-error=text_content]")
        expect(error).to_contain_text("be reached")
        choose(page, 2)
        button(page, "Export Video").click()
        expect(caption).to_be_focused()
        expect(caption).to_have_value("Typed alone")
        expect(error).to_be_visible()
        assert page.evaluate(FACE) == "export"
        assert page.evaluate("document.querySelector('.segment use').getBBox().width") > 0
        relay.mend()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".saved")).to_have_text("Saved")
        expect(error).to_be_hidden()
        expect(page.locator(".tile[data-refused]")).to_have_count(0)

        page.route("**/segments/**", lambda route: route.fulfill(status=502), times=1)
        caption.fill("Typed at a bad moment")
        expect(error).to_contain_text("502")
        button(page, "Export Video").click()
        expect(page.get_by_role("link", name="Download Video")).to_be_visible()
        assert "Typed at a bad moment" in captions.read_text()


def test_two_windows_agree(page: Page, server: Server, tmp_path: Path) -> None:
    """What is done in one is seen in the other: the start, the middle, the end and the segments' states."""
    project = long_project(server, tmp_path)
    other = another_window(page)
    for window in (page, other):
        open_project(window, at(server), project)
    button(page, "Export Video").click()
    middle_of(other)
    expect(button(other, "Rendering…")).to_be_disabled()
    button(other, "Cancel").click()
    shown = []
    for window in (page, other):
        expect(button(window, "Retry Render")).to_be_enabled()
        expect(window.locator(".failure-title")).to_have_text("Render cancelled")
        states = window.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.dataset.state)")
        shown.append((window.locator(".segment-line").inner_text(), window.evaluate(BAR), states))
    assert shown[0] == shown[1]


def test_a_page_that_shows_a_render_asks_for_its_newest_frames_only(page: Page, server: Server, tmp_path: Path) -> None:
    """At most one a second; the socket only names them, and brings all else."""
    project = long_project(server, tmp_path)
    open_project(page, at(server), project)
    expect(page.locator(".estimate")).to_contain_text("6 segments will be rendered")
    with page.expect_response("**/render/"), page.expect_response(f"**/api/projects/{project['id']}/"):
        button(page, "Export Video").click()
    middle_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(IDLE_SECONDS * 1000)
    assert page.evaluate(FACE) == "rendering"
    sent = [url for url in asked if not url.startswith("data:")]  # those are the tab's own icon
    assert [url for url in sent if "/preview.jpg?" not in url] == []
    assert len(sent) <= IDLE_SECONDS + 1
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()


def test_a_minute_at_rest_costs_pings_and_a_socket_that_fell_silent_is_replaced(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """Whoever wakes from sleep may hold a socket that is open on this side only; the page notices within 30 seconds."""
    sockets: list[WebSocket] = []
    pongs: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.clock.install()
    with closing(Relay(server.port)) as relay:
        project = make_project(server, tmp_path, seconds=[0.5])
        open_project(page, relay.url, project)
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        sockets[0].on("framereceived", lambda frame: pongs.append(str(frame)) if "pong" in str(frame) else None)
        page.clock.run_for(1_000)
        page.wait_for_load_state("networkidle")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for beat in range(1, 4):
            page.clock.run_for(25_000)
            until(lambda beat=beat: page.evaluate("1") and len(pongs) == beat, "an answer to the ping")
        assert asked == []
        assert len(sockets) == 1

        relay.stall()
        silent_since = page.evaluate("Date.now()")
        start(server.client, project["id"])
        completed(server.client, project["id"])
        expect(button(page, "Export Video")).to_be_visible()
        until(lambda: page.clock.run_for(1_000) or len(sockets) == 2, "another socket")
        assert page.evaluate("Date.now()") - silent_since < 35_000
        film = page.get_by_role("link", name="Download Video")
        until(lambda: page.clock.run_for(100) or film.is_visible(), "the film")
        expect(page.locator(".connection")).to_be_hidden()


def test_a_page_that_comes_back_from_the_history_is_up_to_date(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    """The browser keeps it as it was; it connects again, and shows what was done meanwhile."""
    project = make_project(server, tmp_path, seconds=[0.5] * 2)
    keeping = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with closing(keeping):
        page = keeping.new_page()
        open_project(page, at(server), project)
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        page.evaluate("window.isSamePage = true")
        page.get_by_role("link", name="Projects").click()
        expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        page.evaluate("window.isSameList = true")
        first = project["segments"][0]["id"]
        path = f"/api/projects/{project['id']}/"
        server.client.patch(f"{path}segments/{first}/", json={"text_content": "Of meanwhile"}).raise_for_status()
        page.go_back(wait_until="commit")
        wait_for(page, "window.isSamePage")
        expect(page.locator(".segment").get_by_label("Caption")).to_have_value("Of meanwhile")
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        start(server.client, project["id"])
        expect(page.get_by_role("link", name="Download Video")).to_be_visible()
        server.client.patch(path, json={"title": "Renamed meanwhile"}).raise_for_status()
        page.go_forward(wait_until="commit")
        wait_for(page, "window.isSameList")
        card = page.locator(f"[data-project='{project['id']}']")
        expect(card.get_by_role("link")).to_have_text("Renamed meanwhile")
        expect(card.locator(".badge")).to_have_text("Completed")


def test_tiles_follow_their_segments_while_they_are_moved_and_deleted(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """An edit counts for the next render: what is shown of this one stays with the segment, after a reload too."""
    project = long_project(server, tmp_path)
    first, second, *others = (segment["id"] for segment in project["segments"])
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    done = page.locator(f".tile[data-segment='{first}'][data-state=done]")
    expect(done).to_have_count(1, timeout=20_000)
    segments = f"/api/projects/{project['id']}/segments/"
    server.client.delete(f"{segments}{second}/").raise_for_status()
    server.client.post(f"{segments}reorder/", json={"order": [*others, first]}).raise_for_status()
    page.reload()
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()
    assert page.locator(".tile").last.get_attribute("data-segment") == first
    expect(page.locator(".tile").last).to_have_attribute("data-state", "done")
    expect(page.locator(f".tile[data-segment='{others[-1]}']")).to_have_attribute("data-state", "waiting")
    order = server.client.get(f"/api/projects/{project['id']}/").json()["render_order"]
    assert order == [first, second, *others]
