"""Pictures and voices in, a video out, watched live: one real render, seen by every kind of client at once."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from media.testing import make_picture
from tests.acceptance.contract import History, agree, check
from tests.acceptance.server import Server, add, completed, create, film_of, start, status

POLL_SECONDS = 0.05


def body_of(message: str) -> str:
    """The status body inside a WebSocket message, in the very bytes that were sent."""
    prefix = '{"type":"status","data":'
    assert message.startswith(prefix)
    return message.removeprefix(prefix).removesuffix("}")


class Watcher:
    """A client in a thread of its own, that ends when each project it follows is over, and then tells."""

    def __init__(self, watch: Callable[[], None]) -> None:
        self.error: BaseException | None = None

        def run() -> None:
            try:
                watch()
            except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
                self.error = error

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def result(self) -> None:
        """Wait for the end; raise what went wrong."""
        self.thread.join(60)
        if self.error:
            raise self.error
        assert not self.thread.is_alive(), "the watcher never saw the end"


def poll(server: Server, project_id: str, seen: History, finished: threading.Event) -> None:
    """Ask 20 times a second, as a page without a socket would, until the render is over."""
    with httpx.Client(base_url=server.client.base_url, timeout=30) as client:
        body = {"status": ""}
        while body["status"] not in ("COMPLETED", "FAILED"):
            response = client.get(f"/api/projects/{project_id}/status/")
            assert response.status_code == 200
            assert response.headers["cache-control"] == "no-cache"
            body = seen.see(response.text, again=True)
            assert response.headers["etag"] == f'"{body["revision"]}"'
            finished.wait(POLL_SECONDS)


def listen(socket: ClientConnection, seen: dict[str, History]) -> None:
    """Read a socket until each of the projects is over."""
    waiting = set(seen)
    while waiting:
        message = str(socket.recv(timeout=60))
        text = body_of(message)
        project_id = json.loads(text)["project_id"]
        if seen[project_id].see(text)["status"] in ("COMPLETED", "FAILED"):
            waiting.discard(project_id)


@dataclass
class Watched:
    """One render as four clients saw it, and a second one beside it."""

    server: Server
    first: str
    second: str
    polled: History = field(default_factory=lambda: History("poller"))
    listened: History = field(default_factory=lambda: History("socket"))
    overheard: dict[str, History] = field(default_factory=dict)
    beside: History = field(default_factory=lambda: History("second socket"))
    accepted: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="module")
def watched(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Render two projects and watch both in all ways at once, from before the start to the end.

    The first one lasts long enough for many states; of the second it matters that it waits.
    """
    folder = tmp_path_factory.mktemp("watched")
    client = server.client
    ids = []
    for number, seconds in enumerate((2.0, 0.5)):
        project_id = create(client, resolution_width=1280, resolution_height=720, framerate=30)
        for index in range(4):
            picture = make_picture(folder / f"{number}-{index}.jpg", width=1280, height=720, seed=10 * number + index)
            add(client, project_id, image=picture, duration=seconds, text_content=f"Segment {index + 1}")
        ids.append(project_id)
    seen = Watched(server, *ids)
    seen.overheard = {project_id: History(f"overheard {project_id}") for project_id in ids}
    finished = threading.Event()
    with (
        connect(server.sockets + f"{seen.first}/") as socket,
        connect(server.sockets + f"{seen.second}/") as second,
        connect(server.sockets) as everything,
    ):
        watchers = [
            Watcher(lambda: poll(server, seen.first, seen.polled, finished)),
            Watcher(lambda: listen(socket, {seen.first: seen.listened})),
            Watcher(lambda: listen(second, {seen.second: seen.beside})),
            Watcher(lambda: listen(everything, seen.overheard)),
        ]
        seen.accepted = start(client, seen.first)
        start(client, seen.second)
        for watcher in watchers:
            watcher.result()
    return seen


