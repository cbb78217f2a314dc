"""A real Chromium in front of a real server, and a network between them that can fail."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.acceptance.server import until

DISABLED_FEATURES = [
    # Web pages of the browser's own address bar, which each new context would load: two thirds of what it costs.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # Of several lists Chromium reads the last only, so here is Playwright's, too (chromiumSwitches.ts).
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
    f"--disable-features={','.join(DISABLED_FEATURES)}",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's Chromium; where there is none, skip, or fail if RUSHES_REQUIRE_BROWSER is set."""
    program = shutil.which("chromium")
    if program is None:
        reason = "There is no chromium here; `apt-get install chromium` brings it."
        if os.environ.get("RUSHES_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def wait_for(page: Page, expression: str, *, arg: Any = None) -> None:
    """Wait until an expression is true in the page; Playwright's own way needs `eval`, which our policy forbids."""

    def is_true() -> bool:
        try:
            return bool(page.evaluate(expression, arg))
        except Error as error:
            if "context was destroyed" in error.message:  # the page is being left for another
                return False
            raise

    until(is_true, expression, within=20)


def another_window(page: Page) -> Page:
    """Open a second window of the page's own browser; a tab behind another draws once a second, and waits as long."""
    with page.expect_popup() as opened:
        page.evaluate("void window.open('about:blank', '', 'popup')")
    return opened.value


class Relay:
    """A TCP relay in front of the server: what lies between a visitor and it, and may not be kind.

    `refuses_sockets` drops each WebSocket handshake, as some proxies do; `cut()` drops everything that is
    open and lets nobody in until `mend()`; `stall()` swallows all that is said on what is open.
    """

    def __init__(self, port: int) -> None:
        self.refuses_sockets = False
        self._is_cut = False
        self._target = ("127.0.0.1", port)
        self._open: set[socket.socket] = set()
        self._stalled: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        self._is_cut = True
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def stall(self) -> None:
        """Let nothing through any more on the connections that are open, and close none: as after a laptop's sleep."""
        with self._lock:
            self._stalled |= self._open

    def lead_to(self, port: int) -> None:
        """Lead new connections to another server."""
        self._target = ("127.0.0.1", port)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End the relay and all that goes through it."""
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = client.recv(65536)
            handshake = b"upgrade: websocket" in head.lower()
            if self._is_cut or (handshake and self.refuses_sockets):
                return
            with socket.create_connection(self._target) as server:
                with self._lock:
                    self._open |= {client, server}
                server.sendall(head)
                back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
                back.start()
                self._pump(client, server)
                back.join()
                with self._lock:
                    self._open -= {client, server}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source not in self._stalled:
                    sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
