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
    RecordGone,
    ShuttingDown,
    StillRunning,
)
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.testing import PATIENCE, ScriptedJob

SIZE = {"total_segments": 2, "total_frames": 10}
RACES = 300


def states(snapshots: list[RenderSnapshot]) -> list[str]:
    """The states of snapshots, without repetition."""
    return list(dict.fromkeys(snapshot.state.value for snapshot in snapshots))


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


class TestCancel:
    """Stopping a render."""

    def test_a_waiting_render_ends_at_once(self, submit, manager, journal, rows):
        """Cancelling a queued render records and publishes its end before it returns; its job never begins."""
        submit("a")
        job = submit("b")
        assert manager.cancel("b").state is RenderState.CANCELLED
        assert states(journal.of("b")) == states(rows.of("b")) == ["queued", "cancelled"]
        assert not job.started.is_set()

    def test_a_running_render_ends_when_its_job_does(self, submit, manager, journal):
        """Cancelling a running render sets its event, and it ends cancelled with its progress kept."""
        job = submit()
        job.update(current_segment=1)
        assert manager.cancel("p").state is RenderState.RUNNING
        last = journal.wait_for("p", RenderState.CANCELLED)
        assert (last.status, last.error.code, last.current_phase) == ("FAILED", "cancelled", "Cancelled")
        assert last.current_segment == 1

    @pytest.mark.parametrize("ending", ["finish", "crash", "fail"])
    def test_a_cancelled_render_never_ends_otherwise(self, submit, manager, journal, ending):
        """After a cancel was accepted the render ends cancelled, even if its job returns or breaks."""
        job = submit(obedient=False)
        assert job.started.wait(PATIENCE)
        manager.cancel("p")
        arguments = {
            "finish": (),
            "crash": (RuntimeError("killed"),),
            "fail": (Failure("encoder_failed", "It died."),),
        }
        getattr(job, ending)(*arguments[ending])
        assert journal.wait_for("p", RenderState.CANCELLED).error.code == "cancelled"

    def test_nothing_to_cancel(self, submit, manager, journal):
        """An unknown render and one that is over can't be cancelled."""
        with pytest.raises(NotRunning):
            manager.cancel("p")
        submit().finish()
        journal.wait_for("p", RenderState.COMPLETED)
        with pytest.raises(NotRunning):
            manager.cancel("p")

    def test_past_the_point_of_no_return(self, submit, manager, journal):
        """After its job has committed, a render can't be cancelled and completes."""
        job = submit()
        job.commit()
        with pytest.raises(NotRunning):
            manager.cancel("p")
        job.finish()
        journal.wait_for("p", RenderState.COMPLETED)

    def test_commit_after_cancel(self, submit, manager):
        """After a cancel the job can't commit."""
        job = submit(obedient=False)
        assert job.started.wait(PATIENCE)
        manager.cancel("p")
        with pytest.raises(Cancelled):
            job.commit()
        job.finish()

    def test_cancel_races_with_commit(self, manager, journal):
        """Of a cancel and a commit at the same moment exactly one wins, and the render ends as the winner says."""
        winners = set()
        for race in range(RACES):
            name = f"race-{race}"
            start = threading.Barrier(2)

            def job(task, start=start):
                start.wait()
                task.commit()
                return {"output_url": "/x"}

            manager.submit(name, job, **SIZE)
            start.wait()
            try:
                manager.cancel(name)
                expected = RenderState.CANCELLED
            except NotRunning:
                expected = RenderState.COMPLETED
            journal.wait_for(name, expected)
            winners.add(expected)
            assert sum(one.state.is_terminal for one in journal.of(name)) == 1
        assert winners