class TestOneRenderManyViews:
    """Whoever asks is told the same."""

    def test_the_start_is_accepted_with_all_that_a_client_needs_next(self, watched: Watched) -> None:
        """202 names the task and where to follow and stop it."""
        accepted = dict(watched.accepted)
        assert isinstance(accepted.pop("message"), str)
        assert accepted == {
            "task_id": f"render_{watched.first}",
            "project_id": watched.first,
            "status": "PROCESSING",
            "total_segments": 4,
            "urls": {
                "status": f"/api/projects/{watched.first}/status/",
                "cancel": f"/api/projects/{watched.first}/cancel/",
                "websocket": f"/ws/projects/{watched.first}/",
            },
        }

    def test_a_revision_is_the_same_bytes_to_every_client(self, watched: Watched) -> None:
        """Poller, socket and the connection that hears of everything never contradict each other."""
        agree(watched.polled, watched.listened, watched.overheard[watched.first])
        agree(watched.beside, watched.overheard[watched.second])

    def test_a_socket_is_told_the_draft_first_and_the_end_last(self, watched: Watched) -> None:
        """From the state before the start to the terminal one, through queued and running."""
        states = [body["render"] and body["render"]["state"] for body in watched.listened.bodies]
        assert states[0] is None
        assert states[-1] == "completed"
        assert {"running", "finishing"} < set(states)

    def test_the_end_is_the_same_bytes_everywhere(self, watched: Watched) -> None:
        """Three ways of watching, and a look afterwards, end with one text."""
        asked = watched.server.client.get(f"/api/projects/{watched.first}/status/").text
        ways = (watched.polled, watched.listened, watched.overheard[watched.first])
        assert {asked} == {history.texts[history.last["revision"]] for history in ways}

    def test_the_list_carries_the_same_body(self, watched: Watched) -> None:
        """A project's entry in the list holds what its status says."""
        entries = watched.server.client.get("/api/projects/").json()["results"]
        bodies = {entry["id"]: entry["status_body"] for entry in entries}
        assert bodies[watched.first] == watched.listened.last
        assert bodies[watched.second] == watched.beside.last

    def test_progress_moves_in_small_steps(self, watched: Watched) -> None:
        """A bar fed by the socket has something to draw: many states, no leap over half of the render."""
        steps = [body["render"]["overall_progress"] for body in watched.listened.bodies if body["render"]]
        assert len(set(steps)) >= 8
        assert max(np.diff(steps)) < 0.5

    def test_a_socket_gets_at_most_ten_states_a_second(self, watched: Watched) -> None:
        """Between two changes of state a project's messages keep their distance: by what the server stamped."""
        running = [body for body in watched.listened.bodies if body["render"] and body["render"]["state"] == "running"]
        stamps = [body["revision"] for body in running]
        assert len(stamps) <= (stamps[-1] - stamps[0]) / 100 + 2

    def test_the_second_waits_and_says_so(self, watched: Watched) -> None:
        """Renders run one after the other; the one that waits is processing, with nobody ahead but the first."""
        waiting = [body for body in watched.beside.bodies if body["render"] and body["render"]["state"] == "queued"]
        assert waiting[0]["progress"] == {
            "current_segment": 0,
            "total_segments": 4,
            "percentage": 0,
            "current_phase": "Queued, 1 ahead",
        }
        assert waiting[0]["render"]["queue_position"] == 1

    def test_the_first_message_is_what_the_status_says(self, watched: Watched) -> None:
        """Whoever comes late knows everything at once."""
        asked = watched.server.client.get(f"/api/projects/{watched.first}/status/").text
        with connect(watched.server.sockets + f"{watched.first}/") as socket:
            assert body_of(str(socket.recv(timeout=5))) == asked

    def test_nothing_changed_is_304(self, watched: Watched) -> None:
        """A poller that sends the ETag back is answered without a body."""
        address = f"/api/projects/{watched.first}/status/"
        etag = watched.server.client.get(address).headers["etag"]
        again = watched.server.client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_a_draft_is_a_body_as_well(self, server: Server) -> None:
        """A project that was never rendered answers with the same keys."""
        body = status(server.client, create(server.client))
        check(body)
        assert body["status"] == "DRAFT"


class TestSockets:
    """What a client may send, and what it gets for it."""

    def test_a_ping_is_answered_and_garbage_explained(self, watched: Watched) -> None:
        """Garbage and binary get one error each; the connection lives on."""
        with connect(watched.server.sockets + f"{watched.first}/") as socket:
            socket.recv(timeout=5)
            for sent in ("{", b"\x00\xff", '{"type": "subscribe"}'):
                socket.send(sent)
                assert json.loads(socket.recv(timeout=5))["type"] == "error"
            socket.send('{"type": "ping"}')
            assert json.loads(socket.recv(timeout=5)) == {"type": "pong"}

    def test_one_that_asks_and_leaves_is_no_error(self, watched: Watched) -> None:
        """Whoever goes before the answer comes is nobody's fault; `running` holds the log to that at the end."""
        for _ in range(20):
            with connect(watched.server.sockets + f"{watched.first}/") as socket:
                socket.recv(timeout=5)
                for _ in range(5):
                    socket.send("?")

    def test_more_than_4_kib_closes_with_1009(self, watched: Watched) -> None:
        """Nobody may fill the server's memory."""
        with connect(watched.server.sockets + f"{watched.first}/") as socket:
            socket.recv(timeout=5)
            socket.send("x" * 4097)
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009

    @pytest.mark.parametrize("name", ["6f1c0000-0000-4000-8000-000000000000", "not-an-id", "6F1C%20"])
    def test_an_unknown_id_closes_with_4404(self, server: Server, name: str) -> None:
        """Unknown and malformed ids are told apart from a server that is down: accepted, then closed."""
        with connect(server.sockets + f"{name}/") as socket, pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4404

    def test_a_foreign_origin_closes_with_4403(self, watched: Watched) -> None:
        """A page of somebody else's can't watch over its visitor's shoulder."""
        with (
            connect(watched.server.sockets, origin="https://evil.example") as socket,
            pytest.raises(ConnectionClosed) as closed,
        ):
            socket.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4403


