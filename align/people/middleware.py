"""What every request passes: an answer when the database is away, the person's zone, no caching."""

import zoneinfo
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control

log = structlog.get_logger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Unavailable:
    """Answer 503 with Retry-After while the database is away, and recover without a restart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("database away", path=request.path, error=str(error))
        return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Build the 503 without touching the database."""
    if request.path.startswith("/api/"):
        response = HttpResponse(
            '{"detail": "The database is not available. Try again in a few seconds."}',
            content_type="application/json",
            status=503,
        )
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "5"
    return response


class PersonZone:
    """Show times in the person's own zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.zone)):
                return self.get_response(request)
        return self.get_response(request)


class NoStore:
    """Keep what a signed-in person saw out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
