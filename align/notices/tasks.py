"""Jobs of the notices. Each may run twice, late or in parallel."""

from celery import shared_task
from django.utils import timezone

from align.notices import mail as letters


@shared_task(name="notices.mail")
def mail() -> None:
    """Mail the notices that are due at once."""
    letters.mail_due(now=timezone.now())
