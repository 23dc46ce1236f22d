"""Telling people that a recall check is due, and trainers that their teach-back is void."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from align.notices import actions as notices
from align.notices.actions import Message
from align.notices.models import Notice
from strategy import remembered
from strategy.models import Objective, TeachBack


@transaction.atomic
def tell(*, now: datetime) -> None:
    """Send the notices that are due; one person hears once of a check and once of a changed why."""
    notices.send([*_checks(now), *_void()], now=now)


def _checks(now: datetime) -> Iterable[Message]:
    due = remembered.due(now=now, untold=True)
    found = Objective.objects.in_bulk({row.objective_id for row in due})
    return [
        Message(
            person_id=row.person_id,
            key=row.key,
            text=f"What do you still know of {found[row.objective_id].code}? It takes a minute.",
            link=row.link,
        )
        for row in due
    ]


def _void() -> Iterable[Message]:
    """Find the trainers who explained a why that is not in force any more, and not the new one."""
    again = (
        TeachBack.objects.in_force()
        .alive()
        .filter(trainer=OuterRef("trainer"), revision__objective=OuterRef("revision__objective"))
    )
    rows = (
        TeachBack.objects.alive()
        .filter(revision__objective__state=Objective.State.IN_FORCE, trainer__is_active=True)
        .exclude(revision__why_fingerprint=F("revision__objective__current__why_fingerprint"))
        .filter(~Exists(again))
        .order_by("trainer_id", "revision__objective_id")
        .distinct("trainer_id", "revision__objective_id")
        .select_related("revision__objective__current")
    )
    messages = [_voided(row) for row in rows]
    told = set(
        Notice.objects.filter(key__in={row.key for row in messages}).values_list("person", "key")
    )
    return [row for row in messages if (row.person_id, row.key) not in told]


def _voided(row: TeachBack) -> Message:
    objective = row.revision.objective
    assert objective.current is not None  # a constraint: what is in force has a revision
    why = objective.current.why_fingerprint[:16]
    return Message(
        person_id=row.trainer_id,
        key=f"teach-back-void:{objective.pk}:{why}",
        text=f"The why of {objective.code} changed. Your teach-back is void; explain the new one.",
        link=f"/objectives/{objective.pk}/teach-back/",
    )
