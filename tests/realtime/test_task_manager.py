"""Renders in order, on real threads: recorded, then published, and never stuck."""

import logging
import threading
from itertools import pairwise

import pytest

from realtime.exceptions import (
    AlreadyRunning,
    Cancelled,
    IllegalTransition,
    JobFailed,
    NotRunning,
    QueueFull,
)
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.testing import PATIENCE, ScriptedJob
from tests.realtime.conftest import SIZE, states


class TestOneRender:
    """A render from its submission to its end."""

    def test_it_goes_through_its_states(self, submit, journal, rows):
        """A render is queued, runs, finishes and completes, and what its job returns is in the last snapshot."""
        job = submit()
        job.update(current_segment=1)
        job.update(state=RenderState.FINISHING, current_phase="Joining segments")
        job.commit()
        job.finish("/media/p.mp4", rendered_frames=10)
        last = journal.wait_for("p", RenderState.COMPLETED)
        assert (last.output_url, last.percentage) == ("/media/p.mp4", 100)
        assert states(journal.of("p")) == states(rows.of("p")) == ["queued", "running", "finishing", "completed"]

    def test_the_newest_snapshot_is_at_hand(self, submit, manager):
        """`status` answers with what was published last, and with None for an unknown project."""
        published = submit().update(current_segment=1)
        assert manager.status("p") == published
        assert manager.status("unknown") is None

    def test_what_matters_is_recorded(self, submit, rows):
        """A change of state and a finished segment are recorded; frames in between are not."""
        job = submit()
        job.update(rendered_frames=3)
        job.update(current_segment=1)
        job.update(rendered_frames=6)
        assert [(one.state.value, one.current_segment) for one in rows.of("p")] == [
            ("queued", 0),
            ("running", 0),
            ("running", 1),
        ]

    def test_recorded_comes_before_published(self, manager, rows):
        """When a listener hears of a state, it is in the database already."""
        late: list[RenderSnapshot] = []
        done = threading.Event()

        class Check:
            def published(self, snapshot: RenderSnapshot) -> None:
                if rows.of("p")[-1].state is not snapshot.state:
                    late.append(snapshot)
                if snapshot.state.is_terminal:
                    done.set()

            def deleted(self, project_id: str) -> None: ...

        manager.add_listener(Check())
        job = ScriptedJob()
        manager.submit("p", job, **SIZE)
        job.update(state=RenderState.FINISHING)
        job.finish()
        assert done.wait(PATIENCE)
        assert late == []

    def test_a_failure_that_explains_itself(self, submit, journal):
        """A job that raises JobFailed ends FAILED with its failure and its last progress."""
        failure = Failure("image_unreadable", "Replace the picture.", segment_index=1, phase="Reading pictures")
        job = submit()
        job.update(current_segment=1)
        job.fail(failure)
        last = journal.wait_for("p", RenderState.FAILED)
        assert (last.error, last.current_segment) == (failure, 1)

    @pytest.mark.parametrize("error", [JobFailed(Failure("disk_full", "Make room.")), ValueError("boom")])
    def test_a_failure_names_its_phase(self, submit, journal, error):
        """A failure that doesn't say in which phase it happened gets the phase that was shown last."""
        job = submit()
        job.update(current_phase="Mixing audio")
        job.crash(error)
        assert journal.wait_for("p", RenderState.FAILED).error.phase == "Mixing audio"

    @pytest.mark.parametrize("error", [ValueError("boom"), SystemExit(1)])
    def test_a_job_that_breaks(self, submit, journal, caplog, error):
        """Any other exception ends FAILED with `internal`, is logged, and the next render runs."""
        submit("p").crash(error)
        last = journal.wait_for("p", RenderState.FAILED)
        assert last.error.code == "internal"
        assert [record.exc_info[1] for record in caplog.records] == [error]
        submit("next").finish()
        journal.wait_for("next", RenderState.COMPLETED)

    @pytest.mark.parametrize("result", [{"output_url": ""}, {"mood": "good"}])
    def test_a_job_that_returns_nonsense(self, submit, journal, result):
        """A result that makes no completed snapshot ends FAILED instead of hanging."""
        submit("p").finish(**result)
        assert journal.wait_for("p", RenderState.FAILED).error.code == "internal"

    def test_only_the_manager_ends_a_render(self, submit):
        """A job can't publish an end by itself."""
        with pytest.raises(IllegalTransition):
            submit().update(state=RenderState.COMPLETED, output_url="/x")

    def test_a_late_update_is_refused(self, submit, journal):
        """Whoever still reports progress when the render is over is told so."""
        job = submit()
        task = job.do(lambda task: task)
        job.finish()
        journal.wait_for("p", RenderState.COMPLETED)
        with pytest.raises(IllegalTransition):
            task.update(current_segment=2)

    def test_everybody_who_waits_for_a_cancel_is_released(self, submit):
        """`cancelled` is set when the job is over, so that a thread which waits for it ends."""
        job = submit()
        task = job.do(lambda task: task)
        job.finish()
        assert task.cancelled.wait(PATIENCE)


