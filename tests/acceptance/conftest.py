"""One server for the tests that do it no harm, one browser, and the server's own words beside each failure."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.browser import Relay, chromium
from tests.acceptance.server import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the module's tests share."""
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    """The network between the page and the server."""
    relay = Relay(server.port)
    yield relay
    relay.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a server that a test starts, and may start again."""
    return tmp_path / "data"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all acceptance tests; its event loop would be in the way of asynchronous tests elsewhere."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new tab, in which nothing may throw."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert thrown == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what the servers wrote beside the failure."""
    report = yield
    if report.failed:
        values = getattr(item, "funcargs", {}).values()
        logs = [value.log for value in values if isinstance(value, Server)]
        logs += [log for value in values if isinstance(value, Path) for log in value.parent.glob("data-*.log")]
        for log in dict.fromkeys(logs):
            report.sections.append((f"server output, {log.name}", log.read_text(errors="replace")[-6000:]))
    return report
