"""Keeping what somebody typed into a draft and has not saved, for them alone.

It never touches the draft. What is kept carries the window it was typed in: two windows of one
person do not overwrite each other, and what waits to be taken up is not overwritten by what is
typed without looking at it.
"""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from align.people.models import User
from strategy.models import Objective, Unsaved

BYTES_AT_MOST = 400_000
NEVER_KEPT = ("csrfmiddlewaretoken", "add", "publish")


class TooLong(Exception):
    """More was typed than a draft can hold."""


class KeptElsewhere(Exception):
    """Other words of the same person wait for this objective, from another window."""


def kept(*, objective: Objective, person: User) -> Unsaved | None:
    """Return what waits for this person to take it up or to throw it away."""
    return Unsaved.objects.visible_to(person).filter(objective=objective).first()


def typed(row: Unsaved) -> QueryDict:
    """Read a kept form as the browser sent it."""
    return QueryDict(row.data)


@transaction.atomic
def keep(*, objective: Objective, person: User, data: QueryDict, now: datetime) -> Unsaved:
    """Keep a form as it stands; later words of the same window take its place.

    Raises TooLong, and KeptElsewhere where another window's words would be lost.
    """
    plain = data.copy()
    for name in NEVER_KEPT:
        plain.pop(name, None)
    said = plain.urlencode()
    if len(said) > BYTES_AT_MOST:
        raise TooLong
    # Two windows may be the first at the same moment: the row is made once, then it is locked.
    made, new = Unsaved.objects.get_or_create(
        person=person, objective=objective, defaults={"data": said, "at": now}
    )
    if new:
        return made
    row = Unsaved.objects.select_for_update().get(pk=made.pk)
    if typed(row).get("window") != plain.get("window"):
        raise KeptElsewhere
    row.data, row.at = said, now
    row.save(update_fields=["data", "at"])
    return row


@transaction.atomic
def saved(*, objective: Objective, person: User, window: str) -> None:
    """Forget what was typed in this window: it stands in the draft now."""
    row = Unsaved.objects.visible_to(person).filter(objective=objective).first()
    if row and window and typed(row).get("window") == window:
        row.delete()


@transaction.atomic
def throw_away(*, objective: Objective, person: User) -> None:
    """Forget what this person typed, wherever they did."""
    Unsaved.objects.visible_to(person).filter(objective=objective).delete()
