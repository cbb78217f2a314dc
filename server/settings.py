"""Every setting of the server, read from the environment and, where there is one, from `.env`.

Safe by default: no debug pages, loopback only, no foreign origin. `.env.example` lists what can be set.
"""

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import environ
from corsheaders.defaults import default_headers
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from media import cores

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # what the environment says already wins


def positive(name: str, default: int) -> int:
    """Return the whole number that the environment gives `name`; refuse to start with less than 1."""
    try:
        number: int = env.int(name, default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has to be a whole number: {error}") from error
    if number < 1:
        raise ImproperlyConfigured(f"{name} has to be at least 1, not {number}.")
    return number


def one_of(name: str, *names: str) -> str:
    """Return which of `names` the environment gives `name`; the first one if it says nothing."""
    choice: str = env.str(name, names[0])
    if choice not in names:
        raise ImproperlyConfigured(f"{name} has to be one of {', '.join(names)}, not {choice!r}.")
    return choice


def base_path(name: str) -> str:
    """Return the path that the environment gives `name`, as `/rushes`; empty if Rushes is at the root."""
    path: str = env.str(name, "").strip("/")
    if not re.fullmatch(r"[\w.~-]*(/[\w.~-]+)*", path, re.ASCII):
        raise ImproperlyConfigured(f"{name} has to be a path like /rushes, not {path!r}.")
    if path.split("/")[0] in {"admin", "api", "media", "projects", "static", "ws"}:
        raise ImproperlyConfigured(f"{name} can't be /{path}: Rushes has addresses of that name itself.")
    return f"/{path}" if path else ""


def font_file(name: str) -> Path | None:
    """Return the font that the environment gives `name`, if it gives any."""
    path: str = env.str(name, "")
    if not path:
        return None
    if not Path(path).is_file():
        raise ImproperlyConfigured(f"{name} has to be a TrueType or OpenType file; there is none at {path!r}.")
    return Path(path).resolve()


def development_secret_key(path: Path) -> str:
    """Return the key kept at `path`, made there on the first start, readable by its owner only."""
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        with contextlib.suppress(FileExistsError):  # two first starts at once: one key for both
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text()


DEBUG: bool = env.bool("DEBUG", False)

DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR can't be made: {error}") from error

SECRET_KEY: str = env.str("SECRET_KEY", "")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = development_secret_key(DATA_DIR / "secret_key")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put a long random text into the environment or into .env "
        "(see .env.example), or start with DEBUG=1 on your own machine, which makes a key by itself."
    )

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Pages of these origins may send changes and open WebSockets, as if they were the server's own.
ALLOWED_ORIGINS: list[str] = env.list("ALLOWED_ORIGINS", default=[])
# Pages of these origins may also read the API's answers.
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
# Where a proxy mounts Rushes, and whether its word is taken for it that the visitor came over HTTPS.
BASE_PATH = base_path("BASE_PATH")
FORCE_SCRIPT_NAME = BASE_PATH or None
TRUST_X_FORWARDED_PROTO: bool = env.bool("TRUST_X_FORWARDED_PROTO", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_X_FORWARDED_PROTO else None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{BASE_PATH}/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TRUST_X_FORWARDED_PROTO
CORS_URLS_REGEX = r"^/(api|media)/"
CORS_ALLOW_HEADERS = [*default_headers, "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After", "Location"]

RENDER_CONCURRENCY = positive("RENDER_CONCURRENCY", 1)
RENDER_QUEUE_SIZE = positive("RENDER_QUEUE_SIZE", 100)
RENDER_WORKERS = positive("RENDER_WORKERS", cores.available())
RENDER_STALL_TIMEOUT = positive("RENDER_STALL_TIMEOUT", 120)
RENDER_ENCODER: str = env.str("RENDER_ENCODER", default="libx264")
CACHE_DIR = DATA_DIR / "cache"
CACHE_MAX_BYTES = positive("CACHE_MAX_BYTES", 10 * 1024**3)
CAPTION_FONT = font_file("CAPTION_FONT")
UPLOAD_MAX_IMAGE_BYTES = positive("UPLOAD_MAX_IMAGE_BYTES", 50 * 1024**2)
UPLOAD_MAX_IMAGE_PIXELS = positive("UPLOAD_MAX_IMAGE_PIXELS", 100_000_000)
UPLOAD_MAX_AUDIO_BYTES = positive("UPLOAD_MAX_AUDIO_BYTES", 200 * 1024**2)
UPLOAD_MAX_AUDIO_SECONDS = positive("UPLOAD_MAX_AUDIO_SECONDS", 3600)
MAX_SEGMENTS = positive("MAX_SEGMENTS", 500)
MAX_CONNECTIONS = positive("MAX_CONNECTIONS", 1000)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "server.projects",
    "server.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "server.static.StaticFilesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "server.projects.origins.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "server.web.policy.PagePolicyMiddleware",
]

# What a page of ours may load and run: its own files, and the one inline script that carries this answer's nonce.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # the tab's icon is drawn by its page
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# What of them has a say in the status of a project, asked for without cookies: all that the fast lane calls.
STATUS_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def database() -> dict[str, Any]:
    """Return what DATABASE_URL names, or the SQLite file in the data folder."""
    settings: dict[str, Any]
    if env.str("DATABASE_URL", ""):
        settings = env.db_url("DATABASE_URL")
    else:
        settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "rushes.sqlite3"}
    # Requests are answered by a pool of threads; each keeps its connection.
    settings |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction that begins by reading could otherwise not wait for another writer,
        # whatever the timeout: SQLite fails the upgrade of its lock at once.
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return settings


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where several processes share the state of renders; without it, this one has it to itself.
REDIS_URL: str = env.str("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if REDIS_URL:
    from realtime.redis import channel_layer  # a tenth of the start, for what most do without

    CHANNEL_LAYERS["default"] = channel_layer(REDIS_URL)

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# An upload is checked by programs that want a path, so it never stays in memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o644

# Media addresses stay relative to our root on the wire; pages put the path before them.
STATIC_URL = f"{BASE_PATH}/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "server.projects.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "server.projects.uploads.BoundedMultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "server.projects.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "server.projects.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Rushes",
    "DESCRIPTION": "Pictures and voices in, a video out, watched live.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"StatusEnum": "server.projects.models.Status"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOG_LEVEL = one_of("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
LOG_FORMAT = one_of("LOG_FORMAT", "plain", "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "server.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Replaces Django's own handler, which writes plain lines in DEBUG whatever LOG_FORMAT says.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "daphne": {"level": "WARNING"},
        # Writes a traceback for each second without Redis; our own store says that it is away, and that it is back.
        "channels_redis": {"level": "CRITICAL"},
    },
}
