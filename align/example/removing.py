"""Taking the example out: what it brought, and what others hung onto it only if told so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from align.notices.models import Notice
from align.people.models import Audience, Membership, SalesRole, Team, User
from feedback.models import Answer, Decision, Report
from strategy import outbox
from strategy.models import (
    Concern,
    Flag,
    FlagEvent,
    Objective,
    Position,
    Round,
    Strategy,
    TeachBack,
)
from training.models import (
    Assessment,
    Assignment,
    BarrierCase,
    Completion,
    Delivery,
    Driver,
    Mapping,
    Module,
    Observation,
    Program,
)

USERS = User.objects.filter(example=True)
TEAMS = Team.objects.filter(example=True)
ROLES = SalesRole.objects.filter(example=True)
STRATEGIES = Strategy.objects.filter(example=True)
PROGRAMS = Program.objects.filter(example=True)
MODULES = Module.objects.filter(example=True)


class HasOthers(Exception):
    """Others use the example; ``things`` names what would go with it."""

    def __init__(self, things: list[str]) -> None:
        super().__init__("; ".join(things))
        self.things = things


@dataclass(frozen=True)
class Hung:
    """Something that does not carry the mark and cannot stay without the example."""

    one: str
    many: str
    where: str
    rows: Callable[[], QuerySet[Any]]

    def __str__(self) -> str:
        rows = list(self.rows()[:4])
        number = self.rows().count()
        named = ", ".join(f"“{row}”" for row in rows[:3]) + (" …" if number > 3 else "")
        noun = self.one if number == 1 else self.many
        return f"{number} {noun} {self.where}: {named}"


def _strategies() -> QuerySet[Any]:
    uses = Q(lead__in=USERS.all()) | Q(teams__in=TEAMS.all())
    asks = Q(objectives__revisions__behaviors__sales_role__in=ROLES.all())
    asks |= Q(objectives__revisions__behaviors__audiences__teams__in=TEAMS.all())
    return Strategy.objects.filter(uses | asks, example=False).distinct()


def _modules() -> QuerySet[Any]:
    uses = Q(owner__in=USERS.all()) | Q(program__in=PROGRAMS.all())
    return Module.objects.filter(uses, example=False)


def _teams() -> QuerySet[Any]:
    return Team.objects.filter(parent__in=TEAMS.all(), example=False)


def _memberships() -> QuerySet[Any]:
    place = Q(team__in=TEAMS.all()) | Q(sales_role__in=ROLES.all())
    return Membership.objects.filter(place, user__example=False)


def _reports() -> QuerySet[Any]:
    about = Q(objective__strategy__in=STRATEGIES.all()) | Q(team__in=TEAMS.all())
    return Report.objects.filter(about, author__example=False)


def _observations() -> QuerySet[Any]:
    about = Q(behavior_revision__revision__objective__strategy__in=STRATEGIES.all())
    return Observation.objects.filter(about | Q(team__in=TEAMS.all()), user__example=False)


def _assessments() -> QuerySet[Any]:
    about = Q(behavior_revision__revision__objective__strategy__in=STRATEGIES.all())
    return Assessment.objects.filter(about | Q(team__in=TEAMS.all()), user__example=False)


def _completions() -> QuerySet[Any]:
    about = Q(version__module__in=MODULES.all()) | Q(team__in=TEAMS.all())
    return Completion.objects.filter(about, user__example=False)


def _mappings() -> QuerySet[Any]:
    theirs = Q(version__module__example=False, behavior__objective__strategy__example=True)
    ours = Q(version__module__example=True, behavior__objective__strategy__example=False)
    return Mapping.objects.alive().filter(theirs | ours)


def _sessions() -> QuerySet[Any]:
    uses = Q(version__module__in=MODULES.all()) | Q(trainer__in=USERS.all())
    uses |= Q(audience__teams__in=TEAMS.all()) | Q(audience__sales_roles__in=ROLES.all())
    return Delivery.objects.filter(uses).exclude(author__example=True).distinct()


def _assignments() -> QuerySet[Any]:
    uses = Q(module__in=MODULES.all())
    uses |= Q(audience__teams__in=TEAMS.all()) | Q(audience__sales_roles__in=ROLES.all())
    return Assignment.objects.filter(uses).exclude(author__example=True).distinct()


def _positions() -> QuerySet[Any]:
    theirs = Q(
        participant__person__example=False,
        participant__round__revision__objective__strategy__example=True,
    )
    ours = Q(
        participant__person__example=True,
        participant__round__revision__objective__strategy__example=False,
    )
    return Position.objects.filter(theirs | ours)


def _teach_backs() -> QuerySet[Any]:
    theirs = Q(trainer__example=False, revision__objective__strategy__example=True)
    ours = Q(trainer__example=True, revision__objective__strategy__example=False)
    return TeachBack.objects.filter(theirs | ours)


def _barriers() -> QuerySet[Any]:
    theirs = Q(behavior__objective__strategy__example=True, raised_by__example=False)
    return BarrierCase.objects.filter(theirs)


def _drivers() -> QuerySet[Any]:
    theirs = Q(behavior__objective__strategy__example=True, author__example=False)
    return Driver.objects.filter(theirs)


HUNG = (
    Hung("strategy", "strategies", "of its people or for its teams", _strategies),
    Hung("module", "modules", "in its programs or of its trainers", _modules),
    Hung("team", "teams", "below its teams", _teams),
    Hung("place", "places", "in its teams", _memberships),
    Hung("report", "reports", "by somebody else", _reports),
    Hung("observation", "observations", "of somebody else", _observations),
    Hung("assessment", "assessments", "of somebody else", _assessments),
    Hung("completion", "completions", "by somebody else", _completions),
    Hung("mapping", "mappings", "between its training and yours", _mappings),
    Hung("barrier", "barriers", "of yours in the way of its behaviors", _barriers),
    Hung("driver", "drivers", "of yours for its behaviors", _drivers),
    Hung("session", "sessions", "of its modules, its trainers or its teams", _sessions),
    Hung("due date", "due dates", "of its modules or for its teams", _assignments),
    Hung("verdict", "verdicts", "of yours on its drafts, or the other way", _positions),
    Hung("teach-back", "teach-backs", "of yours on its reasons, or the other way", _teach_backs),
)


@transaction.atomic
def remove(*, now: datetime, force: bool = False) -> list[str]:
    """Take the example out; return what of others went with it.

    Raises HasOthers where there is such a thing and nobody said ``force``: then all stays.
    """
    things = [str(hung) for hung in HUNG if hung.rows().exists()]
    if things and not force:
        raise HasOthers(things)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        # Published rows and the events of flags go with the example, and only with it.
        cursor.execute("SET LOCAL align.removes_example = 'on'")
    going = _Going.found()
    outbox.touch(_objectives_that_stay(going), now=now)
    _remove_voices(going)
    _remove_training(going)
    _remove_strategies(going)
    _remove_people(going)
    return things


@dataclass(frozen=True)
class _Going:
    """What goes: the example's own and, by force, what hangs onto it."""

    strategies: list[int]
    modules: list[int]
    users: list[int]
    teams: list[int]
    roles: list[int]

    @classmethod
    def found(cls) -> "_Going":
        def ids(*rows: QuerySet[Any]) -> list[int]:
            return sorted({pk for some in rows for pk in some.values_list("pk", flat=True)})

        return cls(
            strategies=ids(STRATEGIES.all(), _strategies()),
            modules=ids(MODULES.all(), _modules()),
            users=ids(USERS.all()),
            teams=ids(TEAMS.all()),
            roles=ids(ROLES.all()),
        )


