"""What people predicted in consultations, and what has become of it on a day.

A prediction is put to the test once the words it is about are in force. It is due from its check
date on, until the lead and the one who raised it have both said what they saw. It counts where the
two say the same; where the raiser has left, the lead's word is all there is, and counts.
"""

from datetime import datetime

from django.db import models
from django.db.models import Case, DateField, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from strategy.models import Concern, Revision


class Became(models.TextChoices):
    DUE = "due", "Look now"
    COMING = "coming", "Coming"
    CAME_TRUE = "came true", "Came true"
    DID_NOT = "did not", "Did not"
    DIFFER = "differ", "The two differ"
    UNTESTED = "untested", "Never put to the test"


COUNTED = (Became.CAME_TRUE, Became.DID_NOT)
LOOKED_AT = (*COUNTED, Became.DIFFER)

STRATEGY = "round__revision__objective__strategy"
RAISER_LEFT = Q(raised_by=None) | Q(raised_by__is_active=False)
LEAD_ALONE = Q(raiser_outcome="") & RAISER_LEFT
SAME = Q(lead_outcome=F("raiser_outcome")) | LEAD_ALONE


def judged(concerns: QuerySet[Concern], *, now: datetime) -> QuerySet[Concern]:
    """Return the concerns with ``became``, one of Became, and ``title``, the draft's as shared.

    The day is that of the place where the strategy is in force.
    """
    return concerns.annotate(
        title=F("round__text__0__text"),
        became=Case(
            When(round__revision__state=Revision.State.WITHDRAWN, then=Value(Became.UNTESTED)),
            When(~_tested(now), then=Value(Became.COMING)),
            When(_waits(), then=Value(Became.DUE)),
            When(SAME, lead_outcome=Concern.Outcome.CAME_TRUE, then=Value(Became.CAME_TRUE)),
            When(SAME, then=Value(Became.DID_NOT)),
            default=Value(Became.DIFFER),
            output_field=models.CharField(),
        ),
    )


def _tested(now: datetime) -> Q:
    """The words have been in force, and the check date has come."""
    return Q(
        round__revision__state=Revision.State.PUBLISHED,
        round__revision__effective_from__lte=now,
        check_on__lte=today(now),
    )


def _waits() -> Q:
    """Somebody who can still say what they saw has not."""
    return Q(lead_outcome="") | (Q(raiser_outcome="") & ~RAISER_LEFT)


def today(now: datetime) -> Cast:
    """Return the day it is where the strategy of a concern is in force."""
    there = Func(F(f"{STRATEGY}__time_zone"), Value(now), function="timezone")
    return Cast(there, DateField())
