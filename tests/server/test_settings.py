"""The server is safe until the environment says otherwise."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, *names: str, **environment: str) -> dict[str, Any] | str:
    """The settings of those names as a new process reads them, or the last line that it died with."""
    program = (
        "import json, sys, server.settings as s;"
        "print(json.dumps({name: getattr(s, name) for name in sys.argv[1:]}, default=str))"
    )
    process = subprocess.run(
        [sys.executable, "-c", program, *names],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        return process.stderr.strip().splitlines()[-1]
    settings: dict[str, Any] = json.loads(process.stdout)
    return settings


def test_without_a_secret_key_the_server_refuses_to_start(tmp_path: Path) -> None:
    """Outside of DEBUG nobody makes up a key, even if one was made up before."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").write_text("left from development")
    assert "ImproperlyConfigured: SECRET_KEY is not set" in start(tmp_path, "SECRET_KEY")


def test_the_first_development_start_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    """The key lies in the data folder with mode 0600, and the next start reads it again."""
    first = start(tmp_path, "SECRET_KEY", DEBUG="1")
    key = tmp_path / "var" / "secret_key"
    assert first == {"SECRET_KEY": key.read_text()}
    assert len(key.read_text()) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
    assert start(tmp_path, "SECRET_KEY", DEBUG="1") == first
    assert [path.name for path in key.parent.iterdir()] == ["secret_key"]


def test_everything_is_closed_by_default(tmp_path: Path) -> None:
    """No debug pages, loopback names only, no foreign origin, compressed static files."""
    names = ["DEBUG", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "CORS_ALLOWED_ORIGINS", "STORAGES", "WHITENOISE_USE_FINDERS"]
    settings = start(tmp_path, *names, SECRET_KEY="k")
    assert isinstance(settings, dict)
    storage = settings.pop("STORAGES")["staticfiles"]["BACKEND"]
    assert storage == "whitenoise.storage.CompressedManifestStaticFilesStorage"
    assert settings == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "ALLOWED_ORIGINS": [],
        "CORS_ALLOWED_ORIGINS": [],
        "WHITENOISE_USE_FINDERS": False,
    }


def test_the_environment_opens_what_it_names(tmp_path: Path) -> None:
    """Hosts and origins are lists separated by commas; numbers are numbers."""
    settings = start(
        tmp_path,
        *["ALLOWED_HOSTS", "ALLOWED_ORIGINS", "CORS_ALLOWED_ORIGINS", "RENDER_CONCURRENCY"],
        SECRET_KEY="k",
        ALLOWED_HOSTS="films.example.com,10.0.0.1",
        ALLOWED_ORIGINS="https://films.example.com",
        CORS_ALLOWED_ORIGINS="https://other.example.com",
        RENDER_CONCURRENCY="2",
    )
    assert settings == {
        "ALLOWED_HOSTS": ["films.example.com", "10.0.0.1"],
        "ALLOWED_ORIGINS": ["https://films.example.com"],
        "CORS_ALLOWED_ORIGINS": ["https://other.example.com"],
        "RENDER_CONCURRENCY": 2,
    }


def test_the_database_is_a_sqlite_file_that_waits_its_turn(tmp_path: Path) -> None:
    """WAL, IMMEDIATE transactions and a busy timeout, also for a SQLite file of another name."""
    for extra in ({}, {"DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3"}):
        settings = start(tmp_path, "DATABASES", SECRET_KEY="k", **extra)
        assert isinstance(settings, dict)
        options = settings["DATABASES"]["default"]["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] == 20
        assert "journal_mode=WAL" in options["init_command"]
    assert settings["DATABASES"]["default"]["NAME"] == f"{tmp_path}/other.sqlite3"


def test_another_database_takes_its_place(tmp_path: Path) -> None:
    """DATABASE_URL overrides, and SQLite's options stay away from it."""
    url = "postgres://rushes:pw@db.example.com:5433/films"
    settings = start(tmp_path, "DATABASES", SECRET_KEY="k", DATABASE_URL=url)
    assert isinstance(settings, dict)
    database = settings["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.com", 5433, "films")
    assert "OPTIONS" not in database


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("RENDER_QUEUE_SIZE", "0", "RENDER_QUEUE_SIZE has to be at least 1, not 0."),
        ("CACHE_MAX_BYTES", "plenty", "CACHE_MAX_BYTES has to be a whole number"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT has to be one of plain, json, not 'xml'."),
        ("DATA_DIR", "/proc/nowhere", "DATA_DIR can't be made"),
        ("CAPTION_FONT", "/proc/nowhere.ttf", "CAPTION_FONT has to be a TrueType or OpenType file"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, complaint: str) -> None:
    """What can't be used stops the start with the name of the setting."""
    assert complaint in start(tmp_path, "DEBUG", **{"SECRET_KEY": "k", name: value})


def test_logs_can_be_lines_of_json(tmp_path: Path) -> None:
    """LOG_FORMAT=json makes each record one object, its traceback included."""
    program = (
        "import logging, django; django.setup()\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('rushes').exception('no %s', 'luck')"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "k",
            "LOG_FORMAT": "json",
            "DJANGO_SETTINGS_MODULE": "server.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = process.stderr.strip().splitlines()
    record = json.loads(line)
    assert (record["level"], record["logger"], record["message"]) == ("ERROR", "rushes", "no luck")
    assert "ZeroDivisionError" in record["traceback"]


def test_a_path_below_which_a_proxy_mounts_everything(tmp_path: Path) -> None:
    """Static files and cookies go below it; slashes at its ends make no difference, and our own names are refused."""
    names = ["BASE_PATH", "FORCE_SCRIPT_NAME", "STATIC_URL", "MEDIA_URL", "SESSION_COOKIE_PATH"]
    assert start(tmp_path, *names, SECRET_KEY="k", BASE_PATH="rushes/") == {
        "BASE_PATH": "/rushes",
        "FORCE_SCRIPT_NAME": "/rushes",
        "STATIC_URL": "/rushes/static/",
        "MEDIA_URL": "/media/",
        "SESSION_COOKIE_PATH": "/rushes/",
    }
    assert start(tmp_path, "BASE_PATH", "STATIC_URL", SECRET_KEY="k") == {"BASE_PATH": "", "STATIC_URL": "/static/"}
    assert "has to be a path like /rushes" in start(tmp_path, "BASE_PATH", SECRET_KEY="k", BASE_PATH="https://x")
    assert "has addresses of that name" in start(tmp_path, "BASE_PATH", SECRET_KEY="k", BASE_PATH="/media")


def test_a_proxys_word_on_https_counts_only_where_it_is_trusted(tmp_path: Path) -> None:
    """Whoever reaches the server directly could say the same."""
    assert start(tmp_path, "SECURE_PROXY_SSL_HEADER", SECRET_KEY="k") == {"SECURE_PROXY_SSL_HEADER": None}
    trusted = start(
        tmp_path, "SECURE_PROXY_SSL_HEADER", "SESSION_COOKIE_SECURE", SECRET_KEY="k", TRUST_X_FORWARDED_PROTO="1"
    )
    assert trusted == {"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"], "SESSION_COOKIE_SECURE": True}
