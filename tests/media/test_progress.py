from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.chunks import Chunk, plan
from media.effort import STARTING, of_sound
from media.encoder import HIGH
from media.progress import STALL_SECONDS, ProgressMeter, percentage
from media.timeline import Motion, Segment, Timeline, Transition, TransitionKind


class Clock:
    """Seconds that pass when told."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def chunks_of(*frames: int) -> tuple[Chunk, ...]:
    """The chunks of a film whose segments have so many frames each."""
    timeline = Timeline(64, 64, 30, tuple(Segment(str(i), Path("x"), f / 30) for i, f in enumerate(frames)))
    return plan(timeline, [f"{i:032x}" for i in range(len(frames))])


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage_is_the_exact_floor(part, whole):
    """No rounding error of floating point ever shows: 29 of 100 is 29."""
    part = min(part, whole)
    assert percentage(part, whole) * whole <= part * 100 < (percentage(part, whole) + 1) * whole
    assert percentage(29, 100) == 29


events = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 130), st.floats(0, 3)), max_size=60)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), events, st.integers(0, 7))
def test_progress_never_goes_back_and_never_leaves_its_range(frames, steps, cached):
    """Whatever workers report in whatever order, every number only grows, and segments are finished at 100 alone."""
    chunks, clock = chunks_of(*frames), Clock()
    meter = ProgressMeter(chunks, sum(frames) / 30, {chunk.key for chunk in chunks[:cached]}, clock=clock)
    before = meter.now()
    for which, encoded, seconds in steps:
        chunk = chunks[which % len(chunks)]
        clock.now += seconds
        meter.frames(chunk.key, min(encoded, chunk.look.frames))
        now = meter.now()
        assert before.overall <= now.overall < 1
        assert before.rendered_frames <= now.rendered_frames <= now.total_frames == sum(frames)
        assert before.finished_segments <= now.finished_segments == now.segments.count(100)
        assert now.percentage == now.finished_segments * 100 // len(frames)
        assert all(a <= b <= 100 for a, b in zip(before.segments, now.segments, strict=True))
        before = now
    for chunk in chunks:
        meter.frames(chunk.key, chunk.look.frames)
    assert meter.now().phase == "Mixing audio"
    meter.finishing("Joining segments")
    joining = meter.now()
    meter.completed()
    done = meter.now()
    assert before.overall <= joining.overall < done.overall == 1
    assert (joining.phase, joining.finishing) == ("Joining segments", True)
    assert (done.phase, done.percentage, done.finished_segments) == ("Export complete", 100, len(frames))


def test_nothing_is_all_of_it_before_it_is_completed():
    """However little is left beside the frames, the bar is not full before the film is in its place."""
    timeline = Timeline(4096, 4096, 30, (Segment("0", Path("x"), 0.1),))
    [chunk] = plan(timeline, ["0" * 32], HIGH)
    meter = ProgressMeter([chunk], timeline.seconds)
    meter.frames(chunk.key, 3)
    meter.sound(1.0)
    meter.finishing("Joining segments")
    assert 0.99 < meter.now().overall < 1
    meter.completed()
    assert meter.now().overall == 1


def test_the_phase_names_the_first_segment_that_is_not_finished():
    """With the first and the fifth of six finished, the second is being rendered, and after it the third."""
    chunks = chunks_of(30, 30, 30, 30, 30, 30)
    meter = ProgressMeter(chunks, 6.0, {chunks[0].key, chunks[4].key})
    assert meter.now().phase == "Rendering segment 2 of 6"
    assert (meter.now().cached_segments, meter.now().cached_indices) == (2, (0, 4))
    meter.frames(chunks[1].key, 30)
    assert meter.now().phase == "Rendering segment 3 of 6"


def test_rate_and_time_left_come_from_what_was_really_rendered():
    """Cached frames count as done but make nobody faster; the rate waits for a second's measure."""
    chunks, clock = chunks_of(60, 60, 60, 120), Clock()
    meter = ProgressMeter(chunks, 0.0, {chunks[0].key}, clock=clock)
    assert (meter.now().frames_per_second, meter.now().eta_seconds) == (None, None)
    for chunk in chunks[1:3]:
        for encoded in range(10, 61, 10):
            clock.now += 0.5
            meter.frames(chunk.key, encoded)
            now = meter.now()
    assert now.frames_per_second == 20
    assert now.eta_seconds == 6.0


def test_the_time_left_is_told_once_the_end_has_stopped_moving():
    """Frames that come faster and faster foretell nothing; an even pace does, and then it is told to the end."""
    [chunk, *others], clock = chunks_of(60, 6000), Clock()
    meter = ProgressMeter([chunk, *others], 0.0, clock=clock)
    told = []
    for encoded in (1, 3, 9, 20, 40, 60):
        clock.now += 0.5
        meter.frames(chunk.key, encoded)
        told.append(meter.now().eta_seconds)
    assert told == [None] * 6
    for other in others[:10]:
        for encoded in (20, 40, 60):
            clock.now += 0.5
            meter.frames(other.key, encoded)
            told.append(meter.now().eta_seconds)
    since = told.index(next(eta for eta in told if eta is not None))
    assert None not in told[since:]
    assert told[-1] == pytest.approx((6060 - 660) / 40, rel=0.1)


