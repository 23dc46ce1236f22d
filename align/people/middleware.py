"""What every request passes: an answer when the database is away, limits, the person's zone."""

import sys
import zoneinfo
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.defaults import server_error

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


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database went away before the view was reached.

    Django turns an exception of a middleware into a response at that middleware, so the one
    above never sees it; here it is still in flight.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return unavailable(request)
    if request.path.startswith("/api/"):
        detail = "It is our fault, and it has been written down."
        return JsonResponse({"code": "error", "detail": detail}, status=500)
    return server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Build the 503 without touching the database."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        detail = "The database is not available. Try again in a few seconds."
        response = JsonResponse({"code": "unavailable", "detail": detail}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "5"
    return response


class BodyLimit:
    """Refuse a body that is too large before anything of it is read.

    A view that takes files says how large one may be: ``view.body_limit``, in bytes. The API
    looks for itself, and answers in its own words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: Any
    ) -> HttpResponse | None:
        said = request.META.get("CONTENT_LENGTH") or "0"
        limit = getattr(view, "body_limit", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if request.path.startswith("/api/") or (said.isdecimal() and int(said) <= limit):
            return None
        return HttpResponse(render_to_string("413.html"), status=413)


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
