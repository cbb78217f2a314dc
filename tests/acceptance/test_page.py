"""A project's page in a real Chromium, before a real server that renders real films."""

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from media.testing import make_picture, make_tone
from tests.acceptance.browser import Relay, wait_for
from tests.acceptance.server import Server, add, create, start

pytestmark = pytest.mark.browser

FACE = "document.querySelector('.editor').dataset.face"
BAR = "document.querySelector('.render-bar').value"
COLOURS = count(0xFFFFFF, -1)


def make_project(server: Server, folder: Path, *, seconds: list[float], **fields: Any) -> dict[str, Any]:
    """Make a project over the API with one segment for each length, and return its document."""
    project_id = create(server.client, **{"resolution_width": 640, "resolution_height": 360, **fields})
    for index, length in enumerate(seconds):
        picture = make_picture(folder / f"{index}.jpg", width=960, height=540, seed=index)
        add(server.client, project_id, image=picture, duration=length, text_content=f"Caption {index + 1}")
    document: dict[str, Any] = server.client.get(f"/api/projects/{project_id}/").json()
    return document


def long_project(server: Server, folder: Path) -> dict[str, Any]:
    """Make a project that renders long enough to be met in the middle, and whose first segment is soon finished.

    Its captions have a colour of their own, so that no other project's render has left anything of it in the cache.
    """
    shape = {"resolution_width": 1920, "resolution_height": 1080, "framerate": 30}
    return make_project(server, folder, seconds=[1.0] + [5.0] * 5, caption_colour=f"#{next(COLOURS):06x}", **shape)


def at(server: Server) -> str:
    """Return where the server's pages are."""
    return f"http://127.0.0.1:{server.port}"


def open_project(page: Page, url: str, project: dict[str, Any]) -> None:
    """Open a project's page and wait until its module has run."""
    page.goto(f"{url}/projects/{project['id']}/")
    expect(page.locator(".segment")).to_have_count(min(len(project["segments"]), 1))
    expect(page.locator(".tile")).to_have_count(len(project["segments"]))


def choose(page: Page, number: int) -> Any:
    """Choose a segment on its tile, and return where it is edited."""
    page.locator(".tile-face").nth(number - 1).click()
    segment = page.get_by_role("group", name=re.compile(f"^Segment {number} of "))
    expect(segment).to_be_visible()
    return segment


def button(page: Page, name: str) -> Any:
    """Return the button of that name."""
    return page.get_by_role("button", name=name, exact=True)


def wait_for_the_middle(page: Page) -> float:
    """Wait until the render on the page is under way, and return how far its bar is."""
    wait_for(page, f"{FACE} === 'rendering' && {BAR} > 0.05 && {BAR} < 1")
    share: float = page.evaluate(BAR)
    return share


def play(page: Page) -> None:
    """Play the video until it has moved on."""
    page.evaluate("const video = document.querySelector('video'); video.muted = true; void video.play()")
    wait_for(page, "document.querySelector('video').currentTime > 0.1")