def _objectives_that_stay(going: _Going) -> set[int]:
    """The objectives of others whose figures move: the example spoke of them or taught them."""
    stay = Objective.objects.exclude(strategy__in=going.strategies)
    spoken = Report.objects.filter(Q(author__in=going.users) | Q(team__in=going.teams))
    taught = Mapping.objects.filter(version__module__in=going.modules)
    seen = Observation.objects.filter(Q(user__in=going.users) | Q(team__in=going.teams))
    judged = Assessment.objects.filter(Q(user__in=going.users) | Q(team__in=going.teams))
    named = [
        *judged.values_list("behavior_revision__revision__objective", flat=True),
        *spoken.values_list("objective", flat=True),
        *taught.values_list("behavior__objective", flat=True),
        *seen.values_list("behavior_revision__revision__objective", flat=True),
    ]
    return set(stay.filter(pk__in=set(named)).values_list("pk", flat=True))


def _remove_voices(going: _Going) -> None:
    """Reports first, with the answers to them and the notices about those."""
    reports = Report.objects.filter(
        Q(objective__strategy__in=going.strategies)
        | Q(author__in=going.users)
        | Q(team__in=going.teams)
    )
    about = Q(objective__strategy__in=going.strategies)
    alone = Q(objective=None, author__in=going.users)
    decisions = Decision.objects.filter(about | alone)
    refs = [f"decision:{ref}" for ref in decisions.values_list("ref", flat=True)]
    events = FlagEvent.objects.filter(
        Q(flag__strategy__in=going.strategies) | Q(flag__in=_flags_of_modules(going))
    )
    keys = [f"flag-event:{pk}" for pk in events.values_list("pk", flat=True)]
    about_them = Q(key__in=refs + keys) | _links(going)
    Notice.objects.filter(about_them | Q(person__in=going.users)).delete()
    Answer.objects.filter(Q(report__in=reports) | Q(decision__in=decisions)).delete()
    decisions.delete()
    reports.delete()


