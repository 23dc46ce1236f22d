"""Groups of people a trainer can tick at once: an audience of the module, or a team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from align.people.models import Audience, Membership, Team, TeamTree, User
from training.models import Mapping, ModuleVersion

PEOPLE_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group one can choose; its key is what the address says."""

    key: str
    label: str
    row: Audience | Team


def groups(version: ModuleVersion) -> list[Group]:
    """Return the audiences a version is mapped for, then the teams."""
    mapped = Mapping.objects.alive().filter(version=version).values("audience")
    audiences: Iterable[Audience] = Audience.objects.filter(pk__in=mapped)
    teams: Iterable[Team] = Team.objects.all()
    return [
        *(Group(key=f"audience-{row.pk}", label=row.name, row=row) for row in audiences),
        *(Group(key=f"team-{row.pk}", label=f"Team {row.name}", row=row) for row in teams),
    ]


def members(group: Group | None, *, day: date) -> QuerySet[User]:
    """Return who sells in this group on a day, in order of name; nobody without a group."""
    if group is None:
        return User.objects.none()
    people = User.objects.filter(is_active=True)
    if isinstance(group.row, Audience):
        found = people.filter(pk__in=group.row.members_on(day).values("pk"))
    else:
        below = TeamTree.objects.filter(ancestor=group.row).values("team")
        sellers = Membership.objects.on(day).filter(team__in=below).exclude(sales_role=None)
        found = people.filter(pk__in=sellers.values("user"))
    some = found.order_by("name", "pk").values("pk")[:PEOPLE_AT_ONCE]
    return people.filter(pk__in=some).order_by("name", "pk")
