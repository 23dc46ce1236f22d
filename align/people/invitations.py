"""Mail with the one-time link of an invitation. Run by the worker, never in a request."""

from datetime import datetime

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from align.people.models import User

log = structlog.get_logger(__name__)
MAILS_A_RUN = 200


def mail_due(*, now: datetime) -> int:
    """Mail the invitations that have not left yet; return how many left.

    Each is locked, mailed and marked in a transaction of its own: two workers never mail the
    same one, and an address that is refused holds up no other.
    """
    due = list(User.objects.to_invite().order_by("pk").values_list("pk", flat=True)[:MAILS_A_RUN])
    return sum(mail_one(pk, now=now) for pk in due)


def mail_one(user_id: int, *, now: datetime) -> bool:
    with transaction.atomic():
        user = (
            User.objects.to_invite()
            .select_for_update(of=("self",), skip_locked=True)
            .filter(pk=user_id)
            .first()
        )
        if user is None:
            return False
        try:
            letter(user).send()
        except OSError as error:  # SMTP errors are OSErrors; the next run tries again
            log.warning("invitation not sent", person=user.pk, error=str(error))
            return False
        user.invitation_mailed_at = now
        user.save(update_fields=["invitation_mailed_at"])
    return True


def letter(user: User) -> EmailMessage:
    body = render_to_string(
        "people/invitation.txt",
        {
            "name": user.name,
            "link": settings.BASE_URL + password_path(user),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            "again": settings.BASE_URL + reverse("account_reset_password"),
        },
    )
    return EmailMessage(subject="Your account in Align", body=body, to=[user.email])


def password_path(user: User) -> str:
    """Return the address that lets this person set a password once: allauth's own."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
