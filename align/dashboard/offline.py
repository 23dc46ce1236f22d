"""What lets the forms of the field work without a connection."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

HEADER = "X-Align-Queue"
LEADS_TO = "X-Align-Location"


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker: from the root, so that it may serve every address."""
    answer = render(request, "sw.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class Queued:
    """Tell the script that sends a form where it led, instead of leading it there.

    A script cannot see where a redirect goes. What was taken is 204 with the address; what the
    sign-in stopped is 401.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if HEADER not in request.headers or response.status_code not in (302, 303):
            return response
        where = response["Location"]
        del response["Location"]
        signed_out = where.startswith(resolve_url(settings.LOGIN_URL))
        response.status_code = 401 if signed_out else 204
        if not signed_out:
            response[LEADS_TO] = where
        return response
