"""What the files of a packed timeline hold, as digests: they decide which parts of its film are there already.

`read` returns a file's digest: `digest_of`, or `known_digest_of` where it is asked again and again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from media.exceptions import AudioUnreadable, ImageUnreadable, MediaError
from media.files import digest_of
from media.timeline import Timeline

Reader: TypeAlias = Callable[[Path], str]


def pictures(timeline: Timeline, read: Reader = digest_of) -> list[str]:
    """The digest of each segment's picture or footage. Raises `ImageUnreadable` with the segment."""
    digests = []
    for index, segment in enumerate(timeline.segments):
        with _named(f"picture of segment {index + 1}", ImageUnreadable, segment.id, index):
            digests.append(_digest(segment.image, read))
    return digests


def narrations(timeline: Timeline, read: Reader = digest_of) -> list[str | None]:
    """The digest of each segment's sound, None where there is none. Raises `AudioUnreadable` with the segment."""
    digests: list[str | None] = []
    for index, segment in enumerate(timeline.segments):
        with _named(f"sound of segment {index + 1}", AudioUnreadable, segment.id, index):
            digests.append(None if segment.audio is None else _digest(segment.audio, read))
    return digests


def music(timeline: Timeline, read: Reader = digest_of) -> str | None:
    """The digest of the music, None if there is none. Raises `AudioUnreadable`."""
    with _named("music", AudioUnreadable):
        return read(timeline.music) if timeline.music else None


def _digest(content: Any, read: Reader) -> str:
    """Of a file, or of a MoviePy clip that was packed, which knows its own."""
    digest: str = read(content) if isinstance(content, Path) else content.digest
    return digest


@contextmanager
def _named(
    what: str, unreadable: type[MediaError], segment_id: str | None = None, index: int | None = None
) -> Iterator[None]:
    """A file that can't be read is said by what it is, with the segment that it belongs to."""
    try:
        yield
    except OSError as error:
        raise unreadable(
            f"The {what} can't be read ({error.strerror}). Upload it again.",
            segment_id=segment_id,
            segment_index=index,
        ) from error
