"""Noting, in the transaction of a change, which objectives have to be judged again."""

from collections.abc import Iterable
from datetime import datetime

from align import jobs
from strategy import tasks
from strategy.models import Touch


def touch(objective_ids: Iterable[int], *, now: datetime) -> None:
    """Write the rows the fold takes, and wake the worker once this is committed.

    A lost wake-up costs nothing but time: the timetable folds too.
    """
    rows = [Touch(objective_id=pk, at=now) for pk in sorted(set(objective_ids))]
    if rows:
        Touch.objects.bulk_create(rows)
        jobs.after_commit(tasks.fold)
