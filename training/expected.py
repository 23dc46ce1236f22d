"""Whom a session or a due date is meant for: everybody the audience names, from the first day on.

People count in figures only after thirty days; they are expected to learn at once.
"""

from datetime import date

from django.db.models import Q, QuerySet

from align.people.models import Audience, Membership, TeamTree, User
from training.models import Delivery


def asked_of(audience: Audience, *, day: date) -> QuerySet[User]:
    """Return who sells in these sales roles in these teams on a day."""
    below = TeamTree.objects.filter(ancestor__in=audience.teams.all()).values("team")
    places = Membership.objects.on(day).filter(
        team__in=below, sales_role__in=audience.sales_roles.all()
    )
    return User.objects.filter(pk__in=places.values("user"), is_active=True)


def audiences_of(user: User, *, day: date) -> QuerySet[Audience]:
    """Return the audiences a person belongs to on a day."""
    place = Membership.objects.on(day).filter(user=user)
    above = TeamTree.objects.filter(team__in=place.values("team")).values("ancestor")
    named = Audience.objects.filter(sales_roles__in=place.values("sales_role"), teams__in=above)
    return Audience.objects.filter(pk__in=named.values("pk"))


def expected_at(delivery: Delivery) -> QuerySet[User]:
    """Return who is expected: those with a seat; without a capacity also everybody asked.

    Once it is held, those it was held for. Who said that they cannot come is not expected.
    """
    seated = Q(pk__in=delivery.seats.taken().values("user"))
    everybody = delivery.capacity is None and delivery.state == Delivery.State.PLANNED
    if not everybody:
        return User.objects.filter(seated)
    asked = asked_of(delivery.audience, day=delivery.starts_at.date())
    away = delivery.seats.exclude(left_at=None).values("user")
    return User.objects.filter(seated | (Q(pk__in=asked.values("pk")) & ~Q(pk__in=away)))
