"""Daphne, made to wait for slow readers, and to take no more of a request than it may have.

By itself it takes whatever an application sends into its memory (daphne issue 170): somebody who downloads a film
over a slow line would have all of it there. Twisted does say when a connection's buffer is full; here that is
what `send` waits for.
"""

import json
from http import HTTPStatus
from typing import Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from twisted.internet import reactor

from media.files import is_full
from realtime.daphne import Gate
from server.projects import uploads
from server.projects.exceptions import DiskFull, Refusal, TooLarge

LINGER_SECONDS = 5.0
"""How long a refused client may go on sending into the void (RFC 9112, 9.6): one cut off at once never reads why."""


class PatientServer(Server):  # type: ignore[misc]
    """A Daphne server that reads on in a file only as fast as its client takes it."""

    def run(self) -> None:
        """Serve until stopped."""
        daphne.server.HTTPFactory = BoundedFactory  # Daphne takes it from there, and from nowhere else
        super().run()

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Send one message of an application, and return when the client can take the next one."""
        if message["type"] == "http.response.body" and protocol.method == b"HEAD":
            message = {**message, "body": b""}  # Twisted drops only the first one that Daphne writes
        if message["type"] != "http.response.body" or protocol.channel is None:  # of a client that is gone
            await super().handle_reply(protocol, message)
        elif message.get("more_body"):
            if protocol.producer is None and not protocol.finished:
                protocol.registerProducer(Gate(), True)
            await super().handle_reply(protocol, message)
            if isinstance(protocol.producer, Gate):
                await protocol.producer.passed()
        else:
            if protocol.producer is not None:
                protocol.unregisterProducer()
            await super().handle_reply(protocol, message)


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body goes to the application unread, and is refused once it is too long, or the disk full."""

    _refused = False

    def __init__(self, *args: Any) -> None:
        # Twisted would take a form apart on the event loop, in many times its size; Django does it in a thread.
        super().__init__(*args, parsePOSTFormSubmission=False)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse a body that says it is too long before any of it is read."""
        super().gotLength(length)
        if length is not None and length > uploads.request_limit():
            self._refuse(_too_large())

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Keep a part of the body; refuse one that turns out too long without having said so."""
        if self._refused:
            return
        if self.content.tell() + len(data) > uploads.request_limit():
            self._refuse(_too_large())
            return
        try:
            super().handleContentChunk(data)
        except OSError as error:
            if not is_full(error):
                raise
            self._refuse(DiskFull())

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        """Hand the request on; disconnect a refused client that has sent all it had."""
        if self._refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer and disconnect; what still comes until then is thrown away."""
        self._refused = True
        self.requestHeaders.removeHeader(b"Expect")  # which would be answered with 100 behind it
        status = HTTPStatus(refusal.status_code)
        body = json.dumps(refusal.body).encode()
        transport = self.channel.transport
        transport.write(
            b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
            % (status, status.phrase.encode(), len(body), body)
        )
        transport.loseWriteConnection()  # the client sees the answer's end, and may leave
        reactor.callLater(LINGER_SECONDS, transport.loseConnection)  # type: ignore[arg-type]


def _too_large() -> TooLarge:
    return TooLarge(limit_bytes=uploads.request_limit())


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes Daphne's connections, with bounded requests."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        """Return what speaks HTTP with one client."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
