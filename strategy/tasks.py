"""Jobs of the strategy. Each may run twice, late or in parallel and leaves the same rows."""

from celery import shared_task
from django.utils import timezone

from strategy import due_dates, effect, engine, reminding


@shared_task(name="strategy.fold")
def fold() -> None:
    """Judge the objectives that something happened to, until the outbox is empty.

    What is written while one worker judges would otherwise wait for the timetable.
    """
    while engine.fold(now=timezone.now()):
        continue


@shared_task(name="strategy.judge_all")
def judge_all() -> None:
    """Judge every objective from the rows: time alone moves figures too."""
    engine.judge_all(now=timezone.now())


@shared_task(name="strategy.take_effect")
def take_effect() -> None:
    """Put in force the revisions whose day has come."""
    effect.take_effect(now=timezone.now())


@shared_task(name="strategy.remind")
def remind() -> None:
    """Tell who has not answered a draft that their verdict is due in two days."""
    due_dates.remind(now=timezone.now())


@shared_task(name="strategy.check_concerns")
def check_concerns() -> None:
    """Ask the lead and the raiser of a concern on its check date whether it came true."""
    due_dates.check_concerns(now=timezone.now())


@shared_task(name="strategy.recalls")
def recalls() -> None:
    """Tell people that a recall check is due, and trainers that their teach-back is void."""
    reminding.tell(now=timezone.now())
