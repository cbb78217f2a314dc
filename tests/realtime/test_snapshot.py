"""One immutable state a render, and the order of its revisions."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.exceptions import IllegalTransition
from realtime.snapshot import (
    TRANSITIONS,
    Failure,
    RenderSnapshot,
    RenderState,
    next_revision,
    queued_phase,
    task_id,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FAILURE = Failure("encoder_failed", "The encoder died. Try again.", segment_index=2, phase="Mixing audio")
NEEDED = {
    RenderState.COMPLETED: {"output_url": "/media/final.mp4"},
    RenderState.FAILED: {"error": FAILURE},
    RenderState.CANCELLED: {"error": FAILURE},
}

numbers = st.integers(-5, 2000)
progress = st.fixed_dictionaries(
    {},
    optional={
        "current_segment": numbers,
        "rendered_frames": numbers,
        "overall_progress": st.floats(-1, 2),
        "frames_per_second": st.none() | st.floats(0, 500),
        "current_phase": st.sampled_from(["Mixing audio", "Joining segments"]),
        "stalled": st.booleans(),
        "segments": st.lists(st.integers(0, 100), max_size=5),
    },
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
steps = st.lists(st.tuples(st.sampled_from(RenderState), progress, moments), max_size=12)


def queued(**options) -> RenderSnapshot:
    """A render of six segments that begins at noon."""
    return RenderSnapshot.queued("p", **{"total_segments": 6, "total_frames": 800, "now": NOON} | options)


def through(*states: RenderState) -> RenderSnapshot:
    """A render that went through `states`."""
    snapshot = queued()
    for state in states:
        snapshot = snapshot.evolve(NOON, state=state, **NEEDED.get(state, {}))
    return snapshot


def walk(total: int, way) -> list[RenderSnapshot]:
    """The snapshots on a way of proposals, of which the illegal ones were refused."""
    seen = [queued(total_segments=total)]
    for state, changes, now in way:
        proposal = {**changes, "state": state, **NEEDED.get(state, {})}
        if state in TRANSITIONS[seen[-1].state]:
            seen.append(seen[-1].evolve(now, **proposal))
        else:
            with pytest.raises(IllegalTransition):
                seen[-1].evolve(now, **proposal)
    return seen


@given(st.integers(0, 300), steps)
def test_nothing_goes_back_within_a_render(total, way):
    """Revision, finished segments, percentage, frames and overall progress never go back, whatever is reported."""
    seen = walk(total, way)
    for earlier, later in pairwise(seen):
        assert later.revision > earlier.revision
        assert later.current_segment >= earlier.current_segment
        assert later.percentage >= earlier.percentage
        assert later.rendered_frames >= earlier.rendered_frames
        assert later.overall_progress >= earlier.overall_progress


@given(st.integers(0, 300), steps)
def test_progress_stays_in_its_bounds(total, way):
    """No report makes more segments than there are, nor more than all of the progress."""
    for snapshot in walk(total, way):
        assert 0 <= snapshot.current_segment <= total
        assert 0 <= snapshot.percentage <= 100
        assert 0 <= snapshot.overall_progress <= 1


@given(st.integers(1, 10_000), st.data())
def test_percentage_is_the_exact_floor(total, data):
    """The percentage is the floor of an exact fraction: 29 of 100 is 29."""
    current = data.draw(st.integers(0, total))
    snapshot = queued(total_segments=total).evolve(current_segment=current)
    assert snapshot.percentage == Fraction(current, total) * 100 // 1


@given(steps)
def test_a_snapshot_survives_its_row(way):
    """What to_dict makes is JSON, and from_dict makes the equal snapshot of it again."""
    snapshot = walk(6, way)[-1]
    assert RenderSnapshot.from_dict(json.loads(json.dumps(snapshot.to_dict()))) == snapshot


def test_a_row_of_a_newer_version_can_be_read():
    """Keys that this version doesn't know are left out."""
    assert RenderSnapshot.from_dict({**queued().to_dict(), "mood": "good"}) == queued()


