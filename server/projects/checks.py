"""What `manage.py check` and each start look at: can this machine hold and render a film?"""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
