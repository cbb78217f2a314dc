import math
import pickle
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.exceptions import TimelineInvalid
from media.timeline import CaptionStyle, Seam, Segment, Timeline, Transition, TransitionKind

lengths = st.lists(st.floats(0.001, 600), min_size=1, max_size=40)
rates = st.integers(1, 60)


def film(seconds: list[float], framerate: int = 30, width: int = 1280, height: int = 720) -> Timeline:
    """A film whose segments last so many seconds."""
    return Timeline(width, height, framerate, tuple(Segment(str(n), Path("x"), s) for n, s in enumerate(seconds)))


@given(lengths, rates)
def test_each_segment_lasts_its_seconds_rounded_to_frames_and_one_frame_at_the_least(seconds, framerate):
    """Each segment lasts its seconds rounded to frames, and one frame at the least."""
    assert film(seconds, framerate).frames == tuple(max(1, round(s * framerate)) for s in seconds)


@given(lengths, rates)
def test_segments_follow_each_other_without_a_gap(seconds, framerate):
    """A segment begins at the frame after the last one of the segment before it."""
    timeline = film(seconds, framerate)
    ends = [start + frames for start, frames in zip(timeline.starts, timeline.frames, strict=True)]
    assert timeline.starts == (0, *ends[:-1])
    assert timeline.total_frames == ends[-1]


@given(lengths, rates)
def test_sound_keeps_with_the_picture_to_the_sample(seconds, framerate):
    """However many segments came before, the sound of a frame is placed to the nearest sample."""
    timeline = film(seconds, framerate)
    for start in timeline.starts:
        assert abs(timeline.sample_at(start) / 48_000 - start / framerate) <= 0.5 / 48_000
    assert all(a < b for a, b in pairwise([*map(timeline.sample_at, timeline.starts)]))


fades = st.tuples(
    st.floats(0.001, 60), st.sampled_from([TransitionKind.CROSSFADE, TransitionKind.FADE_BLACK]), st.floats(0, 90)
)


@given(st.lists(fades, min_size=1, max_size=20), rates)
def test_transitions_take_at_most_half_of_the_shorter_neighbour(segments, framerate):
    """However long a transition is asked for, both segments keep at least half of their frames to themselves."""
    timeline = Timeline(
        64,
        64,
        framerate,
        tuple(
            Segment(str(n), Path("x"), seconds, transition=Transition(kind, length))
            for n, (seconds, kind, length) in enumerate(segments)
        ),
    )
    assert len(timeline.seams) == len(segments) - 1
    for seam, (before, after), (start, following) in zip(
        timeline.seams, pairwise(timeline.frames), pairwise(timeline.starts), strict=True
    ):
        assert seam.leaving <= before / 2
        assert seam.entering <= after / 2
        assert following == start + before - seam.overlap
    assert timeline.total_frames == sum(timeline.frames) - sum(seam.overlap for seam in timeline.seams)


def test_a_crossfade_shares_its_frames_and_a_fade_through_black_does_not():
    """Half a second at 30 frames/s is 15 shared frames of a crossfade, or 7 out and 8 in of a fade through black."""

    def seam(kind: TransitionKind) -> Seam:
        first = Segment("1", Path("x"), 4.0, transition=Transition(kind, 0.5))
        return Timeline(64, 64, 30, (first, Segment("2", Path("x"), 4.0))).seams[0]

    crossfade, black, cut = map(seam, (TransitionKind.CROSSFADE, TransitionKind.FADE_BLACK, TransitionKind.CUT))
    assert (crossfade.leaving, crossfade.entering, crossfade.overlap, crossfade.frames) == (15, 15, 15, 15)
    assert (black.leaving, black.entering, black.overlap, black.frames) == (7, 8, 0, 15)
    assert (cut.leaving, cut.entering, cut.overlap, cut.frames) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("width", "height", "framerate", "says"),
    [
        (641, 480, 30, "width"),
        (640, 481, 30, "height"),
        (62, 480, 30, "width"),
        (640, 4098, 30, "height"),
        (640, 480, 0, "frame rate"),
        (640, 480, 61, "frame rate"),
        (640.0, 480, 30, "width"),
        (640, 480, 29.97, "frame rate"),
    ],
)
def test_what_no_encoder_could_make_a_film_of_is_refused(width, height, framerate, says):
    """A size that is odd or out of bounds, or a rate that is not whole or out of bounds, is refused by name."""
    with pytest.raises(TimelineInvalid, match=says):
        film([1.0], framerate, width, height)


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.nan, math.inf])
def test_a_segment_must_last(seconds):
    """A segment that does not last, or never ends, is refused, and the error says which one it is."""
    with pytest.raises(TimelineInvalid) as refused:
        film([1.0, seconds])
    assert (refused.value.segment_id, refused.value.segment_index) == ("1", 1)


@pytest.mark.parametrize("style", [{"colour": "red"}, {"colour": "#ffff"}, {"size": 0}, {"size": math.nan}])
def test_a_look_that_is_none_is_refused(style):
    """A colour that is not written as #rrggbb, and a size that is none, are refused."""
    with pytest.raises(TimelineInvalid, match=f"The {next(iter(style))} of captions"):
        CaptionStyle(**style)


def test_music_is_a_path():
    """A mere name for music is refused as one for a picture is."""
    with pytest.raises(TimelineInvalid, match="Music is a"):
        replace(film([1.0]), music="a.wav")


def test_a_film_needs_a_segment():
    """A film without segments is refused."""
    with pytest.raises(TimelineInvalid, match="at least one"):
        film([])


def test_an_error_keeps_its_segment_on_the_way_between_processes():
    """An error that is pickled still knows its message, code and segment."""
    error = pickle.loads(pickle.dumps(TimelineInvalid("why", segment_id="a", segment_index=3)))  # noqa: S301
    assert (error.message, error.code, error.segment_id, error.segment_index) == ("why", "invalid_timeline", "a", 3)