@given(st.integers(0, 2**52), moments)
def test_revisions_grow_even_when_the_clock_does_not(previous, now):
    """A revision is the time in ms where that is higher than the one before, else one more."""
    revision = next_revision(previous, now)
    milliseconds = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert revision > previous
    assert revision == previous + 1 or abs(revision - milliseconds) <= 1


def test_a_new_render_continues_the_revisions_of_the_one_before():
    """A render that follows another one on a clock gone wrong still has the higher revision."""
    assert queued(previous_revision=2**50).revision == 2**50 + 1


@pytest.mark.parametrize("state", [state for state in RenderState if not TRANSITIONS[state]])
def test_nothing_follows_the_end(state):
    """An ended render takes no change, not even of progress."""
    before = () if state is RenderState.CANCELLED else (RenderState.RUNNING,)
    ended = through(*before, state)
    with pytest.raises(IllegalTransition, match=f"expected no change after {state}, got {state}"):
        ended.evolve(current_segment=1)


def test_a_refused_transition_names_what_was_expected_and_what_came():
    """The message of an illegal transition tells both sides."""
    with pytest.raises(IllegalTransition, match=r"expected cancelled or .* after queued, got finishing"):
        queued().evolve(state=RenderState.FINISHING)


@pytest.mark.parametrize(("state", "missing"), [("completed", "output_url"), ("failed", "error")])
def test_an_end_says_what_belongs_to_it(state, missing):
    """No render is completed without its file's address, and none fails without a reason."""
    with pytest.raises(IllegalTransition, match=missing):
        through(RenderState.RUNNING).evolve(state=state)


def test_completing_fills_in_the_whole():
    """A completed render shows all segments, 100 % and `Export complete`, and no preview or estimate any more."""
    running = through(RenderState.RUNNING).evolve(preview_url="/p.jpg", eta_seconds=3.0, current_segment=5)
    done = running.evolve(NOON, state=RenderState.COMPLETED, output_url="/media/final.mp4")
    assert (done.current_segment, done.percentage, done.current_phase) == (6, 100, "Export complete")
    assert (done.overall_progress, done.rendered_frames, done.segments) == (1.0, 800, (100,) * 6)
    assert (done.preview_url, done.eta_seconds, done.completed_at) == (None, None, NOON)
    assert done.status == "COMPLETED"


def test_failing_keeps_the_last_known_progress():
    """A failed render goes on showing how far it came."""
    running = through(RenderState.RUNNING).evolve(current_segment=3, current_phase="Rendering segment 4 of 6")
    failed = running.evolve(state=RenderState.FAILED, error=FAILURE)
    assert (failed.current_segment, failed.percentage) == (3, 50)
    assert failed.current_phase == "Rendering segment 4 of 6"
    assert (failed.status, failed.error) == ("FAILED", FAILURE)


def test_a_cancelled_render_says_so():
    """A cancelled render has failed as far as the brief's status goes, and its phase is `Cancelled`."""
    cancelled = through(RenderState.RUNNING, RenderState.CANCELLED)
    assert (cancelled.status, cancelled.current_phase) == ("FAILED", "Cancelled")


def test_a_queued_render_has_progress_already():
    """A queued render shows segment 0 and how many go first."""
    assert [queued_phase(0), queued_phase(2)] == ["Queued", "Queued, 2 ahead"]
    waiting = queued(ahead=2)
    assert (waiting.current_segment, waiting.current_phase, waiting.queue_position) == (0, "Queued, 2 ahead", 2)
    moved = waiting.behind(0)
    assert (moved.current_phase, moved.queue_position) == ("Queued", 0)
    assert moved.evolve(state=RenderState.RUNNING).queue_position is None


def test_a_task_id_is_known_without_looking_it_up():
    """The task id is `render_` and the project's id."""
    assert queued().task_id == task_id("p") == "render_p"
