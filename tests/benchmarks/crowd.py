"""Many clients of one WebSocket address in one process: `crowd PORT PATH CLIENTS MODE SECONDS`; prints what they saw.

Nothing but sockets and a frame's length, because whatever the clients cost the server can't show. When all have their
first message this prints a line, and begins to count. `stamps` reads each state's phase as the moment of its making;
`slow` takes a little in hundredths of a second, and has the kernel keep as little as it can.
"""

import json
import re
import resource
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
STAMP = re.compile(rb'"current_phase":"(\d+)"')
PAUSE, LITTLE = 0.01, 2048
QUIET_SECONDS = 1.0
"""Without a message for so long it is over."""


@dataclass(slots=True)
class Client:
    """One connection, and what came of its next frame."""

    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)

    def read(self, most: int = 65536) -> list[bytes]:
        """Wait for bytes; the messages that are complete with them."""
        self.buffer += self.socket.recv(most)
        return self.frames()

    def frames(self) -> list[bytes]:
        """The messages that came."""
        found = []
        start = 0
        while len(self.buffer) >= start + 4:
            length, head = self.buffer[start + 1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(self.buffer[start + 2 : start + 4]), 4
            if len(self.buffer) < start + head + length:
                break
            if self.buffer[start] == 0x81:
                found.append(bytes(self.buffer[start + head : start + head + length]))
            start += head + length
        del self.buffer[:start]
        return found


def connect(port: int, path: str, room: int | None) -> Client:
    """A client that has shaken hands, with so much `room` for what it has not read."""
    client = Client(socket.socket())
    if room is not None:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    client.socket.connect(("127.0.0.1", port))
    client.socket.sendall(HANDSHAKE.format(path=path, port=port).encode())
    while b"\r\n\r\n" not in client.buffer:
        client.buffer += client.socket.recv(4096)
    del client.buffer[: client.buffer.index(b"\r\n\r\n") + 4]
    return client


def watch(port: int, path: str, count: int, mode: str, seconds: float) -> dict[str, object]:
    """Connect, wait for each one's first message, then count until it is quiet, or for so long."""
    waiting = selectors.DefaultSelector()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    most = LITTLE if mode == "slow" else 65536
    clients = [connect(port, path, most if mode == "slow" else None) for _ in range(count)]
    for client in clients:
        first = client.frames()  # it may have come with the handshake
        while not first:
            first = client.read()
        waiting.register(client.socket, selectors.EVENT_READ, client)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    delivered, latencies = 0, []
    newest = dict.fromkeys((client.socket for client in clients), b"")
    begun = None
    last = time.monotonic_ns()
    deadline = last + seconds * 1e9
    while (now := time.monotonic_ns()) < deadline:
        ready = waiting.select(0.1)
        if begun is not None and not ready and now - last > QUIET_SECONDS * 1e9:
            break
        for key, _ in ready:
            frames = key.data.read(most)
            last = time.monotonic_ns()
            begun = begun or last
            delivered += len(frames)
            if frames:
                newest[key.fileobj] = frames[-1]
            if mode == "stamps":
                latencies += [(last - int(found[1])) / 1e6 for found in map(STAMP.search, frames) if found]
        if mode == "slow":
            time.sleep(PAUSE)
    latencies.sort()
    return {
        "delivered": delivered,
        "seconds": (last - begun) / 1e9 if begun else 0,
        "p50_ms": latencies[len(latencies) // 2] if latencies else None,
        "p99_ms": latencies[len(latencies) * 99 // 100] if latencies else None,
        "ended": sum(b'"state":"completed"' in frame for frame in newest.values()) / count,
    }


if __name__ == "__main__":
    port, path, count, mode, seconds = sys.argv[1:]
    sys.stdout.write(json.dumps(watch(int(port), path, int(count), mode, float(seconds))))
