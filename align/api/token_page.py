"""The page where a person makes a token for a program, and ends it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from align.api import tokens
from align.people.models import User


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def token(request: HttpRequest) -> HttpResponse:
    """Show whether there is a token; a POST makes one and answers with it, this once.

    No redirect: the token would have to be kept somewhere to be shown on the next page.
    """
    user = me(request)
    fresh = tokens.rotate(user=user) if request.method == "POST" else ""
    known = Token.objects.filter(user=user).first()
    context = {"token": fresh, "since": known.created if known else None}
    return render(request, "api/token.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    tokens.revoke(user=me(request))
    messages.success(request, "Ended. Programs that used it are signed out.")
    return redirect("api:token")
