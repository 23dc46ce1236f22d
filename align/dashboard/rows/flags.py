"""Open flags as the pages list them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from align.people.models import User
from strategy.models import Flag


@dataclass(frozen=True, kw_only=True)
class FlagRow:
    pk: int
    rule: str
    title: str
    objective_id: int | None
    label: str
    sentence: str
    clears_when: str
    link: str
    opened_at: datetime
    owner: str
    acknowledged: bool
    stale: bool
    regressed: bool
    act: str  # the next step, and where it is
    act_link: str


def flag_row(flag: Flag, *, user: User) -> FlagRow:
    act, link = _next(flag, user)
    return FlagRow(
        pk=flag.pk,
        rule=flag.rule,
        title=flag.title,
        objective_id=flag.objective_id,
        label=flag.label,
        sentence=flag.sentence,
        clears_when=flag.clears_when,
        link=flag.get_absolute_url(),
        opened_at=flag.opened_at,
        owner=flag.owner.name if flag.owner else "",
        acknowledged=flag.state == Flag.State.ACKNOWLEDGED,
        stale=flag.state == Flag.State.STALE,
        regressed=flag.regressed,
        act=act,
        act_link=link,
    )


def _next(flag: Flag, user: User) -> tuple[str, str]:
    """Return this person's next step; where a flag has none for them, its own page."""
    if flag.offers_act_to(user):
        return flag.act, flag.act_link
    if flag.rule == "negative" and flag.objective_id:
        return "Answer the field", f"{reverse('feedback:inbox')}?objective={flag.objective_id}"
    if flag.rule == "uncovered":
        return "See the gap", f"{flag.link}#behaviors"
    return "Open", flag.get_absolute_url()


def open_flags(user: User, *, objective_id: int | None = None) -> list[FlagRow]:
    """Return the open flags a person may see, oldest first."""
    flags = Flag.objects.visible_to(user).open().select_related("owner")
    if objective_id is not None:
        flags = flags.filter(objective=objective_id)
    return [flag_row(flag, user=user) for flag in flags.order_by("opened_at", "pk")]


def by_objective(rows: Iterable[FlagRow]) -> dict[int, list[FlagRow]]:
    """Group flags under their objective; those about no objective are left out."""
    grouped: dict[int, list[FlagRow]] = defaultdict(list)
    for row in rows:
        if row.objective_id is not None:
            grouped[row.objective_id].append(row)
    return grouped
