"""Captions as text: cues that follow the film's frames, whatever stands in them."""

import errno
import os
from pathlib import Path

import pytest
from pysubs2 import SSAFile

from media import subtitles
from media.exceptions import DiskFull
from media.files import written
from media.timeline import Segment, Timeline, Transition, TransitionKind
from tests.disks import little_room

CUT = Transition()


def film(*captions: str, transition: Transition = CUT, framerate: int = 10) -> Timeline:
    """A film of one second for each caption; its pictures are never opened."""
    segments = (Segment(str(n), Path(), 1.0, caption=text, transition=transition) for n, text in enumerate(captions))
    return Timeline(160, 90, framerate, tuple(segments))


def cues(timeline: Timeline) -> list[tuple[int, int, str]]:
    """First and last millisecond and text of each cue, as another reader of SubRip finds them."""
    return [(cue.start, cue.end, cue.plaintext) for cue in SSAFile.from_string(subtitles.subrip(timeline))]


def test_each_caption_stands_as_long_as_its_segment() -> None:
    """A segment without one has no cue, and a cue keeps its caption's lines."""
    assert cues(film("One", " ", "Two\n\n lines ")) == [(0, 1000, "One"), (2000, 3000, "Two\nlines")]


def test_captions_change_in_the_middle_of_a_crossfade() -> None:
    """Two are never there at once, and between them is no gap."""
    fading = film("One", "Two", "Three", transition=Transition(TransitionKind.CROSSFADE, 0.4))
    assert [(start, end) for start, end, _ in cues(fading)] == [(0, 800), (800, 1400), (1400, 2200)]


def test_captions_change_where_it_is_black() -> None:
    """A fade through black has no overlap: the darkest moment is where one segment ends."""
    fading = film("One", "Two", transition=Transition(TransitionKind.FADE_BLACK, 0.4))
    assert [(start, end) for start, end, _ in cues(fading)] == [(0, 1000), (1000, 2000)]


def test_times_are_those_of_whole_frames() -> None:
    """At 30 frames a second no cue drifts: the thousandth begins at its frame's own millisecond."""
    timeline = Timeline(160, 90, 30, tuple(Segment(str(n), Path(), 1 / 30, caption="x") for n in range(1000)))
    assert cues(timeline)[999][0] == round(999 * 1000 / 30)


@pytest.mark.parametrize("text", [r"C:\new\house", "{braces}", "a --> b", r"{\p1}m 0 0", "שלום, مرحبا", "12"])
def test_nothing_in_a_caption_is_taken_for_more_than_text(text: str) -> None:
    """No tag of another format, no arrow and no number ends or empties a cue."""
    content = subtitles.subrip(film(text)).replace("\N{WORD JOINER}", "")
    assert content.startswith(f"1\n00:00:00,000 --> 00:00:01,000\n{text}\n")


def test_webvtt_escapes_what_it_would_read_as_markup() -> None:
    """Angle brackets, ampersands and backslashes come as character references."""
    content = subtitles.webvtt(film(r"Tom & <b>Jerry</b> \N"))
    assert content.startswith("WEBVTT\n\n")
    assert "00:00:00.000 --> 00:00:01.000\nTom &amp; &lt;b&gt;Jerry&lt;/b&gt; &#92;N\n" in content


def test_the_files_take_their_places_with_the_film(tmp_path: Path) -> None:
    """Not before the block ends, not if it ends badly, and of a film without captions only its chapters."""
    place = tmp_path / "film.mp4"
    with subtitles.beside(place, film("One")):
        assert not (tmp_path / subtitles.SUBRIP).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [subtitles.SUBRIP, subtitles.WEBVTT, subtitles.CHAPTERS]
    before = (tmp_path / subtitles.SUBRIP).read_text()
    with pytest.raises(RuntimeError), subtitles.beside(place, film("Two")):
        raise RuntimeError
    with pytest.raises(RuntimeError), subtitles.beside(place, film("")):
        raise RuntimeError
    assert (tmp_path / subtitles.SUBRIP).read_text() == before
    with subtitles.beside(place, film("")):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [subtitles.CHAPTERS]


def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path) -> None:
    """It is told as such, and nothing temporary stays."""
    path = tmp_path / "poster.jpg"
    path.write_bytes(b"before")
    with little_room(4096), pytest.raises(DiskFull) as full, written(path, os.urandom(8192)):
        pytest.fail("the block begins only once all is written")
    assert isinstance(full.value.__cause__, OSError)
    assert full.value.__cause__.errno == errno.EFBIG
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


def test_each_segment_is_a_chapter() -> None:
    """Named by its number and the first line of its caption, without a gap, whether it has one or not."""
    text = subtitles.chapters(film("One\nmore", "", "A & B", transition=Transition(TransitionKind.CROSSFADE, 0.4)))
    assert text.splitlines()[0] == "WEBVTT"
    assert "00:00:00.000 --> 00:00:00.800\nSegment 1 · One\n" in text
    assert "00:00:00.800 --> 00:00:01.400\nSegment 2\n" in text
    assert "00:00:01.400 --> 00:00:02.200\nSegment 3 · A &amp; B\n" in text
