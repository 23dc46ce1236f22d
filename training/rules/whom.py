"""Whom the rules of training tell, and what they call the two sides of a cell."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from align.people.models import Audience, AudienceMember, Membership, Role, Team, User
from strategy.models import Behavior
from training.models import Mapping as Claim

Pair = tuple[int, int]  # a cell: its behavior and its audience
Names = Mapping[Pair, dict[str, str]]


def names(pairs: Iterable[Pair]) -> dict[Pair, dict[str, str]]:
    """Return what people call the two sides of each cell."""
    asked = list(pairs)
    behaviors = Behavior.objects.filter(pk__in={behavior for behavior, _ in asked})
    codes = dict(behaviors.values_list("pk", "code"))
    audiences = Audience.objects.filter(pk__in={audience for _, audience in asked})
    said = dict(audiences.values_list("pk", "name"))
    return {
        (behavior, audience): {"behavior": codes[behavior], "audience": said[audience]}
        for behavior, audience in asked
    }


def trainers(objective_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return who trains each objective; where nobody does, every trainer."""
    teaching: dict[int, set[int]] = {pk: set() for pk in objective_ids}
    owners = Claim.objects.alive().filter(behavior__objective__in=objective_ids)
    for objective_id, owner_id in owners.values_list(
        "behavior__objective", "version__module__owner"
    ):
        teaching[objective_id].add(owner_id)
    everyone = tuple(User.objects.with_role(Role.TRAINER).values_list("pk", flat=True))
    return {pk: tuple(sorted(owners)) or everyone for pk, owners in teaching.items()}


def managers(audience_ids: Collection[int], *, day: date) -> dict[int, set[int]]:
    """Return the managers of the teams the people of each audience are in, on a day.

    Those of the team itself or, where it has none, of the nearest team above that has one.
    """
    members = AudienceMember.objects.on(day).filter(audience__in=audience_ids)
    places = members.order_by().values_list("audience", "team").distinct()
    manage: dict[int, set[int]] = {}
    rows = Membership.objects.on(day).filter(
        user__roles__contains=[Role.MANAGER], user__is_active=True
    )
    for team, user in rows.order_by().values_list("team", "user"):
        manage.setdefault(team, set()).add(user)
    above = dict(Team.objects.order_by().values_list("pk", "parent"))
    found: dict[int, set[int]] = {pk: set() for pk in audience_ids}
    for audience, team in places:
        found[audience] |= _nearest(team, manage, above)
    return found


def _nearest(
    team: int | None, manage: Mapping[int, set[int]], above: Mapping[int, int | None]
) -> set[int]:
    while team is not None and team not in manage:
        team = above.get(team)
    return manage[team] if team is not None else set()