class TestQueue:
    """Who renders when."""

    def test_renders_begin_in_order(self, submit, journal):
        """The queue is first in, first out."""
        jobs = {name: submit(name) for name in "abcde"}
        for name, job in jobs.items():
            job.finish()
            journal.wait_for(name, RenderState.COMPLETED)
        begun = [one.project_id for one in journal.snapshots if one.state is RenderState.RUNNING]
        assert begun == list(jobs)

    def test_those_that_wait_know_their_place(self, submit, manager, journal):
        """A waiting render says how many have to end before it, and is told when that changes."""
        running, *_ = [submit(name) for name in "abcd"]
        assert running.started.wait(PATIENCE)
        assert [manager.status(name).queue_position for name in "abcd"] == [None, 1, 2, 3]
        assert manager.status("c").current_phase == "Queued, 2 ahead"
        manager.cancel("b")
        assert [manager.status(name).queue_position for name in "cd"] == [1, 2]
        running.finish()
        journal.wait_for("c", RenderState.RUNNING)
        assert manager.status("d").queue_position == 1
        assert [one.queue_position for one in journal.of("d")] == [3, 2, 1]

    def test_the_first_is_simply_queued(self, submit, journal):
        """With nothing before it, a render says `Queued`."""
        submit()
        assert journal.of("p")[0].current_phase == "Queued"

    def test_several_at_a_time(self, make_manager):
        """`concurrency` renders run side by side, and the next one counts only those it waits for."""
        manager = make_manager(concurrency=2)
        jobs = [ScriptedJob() for _ in range(3)]
        for name, job in zip("abc", jobs, strict=True):
            manager.submit(name, job, **SIZE)
        assert all(job.started.wait(PATIENCE) for job in jobs[:2])
        assert manager.status("c").queue_position == 1
        jobs[1].finish()
        assert jobs[2].started.wait(PATIENCE)

    def test_a_full_queue_refuses(self, make_manager):
        """More than `capacity` waiting renders are refused, and there is room again when one leaves."""
        manager = make_manager(capacity=2)
        for name in "abc":
            manager.submit(name, ScriptedJob(), **SIZE)
        with pytest.raises(QueueFull):
            manager.submit("d", ScriptedJob(), **SIZE)
        manager.cancel("c")
        assert manager.submit("d", ScriptedJob(), **SIZE).queue_position == 2

    def test_one_render_a_project(self, submit):
        """A second render of the same project is refused while the first goes on."""
        submit()
        with pytest.raises(AlreadyRunning):
            submit()

    def test_one_of_many_simultaneous_submits_wins(self, manager):
        """Of twenty threads that submit the same project, one wins and nineteen are told AlreadyRunning."""
        outcomes: list[object] = []
        start = threading.Barrier(20)

        def submit() -> None:
            start.wait()
            try:
                outcomes.append(manager.submit("p", ScriptedJob(), **SIZE).state)
            except AlreadyRunning:
                outcomes.append(AlreadyRunning)

        threads = [threading.Thread(target=submit) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert outcomes.count(RenderState.QUEUED) == 1
        assert outcomes.count(AlreadyRunning) == 19

    def test_the_next_render_may_follow_the_published_end_at_once(self, manager, journal):
        """Whoever hears that a render ended can submit the next one; it is never AlreadyRunning any more."""
        for _ in range(100):
            job = ScriptedJob()
            manager.submit("p", job, **SIZE)
            journal.snapshots.clear()
            job.finish()
            journal.wait_for("p", RenderState.COMPLETED)

    def test_the_next_render_has_higher_revisions(self, submit, journal):
        """Revisions of a project grow from render to render."""
        for _ in range(3):
            submit().finish()
            journal.wait_for("p", RenderState.COMPLETED)
            journal.snapshots = [one for one in journal.snapshots if not one.state.is_terminal]
        revisions = [one.revision for one in journal.of("p")]
        assert revisions == sorted(set(revisions))

    def test_a_submit_that_cannot_be_recorded_never_was(self, manager, rows, journal, submit):
        """If the queued state can't be recorded, the caller hears why, nothing is published and nothing runs."""
        rows.error = OSError("no database")
        job = ScriptedJob()
        with pytest.raises(OSError, match="no database"):
            manager.submit("p", job, **SIZE)
        rows.error = None
        submit("other").finish()
        journal.wait_for("other", RenderState.COMPLETED)
        assert journal.of("p") == []
        assert not job.started.is_set()
        submit("p")


class TestEarlierProcess:
    """What a process left behind that died in the middle of a render."""

    def test_its_end_is_shown(self, manager, journal):
        """A recorded end replaces the state that lingers in a store, and the listeners hear of it."""
        running = RenderSnapshot.queued("p", **SIZE).evolve(state=RenderState.RUNNING)
        manager._store.put(running)
        ended = running.evolve(state=RenderState.FAILED, error=Failure("interrupted", "The server stopped."))
        manager.publish_ended(ended)
        assert manager.status("p") == ended
        assert journal.of("p") == [ended]

    def test_nothing_else_is(self, manager):
        """A render that goes on has to have a task."""
        with pytest.raises(ValueError, match="queued"):
            manager.publish_ended(RenderSnapshot.queued("p", **SIZE))


def test_many_threads_at_once(make_manager, journal, rows, caplog):
    """Submits, cancels and forgets from many threads leave no render behind, and each project's revisions in order."""
    caplog.set_level(logging.ERROR)
    manager = make_manager(concurrency=3, capacity=1000)
    start = threading.Barrier(8)

    def job(task):
        for segment in (1, 2):
            if task.cancelled.is_set():
                raise Cancelled
            task.update(current_segment=segment)
        return {"output_url": "/x"}

    def user(number: int) -> None:
        start.wait()
        for turn in range(25):
            name = f"{number}-{turn}"
            manager.submit(name, job, **SIZE)
            if turn % 3 == 1:
                try:
                    manager.cancel(name)
                except NotRunning:
                    continue
            elif turn % 3 == 2:
                manager.forget(name, PATIENCE)

    users = [threading.Thread(target=user, args=(number,)) for number in range(8)]
    for thread in users:
        thread.start()
    for thread in users:
        thread.join(PATIENCE)
    names = [f"{number}-{turn}" for number in range(8) for turn in range(25)]
    for name in names:
        if int(name.split("-")[1]) % 3 == 2:
            assert name in journal.gone
            continue
        ended = journal.of(name)[-1]
        if not ended.state.is_terminal:
            journal.wait_for(name, RenderState.COMPLETED)
    for name in names:
        for told in (journal.of(name), rows.of(name)):
            assert all(earlier.revision < later.revision for earlier, later in pairwise(told))
    assert not caplog.records