class TestFaults:
    """A database that is away, listeners that break, rows that vanish."""

    def test_the_end_waits_for_the_database(self, submit, rows, journal, manager, caplog):
        """While the database refuses, the end is neither published nor lost; when it is back, it is both recorded."""
        job = submit()
        assert job.started.wait(PATIENCE)
        rows.error = OSError("database is locked")
        job.finish()
        assert rows.refused.wait(PATIENCE)
        assert manager.status("p").state is RenderState.RUNNING
        rows.error = None
        last = journal.wait_for("p", RenderState.COMPLETED)
        assert rows.of("p")[-1] == last
        assert "Could not record render_p as completed" in caplog.text

    def test_a_cancel_does_not_wait_for_the_database(self, submit, rows, journal, manager):
        """Cancelling a waiting render returns although its end can't be recorded; that follows when it can be."""
        submit("a")
        job = submit("b")
        rows.error = OSError("database is locked")
        assert manager.cancel("b").state is RenderState.QUEUED
        with pytest.raises(NotRunning):
            manager.cancel("b")
        rows.error = None
        last = journal.wait_for("b", RenderState.CANCELLED)
        assert rows.of("b")[-1] == last
        assert not job.started.is_set()

    def test_progress_goes_on_without_the_database(self, submit, rows):
        """A finished segment that can't be recorded is published all the same, and the next one is recorded again."""
        job = submit()
        assert job.started.wait(PATIENCE)
        rows.error = OSError("database is locked")
        assert job.update(current_segment=1).current_segment == 1
        rows.error = None
        job.update(current_segment=2)
        assert [one.current_segment for one in rows.of("p")] == [0, 0, 2]

    def test_a_listener_that_breaks(self, manager, journal, caplog):
        """An exception in a listener is logged; the render and the other listeners don't notice."""

        class Broken:
            def published(self, _: RenderSnapshot) -> None:
                raise ValueError("deaf")

            def deleted(self, _: str) -> None:
                raise ValueError("deaf")

        broken = Broken()
        manager.remove_listener(journal)
        manager.add_listener(broken)
        manager.add_listener(journal)
        job = ScriptedJob()
        manager.submit("p", job, **SIZE)
        job.finish()
        journal.wait_for("p", RenderState.COMPLETED)
        manager.forget("p", PATIENCE)
        journal.wait_until_gone("p")
        assert caplog.text.count("ValueError: deaf") == 4
        manager.remove_listener(broken)

    def test_a_row_that_vanished(self, submit, rows, journal, manager):
        """A render whose row is gone is stopped, dropped and announced as deleted."""
        job = submit()
        assert job.started.wait(PATIENCE)
        rows.error = RecordGone("p")
        job.update(current_segment=1)
        journal.wait_until_gone("p")
        assert manager.status("p") is None
        assert states(journal.of("p")) == ["queued", "running"]


