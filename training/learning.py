"""What a person has to learn: the modules that teach what is asked of their sales role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max

from align.people.models import Audience, Membership, TeamTree, User
from strategy.models import BehaviorRevision
from training import parts, quiz
from training.due import Due, due_on
from training.models import Attempt, Completion, Mapping, Module, ModuleVersion, Progress
from training.parts import Part


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A module in use, what it teaches this person, and whether that is done."""

    version: ModuleVersion
    behaviors: tuple[BehaviorRevision, ...]
    taken: datetime | None
    counts: bool  # taken since the behaviors are what they are
    at: int | None = None  # the part where this person stopped
    due: Due | None = None

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
    lessons = _with_dues(_lessons(user, asked_of(place)), due_on(user, day=day))
    return Learning(
        sales_role=str(place.sales_role) if place and place.sales_role else "",
        to_take=tuple(lesson for lesson in lessons if not lesson.counts),
        done=tuple(lesson for lesson in lessons if lesson.counts),
    )


def _with_dues(lessons: Iterable[Lesson], dues: dict[int, Due]) -> list[Lesson]:
    """Put what is due in front, with its day; also what no behavior of theirs asks for."""
    known = [replace(row, due=dues.pop(row.version.module_id, None)) for row in lessons]
    others = [
        Lesson(version=row.version, behaviors=(), taken=None, counts=False, due=row)
        for row in dues.values()
    ]
    return sorted([*known, *others], key=lambda row: row.due.on if row.due else date.max)


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
    taken, stopped = _taken(user), _stopped(user)
    by_version: dict[ModuleVersion, list[Mapping]] = {}
    for claim in claims:
        by_version.setdefault(claim.version, []).append(claim)
    return [
        _lesson(version, rows, words, taken.get(version.pk), stopped.get(version.pk))
        for version, rows in by_version.items()
    ]


def _lesson(
    version: ModuleVersion,
    claims: Sequence[Mapping],
    words: dict[int, BehaviorRevision],
    taken: datetime | None,
    stopped: Progress | None,
) -> Lesson:
    going_on = stopped is not None and (taken is None or stopped.updated_at > taken)
    return Lesson(
        version=version,
        behaviors=tuple({words[claim.behavior_id]: None for claim in claims}),
        taken=taken,
        counts=taken is not None and all(_counts(claim, words, taken) for claim in claims),
        at=stopped.part if stopped is not None and going_on else None,
    )


def _counts(claim: Mapping, words: dict[int, BehaviorRevision], taken: datetime) -> bool:
    """As in the coverage: since the words are what they are, or cleared as “no impact”."""
    since = words[claim.behavior_id].fingerprint_since
    return claim.cleared_at is not None or since is None or taken >= since


def _taken(user: User) -> dict[int, datetime]:
    rows = Completion.objects.filter(user=user).order_by()
    return dict(rows.values_list("version").annotate(at=Max("completed_at")))


def _stopped(user: User) -> dict[int, Progress]:
    return {row.version_id: row for row in Progress.objects.filter(user=user)}


def lesson(user: User, version: ModuleVersion, *, day: date) -> Lesson:
    """Read one module as a lesson of this person, whether it is asked of them or not."""
    place = Membership.objects.on(day).filter(user=user).first()
    rows: Iterable[Lesson] = _lessons(user, asked_of(place))
    found = next((row for row in rows if row.version.pk == version.pk), None)
    taken = _taken(user).get(version.pk)
    return found or Lesson(version=version, behaviors=(), taken=taken, counts=taken is not None)


# One module, part by part


@dataclass(frozen=True, kw_only=True)
class Try:
    """The last try at a quiz: how it went, and what to read again."""

    at: datetime
    right: int
    of: int
    passed: bool
    wrong: tuple[int, ...]  # numbers of questions, from 1 on


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One part of a module as somebody reads it."""

    version: ModuleVersion
    lesson: Lesson
    parts: Sequence[Part]
    part: Part | None
    continued: bool  # opened where this person stopped
    began: ModuleVersion | None  # the earlier version this person began with
    questions: int
    last: Try | None

    @property
    def back(self) -> int | None:
        return self.part.number - 1 if self.part and self.part.number > 1 else None

    @property
    def next(self) -> int | None:
        here = self.part.number if self.part else 0
        return here + 1 if self.part and here < len(self.parts) else None


def reading(user: User, version: ModuleVersion, *, part: int | None, day: date) -> Reading:
    """Read one part: the one asked for, else the one where this person stopped."""
    found = parts.parts(version.content)
    progress = (
        Progress.objects.filter(user=user, version__module=version.module_id)
        .select_related("version")
        .order_by("-updated_at")
        .first()
    )
    stopped = progress.part if progress else 1
    wanted = min(max(1, stopped if part is None else part), max(1, len(found)))
    return Reading(
        version=version,
        lesson=lesson(user, version, day=day),
        parts=found,
        part=found[wanted - 1] if found else None,
        continued=part is None and wanted > 1,
        began=progress.version if progress and progress.version_id != version.pk else None,
        questions=len(version.quiz),
        last=last_try(user, version),
    )


def last_try(user: User, version: ModuleVersion) -> Try | None:
    """Return the last try here at the quiz of a version. Its questions never change."""
    row = Attempt.objects.filter(user=user, version=version, source="align").first()
    questions = quiz.parse(version.quiz)
    if row is None or not questions:
        return None
    graded = quiz.grade(questions, quiz.ticks_of(row.answers), pass_mark=version.pass_mark)
    return Try(
        at=row.at,
        right=sum(graded.right),
        of=len(questions),
        passed=row.passed,
        wrong=graded.wrong,
    )


def has_passed(user: User, version: ModuleVersion) -> bool:
    return Attempt.objects.filter(user=user, version=version, passed=True, source="align").exists()


def ticked(user: User, version: ModuleVersion) -> dict[int, tuple[int, ...]]:
    """Return what somebody ticked and kept for later."""
    row = Progress.objects.filter(user=user, version=version).first()
    return quiz.ticks_of(row.answers) if row else {}


def in_its_place(module: Module) -> Module | None:
    """Return the module in use that took the place of a retired one, however often that was."""
    seen: set[int] = set()
    found: Module | None = module
    while found is not None and found.state == Module.State.RETIRED and found.pk not in seen:
        seen.add(found.pk)
        found = found.successor
    in_use = found is not None and found.state == Module.State.PUBLISHED
    return found if in_use and found is not None and found.pk != module.pk else None
