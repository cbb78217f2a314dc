"""The film as a strip on its page: filled as it is rendered, fed with files from anywhere."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from media.testing import make_picture, make_tone
from tests.acceptance.browser import wait_for
from tests.acceptance.server import Server, add, create
from tests.acceptance.test_page import at, button, choose, long_project, make_project, open_project, wait_for_the_middle

pytestmark = pytest.mark.browser

DROP = """files => {
  const carried = new DataTransfer();
  for (const [name, type, base64] of files) {
    carried.items.add(new File([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], name, { type }));
  }
  window.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, cancelable: true }));
}"""


def encoded(path: Path, kind: str) -> list[str]:
    """A file as the page can make it again."""
    return [path.name, kind, base64.b64encode(path.read_bytes()).decode()]


def test_dropped_files_become_segments_with_their_sounds(page: Page, server: Server, tmp_path: Path) -> None:
    """A sound goes to the picture of its name, the next one to the next picture without; names count as numbers."""
    project_id = create(server.client)
    pictures = [make_picture(tmp_path / f"{name}.jpg", seed=seed) for seed, name in enumerate(("10 c", "2 b", "1 a"))]
    named = make_tone(tmp_path / "2 b.wav", seconds=1.5)
    other = make_tone(tmp_path / "voice.wav", seconds=0.7)
    page.goto(f"{at(server)}/projects/{project_id}/")
    files = [encoded(path, "image/jpeg") for path in pictures]
    page.evaluate(DROP, [*files, encoded(named, "audio/wav"), encoded(other, "audio/wav")])
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator("#uploads li")).to_have_count(0)
    segments = server.client.get(f"/api/projects/{project_id}/").json()["segments"]
    lengths = [segment["seconds"] and round(segment["seconds"], 1) for segment in segments]
    assert lengths == [0.7, 1.5, None]
    expect(page.locator(".tile").nth(2)).to_have_attribute("data-state", "missing")
    narration = choose(page, 2).locator("audio")
    expect(narration).to_be_visible()
    expect(narration).to_have_accessible_name("The narration")


def test_tiles_are_as_wide_as_their_segments_are_long(page: Page, server: Server, tmp_path: Path) -> None:
    """And stay large enough to be hit where a film is long."""
    project = make_project(server, tmp_path, seconds=[4.0, 8.0, 0.2])
    open_project(page, at(server), project)
    widths = page.evaluate("[...document.querySelectorAll('.tile')].map((tile) => tile.offsetWidth)")
    assert widths[1] / widths[0] == pytest.approx(2, abs=0.25)
    assert widths[2] >= 76
    starts = page.locator(".tile-start").all_inner_texts()
    assert [start.replace("\xa0", " ") for start in starts] == ["0 s", "4 s", "12 s"]


def test_the_strip_fills_and_finished_segments_are_played_alone(page: Page, server: Server, tmp_path: Path) -> None:
    """In the middle of a render one is opened; after it, all are marked, and what is unchanged the next time."""
    project = long_project(server, tmp_path)
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    wait_for_the_middle(page)
    page.locator(".tile[data-state=done] .tile-play").first.click()
    wait_for(page, "document.querySelector('#segment-film video').currentTime > 0.1")
    assert "%" in page.title()
    wait_for(page, "document.querySelector('link[rel=icon]').href.startsWith('data:')")
    html = page.context.request.get(page.url).text()
    assert 'class="tile" data-state="done"' in html
    button(page, "Close").click()
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()
    assert "%" not in page.title()
    finished = page.locator(".tile[data-state=done]").count()
    button(page, "Retry Render").click()
    expect(page.locator(".tile[data-state=cached]")).not_to_have_count(0)
    assert page.locator(".tile[data-state=cached]").count() >= finished
    button(page, "Cancel").click()
    expect(button(page, "Retry Render")).to_be_enabled()


def test_a_finished_film_has_chapters_and_says_what_it_is(page: Page, server: Server, tmp_path: Path) -> None:
    """Each chapter leads to its segment's first frame; length, size and time taken stand beside the film."""
    project = make_project(server, tmp_path, seconds=[1.0])
    add(server.client, project["id"], image=tmp_path / "0.jpg", duration=1, text_content="Tom & Jerry <3")
    project = server.client.get(f"/api/projects/{project['id']}/").json()
    open_project(page, at(server), project)
    button(page, "Export Video").click()
    expect(page.locator(".film-facts")).to_contain_text("2 s · ")
    expect(page.locator(".film-facts")).to_contain_text("rendered in")
    expect(page.locator(".video video")).to_have_accessible_name("The film")
    page.locator(".chapters summary").click()
    page.get_by_role("button", name="Segment 2 · Tom & Jerry <3").click()
    wait_for(page, "document.querySelector('video').currentTime >= 1")
    page.reload()
    page.locator(".chapters summary").click()
    expect(page.locator(".chapter")).to_have_count(2)


