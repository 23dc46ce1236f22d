"""What a person may tell about, what they were trained on last before the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from align.people.models import Membership, TeamTree, User
from feedback.models import Stance
from strategy.models import Barrier, BehaviorRevision, Objective, Strategy
from training.models import Completion, Mapping

NOTHING = "none"  # something the strategy does not cover
FIRST = 4  # shown at once; the rest folds open
MOST = 60

STANCES = {
    Stance.WORKS: ("check", "I would tell a colleague to do it"),
    Stance.CHANGES: ("pencil", "Parts of it, or only with some customers"),
    Stance.WONT: ("ban", "Customers refuse, or it harms the deal"),
    Stance.CANNOT: ("circle-question-mark", "Not told why, no time, no tool, no say"),
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a question: its value, words, one line of meaning, and whether it is chosen."""

    value: str
    label: str
    note: str = ""
    icon: str = ""
    chosen: bool = False


def stances(chosen: str) -> list[Option]:
    return [
        Option(value=stance, label=stance.label, note=note, icon=icon, chosen=stance == chosen)
        for stance, (icon, note) in STANCES.items()
    ]


def barriers(chosen: Sequence[str]) -> list[Option]:
    return [
        Option(value=barrier, label=barrier.label, chosen=barrier in chosen) for barrier in Barrier
    ]


@dataclass(frozen=True, kw_only=True)
class Abouts:
    """The objectives to choose from, the chosen one among the first."""

    first: Sequence[Option]
    rest: Sequence[Option]
    nothing: Option
    trained: bool  # whether the first ones are known from training


def abouts(user: User, *, chosen: str, today: date) -> Abouts:
    """Return what this person may choose; what the address or the form names is there in any case.

    Takes four statements at most, whatever is asked.
    """
    found = {objective.pk: objective for objective in _asked(user, today)}
    extra = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    if extra is not None and extra not in found:
        named = Objective.objects.visible_to(user).in_force().select_related("current")
        found |= {objective.pk: objective for objective in named.filter(pk=extra)}
    last = _last_trained(user, list(found))
    order = sorted(
        found.values(),
        key=lambda one: (one.pk != extra, -(last[one.pk].timestamp() if one.pk in last else 0)),
    )
    options = [
        Option(
            value=str(one.pk),
            label=one.current.title if one.current else one.code,
            note=_trained(last[one.pk], today) if one.pk in last else one.code,
            chosen=one.pk == extra,
        )
        for one in order
    ]
    return Abouts(
        first=options[:FIRST],
        rest=options[FIRST:],
        nothing=Option(
            value=NOTHING,
            label="Something the strategy does not cover",
            chosen=chosen == NOTHING,
        ),
        trained=bool(last),
    )


def _asked(user: User, today: date) -> list[Objective]:
    """What is asked of this person's sales role; of who sells nothing, whatever is in force."""
    objectives = Objective.objects.visible_to(user).in_force().select_related("current")
    active = Strategy.objects.filter(state=Strategy.State.ACTIVE)
    membership = Membership.objects.on(today).filter(user=user).order_by().first()
    if membership is None or membership.sales_role_id is None:
        return list(objectives.filter(strategy__in=active)[:MOST])
    above = TeamTree.objects.filter(team_id=membership.team_id).values("ancestor")
    rows = BehaviorRevision.objects.in_force().filter(
        sales_role=membership.sales_role_id,
        revision__objective__strategy__in=active.filter(teams__in=above),
    )
    return list(objectives.filter(pk__in=rows.values("revision__objective"))[:MOST])


def _last_trained(user: User, objective_ids: Sequence[int]) -> dict[int, datetime]:
    taught = (
        Completion.objects.filter(
            user=user,
            version__mappings__behavior__objective__in=objective_ids,
        )
        .exclude(version__mappings__state=Mapping.State.RETIRED)
        .order_by()
        .values_list("version__mappings__behavior__objective")
        .annotate(Max("completed_at"))
    )
    return {pk: at for pk, at in taught if pk in set(objective_ids)}


def _trained(at: datetime, today: date) -> str:
    days = (today - timezone.localdate(at)).days
    if days <= 0:
        return "trained today"
    if days < 14:
        return f"trained {days} day{'' if days == 1 else 's'} ago"
    if days < 70:
        return f"trained {days // 7} weeks ago"
    return f"trained {days // 30} months ago"
