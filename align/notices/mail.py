"""Mail for the notices that are due at once. Run by the worker, never in a request."""

from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from align.notices.models import Notice

log = structlog.get_logger(__name__)
MAILS_A_RUN = 200


def mail_due(*, now: datetime) -> int:
    """Mail what is due at once; return how many mails left.

    Each notice is locked, mailed and marked in a transaction of its own: two workers never mail
    the same one, and a mail server that refuses one notice holds up no other.
    """
    due = list(Notice.objects.to_mail().order_by("pk").values_list("pk", flat=True)[:MAILS_A_RUN])
    return sum(mail_one(pk, now=now) for pk in due)


def mail_one(notice_id: int, *, now: datetime) -> bool:
    with transaction.atomic():
        notice = (
            Notice.objects.to_mail()
            .select_related("person")
            .select_for_update(of=("self",), skip_locked=True)
            .filter(pk=notice_id)
            .first()
        )
        if notice is None:
            return False
        try:
            letter(notice).send()
        except OSError as error:  # SMTP errors are OSErrors; the next run tries again
            log.warning("mail not sent", notice=notice.pk, error=str(error))
            return False
        notice.mailed_at = now
        notice.save(update_fields=["mailed_at"])
    return True


def letter(notice: Notice) -> EmailMessage:
    body = (
        f"{notice.text}\n\n{settings.BASE_URL}{notice.link}\n\n"
        f"Which notices reach you by mail: {settings.BASE_URL}/settings/\n"
    )
    subject = " ".join(notice.text.split())[:120]
    return EmailMessage(subject=subject, body=body, to=[notice.person.email])
