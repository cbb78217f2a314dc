"""Clients that ask for one address again and again, each as soon as it has its answer: `pollers PORT PATH SECONDS`.

Plain sockets and one selector, because whatever the clients cost the server can't show.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass

CLIENTS = 16


@dataclass(slots=True)
class Client:
    """One connection, and how much of its answer is still to come."""

    socket: socket.socket
    request: bytes
    missing: int
    asked: float = 0.0


def poll(port: int, path: str, seconds: float) -> dict[str, object]:
    """Ask for so long; how many answers came, and the milliseconds that each took."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n"
    requests = [f"{head}User-Agent: caller/{number:02}\r\n\r\n".encode() for number in range(CLIENTS)]
    length = _length_of_an_answer(port, requests[0])
    waiting = selectors.DefaultSelector()
    for request in requests:
        client = Client(socket.create_connection(("127.0.0.1", port)), request, length)
        waiting.register(client.socket, selectors.EVENT_READ, client)
    times: list[float] = []
    for key in waiting.get_map().values():
        key.data.asked = time.perf_counter()
        key.data.socket.sendall(key.data.request)
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        for key, _ in waiting.select(1):
            client = key.data
            client.missing -= len(client.socket.recv(65536))
            if client.missing == 0:
                now = time.perf_counter()
                times.append(now - client.asked)
                client.missing, client.asked = length, now
                client.socket.sendall(client.request)
            assert client.missing > 0, "an answer of another length"
    times.sort()
    return {"answers": len(times), "p99_ms": times[len(times) * 99 // 100] * 1000}


def _length_of_an_answer(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += client.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        content = int(lines[b"content-length"])
        while len(body) < content:
            body += client.recv(65536)
        return len(head) + 4 + content


if __name__ == "__main__":
    sys.stdout.write(json.dumps(poll(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))))
