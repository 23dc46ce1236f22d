"""Whom one may assess, on what, and in which groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from align.people.models import Membership, User
from strategy.models import BehaviorRevision
from training import seeing
from training.actions import MOST_PEOPLE
from training.models import Completion, Delivery, Mapping, Module, Seat


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some people one may assess; its key is what the address says."""

    key: str
    label: str
    people: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the page can be about: behaviors, and who can be asked for each."""

    words: tuple[BehaviorRevision, ...]
    groups: tuple[Group, ...]
    asked: seeing.Asked
    members: dict[int, Membership]

    def people(self, words: BehaviorRevision, group: Group) -> list[User]:
        """Return who of a group is asked for a behavior, in order of name."""
        found = [
            row.user
            for pk, row in self.members.items()
            if pk in group.people
            and any(one.behavior_id == words.behavior_id for one in self.asked[pk])
        ]
        return sorted(found, key=lambda user: (user.name, user.pk))[:MOST_PEOPLE]


def choice(user: User, *, now: datetime) -> Choice:
    """Read what somebody can assess: managers their teams, trainers whom they taught."""
    day = now.date()
    groups = [*_teams(user), *_taught(user)]
    people = {pk for group in groups for pk in group.people} - {user.pk}
    rows = (
        Membership.objects.on(day)
        .filter(user__in=people, user__is_active=True)
        .exclude(sales_role=None)
        .select_related("user", "team", "sales_role")
    )
    members = {row.user_id: row for row in rows}
    asked = seeing.asked_of(list(members.values()))
    words = {one.behavior_id: one for found in asked.values() for one in found}
    offered = words.values() if user.is_manager else _mapped(user, words)
    ordered = sorted(
        offered, key=lambda row: (row.revision.objective.code, row.position, row.behavior_id)
    )
    return Choice(
        words=tuple(ordered),
        groups=tuple(group for group in groups if not group.people.isdisjoint(members)),
        asked=asked,
        members=members,
    )


def _teams(user: User) -> list[Group]:
    """A manager's teams, each with who sells in it."""
    found: dict[int, tuple[str, set[int]]] = {}
    for row in seeing.people_of(user):
        found.setdefault(row.team_id, (row.team.name, set()))[1].add(row.user_id)
    return [
        Group(key=f"team-{pk}", label=f"Team {name}", people=frozenset(people))
        for pk, (name, people) in found.items()
    ]


def _taught(user: User) -> list[Group]:
    """A trainer's sessions, newest first, then who completed each of their modules."""
    if not user.is_trainer:
        return []
    return [*_sessions(user), *_completed(user)]


SESSIONS = 20


def _sessions(user: User) -> list[Group]:
    mine = Delivery.objects.editable_by(user).exclude(state=Delivery.State.CANCELED)
    given = list(mine.select_related("version").order_by("-starts_at", "-pk")[:SESSIONS])
    seats = Seat.objects.taken().filter(delivery__in=given).exclude(attended=False)
    sitting: dict[int, set[int]] = {}
    for delivery, person in seats.values_list("delivery", "user"):
        sitting.setdefault(delivery, set()).add(person)
    return [
        Group(
            key=f"session-{row.pk}",
            label=f"{row.version.title}, {row.starts_at:%d %b %Y}",
            people=frozenset(sitting.get(row.pk, ())),
        )
        for row in given
        if row.pk in sitting
    ]


def _completed(user: User) -> list[Group]:
    taken = Completion.objects.filter(version__module__owner=user).order_by()
    by_module: dict[int, set[int]] = {}
    for module, person in taken.values_list("version__module", "user").distinct():
        by_module.setdefault(module, set()).add(person)
    modules: QuerySet[Module] = Module.objects.filter(pk__in=by_module).select_related("current")
    return [
        Group(
            key=f"module-{row.pk}",
            label=f"Took “{row.current.title if row.current else row.code}”",
            people=frozenset(by_module[row.pk]),
        )
        for row in modules.order_by("current__title", "pk")
    ]


def _mapped(user: User, words: dict[int, BehaviorRevision]) -> Sequence[BehaviorRevision]:
    """The behaviors a trainer's modules claim to teach, or that their sessions practice."""
    theirs = Q(version__module__owner=user) | Q(version__deliveries__trainer=user)
    claimed = Mapping.objects.alive().filter(theirs, behavior__in=words)
    return [words[pk] for pk in set(claimed.order_by().values_list("behavior", flat=True))]
