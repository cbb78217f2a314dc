"""The processes that this one has at work."""

import psutil


def workers() -> list[psutil.Process]:
    """The living workers, in the order in which they began."""
    forked = [worker for server in psutil.Process().children() for worker in server.children()]
    return sorted((one for one in forked if one.status() != psutil.STATUS_ZOMBIE), key=psutil.Process.create_time)
