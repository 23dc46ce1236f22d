"""One shape for everything that goes wrong: code, detail, and the fields it is about."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import (
    APIException,
    NotAuthenticated,
    NotFound,
    ParseError,
    ValidationError,
)
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response

log = structlog.get_logger(__name__)

MISSING = "There is nothing here that you can see."
RETRY_AFTER = 5  # seconds; long enough for a database to come back


class NoLength(APIException):
    """WSGI hands over no body without a length; it would look like an empty one."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = "Send the body in one piece, with its Content-Length."


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "The body is too large."


class Conflict(APIException):
    """What was sent collides with what is there; ``extra`` shows both."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"
    default_detail = "Somebody was faster."

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.extra = extra


class Away(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = "The database is not available. Try again in a few seconds."
    wait = RETRY_AFTER


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer every anticipated failure in JSON; whatever else happens crashes and is logged."""
    known = anticipated(error)
    if known is None:
        return None
    if isinstance(known, Away):
        log.error("database away", error=str(error))
    return Response(body(known), status=known.status_code, headers=headers(known))


def anticipated(error: Exception) -> APIException | None:
    if isinstance(error, Http404 | NotFound):
        # Missing, not yours, not for you: one answer, whoever raised it.
        return NotFound(MISSING)
    if isinstance(error, APIException):
        return error
    if isinstance(error, PermissionDenied):
        return Forbidden(str(error) or None)
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return ParseError("The request cannot be read.")
    if isinstance(error, OperationalError | InterfaceError):
        return Away()
    return None


def headers(error: APIException) -> dict[str, str]:
    found = {}
    if challenge := getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        found["Retry-After"] = str(int(wait) or 1)
    return found


def body(error: APIException) -> dict[str, Any]:
    """Build ``{"code", "detail"}``, with ``fields`` for a refused input."""
    if isinstance(error, ValidationError):
        fields = flat(error.detail)
        general = fields.pop("", [])
        detail = " ".join(general) or f"There is a problem with {' and '.join(sorted(fields))}."
        return {"code": "invalid", "detail": detail, "fields": fields}
    found = {"code": code(error), "detail": str(error.detail)}
    return found | getattr(error, "extra", {})


def code(error: APIException) -> str:
    """One word to branch on; “who are you” is one, whichever way it went wrong."""
    if error.status_code == status.HTTP_401_UNAUTHORIZED:
        return NotAuthenticated.default_code
    return str(error.default_code)


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Name each field by its path, “behaviors.0.statement”; "" is the body as a whole."""
    if isinstance(detail, Mapping):
        return merge(flat(inner, join(path, str(name))) for name, inner in detail.items())
    if isinstance(detail, list) and any(isinstance(inner, Mapping | list) for inner in detail):
        return merge(flat(inner, join(path, str(at))) for at, inner in enumerate(detail))
    found = [str(inner) for inner in detail] if isinstance(detail, list) else [str(detail)]
    return {path: found} if found else {}


def merge(parts: Any) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for part in parts:
        for path, messages in part.items():
            merged.setdefault(path, []).extend(messages)
    return merged


def join(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name