class TestForget:
    """Deleting a project."""

    def test_a_running_render(self, submit, manager, journal, rows):
        """Forgetting stops the job, waits for it, drops the state and tells the listeners; no end is recorded."""
        job = submit()
        assert job.started.wait(PATIENCE)
        manager.forget("p", PATIENCE)
        assert journal.gone == ["p"]
        assert manager.status("p") is None
        assert states(rows.of("p")) == states(journal.of("p")) == ["queued", "running"]

    def test_a_waiting_render(self, submit, manager, journal):
        """A forgotten render that waits never begins, and those behind it move up."""
        submit("a")
        job = submit("b")
        submit("c")
        manager.forget("b", PATIENCE)
        assert journal.gone == ["b"]
        assert manager.status("c").queue_position == 1
        assert not job.started.is_set()

    def test_an_ended_render(self, submit, manager, journal):
        """Forgetting what is over, or was never there, is announced as well."""
        submit().finish()
        journal.wait_for("p", RenderState.COMPLETED)
        manager.forget("p", PATIENCE)
        manager.forget("never rendered", PATIENCE)
        assert journal.gone == ["p", "never rendered"]
        assert manager.status("p") is None

    def test_a_job_that_does_not_stop(self, submit, manager, journal):
        """A job that goes on too long is StillRunning; it is dropped as soon as it ends."""
        job = submit(obedient=False)
        assert job.started.wait(PATIENCE)
        with pytest.raises(StillRunning):
            manager.forget("p", 0.01)
        assert journal.gone == []
        job.finish()
        journal.wait_until_gone("p")
        assert states(journal.of("p")) == ["queued", "running"]

    def test_at_the_instant_of_its_end(self, submit, manager, journal):
        """A render that completes while it is forgotten is announced as deleted, once, and leaves nothing behind."""
        ended, go = threading.Event(), threading.Event()

        class Gate:
            def published(self, snapshot: RenderSnapshot) -> None:
                if snapshot.state.is_terminal:
                    ended.set()
                    go.wait(PATIENCE)

            def deleted(self, project_id: str) -> None: ...

        manager.add_listener(Gate())
        for race in range(RACES):
            name = f"race-{race}"
            submit(name).finish()
            assert ended.wait(PATIENCE)
            forgetting = threading.Thread(target=manager.forget, args=(name, PATIENCE))
            with manager._lock:  # both threads begin to race for it
                forgetting.start()
                go.set()
            forgetting.join(PATIENCE)
            assert journal.gone == [name]
            assert manager.status(name) is None
            journal.gone.clear()
            ended.clear()
            go.clear()

    def test_it_does_not_wait_for_a_database_that_is_away(self, submit, manager, journal, rows):
        """Forgetting a render whose end can't be recorded gives up recording it."""
        job = submit()
        assert job.started.wait(PATIENCE)
        rows.error = OSError("database is locked")
        job.finish()
        assert rows.refused.wait(PATIENCE)
        manager.forget("p", PATIENCE)
        assert journal.gone == ["p"]


class TestShutdown:
    """Stopping the process."""

    def test_rows_stay_as_they_are(self, submit, manager, rows, journal):
        """Running and waiting renders are stopped without recording an end, so that the next start resumes them."""
        running, waiting = submit("a"), submit("b")
        assert running.started.wait(PATIENCE)
        assert manager.shutdown(PATIENCE)
        assert states(rows.of("a")) == states(journal.of("a")) == ["queued", "running"]
        assert states(rows.of("b")) == states(journal.of("b")) == ["queued"]
        assert not waiting.started.is_set()
        with pytest.raises(ShuttingDown):
            submit("c")

    def test_what_was_decided_is_recorded(self, submit, manager, rows):
        """A render that was past the point of no return when the shutdown came is recorded as completed."""
        job = submit()
        job.commit()
        job.finish()
        assert manager.shutdown(PATIENCE)
        assert rows.of("p")[-1].state is RenderState.COMPLETED

    def test_an_accepted_cancel_is_kept(self, submit, manager, rows):
        """A render that somebody cancelled does not come back to life after a restart."""
        job = submit()
        assert job.started.wait(PATIENCE)
        manager.cancel("p")
        assert manager.shutdown(PATIENCE)
        assert rows.of("p")[-1].state is RenderState.CANCELLED

    def test_it_does_not_wait_for_a_database_that_is_away(self, submit, manager, rows):
        """An end that can't be recorded does not hold the shutdown up; its row still says PROCESSING."""
        job = submit()
        assert job.started.wait(PATIENCE)
        rows.error = OSError("database is locked")
        job.finish()
        assert rows.refused.wait(PATIENCE)
        assert manager.shutdown(PATIENCE)
        assert states(rows.of("p")) == ["queued", "running"]

    def test_a_cancel_that_waits_for_the_database_does_not_hold_it_up(self, submit, manager, rows):
        """Nor does the end of a cancelled render that never began; and a second shutdown finds nothing to do."""
        submit("a")
        submit("b")
        rows.error = OSError("database is locked")
        manager.cancel("b")
        assert manager.shutdown(PATIENCE)
        assert manager.shutdown(0)
        assert states(rows.of("b")) == ["queued"]

    def test_a_job_that_does_not_stop(self, submit, manager):
        """Shutdown gives up after its timeout and says so."""
        job = submit(obedient=False)
        assert job.started.wait(PATIENCE)
        assert not manager.shutdown(0.01)
        job.finish()


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
