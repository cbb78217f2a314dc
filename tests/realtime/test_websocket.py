"""CONTRACT.md section 3, over real sockets: Daphne in a process of its own, the `websockets` client here."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from tests.realtime.stage import MAX_CONNECTIONS

ROOT = Path(__file__).parents[2]
PATIENCE = 10
UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Server:
    """A running server, and the words to direct it with."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process = process
        self.address = f"127.0.0.1:{port}"
        self._http = httpx.Client(base_url=f"http://{self.address}", timeout=PATIENCE, trust_env=False)

    def tell(self, word: str, **arguments: object) -> dict:
        """Have something done, and return its answer when it is."""
        return self._http.post(f"/{word}", json=arguments).raise_for_status().json()

    async def told(self, word: str, **arguments: object) -> dict:
        """Have something done while this event loop goes on."""
        return await asyncio.to_thread(self.tell, word, **arguments)

    def connect(self, path: str, **options: object) -> websockets.connect:
        """A client of a WebSocket address."""
        options = {"proxy": None, "open_timeout": PATIENCE, "max_size": None} | options
        return websockets.connect(f"ws://{self.address}{path}", **options)

    def close(self) -> None:
        """Stop the server and wait for its end."""
        self._http.close()
        self.process.terminate()
        assert self.process.wait(PATIENCE) == 0


def start() -> Server:
    """Start Daphne on a free port, and return when it listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Daphne takes over this very socket, so nobody else can take the port meanwhile.
        endpoint = f"fd:fileno={listener.fileno()}"
        process = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "tests.realtime.stage:application"],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
        )
        return Server(process, listener.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server for all tests that leave it running."""
    running = start()
    yield running
    running.close()


@pytest.fixture
def project(server: Server) -> str:
    """A project that was never rendered."""
    project = str(uuid4())
    server.tell("create", project=project)
    return project


async def read(client: ClientConnection) -> dict:
    """The next message."""
    return json.loads(await asyncio.wait_for(client.recv(), PATIENCE))


async def read_until(client: ClientConnection, state: str) -> list[dict]:
    """The status bodies up to the first one of `state`."""
    bodies = []
    while not bodies or bodies[-1]["render"]["state"] != state:
        message = await read(client)
        assert message["type"] == "status"
        bodies.append(message["data"])
    return bodies


async def close_code(client: ClientConnection) -> int | None:
    """The code that the server closes with, whatever it sends before."""
    with suppress(websockets.ConnectionClosed):
        while True:
            await asyncio.wait_for(client.recv(), PATIENCE)
    return client.close_code


@asynccontextmanager
async def following(server: Server, project: str):
    """A client that has read its first message."""
    async with server.connect(f"/ws/projects/{project}/") as client:
        await read(client)
        yield client


class TestFirstMessage:
    """What arrives at once."""

    async def test_a_draft(self, server, project):
        """A project that was never rendered says so."""
        async with server.connect(f"/ws/projects/{project}/") as client:
            message = await read(client)
        assert message["type"] == "status"
        assert (message["data"]["status"], message["data"]["render"]) == ("DRAFT", None)

    async def test_it_equals_the_status(self, server, project):
        """In the middle of a render the first message is what polling would have said."""
        server.tell("submit", project=project)
        server.tell("update", project=project, current_segment=29)
        async with server.connect(f"/ws/projects/{project}/") as client:
            message = await read(client)
        assert message == {"type": "status", "data": server.tell("status", project=project)}
        assert message["data"]["progress"]["percentage"] == 29
        server.tell("cancel", project=project)

    async def test_an_ended_render(self, server, project):
        """Who comes after the end is told the end."""
        async with following(server, project) as client:
            server.tell("submit", project=project)
            server.tell("fail", project=project)
            await read_until(client, "failed")
        async with server.connect(f"/ws/projects/{project}/") as client:
            body = (await read(client))["data"]
        assert (body["status"], body["render"]["error"]["code"]) == ("FAILED", "encoder_failed")

    async def test_all_projects(self, server, project):
        """Who follows all is told of each render that goes on, and then of whatever happens to any project."""
        server.tell("submit", project=project)
        second = str(uuid4())
        server.tell("create", project=second)
        async with server.connect("/ws/projects/") as client:
            assert (await read(client))["data"]["project_id"] == project
            server.tell("submit", project=second)
            while (await read(client))["data"]["project_id"] != second:
                pass
            server.tell("cancel", project=second)
            server.tell("cancel", project=project)
            ended = set()
            while ended != {project, second}:
                body = (await read(client))["data"]
                if body["render"]["state"] == "cancelled":
                    ended.add(body["project_id"])


