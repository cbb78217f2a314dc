"""What comes in: how much of it, and whether it is what it says.

Nothing is stored before a worker process of the engine's has decoded it from the first byte to the last.
"""

from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from rest_framework.parsers import MultiPartParser

from media import probe
from media.exceptions import MediaError, ProbeBusy
from server.projects.exceptions import Busy, Refusal, TooLarge, UploadUnreadable

FORM_BYTES = 1024**2
"""What the other fields and the boundaries of an upload may take."""

IMAGE_SUFFIXES = {b"\x89PNG": ".png", b"RIFF": ".webp"}
"""How each format begins that the engine reads; what else it reads is JPEG."""

AUDIO_SUFFIXES = frozenset({".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac"})


def request_limit() -> int:
    """Return how many bytes the largest request may have: a form with both files and the rest."""
    return settings.UPLOAD_MAX_IMAGE_BYTES + settings.UPLOAD_MAX_AUDIO_BYTES + FORM_BYTES


class BoundedMultiPartParser(MultiPartParser):
    """Refuses a form that says it is longer than both files and the rest may be, before taking it apart.

    `serve` refuses it before any of it is read; other servers may hand over what they like.
    """

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the fields and the files of a form."""
        limit = request_limit()
        length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if length > limit:
            message = f"The request has {length:,} bytes; at most {limit:,} are taken."
            raise TooLarge(message, limit_bytes=limit)
        return super().parse(stream, media_type, parser_context)


def check_image(file: TemporaryUploadedFile) -> None:
    """Read the whole picture and name the file after what it really is."""
    _check_bytes("image_file", file, settings.UPLOAD_MAX_IMAGE_BYTES)
    path = _path(file)
    try:
        probe.probe_image(path, max_pixels=settings.UPLOAD_MAX_IMAGE_PIXELS)
    except MediaError as error:
        raise _unreadable("image_file", error) from error
    with path.open("rb") as content:
        file.name = f"image{IMAGE_SUFFIXES.get(content.read(4), '.jpg')}"


def check_audio(file: TemporaryUploadedFile, field: str = "audio_file") -> float:
    """Read the whole sound, name the file harmlessly, and return how many seconds it lasts."""
    _check_bytes(field, file, settings.UPLOAD_MAX_AUDIO_BYTES)
    try:
        info = probe.probe_audio(_path(file), max_seconds=settings.UPLOAD_MAX_AUDIO_SECONDS)
    except MediaError as error:
        raise _unreadable(field, error) from error
    suffix = Path(file.name or "").suffix.lower()
    file.name = f"audio{suffix if suffix in AUDIO_SUFFIXES else '.bin'}"
    return info.seconds


def _path(file: TemporaryUploadedFile) -> Path:
    file.flush()
    return Path(file.temporary_file_path())


def _check_bytes(field: str, file: TemporaryUploadedFile, limit: int) -> None:
    if (file.size or 0) > limit:
        message = f"The file has {file.size:,} bytes; at most {limit:,} are taken."
        raise TooLarge(f"{field}: {message}", fields={field: [message]}, limit_bytes=limit)


def _unreadable(field: str, error: MediaError) -> Refusal:
    if isinstance(error, ProbeBusy):
        return Busy()
    return UploadUnreadable(f"{field}: {error.message}", code=error.code, fields={field: [error.message]})
