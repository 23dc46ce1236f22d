from celery import shared_task
from django.utils import timezone

from align.jobs.models import Heartbeat


@shared_task
def pulse() -> None:
    """Leave the worker's sign of life."""
    Heartbeat.objects.beat(name="worker", now=timezone.now())
