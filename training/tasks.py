"""Jobs of training. Each may run twice, late or in parallel and leaves the same rows."""

from celery import shared_task
from django.utils import timezone

from training import barriers, importing, nudges


@shared_task(name="training.import_completions")
def import_completions() -> None:
    """Check the files of completions that wait for it, and run those that may."""
    for found in importing.waiting():
        importing.look_at(found, now=timezone.now())


@shared_task(name="training.nudge")
def nudge() -> None:
    """Tell people days after a completion what of it they could try now."""
    nudges.send(now=timezone.now())


@shared_task(name="training.barriers_due")
def barriers_due() -> None:
    """Tell who has to remove a barrier, and who waits for it, that its day is over."""
    barriers.tell_late(now=timezone.now())