def test_a_film_is_made_from_pictures_and_sound_and_played(page: Page, server: Server, tmp_path: Path) -> None:
    """From an empty list to a playing video and its download, with nothing but the page."""
    pictures = [make_picture(tmp_path / f"{n}.jpg", width=960, height=540, seed=n) for n in range(3)]
    tone = make_tone(tmp_path / "voice.wav", seconds=1.5)

    page.goto(f"{at(server)}/")
    page.get_by_role("button", name="New project").click()
    page.get_by_label("Title", exact=True).fill("Three pictures")
    page.get_by_label("Size").select_option("1280x720")
    button(page, "Create project").click()
    expect(page.get_by_role("heading", name="Three pictures")).to_be_visible()
    expect(page.locator(".missing")).to_contain_text("Add at least one segment.")

    page.get_by_label("Add pictures").set_input_files(pictures)
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator("#uploads li")).to_have_count(0)
    first = choose(page, 1)
    first.locator("[name=audio_file]").set_input_files(tone)
    expect(first.locator(".sound-words")).to_contain_text("1.5 s")
    for number in (3, 2):
        choose(page, number).get_by_label("Seconds").fill("2")
    choose(page, 2).get_by_label("Caption").fill("In the middle")
    expect(page.locator(".frame-caption")).to_have_text("In the middle")
    expect(button(page, "Export Video")).to_be_enabled()

    page.evaluate(
        """() => {
          window.seen = [];
          const bar = document.querySelector(".render-bar");
          const note = () => seen.push([bar.value, document.querySelector(".segment-line").textContent]);
          new MutationObserver(note).observe(bar, { attributes: true });
        }"""
    )
    button(page, "Export Video").click()
    expect(button(page, "Rendering…")).to_be_disabled()
    wait_for(page, f"{FACE} === 'done'")
    shares = [share for share, _ in page.evaluate("seen") if share]
    lines = {line for _, line in page.evaluate("seen")}
    assert shares == sorted(shares), "the bar never goes back"
    assert len(set(shares)) > 5
    told = {f"Segment {n} of 3 ({n * 100 // 3}%)" for n in range(4)}
    assert {"Starting render…", "Segment 0 of 3 (0%)"} <= lines <= told | {"Starting render…"}
    expect(page.locator(".page-head .badge")).to_have_text("Completed")
    expect(page.locator("#announcer")).to_have_text("The video is ready.")

    play(page)
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(5.5 - 2 * 0.5, abs=0.1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Video").click()
    assert download.value.suggested_filename == "Three pictures.mp4"
    assert download.value.path().read_bytes()[4:8] == b"ftyp"
    expect(button(page, "Re-Render")).to_be_enabled()


def test_a_transition_is_changed_and_what_that_costs_is_said(page: Page, server: Server, tmp_path: Path) -> None:
    """Beside Re-Render stands how many segments it is about; a draft is rendered at half the size."""
    project = make_project(server, tmp_path, seconds=[1.0] * 3)
    open_project(page, at(server), project)
    estimate = page.locator(".estimate")
    expect(estimate).to_contain_text("3 segments will be rendered")
    button(page, "Export Video").click()
    expect(button(page, "Re-Render")).to_be_enabled()
    expect(estimate).to_contain_text("Nothing has to be rendered again")
    choose(page, 1).get_by_label("Transition").select_option(label="Crossfade")
    expect(estimate).to_contain_text("2 of 3 segments will be rendered")
    expect(page.locator("#length")).to_have_text("2.5 s")
    assert server.client.get(f"/api/projects/{project['id']}/").json()["segments"][0]["transition"] == "crossfade"
    expect(choose(page, 3).get_by_label("Transition")).to_be_hidden()
    page.get_by_label("Quality").select_option("draft")
    expect(estimate).to_contain_text("3 segments will be rendered")
    button(page, "Re-Render").click()
    wait_for(page, "document.querySelector('video').videoWidth === 320")
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(2.5, abs=0.1)


def test_the_look_of_the_whole_film_is_set_in_one_place(page: Page, server: Server, tmp_path: Path) -> None:
    """What is wrong is said at its field; what is right is stored, offered again, and counts for the film's length."""
    project = make_project(server, tmp_path, seconds=[1.0] * 2, caption_size=0.123)
    open_project(page, at(server), project)
    button(page, "Transitions and captions").click()
    page.locator("#look").get_by_label("Transition").select_option(label="Through black")
    page.get_by_label("Length in seconds").fill("99")
    button(page, "Save").click()
    expect(page.locator("#look [data-error=transition_duration]")).to_contain_text("10")
    page.get_by_label("Length in seconds").fill("0.4")
    page.get_by_label("Caption colour").fill("#ffcc00")
    button(page, "Save").click()
    expect(page.locator("#look")).to_be_hidden()
    stored = server.client.get(f"/api/projects/{project['id']}/").json()
    assert (stored["transition"], stored["transition_duration"]) == ("fade_black", 0.4)
    assert (stored["caption_colour"], stored["caption_size"]) == ("#ffcc00", 0.123)
    button(page, "Transitions and captions").click()
    expect(page.get_by_label("Length in seconds")).to_have_value("0.4")
    button(page, "Cancel").click()
    button(page, "Add empty segment").click()
    expect(page.locator(".missing")).to_be_visible()
    button(page, "Transitions and captions").click()
    page.locator("#look").get_by_label("Transition").select_option(label="Crossfade")
    button(page, "Save").click()
    expect(page.locator("#length")).to_have_text("1.6 s")


def test_a_finished_film_has_its_poster_and_captions(page: Page, server: Server, tmp_path: Path) -> None:
    """In the player, off until they are asked for, and on the project's card; on a fresh page and live."""
    project = make_project(server, tmp_path, seconds=[0.5] * 2)
    page.goto(f"{at(server)}/")
    start(server.client, project["id"])
    wait_for(page, "document.querySelector('.card img:not([hidden])').naturalWidth === 640")

    open_project(page, at(server), project)
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "disabled"
    first = page.evaluate("document.querySelector('video').poster")
    with_captions = """() => {
      const [track] = document.querySelector("video").textTracks;
      track.mode = "showing";
      return track.cues?.length === 2;
    }"""
    wait_for(page, with_captions)
    button(page, "Re-Render").click()
    wait_for(page, "before => ![before, ''].includes(document.querySelector('video').poster)", arg=first)
    wait_for(page, with_captions)


def test_what_is_missing_stands_beside_the_disabled_button(page: Page, server: Server, tmp_path: Path) -> None:
    """Each segment that lacks something is named with what it lacks, and a click leads to it."""
    project = make_project(server, tmp_path, seconds=[1.0])
    add(server.client, project["id"])
    page.goto(f"{at(server)}/projects/{project['id']}/")
    missing = page.get_by_role("link", name="Segment 2 needs a picture and a sound or a length.")
    expect(missing).to_be_visible()
    export = button(page, "Export Video")
    expect(export).to_be_disabled()
    colours = "button => [getComputedStyle(button).color, getComputedStyle(button).backgroundColor]"
    before = export.evaluate(colours)
    export.hover()
    assert export.evaluate(colours) == before
    missing.click()
    row = page.get_by_role("group", name="Segment 2 of 2")
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()
    expect(row).to_contain_text("This segment needs a picture and a sound or a length.")
    row.locator("[name=image_file]").set_input_files(tmp_path / "0.jpg")
    expect(page.get_by_role("link", name="Segment 2 needs a sound or a length.")).to_be_visible()
    row.get_by_label("Seconds").fill("1")
    expect(page.locator(".missing")).to_be_hidden()
    expect(button(page, "Export Video")).to_be_enabled()


def test_an_error_is_shown_at_the_field_it_belongs_to(page: Page, server: Server, tmp_path: Path) -> None:
    """A file that is no picture and a length that is none are refused where they were given, until put right."""
    project = make_project(server, tmp_path, seconds=[1.0])
    open_project(page, at(server), project)
    row = page.locator(".segment")
    fake = tmp_path / "fake.jpg"
    fake.write_text("not a picture")
    row.locator("[name=image_file]").set_input_files(fake)
    expect(row.locator("[data-error=image_file]")).to_contain_text("picture")
    row.get_by_label("Seconds").fill("-1")
    expect(row.locator("[data-error=duration]")).to_contain_text("greater")
    expect(row.locator("[data-error=image_file]")).to_be_visible()
    row.get_by_label("Seconds").fill("2")
    expect(row.locator("[data-error=duration]")).to_be_hidden()
    expect(row.locator("[data-error=image_file]")).to_be_hidden()
    expect(page.locator(".tile[data-refused]")).to_have_count(0)
    row.get_by_label("Seconds").press_sequentially("e")
    page.keyboard.press("Tab")
    expect(row.locator("[data-error=duration]")).to_have_text("Enter a number.")
    row.get_by_label("Seconds").fill("2")
    expect(row.locator("[data-error=duration]")).to_be_hidden()
    page.get_by_label("Add pictures").set_input_files(fake)
    expect(page.locator("#add-failures")).to_have_text("fake.jpg: The file is no JPEG, PNG or WebP picture.")


def test_segments_are_moved_with_the_keyboard(page: Page, server: Server, tmp_path: Path) -> None:
    """A move keeps the focus on its button, is stored, and can be repeated at once."""
    project = make_project(server, tmp_path, seconds=[1.0] * 3)
    first, second, third = (segment["id"] for segment in project["segments"])
    open_project(page, at(server), project)
    page.get_by_role("button", name="Move segment 1 forward").focus()
    with page.expect_response("**/reorder/"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move segment 2 forward")).to_be_focused()
    with page.expect_response("**/reorder/"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move segment 3 forward")).to_be_focused()
    stored = server.client.get(f"/api/projects/{project['id']}/").json()["segments"]
    assert [segment["id"] for segment in stored] == [second, third, first]


def test_a_render_is_cancelled_and_taken_up_again(page: Page, server: Server, tmp_path: Path) -> None:
    """Cancel leads to Retry Render, without progress that comes late; a retry leads back to Cancel."""
    project = long_project(server, tmp_path)
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    wait_for_the_middle(page)
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()
    expect(page.locator(".failure")).to_contain_text("Render cancelled")
    expect(page.locator(".page-head .badge")).to_have_text("Cancelled")
    button(page, "Retry Render").click()
    wait_for_the_middle(page)
    expect(page.locator(".failure")).to_be_hidden()
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()


def test_a_failure_names_its_segment_and_a_retry_mends_it(page: Page, server: Server, tmp_path: Path) -> None:
    """A picture that vanished is named and linked; uploaded again, the film is finished."""
    project = make_project(server, tmp_path, seconds=[0.5, 0.5])
    broken = project["segments"][1]
    (server.data / broken["image_file"].removeprefix("/")).unlink()
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    expect(page.locator(".failure")).to_contain_text("Render failed")
    expect(page.locator(".failure-message")).to_contain_text("segment 2")
    page.get_by_role("link", name="Go to segment 2").click()
    row = page.locator(f"#segment-{broken['id']}")
    expect(row).to_be_in_viewport()
    with page.expect_response("**/segments/**"):
        row.locator("[name=image_file]").set_input_files(tmp_path / "1.jpg")
    button(page, "Retry Render").click()
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()


def test_a_reload_in_the_middle_shows_the_right_state_at_once(page: Page, server: Server, tmp_path: Path) -> None:
    """The page as it comes from the server already has the bar and the line, and no older ones."""
    project = long_project(server, tmp_path)
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    before = wait_for_the_middle(page)
    answer = page.reload(wait_until="commit")
    assert answer is not None
    html = answer.text()
    assert 'data-face="rendering"' in html
    assert float(re.findall(r'class="render-bar" max="1" value="([\d.]+)"', html)[0]) >= before
    assert re.search(r"Segment \d of 6 \(\d+%\)", html)
    assert wait_for_the_middle(page) >= before
    wait_for(page, f"{BAR} > {before + 0.05}")
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_visible()


def test_late_progress_never_overwrites_how_a_render_ended(page: Page, server: Server) -> None:
    """Only a greater revision counts, and of a render that has ended only the next render's."""
    page.goto(at(server))

    def is_newer(revision: int, state: str, created_at: str = "first") -> bool:
        held = {"revision": 5, "render": {"state": "cancelled", "created_at": "first"}}
        body = {"revision": revision, "render": {"state": state, "created_at": created_at}}
        newer: bool = page.evaluate(
            "async (both) => (await import('/static/web/live.js')).isNewer(...both)", [body, held]
        )
        return newer

    assert not is_newer(4, "running", "second")
    assert not is_newer(5, "running", "second")
    assert not is_newer(6, "running")
    assert is_newer(6, "completed")
    assert is_newer(6, "running", "second")


def test_the_earlier_video_stays_playable(page: Page, server: Server, tmp_path: Path) -> None:
    """While the next render runs, after it was cancelled, and after a reload then."""
    project = make_project(server, tmp_path, seconds=[0.5])
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()
    picture = make_picture(tmp_path / "long.jpg", width=960, height=540, seed=9)
    add(server.client, project["id"], image=picture, duration=600)
    button(page, "Re-Render").click()
    wait_for(page, f"{FACE} === 'rendering' && {BAR} > 0")
    expect(page.locator(".preview")).to_be_visible()
    button(page, "Film").click()
    expect(page.locator(".earlier")).to_be_visible()
    play(page)
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_visible()
    page.reload()
    play(page)
    expect(page.locator(".earlier")).to_be_visible()


def test_without_websockets_the_page_polls_and_goes_back_to_them(
    page: Page, relay: Relay, server: Server, tmp_path: Path
) -> None:
    """Where a proxy lets no WebSocket through, the film is finished all the same, and the page says why."""
    relay.refuses_sockets = True
    project = make_project(server, tmp_path, seconds=[0.5])
    open_project(page, relay.url, project)
    notice = page.locator(".connection")
    expect(notice).to_have_text("No live connection. Checking every 3 seconds.")
    button(page, "Export Video").click()
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()
    relay.refuses_sockets = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(notice).to_be_hidden()


def test_a_dropped_network_is_said_and_recovered_from(page: Page, relay: Relay, server: Server, tmp_path: Path) -> None:
    """Reconnecting… is shown; afterwards the page tells what happened meanwhile, without a reload."""
    project = make_project(server, tmp_path, seconds=[0.5])
    open_project(page, relay.url, project)
    notice = page.locator(".connection")
    expect(notice).to_have_attribute("data-connection", "live")
    relay.cut()
    expect(notice).to_have_text("Reconnecting…")
    start(server.client, project["id"])
    relay.mend()
    expect(notice).to_have_attribute("data-connection", "live")
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()


def test_a_project_deleted_elsewhere_is_said_to_be_gone(page: Page, server: Server, tmp_path: Path) -> None:
    """The page says so, stops asking, and leads to the other projects."""
    project = make_project(server, tmp_path, seconds=[0.5])
    open_project(page, at(server), project)
    expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
    server.client.delete(f"/api/projects/{project['id']}/").raise_for_status()
    expect(page.get_by_role("alert").filter(has_text="This project was deleted.")).to_be_visible()
    page.get_by_role("link", name="See the others").click()
    expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


def test_all_of_it_works_below_a_path(page: Page, server: Server, tmp_path: Path) -> None:
    """Behind a proxy that mounts Rushes at /rushes/, no address leaves that path and the film is played."""
    page.context.set_extra_http_headers({"Daphne-Root-Path": "/rushes"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    project = make_project(server, tmp_path, seconds=[0.5])
    page.goto(f"{at(server)}/rushes/")
    page.locator(f"[data-project='{project['id']}'] a").click()
    expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
    wait_for(page, "document.querySelector('.frame-picture').naturalWidth > 0")
    button(page, "Export Video").click()
    expect(page.get_by_role("link", name="Download Video")).to_be_visible()
    play(page)
    assert [url for url in asked if not url.startswith(f"{at(server)}/rushes/")] == []
