"""The load: every file in its order, in one transaction, so that it is taken whole or not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from align.load import choices, evidence, lessons, staff
from align.load.problems import Problem
from align.load.reading import Folder, Unreadable
from align.load.run import Run, Tally
from align.people.models import Role, User
from strategy import actions as strategy
from strategy.models import Strategy


@dataclass(frozen=True)
class Outcome:
    """What a load did, or would have done."""

    strategy: str
    tallies: dict[str, Tally]
    problems: tuple[Problem, ...]
    kept: bool  # False: everything is as it was before


def load(
    *,
    folder: Folder,
    now: datetime,
    keep_good: bool = False,
    dry_run: bool = False,
    name: str = "",
    lead: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Bring a company in. Loading the same folder again changes nothing.

    Where a row is refused nothing is kept, unless ``keep_good`` says so. Raises Unreadable
    where it cannot be told whose strategy this is.
    """
    run = Run(folder=folder, now=now, say=say)
    with transaction.atomic():
        staff.load_people(run)
        run.strategy = _choose(run, name=name or folder.name.capitalize(), lead=lead)
        choices.load_choices(run)
        lessons.load_modules(run)
        lessons.load_mappings(run)
        evidence.load_completions(run)
        evidence.load_observations(run)
        evidence.load_reports(run)
        kept = not dry_run and (keep_good or not run.problems)
        if not kept:
            transaction.set_rollback(True)
    return Outcome(
        strategy=run.strategy.name,
        tallies=run.tallies,
        problems=tuple(sorted(run.problems, key=_order)),
        kept=kept,
    )


def _order(problem: Problem) -> tuple[int, int]:
    files = ["people", "objectives", "behaviors", "modules", "mappings"]
    files += ["completions", "observations", "reports"]
    return files.index(problem.file.removesuffix(".csv")), problem.row


def _stuck(run: Run, reason: str) -> Unreadable:
    """Without a strategy nothing goes on; what is wrong with the people may be why."""
    return Unreadable([*(str(problem) for problem in run.problems), reason])


def _choose(run: Run, *, name: str, lead: str) -> Strategy:
    """Return the strategy of this name, made and put in force where it is new."""
    found = Strategy.objects.filter(name=name).first()
    if found is None:
        found = strategy.create_strategy(
            name=name, lead=_lead(run, lead), teams=staff.tops(run), now=run.now
        )
    elif found.example:
        raise _stuck(run, f"“{name}” is the strategy of the example; name another: --strategy.")
    else:
        found.teams.add(*staff.tops(run))
    if found.state == Strategy.State.CLOSED:
        raise _stuck(run, f"The strategy “{name}” is closed; name another one: --strategy.")
    try:
        return strategy.activate(strategy=found, by=found.lead, now=run.now)
    except strategy.Invalid as error:
        raise _stuck(run, f"people.csv names no team. {error.errors['teams']}") from error


def _lead(run: Run, email: str) -> User:
    """Whose strategy it is: the person asked for, or the first strategy lead of the file."""
    leads = User.objects.with_role(Role.LEAD).filter(example=False)
    if email:
        found = leads.filter(email=email.lower()).first()
        if found is None:
            raise _stuck(run, f"{email} is not a strategy lead in people.csv or in Align.")
        return found
    for row in run.folder.of("people"):
        found = leads.filter(email=row["email"].lower()).first()
        if found is not None:
            return found
    others = list(leads[:2])
    if len(others) == 1:
        return others[0]
    raise _stuck(run, "Say whose strategy this is: --lead with the address of a strategy lead.")
