"""A film's captions as text beside it: SubRip and WebVTT, for players that show or search them."""

import html
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

from pysubs2 import SSAEvent, SSAFile

from media import captions
from media.files import written
from media.timeline import Timeline

SUBRIP, WEBVTT = "captions.srt", "captions.vtt"

_WORD_JOINER = "\N{WORD JOINER}"


@contextmanager
def beside(film: Path, timeline: Timeline) -> Iterator[None]:
    """Write both files into the film's folder; they take their places, or old ones go, if the block ends well.

    A film without captions has neither. Raises `DiskFull`.
    """
    files = {SUBRIP: subrip(timeline), WEBVTT: webvtt(timeline)}
    with ExitStack() as writing:
        for name, text in files.items():
            if text:
                writing.enter_context(written(film.with_name(name), text.encode()))
        yield
    for name, text in files.items():
        if not text:
            film.with_name(name).unlink(missing_ok=True)


def subrip(timeline: Timeline) -> str:
    """The captions as SubRip, or nothing. It knows no escapes: a tag in a caption is a tag to some players."""
    # To pysubs2 a backslash begins a line break or a tag; nobody sees what keeps it from that.
    return _text(timeline, "srt", lambda caption: caption.replace("\\", f"\\{_WORD_JOINER}"))


def webvtt(timeline: Timeline) -> str:
    """The captions as WebVTT (https://www.w3.org/TR/webvtt1/), or nothing."""
    return _text(timeline, "vtt", lambda caption: html.escape(caption, quote=False).replace("\\", "&#92;"))


def _text(timeline: Timeline, form: str, escaped: Callable[[str], str]) -> str:
    cues = SSAFile()
    for start, end, lines in _cues(timeline):
        cues.append(SSAEvent(start=start, end=end, text=r"\N".join(escaped(line) for line in lines)))
    return cues.to_string(form, keep_ssa_tags=True) if cues else ""


def _cues(timeline: Timeline) -> Iterator[tuple[int, int, list[str]]]:
    """Each caption's lines with its first and last millisecond: it changes in the middle of a crossfade."""
    begins = [0, *(start + seam.overlap // 2 for start, seam in zip(timeline.starts[1:], timeline.seams, strict=True))]
    bounds = [round(frame * 1000 / timeline.framerate) for frame in (*begins, timeline.total_frames)]
    for segment, (start, end) in zip(timeline.segments, pairwise(bounds), strict=True):
        if lines := captions.paragraphs(segment.caption):
            yield start, end, lines