class TestChanges:
    """What arrives as a render goes on."""

    async def test_a_render_is_watched_to_its_end(self, server, project):
        """A client sees the states in order, rising revisions, and a percentage that never goes back."""
        async with following(server, project) as client:
            server.tell("submit", project=project)
            for segment in range(0, 100, 10):
                server.tell("update", project=project, current_segment=segment)
            server.tell("update", project=project, state="finishing")
            await server.told("burst", project=project, count=1)
            bodies = await read_until(client, "completed")
        assert all(earlier["revision"] < later["revision"] for earlier, later in pairwise(bodies))
        percentages = [body["progress"]["percentage"] for body in bodies]
        assert percentages == sorted(percentages)
        assert bodies[-1]["progress"]["percentage"] == 100

    async def test_the_end_arrives_in_a_burst(self, server, project):
        """Of 2,000 updates in a burst fifty clients, some of which hardly read, get few, in order, and all the end."""
        paths = [f"/ws/projects/{project}/"] * 40 + ["/ws/projects/"] * 10
        clients = [await server.connect(path, max_queue=1) for path in paths]
        server.tell("submit", project=project)

        async def watch(client: ClientConnection, *, slow: bool) -> list[dict]:
            bodies = []
            while not bodies or bodies[-1]["status"] != "COMPLETED":
                body = (await read(client))["data"]
                if body["render"] and body["project_id"] == project:
                    bodies.append(body)
                if slow:
                    await asyncio.sleep(0.05)
            await client.close()
            return bodies

        watching = [watch(client, slow=number % 2 == 0) for number, client in enumerate(clients)]
        seen, _ = await asyncio.gather(asyncio.gather(*watching), server.told("burst", project=project, count=2000))
        for bodies in seen:
            assert all(earlier["revision"] < later["revision"] for earlier, later in pairwise(bodies))
            assert len(bodies) < 200
            assert bodies[-1]["render"]["state"] == "completed"

    async def test_progress_comes_ten_times_a_second_at_the_most(self, server, project):
        """However often a render reports, what is sent is at least a tenth of a second apart, by the server's clock."""
        async with following(server, project) as client:
            server.tell("submit", project=project)
            await read_until(client, "running")
            loop, times = asyncio.get_running_loop(), []

            async def watch() -> None:
                while (await read(client))["data"]["render"]["state"] == "running":
                    times.append(loop.time())

            watching = asyncio.create_task(watch())
            begun = loop.time()
            while loop.time() - begun < 1:
                await server.told("update", project=project, stalled=False)
            await server.told("cancel", project=project)
            await watching
        assert 5 <= len(times) <= 10 * (times[-1] - begun) + 2


class TestTalk:
    """What a client may say."""

    async def test_ping(self, server, project):
        """A ping is answered with a pong, which is all that it is."""
        async with following(server, project) as client:
            await client.send('{"type": "ping"}')
            assert await read(client) == {"type": "pong"}

    @pytest.mark.parametrize(
        "nonsense",
        ["", "hello", "null", "[]", '{"type": "pong"}', "[" * 4000, "9" * 4096, b"\x00\xff", "ü" * 2048],
    )
    async def test_nonsense(self, server, project, nonsense):
        """Anything else gets one error message, and the connection lives on."""
        async with following(server, project) as client:
            await client.send(nonsense)
            error = await read(client)
            assert error["type"] == "error"
            assert set(error["data"]) == {"code", "message"}
            await client.send('{"type": "ping"}')
            assert await read(client) == {"type": "pong"}

    @pytest.mark.parametrize("message", ["x" * 4097, "ü" * 2049, b"\x00" * 4097, "x" * 2_000_000])
    async def test_too_long(self, server, project, message):
        """More than 4 KiB, counted in bytes, closes with 1009."""
        async with following(server, project) as client:
            await client.send(message)
            with suppress(websockets.ConnectionClosed):
                await client.send(message)
            assert await close_code(client) == 1009