def _flags_of_modules(going: _Going) -> QuerySet[Flag]:
    """Flags about modules belong to no strategy; only their subject says what they are about."""
    return Flag.objects.filter(strategy=None, subject__in=[f"module:{pk}" for pk in going.modules])


def _links(going: _Going) -> Q:
    """What was told about their consultations and barriers: the links would lead nowhere."""
    rounds = Round.objects.filter(revision__objective__strategy__in=going.strategies)
    concerns = Concern.objects.filter(round__in=rounds)
    links = Q(pk=None)
    cases = BarrierCase.objects.filter(behavior__objective__strategy__in=going.strategies)
    for row in [*rounds.defer("text"), *concerns.defer("quote"), *cases]:
        links |= Q(link__startswith=row.get_absolute_url())
    return links


def _remove_training(going: _Going) -> None:
    theirs = Q(audience__teams__in=going.teams) | Q(audience__sales_roles__in=going.roles)
    Delivery.objects.filter(
        pk__in=Delivery.objects.filter(
            theirs | Q(version__module__in=going.modules) | Q(trainer__in=going.users)
        ).values("pk")
    ).delete()
    Assignment.objects.filter(
        pk__in=Assignment.objects.filter(theirs | Q(module__in=going.modules)).values("pk")
    ).delete()
    seen = (
        Q(behavior_revision__revision__objective__strategy__in=going.strategies)
        | Q(user__in=going.users)
        | Q(team__in=going.teams)
    )
    Observation.objects.filter(seen).delete()
    Assessment.objects.filter(seen).delete()
    Completion.objects.filter(
        Q(version__module__in=going.modules) | Q(user__in=going.users) | Q(team__in=going.teams)
    ).delete()
    Mapping.objects.filter(
        Q(version__module__in=going.modules) | Q(behavior__objective__strategy__in=going.strategies)
    ).delete()
    _flags_of_modules(going).delete()
    modules = Module.objects.filter(pk__in=going.modules)
    # A published module holds its version and the version its module: one lets go first.
    modules.update(state=Module.State.DRAFT, current=None)
    modules.delete()
    PROGRAMS.all().delete()


def _remove_strategies(going: _Going) -> None:
    objectives = Objective.objects.filter(strategy__in=going.strategies)
    objectives.update(state=Objective.State.DRAFT, current=None)
    objectives.delete()
    Strategy.objects.filter(pk__in=going.strategies).delete()


def _remove_people(going: _Going) -> None:
    Membership.objects.filter(
        Q(user__in=going.users) | Q(team__in=going.teams) | Q(sales_role__in=going.roles)
    ).delete()
    User.objects.filter(pk__in=going.users).delete()
    Audience.objects.filter(Q(teams__in=going.teams) | Q(sales_roles__in=going.roles)).delete()
    Team.objects.filter(Q(pk__in=going.teams) | Q(parent__in=going.teams)).update(parent=None)
    Team.objects.filter(pk__in=going.teams).delete()
    SalesRole.objects.filter(pk__in=going.roles).delete()
