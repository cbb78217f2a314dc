"""The one shape in which the API says what went wrong: `{"code", "message", …details}`."""

import sqlite3
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from media.files import is_full
from server.projects.exceptions import DiskFull, Refusal, TooLarge

CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with `{"code", "message", …details}`; what is nobody's fault but ours is left to Django."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, SuspiciousOperation | UnicodeError):  # of a form in a charset that Python cannot read
        error = ParseError(str(error))
    elif isinstance(error, RecursionError):
        error = ParseError("The request is nested too deeply.")
    elif is_full(error) or _database_is_full(error):
        error = DiskFull()
    response = drf_exception_handler(error, context)
    if response is not None:
        response.data = _body(error, response)
        if isinstance(error, Refusal) and error.retry_after:
            response["Retry-After"] = str(error.retry_after)
    return response


def _database_is_full(error: Exception) -> bool:
    """Return whether SQLite found no room for a row."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _body(error: Exception, response: Response) -> dict[str, Any]:
    match error:
        case Refusal():
            return error.body
        case ValidationError():
            return invalid(_flat(error.detail))
        case ParseError():
            return {"code": "malformed", "message": _text(error.detail)}
        case Http404() | NotFound():
            return {"code": "not_found", "message": "There is nothing at this address, or no longer."}
        case _:
            code = CODES.get(HTTPStatus(response.status_code), "refused")
            return {"code": code, "message": _text(getattr(error, "detail", error))}


def invalid(fields: dict[str, list[str]]) -> dict[str, Any]:
    """Return the body that says which fields are wrong; its message names the first one."""
    name, messages = next(iter(fields.items()))
    return {"code": "invalid", "message": f"{name}: {messages[0]}", "fields": fields}


def _flat(detail: Any) -> dict[str, list[str]]:
    """Return the messages of each field, whatever was nested below it."""
    if not isinstance(detail, dict):
        return {"request": _messages(detail)}
    return {
        "request" if name == "non_field_errors" else _text(name): _messages(value) for name, value in detail.items()
    }


def _messages(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        return [message for value in detail.values() for message in _messages(value)]
    if isinstance(detail, list):
        return [message for value in detail for message in _messages(value)]
    return [_text(detail)]


def _text(value: object) -> str:
    """Return the value as text that can be sent: what was received and is quoted may hold half a surrogate pair."""
    return str(value).encode(errors="backslashreplace").decode()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses, like a host that isn't allowed."""
    if not request.path.startswith("/api/"):
        _leave_the_form(request)
        return defaults.bad_request(request, exception)
    return JsonResponse({"code": "malformed", "message": "The request can't be understood."}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours; the log has the traceback."""
    if not request.path.startswith("/api/"):
        _leave_the_form(request)
        return defaults.server_error(request)
    message = "Something went wrong on the server; its log says what."
    return JsonResponse({"code": "internal", "message": message}, status=500)


def _leave_the_form(request: HttpRequest) -> None:
    """Keep Django's answer from looking for a token in the form, which may be what is wrong."""
    request.csrf_processing_done = True  # type: ignore[attr-defined]
