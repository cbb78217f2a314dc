"""Rushes itself, with a render in it that does nothing but change ten times a second."""

import itertools
import threading
from collections.abc import Mapping
from uuid import UUID

from asgi import application, manager
from realtime.task_manager import Task
from server.projects.models import Project, Status
from tests.benchmarks.raw import PROJECT

__all__ = ["application"]

INTERVAL = 0.1


def job(task: Task) -> Mapping[str, object]:
    """Publish states, all of one length, until the server ends."""
    for frame in itertools.count(1_000_000):
        if task.cancelled.wait(INTERVAL):
            break
        task.update(rendered_frames=frame)
    return {}


def begin() -> None:
    """Start the render, as `renders.start` does a real one."""
    Project.objects.create(id=UUID(PROJECT), status=Status.PROCESSING)
    manager.submit(PROJECT, job, total_segments=6, total_frames=9_000_000)


# A thread of its own, because a server may import this where its event loop runs.
beginning = threading.Thread(target=begin)
beginning.start()
beginning.join()
