from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from align.jobs import views


class Probes:
    """Answer /healthz and /readyz before anything else looks at the request.

    Whoever probes knows an IP address and no host name, speaks no TLS and has no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": views.healthz, "/readyz": views.readyz}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.probes.get(request.path_info, self.get_response)(request)
