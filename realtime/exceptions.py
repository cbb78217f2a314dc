"""What can go wrong with live state, as one tree."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from realtime.snapshot import Failure


class RealtimeError(Exception):
    """The live state of a render could not be kept or shown."""

    code: ClassVar[str] = "realtime"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or ""))


class IllegalTransition(RealtimeError):
    """A snapshot can't go from one state to the other; the message names what was expected and what came."""

    code = "illegal_transition"

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(f"expected {expected}, got {came}")
        self.expected = expected
        self.came = came


class ProjectError(RealtimeError):
    """Something is not possible for one project; `project_id` says which."""

    code = "project"

    def __init__(self, project_id: str) -> None:
        super().__init__()
        self.project_id = project_id


class AlreadyRunning(ProjectError):
    """The project is being rendered already. Wait for that render, or cancel it."""

    code = "already_processing"


class NotRunning(ProjectError):
    """There is no render of this project that could still be cancelled."""

    code = "not_running"


class StillRunning(ProjectError):
    """The render of this project was told to stop, but did not stop in time."""

    code = "still_running"


class RecordGone(ProjectError):
    """The row that a render's state is recorded in no longer exists."""

    code = "record_gone"


class QueueFull(RealtimeError):
    """Too many renders are waiting already. Try again when one has finished."""

    code = "queue_full"

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.capacity = capacity


class ShuttingDown(RealtimeError):
    """The server is about to stop and starts no more renders."""

    code = "shutting_down"


class TooManyConnections(RealtimeError):
    """The server follows as many clients as it may. Try again later."""

    code = "too_many_connections"

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class Cancelled(RealtimeError):
    """The render was cancelled."""

    code = "cancelled"


class JobFailed(RealtimeError):
    """A job ends its render with a failure that it can explain."""

    code = "job_failed"

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