class TestDelivery:
    """The film over HTTP."""

    def test_the_whole_film(self, watched: Watched) -> None:
        """The address in the status body serves the file that lies in the data folder."""
        response = watched.server.client.get(watched.listened.last["output_url"])
        assert response.status_code == 200
        assert response.headers["content-type"] == "video/mp4"
        assert response.headers["accept-ranges"] == "bytes"
        assert response.content == film_of(watched.server, watched.first).read_bytes()

    def test_a_range(self, watched: Watched) -> None:
        """206 with exactly the bytes asked for, from either end; what a player needs for seeking."""
        film = film_of(watched.server, watched.first).read_bytes()
        address = watched.listened.last["output_url"]
        for asked, expected, said in (
            ("bytes=10-19", film[10:20], f"bytes 10-19/{len(film)}"),
            ("bytes=-7", film[-7:], f"bytes {len(film) - 7}-{len(film) - 1}/{len(film)}"),
            (f"bytes={len(film) - 3}-", film[-3:], f"bytes {len(film) - 3}-{len(film) - 1}/{len(film)}"),
        ):
            response = watched.server.client.get(address, headers={"Range": asked})
            assert response.status_code == 206
            assert response.content == expected
            assert response.headers["content-range"] == said

    def test_a_range_beyond_the_end(self, watched: Watched) -> None:
        """416 says how long the film is."""
        film = film_of(watched.server, watched.first)
        response = watched.server.client.get(
            watched.listened.last["output_url"], headers={"Range": f"bytes={film.stat().st_size}-"}
        )
        assert response.status_code == 416
        assert response.headers["content-range"] == f"bytes */{film.stat().st_size}"

    def test_an_unchanged_film_is_304(self, watched: Watched) -> None:
        """The ETag comes back, the film does not."""
        address = watched.listened.last["output_url"]
        etag = watched.server.client.head(address).headers["etag"]
        assert watched.server.client.get(address, headers={"If-None-Match": etag}).status_code == 304

    def test_a_download_has_a_name(self, watched: Watched) -> None:
        """`?download=1` makes an attachment of it."""
        response = watched.server.client.head(watched.listened.last["output_url"], params={"download": 1})
        assert response.headers["content-disposition"].startswith("attachment")
        assert ".mp4" in response.headers["content-disposition"]


class TestRenderingAgain:
    """Finished work is kept."""

    def test_an_unchanged_project_comes_from_the_cache(self, watched: Watched) -> None:
        """The second render takes every segment as it is, and is the same film."""
        film = film_of(watched.server, watched.first).read_bytes()
        before = status(watched.server.client, watched.first)
        start(watched.server.client, watched.first)
        again = completed(watched.server.client, watched.first)
        check(again)
        assert again["revision"] > before["revision"]
        assert again["render"]["cached_segments"] == 4
        assert film_of(watched.server, watched.first).read_bytes() == film


def test_a_render_never_holds_up_the_api(server: Server, tmp_path: Path) -> None:
    """While a render runs, the API answers at once."""
    project_id = create(server.client, resolution_width=1280, resolution_height=720, framerate=30)
    picture = make_picture(tmp_path / "picture.jpg", width=1280, height=720)
    for motion in ("zoom_in", "zoom_out"):  # one for each worker
        add(server.client, project_id, image=picture, duration=1.5, motion=motion)
    start(server.client, project_id)
    waited = []
    while status(server.client, project_id)["status"] == "PROCESSING":
        waited.append(server.client.get(f"/api/projects/{project_id}/").elapsed.total_seconds())
    completed(server.client, project_id)
    assert len(waited) > 10
    assert max(waited) < 1.0