def test_a_time_left_follows_slowly(page: Page, server: Server) -> None:
    """It is said as soon as it is known, doesn't jump with every measure, and begins anew with another render."""
    page.goto(at(server))
    said = page.evaluate(
        """async () => {
          const { TimeLeft } = await import("/static/web/timeleft.js");
          const timeLeft = new TimeLeft();
          const at = (second, eta_seconds, created_at = "a") => timeLeft.of({
            created_at, eta_seconds, updated_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
          });
          return [at(1, null), at(6, 120), at(7, 600), at(8, null), at(9, 20, "b")];
        }"""
    )
    assert [text.replace("\xa0", " ") for text in said] == ["", "about 2 min", "about 4 min", "", "about 20 s"]


def test_two_hundred_segments_are_shown_and_rendered(page: Page, server: Server, tmp_path: Path) -> None:
    """The strip scrolls by itself, not the page; what lacks something is marked; nothing jumps until all is done."""
    project_id = create(server.client, resolution_width=64, resolution_height=64, framerate=25)
    picture = make_picture(tmp_path / "tiny.png", width=64, height=64, seed=3)
    for number in range(200):
        add(server.client, project_id, image=None if number == 99 else picture, duration=0.04)
    page.goto(f"{at(server)}/projects/{project_id}/")
    expect(page.locator(".tile")).to_have_count(200)
    expect(page.locator(".tile[data-state=missing] .tile-number")).to_contain_text("100")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('.filmstrip').scrollWidth > innerWidth")
    page.get_by_role("link", name="Segment 100 needs a picture.").click()
    page.locator(".segment [name=image_file]").set_input_files(picture)
    expect(page.locator(".estimate")).to_contain_text("segments will be rendered")
    page.evaluate("document.querySelector('.filmstrip').scrollLeft = 2000; window.scrollTo(0, 60)")
    where = "[document.querySelector('.filmstrip').scrollLeft, scrollY]"
    before = page.evaluate(where)
    page.evaluate(
        """() => {
          window.shares = [];
          const bar = document.querySelector(".render-bar");
          new MutationObserver(() => shares.push(bar.value)).observe(bar, { attributes: true });
          window.places = new Set();
          const strip = document.querySelector(".filmstrip");
          new MutationObserver(() => places.add(strip.scrollLeft)).observe(strip, { attributes: true, subtree: true });
        }"""
    )
    button(page, "Export Video").press("Enter")
    expect(page.get_by_role("link", name="Download Video")).to_be_visible(timeout=60_000)
    expect(page.locator(".tile:is([data-state=done], [data-state=cached])")).to_have_count(200)
    assert page.locator(".render-bar").evaluate("bar => bar.value") == 1
    shares = [share for share in page.evaluate("shares") if share]
    assert shares == sorted(shares)
    assert page.evaluate("[...places]") == [before[0]]
    assert page.evaluate(where) == before


def test_segments_are_moved_in_the_strip(page: Page, server: Server, tmp_path: Path) -> None:
    """By dragging and by the keyboard, which keeps the focus; both are stored, and said once."""
    project = make_project(server, tmp_path, seconds=[1.0] * 3)
    first, second, third = (segment["id"] for segment in project["segments"])
    open_project(page, at(server), project)

    def stored() -> list[str]:
        segments = server.client.get(f"/api/projects/{project['id']}/").json()["segments"]
        return [segment["id"] for segment in segments]

    with page.expect_response("**/reorder/"):
        page.locator(".tile").nth(0).drag_to(page.locator(".tile").nth(2), target_position={"x": 120, "y": 20})
    assert stored() == [second, third, first]
    assert "#segment" not in page.url
    expect(page.locator("#announcer")).to_have_text("Segment 1 is now segment 3 of 3.")
    face = page.locator(f"[data-segment='{first}'] .tile-face")
    face.focus()
    with page.expect_response("**/reorder/"):
        page.keyboard.press("Alt+ArrowUp")
    expect(face).to_be_focused()
    assert stored() == [second, first, third]


def test_music_is_added_and_removed(page: Page, server: Server, tmp_path: Path) -> None:
    """What is no sound is refused beside the button; what is one can be heard at once."""
    project = make_project(server, tmp_path, seconds=[1.0])
    open_project(page, at(server), project)
    page.locator("#music input").set_input_files(tmp_path / "0.jpg")
    expect(page.locator("#music [role=alert]")).not_to_be_empty()
    page.locator("#music input").set_input_files(make_tone(tmp_path / "music.mp3", seconds=2))
    expect(page.locator("#music audio")).to_be_visible()
    expect(page.locator("#music [role=alert]")).to_be_empty()
    button(page, "Remove music").click()
    expect(page.locator("#music audio")).to_be_hidden()
    assert server.client.get(f"/api/projects/{project['id']}/").json()["music_file"] is None
