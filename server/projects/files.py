"""A project's files over HTTP: films, previews, pictures and sounds, whole or in ranges (RFC 9110)."""

import asyncio
import logging
import os
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from media.exceptions import DiskFull, ImageUnreadable
from media.thumbnail import key_of, thumbnail
from server.projects import renders
from server.projects.models import Project

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PATTERN = (
    rf"^media/projects/(?P<project_id>{_UUID})/"
    rf"(?P<name>output/(?:final\.mp4|poster\.jpg|captions\.(?:srt|vtt)|chapters\.vtt)|preview\.jpg|"
    rf"(?:segments/{_UUID}/(?:image|audio|film)|music/music)-[0-9a-f]{{16}}\.[a-z0-9]+)$"
)
"""Every name that is served, and so no way out of the project's folder."""

IMMUTABLE = "private, max-age=31536000, immutable"
"""An uploaded file is never changed, only replaced by one of another name."""

BLOCK = 256 * 1024

_drawing = threading.Lock()
"""Large pictures take much memory while they are made small, so that is done to one at a time."""

logger = logging.getLogger(__name__)

TYPES = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".srt": "application/x-subrip; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
}


@csrf_exempt  # so that a wrong verb is told that it is one; nothing here can be changed
@require_safe
def media_file(request: HttpRequest, project_id: str, name: str) -> HttpResponseBase:
    """Serve one file of a project; `?download=1` names it after the project's title, `?thumbnail=1` makes it small.

    All that is said of the file is read from the one descriptor that its bytes come from: it may be
    replaced at any moment, and whoever began to read goes on with what there was.
    """
    path = settings.MEDIA_ROOT / "projects" / project_id / name
    if "thumbnail" in request.GET and path.stem.startswith("image-"):
        return _thumbnail(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise Http404 from error
    try:
        response = _answer(request, file, path)
    except BaseException:
        file.close()
        raise
    if not response.streaming:
        file.close()
    if "download" in request.GET:
        response["Content-Disposition"] = content_disposition_header(True, _download_name(project_id, path))
    return response


def _thumbnail(path: Path) -> HttpResponse:
    """Return a segment's picture as the pages show it: made when it is first asked for, and kept with what else is."""
    if not path.is_file():
        raise Http404
    cache, key = renders.chunk_cache(), key_of(f"{path.parent.name}/{path.name}")
    small = cache.get(key)
    if small is None:
        try:
            with _drawing:
                small = thumbnail(path.read_bytes())
        except (FileNotFoundError, ImageUnreadable) as error:
            raise Http404 from error
        try:
            cache.put(key, small)
        except DiskFull:
            logger.warning("The disk is full: thumbnails are made anew each time")
    return HttpResponse(small, content_type="image/jpeg", headers={"Cache-Control": IMMUTABLE})


def _answer(request: HttpRequest, file: BinaryIO, path: Path) -> HttpResponseBase:
    stat = os.fstat(file.fileno())
    etag = f'"{stat.st_ino:x}-{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {
        "Content-Type": TYPES.get(path.suffix, "application/octet-stream"),
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(stat.st_mtime),
        "Cache-Control": IMMUTABLE if "-" in path.stem else "no-cache",
    }
    whole = HttpResponse(headers=headers)
    unchanged = get_conditional_response(request, etag=etag, last_modified=int(stat.st_mtime), response=whole)
    if unchanged is not None and unchanged is not whole:
        return unchanged
    status, first, last = 200, 0, stat.st_size - 1
    if ranged := _range(request, etag, headers["Last-Modified"], stat.st_size):
        first, last = ranged
        if first > last:
            headers["Content-Range"] = f"bytes */{stat.st_size}"
            return HttpResponse(status=416, headers=headers)
        headers["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
        status = 206
    headers["Content-Length"] = str(last - first + 1)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(Blocks(file, first, last), status=status, headers=headers)


def _range(request: HttpRequest, etag: str, last_modified: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte asked for; first > last if there are none such; None for all of them.

    Several ranges at once are answered with the whole file, as RFC 9110 (14.2) allows.
    """
    if request.headers.get("If-Range", etag) not in (etag, last_modified):
        return None
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None  # not a range at all, so the header doesn't count
    return int(first), min(int(last), size - 1) if last else size - 1


class Blocks:
    """Part of a file, read in a thread block by block: a plain iterator Django would read into memory whole."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        self._file = file
        self._first = first
        self._left = last - first + 1

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            await asyncio.to_thread(self._file.seek, self._first)
            while self._left and (block := await asyncio.to_thread(self._file.read, min(BLOCK, self._left))):
                self._left -= len(block)
                yield block
        finally:
            self.close()

    def close(self) -> None:
        """Let the file go; Django calls this for a response that nobody read, too."""
        self._file.close()


def _download_name(project_id: str, path: Path) -> str:
    """Return the project's title as every system takes it for a file name."""
    title = Project.objects.filter(pk=project_id).values_list("title", flat=True).first() or ""
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title)
    return f"{' '.join(name.split()).strip('. ') or 'film'}{path.suffix}"
