"""Who asks, and what they may do here."""

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest

from align.people.models import User


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


def trainer(request: HttpRequest) -> User:
    """Return who asks, if it is a trainer."""
    user = me(request)
    if not user.is_trainer:
        raise PermissionDenied("This is for trainers.")
    return user


def manager(request: HttpRequest) -> User:
    """Return who asks, if it is a manager."""
    user = me(request)
    if not user.is_manager:
        raise PermissionDenied("This is for managers.")
    return user


def number(text: str | None) -> int | None:
    """Read an id from an address; what is none names nothing."""
    usable = text is not None and text.isascii() and text.isdigit() and len(text) < 18
    return int(text) if usable and text else None


def status_of(form: BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200
