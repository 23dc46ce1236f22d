"""What a person has to learn: the modules that teach what is asked of their sales role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from align.people.models import Audience, Membership, TeamTree, User
from strategy.models import BehaviorRevision
from training.models import Completion, Mapping, ModuleVersion


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A module in use, what it teaches this person, and whether that is done."""

    version: ModuleVersion
    behaviors: tuple[BehaviorRevision, ...]
    taken: datetime | None
    counts: bool  # taken since the behaviors are what they are

    @property
    def again(self) -> bool:
        """Taken, but something it teaches has changed since."""
        return self.taken is not None and not self.counts


@dataclass(frozen=True, kw_only=True)
class Learning:
    sales_role: str
    to_take: tuple[Lesson, ...]
    done: tuple[Lesson, ...]

    @property
    def hours(self) -> str:
        total = sum((lesson.version.hours for lesson in self.to_take), start=0)
        return f"{total:.1f}".removesuffix(".0")


def learning(user: User, *, day: date) -> Learning:
    """Read what a person has to take and has taken."""
    place = Membership.objects.on(day).filter(user=user).select_related("sales_role").first()
    lessons = _lessons(user, asked_of(place))
    return Learning(
        sales_role=str(place.sales_role) if place and place.sales_role else "",
        to_take=tuple(lesson for lesson in lessons if not lesson.counts),
        done=tuple(lesson for lesson in lessons if lesson.counts),
    )


def asked_of(place: Membership | None) -> list[BehaviorRevision]:
    """The behaviors in force whose audiences name this sales role in this team.

    From the first day on: people count in figures only later, but learn at once.
    """
    if place is None or place.sales_role_id is None:
        return []
    above = TeamTree.objects.filter(team=place.team_id).values("ancestor")
    audiences = Audience.objects.filter(sales_roles=place.sales_role_id, teams__in=above)
    return list(
        BehaviorRevision.objects.in_force()
        .filter(audiences__in=audiences.values("pk"))
        .select_related("behavior", "revision__objective")
        .order_by("-critical", "revision__objective__code", "position", "pk")
        .distinct()
    )


def _lessons(user: User, asked: Sequence[BehaviorRevision]) -> list[Lesson]:
    words = {row.behavior_id: row for row in asked}
    claims = (
        Mapping.objects.counted()
        .filter(behavior__in=words)
        .filter(version__in=ModuleVersion.objects.in_use().values("pk"))
        .select_related("version__module__program", "version__module__owner")
        .order_by("-depth", "version__title", "version", "pk")
    )
    taken = _taken(user)
    by_version: dict[ModuleVersion, list[Mapping]] = {}
    for claim in claims:
        by_version.setdefault(claim.version, []).append(claim)
    return [
        _lesson(version, rows, words, taken.get(version.pk)) for version, rows in by_version.items()
    ]


def _lesson(
    version: ModuleVersion,
    claims: Sequence[Mapping],
    words: dict[int, BehaviorRevision],
    taken: datetime | None,
) -> Lesson:
    return Lesson(
        version=version,
        behaviors=tuple({words[claim.behavior_id]: None for claim in claims}),
        taken=taken,
        counts=taken is not None and all(_counts(claim, words, taken) for claim in claims),
    )


def _counts(claim: Mapping, words: dict[int, BehaviorRevision], taken: datetime) -> bool:
    """As in the coverage: since the words are what they are, or cleared as “no impact”."""
    since = words[claim.behavior_id].fingerprint_since
    return claim.cleared_at is not None or since is None or taken >= since


def _taken(user: User) -> dict[int, datetime]:
    rows = Completion.objects.filter(user=user).order_by()
    return dict(rows.values_list("version").annotate(at=Max("completed_at")))


def lesson(user: User, version: ModuleVersion, *, day: date) -> Lesson:
    """Read one module as a lesson of this person, whether it is asked of them or not."""
    place = Membership.objects.on(day).filter(user=user).first()
    rows: Iterable[Lesson] = _lessons(user, asked_of(place))
    found = next((row for row in rows if row.version.pk == version.pk), None)
    taken = _taken(user).get(version.pk)
    return found or Lesson(version=version, behaviors=(), taken=taken, counts=taken is not None)
