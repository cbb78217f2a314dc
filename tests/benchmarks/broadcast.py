"""The limit of fan-out in Python: `websockets.broadcast` of ready-made text, `broadcast PORT`; `/burst/N` sends N."""

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response

from realtime.payload import encode
from tests.benchmarks.raw import SNAPSHOT

MESSAGE = encode(SNAPSHOT).message
clients: set[ServerConnection] = set()


async def follow(connection: ServerConnection) -> None:
    """Keep one client until it leaves."""
    clients.add(connection)
    await connection.send(MESSAGE)
    await connection.wait_closed()
    clients.remove(connection)


async def direct(connection: ServerConnection, request: Request) -> Response | None:
    """Answer what is no WebSocket: send so many messages to all."""
    if not request.path.startswith("/burst/"):
        return None
    for _ in range(int(request.path.split("/")[2])):
        broadcast(clients, MESSAGE)
        await asyncio.sleep(0)
    return connection.respond(204, "")


async def main(port: int) -> None:
    """Serve until the process ends."""
    async with serve(follow, "127.0.0.1", port, process_request=direct, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
