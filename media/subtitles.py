"""A film's text beside it, for players: its captions as SubRip and WebVTT, its segments as WebVTT's chapters."""

import html
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from pysubs2 import SSAEvent, SSAFile

from media.files import written
from media.timeline import Segment, Timeline
from media.typesetting import paragraphs

SUBRIP, WEBVTT, CHAPTERS = "captions.srt", "captions.vtt", "chapters.vtt"

_WORD_JOINER = "\N{WORD JOINER}"


@contextmanager
def beside(film: Path, timeline: Timeline) -> Iterator[None]:
    """Write the files into the film's folder; they take their places, or old ones go, if the block ends well.

    A film without captions has chapters only. Raises `DiskFull`.
    """
    files = {SUBRIP: subrip(timeline), WEBVTT: webvtt(timeline), CHAPTERS: chapters(timeline)}
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
    return _text(_captions(timeline), "srt", lambda caption: caption.replace("\\", f"\\{_WORD_JOINER}"))


def webvtt(timeline: Timeline) -> str:
    """The captions as WebVTT (https://www.w3.org/TR/webvtt1/), or nothing."""
    return _text(_captions(timeline), "vtt", _as_webvtt)


def chapters(timeline: Timeline) -> str:
    """The segments as WebVTT's chapters, each named by its number and the first line of its caption."""
    titled = (
        (start, end, [" · ".join([f"Segment {number}", *paragraphs(segment.caption)[:1]])])
        for number, (segment, start, end) in enumerate(_spans(timeline), 1)
    )
    return _text(titled, "vtt", _as_webvtt)


def _as_webvtt(text: str) -> str:
    return html.escape(text, quote=False).replace("\\", "&#92;")


_Cue: TypeAlias = tuple[int, int, list[str]]
"""First and last millisecond, and the lines."""


def _text(cues: Iterable[_Cue], form: str, escaped: Callable[[str], str]) -> str:
    file = SSAFile()
    for start, end, lines in cues:
        file.append(SSAEvent(start=start, end=end, text=r"\N".join(escaped(line) for line in lines)))
    return file.to_string(form, keep_ssa_tags=True) if file else ""


def _captions(timeline: Timeline) -> Iterator[_Cue]:
    for segment, start, end in _spans(timeline):
        if lines := paragraphs(segment.caption):
            yield start, end, lines


def _spans(timeline: Timeline) -> Iterator[tuple[Segment, int, int]]:
    """Each segment with its first and last millisecond: one gives way to the next in the middle of a crossfade."""
    begins = [0, *(start + seam.overlap // 2 for start, seam in zip(timeline.starts[1:], timeline.seams, strict=True))]
    bounds = [round(frame * 1000 / timeline.framerate) for frame in (*begins, timeline.total_frames)]
    for segment, (start, end) in zip(timeline.segments, pairwise(bounds), strict=True):
        yield segment, start, end