def test_the_time_left_begins_with_an_earlier_pace():
    """It is told from the first moment, and goes over to what this render takes; what is cached takes nothing."""
    chunks, clock = chunks_of(*[60] * 40), Clock()
    frame = chunks[0].effort_of_frame
    meter = ProgressMeter(chunks, 0.0, {chunks[0].key}, pace=0.05 / frame, clock=clock)
    assert meter.now().eta_seconds == pytest.approx((39 * 60 * frame + STARTING) * 0.05 / frame, abs=0.1)
    own = []  # what a frame seems to take, by the time left
    for chunk in chunks[1:-1]:
        for encoded in (20, 40, 60):
            own.append(meter.now().eta_seconds / meter.work_left() * frame)
            clock.now += 2  # half as fast as the earlier one
            meter.frames(chunk.key, encoded)
    assert own[0] == pytest.approx(0.05, rel=0.01)
    assert own[6] < 0.065  # a hundred frames later
    assert all(before < after * 1.01 for before, after in pairwise(own))
    assert own[-1] == pytest.approx(0.1, rel=0.05)


def test_the_time_left_is_told_where_only_the_sound_is_new():
    """No frame has to come: the pace of the sound foretells the end."""
    chunks, clock = chunks_of(300), Clock()
    mixing = of_sound(1000.0, music=False)
    meter = ProgressMeter(chunks, 0.0, {chunk.key for chunk in chunks}, mixing=mixing, clock=clock)
    told = []
    for percent in range(101):
        meter.sound(percent / 100)
        told.append(meter.now().eta_seconds)
        clock.now += 1
    assert told[0] is None
    assert told[10:] == [pytest.approx(100 - percent, abs=1) for percent in range(10, 101)]


def test_the_sound_is_part_of_the_work():
    """What is made of it moves the bar on, and counts from the start if it was cached."""
    chunks = chunks_of(300)
    mixing = of_sound(10.0, music=True)
    meter = ProgressMeter(chunks, 10.0, mixing=mixing)
    assert meter.now().overall == 0
    meter.sound(0.5)
    half = meter.now().overall
    meter.sound(0.25)
    assert 0 < half == meter.now().overall
    meter.sound(1.0)
    assert half < meter.now().overall == ProgressMeter(chunks, 10.0, mixing=mixing, sound=1.0).now().overall


def test_a_frame_that_takes_longer_moves_the_bar_further():
    """A frame of a still picture counts for less than one of a pan, that for less than one of a zoom or a crossfade."""
    ways = (Motion.STILL, Motion.PAN_LEFT, Motion.ZOOM_IN)
    fade = Transition(TransitionKind.CROSSFADE, 0.5)
    segments = (Segment(way, Path("x"), 2.0, motion=way, transition=fade) for way in ways)
    chunks = plan(Timeline(640, 360, 30, tuple(segments)), [f"{i:032x}" for i in range(len(ways))])
    meter = ProgressMeter(chunks, 6.0)
    for chunk in chunks:
        meter.frames(chunk.key, 1)
    moved = {}
    for chunk in chunks:
        before = meter.now().overall
        meter.frames(chunk.key, 11)
        moved[chunk.look.seam.kind if chunk.look.seam else chunk.look.clips[0].motion] = meter.now().overall - before
    still, pan, zoom, crossfade = (moved[shown] for shown in (*ways, TransitionKind.CROSSFADE))
    assert all(slow > 1.1 * fast > 0 for fast, slow in pairwise((still, pan, zoom, crossfade)))  # told in four digits


def test_beginning_is_part_of_the_work():
    """The first new frame moves the bar further than the next one does; a film that is all there needs no beginning."""
    chunks = chunks_of(300)
    meter = ProgressMeter(chunks, 10.0)
    told = [0.0]
    for encoded in (1, 2):
        meter.frames(chunks[0].key, encoded)
        told.append(meter.now().overall)
    first, second = (after - before for before, after in pairwise(told))
    assert first > 10 * second > 0
    assert ProgressMeter(chunks, 0.0, {chunk.key for chunk in chunks}).now().overall == pytest.approx(1, abs=1e-4)


def test_a_frame_counts_in_part_when_it_is_drawn():
    """An encoder holds dozens of frames back: bar and segment move on meanwhile, the frames rendered don't."""
    chunks = chunks_of(300)
    meter = ProgressMeter(chunks, 0.0)
    meter.frames(chunks[0].key, 0, drawn=1)
    begun = meter.now().overall
    meter.frames(chunks[0].key, 0, drawn=101)
    drawn = meter.now()
    meter.frames(chunks[0].key, 100, drawn=101)
    encoded = meter.now()
    assert (drawn.rendered_frames, encoded.rendered_frames) == (0, 100)
    assert (drawn.segments, encoded.segments) == ((20,), (33,))
    assert encoded.overall - begun == pytest.approx((drawn.overall - begun) / 0.6, abs=2e-4)


def test_a_render_without_a_new_frame_for_half_a_minute_is_stalled():
    """Stalled is said after 30 s without a frame, and no time left; both are taken back with the next one."""
    chunks, clock = chunks_of(90), Clock()
    meter = ProgressMeter(chunks, 3.0, pace=1e-6, clock=clock)
    clock.now += STALL_SECONDS - 0.1
    assert (meter.now().stalled, meter.now().eta_seconds is None) == (False, False)
    clock.now += 0.1
    assert (meter.now().stalled, meter.now().eta_seconds is None) == (True, True)
    meter.frames(chunks[0].key, 1)
    assert (meter.now().stalled, meter.now().eta_seconds is None) == (False, False)


def test_two_segments_that_look_the_same_are_one_piece_of_work():
    """Frames reported for one count for its twin, which has the same name and is no work of its own."""
    twins = plan(Timeline(64, 64, 30, tuple(Segment(name, Path("x"), 1.0) for name in "ab")), ["00000000"] * 2)
    assert twins[0].key == twins[1].key
    meter = ProgressMeter(twins, 2.0)
    assert meter.work_left() == ProgressMeter(twins[:1], 2.0).work_left()
    meter.frames(twins[0].key, 30)
    assert meter.now().finished_segments == 2
