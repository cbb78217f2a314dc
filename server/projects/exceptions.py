"""Why a request is refused, as one tree; the docstring is what a person reads.

Refusal
├── TooLarge            413  too_large
├── UploadUnreadable    400  image_unreadable, audio_unreadable, … as the engine says
├── TooManySegments     400  too_many_segments
├── OrderInvalid        400  invalid
├── NoSegments          400  no_segments
├── MissingAssets       400  missing_assets
├── AssetUnreadable     400  image_unreadable, audio_unreadable as the engine says
├── NotRendered         404  not_rendered
├── AlreadyProcessing   409  already_processing
├── NotRunning          409  not_running
├── PreconditionFailed  412  precondition_failed
├── QueueFull           429  queue_full
├── TooManyConnections  429  too_many_connections
├── Busy                503  busy
├── EncoderMissing      503  encoder_missing
├── ServerStopping      503  server_stopping
└── DiskFull            507  disk_full
"""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import APIException


class Refusal(APIException):
    """The request can't be done."""

    status_code = HTTPStatus.BAD_REQUEST
    code = "refused"
    retry_after: int | None = None
    """Seconds after which it is worth trying again."""

    def __init__(self, message: str = "", *, code: str = "", **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "")
        self.code = code or self.code
        self.details = details
        super().__init__(self.message, self.code)

    @property
    def body(self) -> dict[str, Any]:
        """What the client is told."""
        return {"code": self.code, "message": self.message, **self.details}


class TooLarge(Refusal):
    """That is more than this server takes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class UploadUnreadable(Refusal):
    """The file can't be used."""

    code = "unreadable"


class TooManySegments(Refusal):
    """The project has as many segments as this server allows; remove one or start another project."""

    code = "too_many_segments"


class OrderInvalid(Refusal):
    """Name each of the project's segments exactly once."""

    code = "invalid"


class NoSegments(Refusal):
    """There is nothing to render yet; add a segment first."""

    code = "no_segments"


class MissingAssets(Refusal):
    """Some segments lack a picture, or both a sound and a duration; add them and render again."""

    code = "missing_assets"


class AssetUnreadable(Refusal):
    """A picture or sound of the project can't be read; upload it again."""

    code = "unreadable"


class NotRendered(Refusal):
    """The segment is not rendered as it is now; render the project first."""

    status_code = HTTPStatus.NOT_FOUND
    code = "not_rendered"


class AlreadyProcessing(Refusal):
    """The project is being rendered already; wait for it or cancel it."""

    status_code = HTTPStatus.CONFLICT
    code = "already_processing"


class NotRunning(Refusal):
    """There is no render to cancel, or it is as good as finished."""

    status_code = HTTPStatus.CONFLICT
    code = "not_running"


class PreconditionFailed(Refusal):
    """The project's state is not the one that the request asks for; ask without a condition."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    code = "precondition_failed"


class QueueFull(Refusal):
    """Too many renders are waiting; try again when one has finished."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS
    code = "queue_full"
    retry_after = 30


class TooManyConnections(Refusal):
    """The server follows as many clients as it may; poll the status, or try again later."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_connections"
    retry_after = 10


class Busy(Refusal):
    """The server is checking as many files as it can at a time; send this one again in a moment."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"
    retry_after = 10


class EncoderMissing(Refusal):
    """No H.264 encoder was found on this machine; install the server's requirements again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    code = "encoder_missing"


class ServerStopping(Refusal):
    """The server takes no renders at the moment; try again when it has started."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    code = "server_stopping"
    retry_after = 10


class DiskFull(Refusal):
    """The server's disk is full; free some space there, then send this again."""

    status_code = HTTPStatus.INSUFFICIENT_STORAGE
    code = "disk_full"
