"""The page for everyone: by keyboard alone, with a finger, in any script, in the reader's own colours."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from media.testing import make_picture, make_tone
from tests.acceptance.browser import wait_for
from tests.acceptance.server import Server, add, completed, create, start, until
from tests.acceptance.test_page import BAR, FACE, at, button, choose, make_project, open_project

pytestmark = pytest.mark.browser

TABS = 60
"""More than any page has controls on the way to one of them."""

HEBREW = "שלום, עולם"


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there; fail if it never comes."""
    element = target.element_handle()
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never leads to {target}")


def choose_files(page: Page, target: Locator, *files: Path) -> None:
    """Open the file chooser of a control from the keyboard."""
    tab_to(page, target)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(files)


def test_a_film_is_made_with_the_keyboard_alone(page: Page, server: Server, tmp_path: Path) -> None:
    """From a new project by way of files, a caption, another order and a cancelled render to the player."""
    pictures = [make_picture(tmp_path / f"{n}.jpg", width=960, height=540, seed=40 + n) for n in range(2)]
    voice = make_tone(tmp_path / "0.wav", seconds=20)
    page.on("filechooser", lambda _: None)  # the browser asks us for files from now on, on each page that follows
    page.goto(f"{at(server)}/")
    tab_to(page, button(page, "New project"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("By keyboard")
    tab_to(page, page.get_by_label("Size"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Size")).to_have_value("1280x720")
    tab_to(page, button(page, "Create project"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By keyboard")).to_be_visible()

    choose_files(page, page.locator("#pictures"), *pictures, voice)
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.locator("#uploads li")).to_have_count(0)
    first, second = page.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.dataset.segment)")
    tab_to(page, page.locator(".tile-face[aria-current]"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.locator(".segment").get_by_label("Seconds"))
    page.keyboard.type("20")
    tab_to(page, page.locator(".segment").get_by_label("Caption"))
    page.keyboard.type("Typed here")
    tab_to(page, page.locator(".tile-face[aria-current]"))
    with page.expect_response("**/reorder/"):
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".tile").first).to_have_attribute("data-segment", second)
    expect(page.locator("#announcer")).to_have_text("Segment 2 is now segment 1 of 2.")
    stored = server.client.get(page.url.partition("#")[0].replace("/projects/", "/api/projects/")).json()["segments"]
    assert [(segment["id"], segment["text_content"]) for segment in stored] == [(second, "Typed here"), (first, "")]

    tab_to(page, button(page, "Export Video"))
    page.keyboard.press("Enter")
    wait_for(page, f"{FACE} === 'rendering' && {BAR} > 0")
    tab_to(page, button(page, "Cancel"))
    page.keyboard.press("Enter")
    expect(button(page, "Retry Render")).to_be_focused()
    for step in ("", "ArrowRight"):
        tab_to(page, page.locator(".tile-face[aria-current]"))
        if step:
            page.keyboard.press(step)
        tab_to(page, page.locator(".segment").get_by_label("Seconds"))
        page.keyboard.press("Control+a")
        page.keyboard.type("0.5")
    tab_to(page, button(page, "Retry Render"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Download Video")).to_be_focused()
    tab_to(page, page.locator("video").first)
    page.keyboard.press("Space")
    wait_for(page, "document.querySelector('video').currentTime > 0.1")


def test_a_finger_that_rests_on_a_segment_lifts_it(browser: Browser, server: Server, tmp_path: Path) -> None:
    """And moves it; one that swipes scrolls the strip, and one that taps chooses."""
    project = make_project(server, tmp_path, seconds=[8.0] * 5)
    first, second, *others = (segment["id"] for segment in project["segments"])
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 800})
    page = context.new_page()
    open_project(page, at(server), project)
    devtools = context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        at_points = [{"x": x, "y": y} for x, y in zip(points[::2], points[1::2], strict=True)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at_points})

    def middle_of(number: int) -> tuple[float, float]:
        box = page.locator(".tile-face").nth(number - 1).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.locator(".tile-face").nth(1).tap()
    expect(page.locator(".segment")).to_have_id(f"segment-{second}")
    page.locator(".filmstrip").evaluate("strip => strip.scrollTo(0, 0)")
    (x, y), (to, _) = middle_of(1), middle_of(2)
    touch("touchStart", x, y)
    expect(page.locator(".tile[data-dragged]")).to_have_attribute("data-segment", first)
    touch("touchMove", (x + to) / 2, y)
    touch("touchMove", to + 20, y)
    expect(page.locator(".tile[data-drop]")).to_have_count(1)
    with page.expect_response("**/reorder/"):
        touch("touchEnd")
    stored = server.client.get(f"/api/projects/{project['id']}/").json()["segments"]
    assert [segment["id"] for segment in stored] == [second, first, *others]

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "reorder" in request.url else None)
    page.locator(".filmstrip").evaluate("strip => strip.scrollTo(0, 0)")
    touch("touchStart", 300, y)
    for x in range(280, 80, -20):
        touch("touchMove", x, y)
    touch("touchEnd")
    wait_for(page, "document.querySelector('.filmstrip').scrollLeft > 50")
    assert page.locator(".tile[data-dragged]").count() == 0
    assert asked == []
    context.close()


def test_nothing_is_offered_before_it_works(page: Page, server: Server, tmp_path: Path) -> None:
    """While the page's module is on its way, each control is disabled; then each is there."""
    project = make_project(server, tmp_path, seconds=[1.0])
    held: list[Route] = []
    page.route("**/web/project*.js", lambda route: held.append(route))
    page.goto(f"{at(server)}/projects/{project['id']}/", wait_until="commit")
    until(lambda: page.evaluate("document.styleSheets.length") == 2 and held, "the module to be asked for, and styles")
    waiting = "button, input, select, textarea"
    offered = page.locator(waiting).evaluate_all(
        "all => all.filter(one => one.checkVisibility() && !one.disabled && one.ariaDisabled !== 'true')"
        ".map(one => one.outerHTML)"
    )
    assert offered == []
    held[0].continue_()
    expect(page.get_by_label("Add pictures")).to_be_enabled()
    expect(button(page, "Delete project")).to_be_enabled()
    choose(page, 1)


def test_the_clipboard_and_the_notification_are_used_where_they_are_allowed(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """A picture is pasted, who looks elsewhere hears of the end, a link leads to the film; Hebrew reads its way."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write", "notifications"])
    page.add_init_script(
        """window.told = [];
        window.Notification = class extends Notification {
          constructor(title, options) { super(title, options); window.told.push([title, options.body]); }
        };"""
    )
    project_id = create(server.client, title=HEBREW)
    page.goto(f"{at(server)}/projects/{project_id}/")
    expect(button(page, "Delete project")).to_be_enabled()
    page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 96, height: 64 });
          canvas.getContext("2d").fillRect(8, 8, 40, 40);
          const picture = await new Promise((resolve) => canvas.toBlob(resolve));
          await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
        }"""
    )
    page.keyboard.press("Control+v")
    expect(page.locator(".tile")).to_have_count(1)
    page.locator(".segment").get_by_label("Seconds").fill("0.5")
    page.locator(".segment").get_by_label("Caption").fill(HEBREW)
    for place in ("h1", ".segment textarea", ".frame-caption"):
        assert page.evaluate(f"getComputedStyle(document.querySelector('{place}')).direction") == "rtl", place
    assert page.evaluate("getComputedStyle(document.body).direction") == "ltr"
    expect(button(page, "Tell me when it is done")).to_be_hidden()

    look_away(page)
    start(server.client, project_id)
    completed(server.client, project_id)
    wait_for(page, "window.told.length === 1")
    assert page.evaluate("told") == [[f"{HEBREW} · Rushes", "The video is ready."]]
    page.bring_to_front()
    button(page, "Copy link").click()
    expect(button(page, "Copied")).to_be_visible()
    expect(button(page, "Copy link")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(at(server))
    assert server.client.get(link).headers["content-type"] == "video/mp4"
    page.goto(f"{at(server)}/")
    assert page.evaluate("getComputedStyle(document.querySelector('.card-title')).direction") == "rtl"


def look_away(page: Page) -> None:
    """Look at another window: Playwright lets every page have the focus unless it is told not to."""
    page.context.new_cdp_session(page).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    page.context.new_page().bring_to_front()
    wait_for(page, "!document.hasFocus()")


def test_states_are_told_in_forced_colours(page: Page, server: Server, tmp_path: Path) -> None:
    """By an icon and a word, the bar by its edge and its filling, the chosen segment by a line."""
    project = make_project(server, tmp_path, seconds=[0.5] * 2)
    (server.data / project["segments"][1]["image_file"].removeprefix("/")).unlink()
    page.emulate_media(forced_colors="active")
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    expect(page.locator(".failure")).to_contain_text("Render failed")
    badge = page.locator(".page-head .badge")
    expect(badge).to_have_text("Failed")
    expect(badge.locator(".icon")).to_be_visible()
    expect(page.locator(".tile").nth(1).locator(".tile-word")).to_have_text("Failed")

    def style(selector: str, *names: str) -> list[Any]:
        found: list[Any] = page.evaluate(
            "([selector, names]) => names.map(name => getComputedStyle(document.querySelector(selector))[name])",
            [selector, names],
        )
        return found

    assert style(".page-head .badge", "borderTopStyle") == ["solid"]
    assert style(".tile-face[aria-current]", "outlineStyle", "outlineWidth") == ["solid", "3px"]
    assert style(".frame-caption", "forcedColorAdjust") == ["none"]
    border, ground = style(".render-bar", "borderTopColor", "backgroundColor")
    assert border != ground
    add(server.client, project["id"], duration=1)
    page.reload()
    expect(page.locator(".tile").nth(2).locator(".tile-word")).to_have_text("Incomplete")
