"""Sign-in as this installation wants it: by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Go on to addresses of this site only, written without a host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave wrong passwords to axes, which counts in the database and outlives the cache."""


def login_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Return whom a failed sign-in was for; axes counts by it.

    allauth passes the address as ``email``, where axes does not look.
    """
    given = credentials or {}
    name = given.get("email") or given.get("login") or request.POST.get("login")
    return str(name).lower()[:255] if name else None
