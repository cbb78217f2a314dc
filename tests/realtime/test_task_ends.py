"""How renders are ended from outside: cancelled, forgotten, interrupted by a shutdown."""

import threading

import pytest

from realtime.exceptions import (
    Cancelled,
    NotRunning,
    ShuttingDown,
    StillRunning,
)
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.testing import PATIENCE
from tests.realtime.conftest import SIZE, states

RACES = 300


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