class TestClosing:
    """Why a connection ends."""

    @pytest.mark.parametrize(
        "path", [f"/ws/projects/{UNKNOWN}/", "/ws/projects/no-uuid/", f"/ws/projects/{UNKNOWN}", "/ws/", "/"]
    )
    async def test_no_such_project(self, server, path):
        """An unknown project, a malformed id and an address that doesn't exist close with 4404."""
        async with server.connect(path) as client:
            assert await close_code(client) == 4404

    async def test_deleted(self, server, project):
        """Deleting a project in the middle of its render says so, and closes those who follow it with 4410."""
        server.tell("submit", project=project)
        gone = {"type": "deleted", "data": {"project_id": project}}
        async with server.connect("/ws/projects/") as everything, following(server, project) as client:
            await read(everything)
            await server.told("delete", project=project)
            while (message := await read(client)) != gone:
                assert message["type"] == "status"
            assert await close_code(client) == 4410
            while await read(everything) != gone:
                pass
            await everything.send('{"type": "ping"}')
            assert await read(everything) == {"type": "pong"}
        async with server.connect(f"/ws/projects/{project}/") as client:
            assert await close_code(client) == 4404

    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://rushes.example", "https://rushes.example:8443"]
    )
    async def test_a_foreign_page(self, server, project, origin):
        """A page from elsewhere is accepted and closed with 4403, so that its browser sees the code."""
        async with server.connect(f"/ws/projects/{project}/", origin=origin) as client:
            assert await close_code(client) == 4403

    @pytest.mark.parametrize("origin", [None, "http://127.0.0.1:3000", "https://rushes.example"])
    async def test_our_own_page(self, server, project, origin):
        """Allowed pages are let in, and so are programs, which send no origin."""
        async with server.connect(f"/ws/projects/{project}/", origin=origin) as client:
            assert (await read(client))["type"] == "status"

    async def test_a_page_that_points_its_name_here(self, server, project):
        """An origin that merely equals the Host header is foreign, too."""
        host, port = server.address.split(":")
        address = f"ws://evil.example/ws/projects/{project}/"
        async with websockets.connect(
            address, host=host, port=int(port), origin="http://evil.example", proxy=None
        ) as client:
            assert client.request.headers["Host"] == "evil.example"
            assert await close_code(client) == 4403

    async def test_too_many(self, server, project):
        """One connection more than allowed is closed with 4429; whoever disconnects makes room."""
        path = f"/ws/projects/{project}/"
        clients = [await server.connect(path) for _ in range(MAX_CONNECTIONS)]
        for client in clients:
            await read(client)
        async with server.connect(path) as client:
            assert await close_code(client) == 4429
        for client in clients:
            await client.close()
        async with asyncio.timeout(PATIENCE):
            while await server.told("connections"):
                pass
        async with following(server, project):
            pass

    async def test_the_server_goes_away(self):
        """When the server is told to stop in the middle of a render, every client is closed with 1001."""
        server = start()
        project = str(uuid4())
        server.tell("submit", project=project)
        clients = [await server.connect(f"/ws/projects/{project}/") for _ in range(20)]
        clients.append(await server.connect("/ws/projects/"))
        for client in clients:
            await read(client)
        codes, _ = await asyncio.gather(asyncio.gather(*map(close_code, clients)), asyncio.to_thread(server.close))
        assert codes == [1001] * 21

    async def test_a_request_that_waits_for_a_render(self):
        """A server that is told to stop ends its renders first, so that no thread which waits for one holds it up."""
        server = start()
        project = str(uuid4())
        await server.told("create", project=project)
        await server.told("submit", project=project)
        async with httpx.AsyncClient(base_url=f"http://{server.address}", timeout=PATIENCE, trust_env=False) as http:
            waiting = asyncio.create_task(http.post("/wait", json={"project": project}))
            async with asyncio.timeout(PATIENCE):
                while not (await server.told("status", project=project))["render"]["stalled"]:
                    pass
            await asyncio.to_thread(server.close)
            await asyncio.wait([waiting])
            waiting.exception()  # answered or cut off: either will do

    async def test_clients_that_vanish(self, server, project):
        """Clients that disappear without a word leave nothing behind."""
        for _ in range(20):
            client = await server.connect(f"/ws/projects/{project}/")
            client.transport.abort()
        async with asyncio.timeout(PATIENCE):
            while await server.told("connections"):
                pass
