"""Strategies and their themes."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from align.people.models import Team, User, real_zone
from strategy import history, outbox
from strategy.actions.words import Invalid
from strategy.models import Strategy, Theme
from strategy.models.objectives import default_zone


@transaction.atomic
def create_strategy(
    *,
    name: str,
    lead: User,
    now: datetime,
    cycle: str = "",
    statement: str = "",
    time_zone: str = "",
    teams: Sequence[Team] = (),
    example: bool = False,
) -> Strategy:
    """Make a strategy, as a draft only its lead can see. Raises Invalid."""
    made = Strategy.objects.create(
        name=name,
        slug=_free_slug(name),
        cycle=cycle,
        statement=statement,
        time_zone=_real_zone(time_zone or default_zone()),
        lead=lead,
        example=example,
        created_at=now,
    )
    made.teams.set(teams)
    history.write(
        "strategy made",
        strategy=made,
        after=described(made),
        by=lead,
        now=now,
        shown_to=history.ShownTo.WRITERS,
    )
    return made


def described(strategy: Strategy) -> dict[str, object]:
    return {
        "name": strategy.name,
        "cycle": strategy.cycle,
        "statement": strategy.statement,
        "time_zone": strategy.time_zone,
        "teams": sorted(team.name for team in strategy.teams.all()),
    }


def _real_zone(name: str) -> str:
    try:
        real_zone(name)
    except ValidationError as error:
        raise Invalid({"time_zone": f"“{name}” is not a time zone."}) from error
    return name


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50] or "strategy"
    taken = set(Strategy.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug not in taken and slug != "new":
        return slug
    return next(f"{slug}-{n}" for n in range(2, len(taken) + 4) if f"{slug}-{n}" not in taken)


@transaction.atomic
def edit_strategy(
    *,
    strategy: Strategy,
    name: str,
    cycle: str,
    statement: str,
    teams: Sequence[Team],
    by: User | None,
    now: datetime,
    time_zone: str = "",
) -> Strategy:
    """Change what stands above the objectives; the address stays.

    Whom the objectives in force ask stays too: their audiences were named when they were
    published, and the next revision names them anew. So does when what is published takes
    force: another time zone is for the days named from now on. Raises Invalid.
    """
    if strategy.state == Strategy.State.ACTIVE and not teams:
        raise Invalid({"teams": "A strategy in force is for somebody; name the teams."})
    before = described(strategy)
    strategy.name, strategy.cycle, strategy.statement = name, cycle, statement
    strategy.time_zone = _real_zone(time_zone or strategy.time_zone)
    strategy.save(update_fields=["name", "cycle", "statement", "time_zone"])
    strategy.teams.set(teams)
    history.write(
        "strategy edited",
        strategy=strategy,
        before=before,
        after=described(strategy),
        by=by,
        now=now,
    )
    return strategy


@transaction.atomic
def activate(*, strategy: Strategy, by: User | None, now: datetime) -> Strategy:
    """Put a strategy in force. It needs teams, or nobody would be asked for anything."""
    if not strategy.teams.exists():
        raise Invalid({"teams": "Name the teams this strategy is for."})
    changed = Strategy.objects.filter(pk=strategy.pk, state=Strategy.State.DRAFT).update(
        state=Strategy.State.ACTIVE
    )
    strategy.refresh_from_db()
    if changed:
        history.write(
            "strategy put in force",
            strategy=strategy,
            before={"state": Strategy.State.DRAFT},
            after={"state": Strategy.State.ACTIVE},
            by=by,
            now=now,
        )
        outbox.touch(strategy.objectives.values_list("pk", flat=True), now=now)
    return strategy


@transaction.atomic
def add_theme(*, strategy: Strategy, name: str) -> Theme:
    """Return the theme of this name, made at the end where it is new."""
    last = strategy.themes.aggregate(last=Max("position"))["last"] or 0
    theme, _ = Theme.objects.get_or_create(
        strategy=strategy, name=name, defaults={"position": last + 1}
    )
    return theme
