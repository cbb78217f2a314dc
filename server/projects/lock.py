"""One server a data folder: whoever holds the lock may take up the renders that lie there."""

import fcntl
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_held: list[int] = []
"""Descriptors that stay open, and so locked, until the process ends, however it ends."""


def hold(folder: Path) -> None:
    """Claim the data folder for this process. Raises `ImproperlyConfigured` if a living server has it."""
    descriptor = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise ImproperlyConfigured(
            f"Another server (process {holder}) works in {folder}. Stop that one, "
            "or give this one a folder of its own with DATA_DIR."
        ) from error
    os.truncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    _held.append(descriptor)
