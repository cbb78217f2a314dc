"""Another process that renders: `publisher URL PROJECT COUNT` publishes so many states in a burst, then the end."""

import sys

from realtime.redis import RedisStore
from realtime.snapshot import RenderState
from realtime.task_manager import TaskManager
from realtime.testing import Journal, ScriptedJob

if __name__ == "__main__":
    url, project, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    manager, journal, job = TaskManager(RedisStore(url), lambda _: None), Journal(), ScriptedJob()
    manager.add_listener(journal)
    manager.submit(project, job, total_segments=100, total_frames=count)
    for frame in range(count):
        job.update(rendered_frames=frame, current_segment=frame * 100 // count)
    job.finish()
    journal.wait_for(project, RenderState.COMPLETED)
