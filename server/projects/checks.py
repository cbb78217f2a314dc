"""What `manage.py check` and each start look at: whether this machine can hold and render films."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from media.captions import paint
from media.encoder import ENCODERS
from media.probe import encoder_available
from media.timeline import CaptionStyle


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
def caption_font(**_: Any) -> list[CheckMessage]:
    """The given font can be painted with."""
    font = settings.CAPTION_FONT
    if font is None or paint("Aa", 640, 360, CaptionStyle(font=font)):
        return []
    return [
        Error(
            f"CAPTION_FONT {font} is no font, or has no letters.",
            hint="Name a TrueType or OpenType file, or leave it out for the one that comes with Rushes.",
            id="rushes.E002",
        )
    ]


@register()
def encoder(**_: Any) -> list[CheckMessage]:
    """There is an encoder, and the one that is asked for is known; without one nothing can be rendered."""
    if settings.RENDER_ENCODER not in ENCODERS:
        return [
            Error(
                f"RENDER_ENCODER {settings.RENDER_ENCODER!r} is no encoder that Rushes knows.",
                hint=f"Set it to one of {', '.join(ENCODERS)}.",
                id="rushes.E003",
            )
        ]
    if encoder_available():
        return []
    return [
        CheckWarning(
            "No H.264 encoder was found, so nothing can be rendered.",
            hint="Install requirements.txt again: PyAV's wheels carry libx264.",
            id="rushes.W001",
        )
    ]
