"""Answering flags."""

from datetime import datetime

from django.db import transaction

from align.people.models import User
from strategy.models import Flag, FlagEvent


@transaction.atomic
def acknowledge_flag(*, flag: Flag, by: User, now: datetime) -> Flag:
    """Say “I have it”: the flag gets this owner. Somebody else's word stands."""
    taken = Flag.objects.filter(pk=flag.pk, state__in=[Flag.State.OPEN, Flag.State.STALE]).update(
        state=Flag.State.ACKNOWLEDGED, owner=by
    )
    if taken:
        FlagEvent.objects.create(
            flag=flag, kind=FlagEvent.Kind.ACKNOWLEDGED, at=now, actor=by, evidence=flag.evidence
        )
    flag.refresh_from_db()
    return flag
