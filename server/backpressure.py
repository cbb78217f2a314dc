"""Daphne, made to wait for slow readers.

By itself it takes whatever an application sends into its memory (daphne issue 170): somebody who downloads a film
over a slow line would have all of it there. Twisted does say when a connection's buffer is full; here that is
what `send` waits for.
"""

from typing import Any

from daphne.server import Server

from realtime.daphne import Gate


class PatientServer(Server):  # type: ignore[misc]
    """A Daphne server that reads on in a file only as fast as its client takes it."""

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Send one message of an application, and return when the client can take the next one."""
        if message["type"] != "http.response.body":
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
