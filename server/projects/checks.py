"""What `manage.py check` and each start look at: whether this machine can hold and render films."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from media.probe import encoder_available


@register()
def data_folder(**_: Any) -> list[CheckMessage]:
    """The data folder takes files."""
    if os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The data folder {settings.DATA_DIR} can't be written to.",
            hint="Set DATA_DIR to a folder that the server's user owns.",
            id="rushes.E001",
        )
    ]


@register()
def encoder(**_: Any) -> list[CheckMessage]:
    """There is an encoder; without one projects can be edited, but not rendered."""
    if encoder_available():
        return []
    return [
        CheckWarning(
            "No H.264 encoder was found, so nothing can be rendered.",
            hint="Install requirements.txt again: PyAV's wheels carry libx264.",
            id="rushes.W001",
        )
    ]
