"""When a project's states may go out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.hub import Pace
from realtime.snapshot import RenderSnapshot, RenderState

INTERVAL = 0.1
QUEUED = RenderSnapshot.queued("p", total_segments=9, total_frames=900)


def test_the_first_and_every_change_of_state_go_at_once():
    """Neither the first state nor a change of state waits."""
    pace = Pace(INTERVAL)
    snapshot = QUEUED
    for state in (RenderState.QUEUED, RenderState.RUNNING, RenderState.FINISHING):
        snapshot = snapshot.evolve(state=state)
        assert pace.offer(snapshot, now=5.0) == 0
        assert pace.take(now=5.0) is snapshot


def test_progress_in_between_waits_for_its_turn():
    """Within the interval the newest waits, and replaces what waited before it."""
    pace = Pace(INTERVAL)
    pace.offer(QUEUED, now=5.0)
    pace.take(now=5.0)
    second, third = QUEUED.behind(2), QUEUED.behind(2).behind(1)
    assert pace.offer(second, now=5.04) == pytest.approx(0.06)
    assert pace.offer(third, now=5.06) == pytest.approx(0.04)
    assert pace.take(now=5.1) is third
    assert pace.take(now=5.1) is None


def test_what_is_not_newer_is_nothing_new():
    """A snapshot that comes late or twice is ignored."""
    pace = Pace(INTERVAL)
    assert pace.offer(QUEUED.behind(1), now=5.0) == 0
    assert pace.offer(QUEUED, now=9.0) is None


@given(st.lists(st.tuples(st.floats(0, 0.3), st.booleans()), min_size=1, max_size=60))
def test_any_stream_is_thinned_to_ten_a_second_and_ends_with_the_last(stream):
    """However snapshots come, progress leaves at least an interval apart, in order, and the last one leaves."""
    pace = Pace(INTERVAL)
    snapshot = QUEUED.evolve(state=RenderState.RUNNING)
    now, due, taken = 0.0, None, []
    for wait, finishing in stream:
        now += wait
        if due is not None and due <= now:
            taken.append((due, pace.take(due)))
            due = None
        snapshot = snapshot.evolve(state=RenderState.FINISHING if finishing else snapshot.state)
        delay = pace.offer(snapshot, now)
        if delay == 0:
            taken.append((now, pace.take(now)))
            due = None
        else:
            due = now + delay
    if due is not None:
        taken.append((due, pace.take(due)))
    assert taken[-1][1] is snapshot
    for (earlier_time, earlier), (later_time, later) in pairwise(taken):
        assert later.revision > earlier.revision
        if later.state is earlier.state:
            assert later_time - earlier_time >= INTERVAL - 1e-9
