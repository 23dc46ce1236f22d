"""Jobs of the people. Each may run twice, late or in parallel."""

from celery import shared_task
from django.utils import timezone

from align.people import invitations


@shared_task(name="people.mail_invitations")
def mail_invitations() -> None:
    """Mail the invitations that have not left yet."""
    invitations.mail_due(now=timezone.now())
