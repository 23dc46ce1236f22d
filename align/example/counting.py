"""How much of the example is here."""

from dataclasses import dataclass

from align.people.models import Role, SalesRole, Team, User
from feedback.models import Decision, Report
from strategy.models import Behavior, Flag, Objective, Strategy, Theme
from training.models import Completion, Mapping, Module, Observation, Program


@dataclass(frozen=True)
class Counts:
    strategies: int
    themes: int
    objectives: int
    behaviors: int
    programs: int
    modules: int
    mappings: int
    teams: int
    sales_roles: int
    reps: int
    managers: int
    trainers: int
    leads: int
    admins: int
    completions: int
    observations: int
    reports: int
    decisions: int
    open_flags: int


def is_here() -> bool:
    return (
        Strategy.objects.filter(example=True).exists() or Team.objects.filter(example=True).exists()
    )


def counts() -> Counts:
    """Count the rows that carry the mark of the example, and what hangs off them."""
    people = User.objects.filter(example=True)
    strategies = Strategy.objects.filter(example=True)
    objectives = Objective.objects.filter(strategy__in=strategies)
    modules = Module.objects.filter(example=True)
    return Counts(
        strategies=strategies.count(),
        themes=Theme.objects.filter(strategy__in=strategies).count(),
        objectives=objectives.count(),
        behaviors=Behavior.objects.filter(objective__in=objectives).count(),
        programs=Program.objects.filter(example=True).count(),
        modules=modules.count(),
        mappings=Mapping.objects.alive().filter(version__module__in=modules).count(),
        teams=Team.objects.filter(example=True).count(),
        sales_roles=SalesRole.objects.filter(example=True).count(),
        reps=people.filter(roles__contains=[Role.REP]).count(),
        managers=people.filter(roles__contains=[Role.MANAGER]).count(),
        trainers=people.filter(roles__contains=[Role.TRAINER]).count(),
        leads=people.filter(roles__contains=[Role.LEAD]).count(),
        admins=people.filter(roles__contains=[Role.ADMIN]).count(),
        completions=Completion.objects.filter(version__module__in=modules).count(),
        observations=Observation.objects.filter(user__in=people).count(),
        reports=Report.objects.filter(author__in=people).count(),
        decisions=Decision.objects.filter(author__in=people).count(),
        open_flags=Flag.objects.open().filter(strategy__in=strategies).count(),
    )
