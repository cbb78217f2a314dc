"""What can go wrong in the engine: one tree, each with a stable code and the segment that it concerns."""

from typing import ClassVar, Self


class MediaError(Exception):
    """The film could not be rendered."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = True

    def __init__(self, message: str = "", *, segment_id: str | None = None, segment_index: int | None = None) -> None:
        super().__init__(message or type(self).__doc__)
        self.segment_id = segment_id
        self.segment_index = segment_index

    @property
    def message(self) -> str:
        """What happened and what to do about it, for a person."""
        return str(self.args[0])

    def within(self, segment_id: str, segment_index: int) -> Self:
        """The same error, said of this segment unless it knows better."""
        if self.segment_index is None:
            self.segment_id, self.segment_index = segment_id, segment_index
        return self


class TimelineInvalid(MediaError):
    """The timeline can't be rendered as it is."""

    code = "invalid_timeline"
    retryable = False


class ImageUnreadable(MediaError):
    """The picture can't be read. Upload it again as a JPEG, PNG or WebP file."""

    code = "image_unreadable"
    retryable = False


class AudioUnreadable(MediaError):
    """The sound can't be read. Upload it again as a WAV, MP3, M4A, OGG or FLAC file."""

    code = "audio_unreadable"
    retryable = False


class ImageChanged(ImageUnreadable):
    """The picture was changed during the render. Start the render again."""

    retryable = True


class AudioChanged(AudioUnreadable):
    """The sound was changed during the render. Start the render again."""

    retryable = True


class ProbeBusy(MediaError):
    """As many files are being checked as can be at a time. Send this one again in a moment."""

    code = "busy"


class EncoderMissing(MediaError):
    """No H.264 encoder was found. Install the pinned requirements again: PyAV's wheels carry libx264."""

    code = "encoder_missing"


class EncoderFailed(MediaError):
    """The encoder stopped in the middle of its work. Start the render again; finished parts are kept."""

    code = "encoder_failed"


class DiskFull(MediaError):
    """The disk is full. Free some space and start the render again; finished parts are kept."""

    code = "disk_full"


class RenderTimeout(MediaError):
    """The encoder gave no sign of life for too long and was ended. Start the render again."""

    code = "timeout"


class RenderCancelled(MediaError):
    """The render was cancelled. Finished parts are kept for the next one."""

    code = "cancelled"
