"""Behind a real nginx, over HTTPS, below a path, as the README shows it; with the static files of production."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, expect

from media.testing import make_picture
from tests.acceptance.browser import wait_for
from tests.acceptance.server import add, create, running, until

pytestmark = pytest.mark.browser

README = Path(__file__).resolve().parents[2] / "README.md"


def certify(folder: Path) -> None:
    """Write a key and a certificate for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "site.pem").write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[str]:
    """Run nginx with the README's `location` in front of the server; yield the site's address."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        reason = "There is no nginx here; `apt-get install nginx-light` brings it."
        if os.environ.get("RUSHES_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    ((location),) = re.findall(r"```nginx\n(.*?)```", README.read_text(), re.DOTALL)
    ((upgrade),) = re.findall(r"`(map .*?})`", README.read_text())
    with socket.create_server(("127.0.0.1", 0)) as free:
        own = free.getsockname()[1]
    certify(folder)
    (folder / "nginx.conf").write_text(
        f"""
        daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
        events {{ }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
            {upgrade}
            server {{
                listen 127.0.0.1:{own} ssl;
                ssl_certificate {folder}/site.pem; ssl_certificate_key {folder}/site.pem;
                location = /favicon.ico {{ return 204; }}  # browsers ask the site for it where a page names none
                {location.replace("127.0.0.1:8000", f"127.0.0.1:{port}")}
            }}
        }}
        """
    )
    command = [program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command)
    try:
        until(lambda: is_listening(own), "nginx to listen")
        yield f"https://127.0.0.1:{own}"
    finally:
        process.terminate()
        process.wait(10)


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_all_of_it_works_below_a_path_behind_nginx_over_https(browser: Browser, data: Path, tmp_path: Path) -> None:
    """Pages, modules, uploads, the socket, the film, the API's page and the admin; nothing leaves the path."""
    settings = {"DEBUG": "0", "SECRET_KEY": "k", "BASE_PATH": "/rushes", "TRUST_X_FORWARDED_PROTO": "1"}
    with running(data, **settings) as server, nginx(tmp_path, server.port) as site:
        project_id = create(server.client)
        add(server.client, project_id, image=make_picture(tmp_path / "0.jpg", width=320, height=180), duration=0.5)
        context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))

        page.goto(f"{site}/rushes/")
        page.locator(f"[data-project='{project_id}'] a").first.click()
        expect(page.locator(".connection")).to_have_attribute("data-connection", "live")
        page.get_by_role("button", name="Export Video", exact=True).click()
        expect(page.get_by_role("link", name="Download Video")).to_be_visible(timeout=20_000)
        page.evaluate("const video = document.querySelector('video'); video.muted = true; void video.play()")
        wait_for(page, "document.querySelector('video').currentTime > 0.1")

        page.goto(f"{site}/rushes/api/docs/")
        expect(page.get_by_role("heading", name="Rushes")).to_be_visible(timeout=20_000)
        page.goto(f"{site}/rushes/admin/login/")
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
        context.close()

        assert [url for url in asked if not url.startswith((f"{site}/rushes/", "data:"))] == []
        assert said == []
        modules = [url for url in asked if url.endswith(".js") and "/web/" in url]
        assert modules
        assert all(re.search(r"\.[0-9a-f]{12}\.js$", url) for url in modules), "each module has a hashed name"
        assert len(set(modules)) == len({re.sub(r"\.[0-9a-f]{12}\.js$", "", url) for url in modules})
        with httpx.Client(verify=ssl._create_unverified_context()) as client:  # noqa: S323 - our own certificate
            kept = client.get(modules[0], headers={"Accept-Encoding": "gzip"})
        assert "immutable" in kept.headers["Cache-Control"]
        assert kept.headers["Content-Encoding"] == "gzip"
