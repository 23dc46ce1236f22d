"""The secret address at which a calendar program reads one person's dates."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from align.people.models import User
from training.models import CalendarKey


@transaction.atomic
def make_calendar_key(*, user: User, now: datetime) -> str:
    """Make a new secret and return it; the one before opens nothing any more.

    Only its hash is kept: nobody can look it up.
    """
    token = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(
        user=user, defaults={"digest": digest_of(token), "created_at": now}
    )
    return token


def end_calendar_key(*, user: User) -> None:
    """Let no calendar program read this person's dates any more."""
    CalendarKey.objects.filter(user=user).delete()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
