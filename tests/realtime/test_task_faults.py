"""What a render does when what it depends on fails: the database, a listener."""

import pytest

from realtime.exceptions import (
    NotRunning,
    RecordGone,
)
from realtime.snapshot import RenderSnapshot, RenderState
from realtime.testing import PATIENCE, ScriptedJob
from tests.realtime.conftest import SIZE, states


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
