"""The texts of an objective that one person may lay side by side, and their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import formats

from align.people.models import User
from strategy import days, text
from strategy.models import Objective, Revision, Round, Strategy

DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text to choose. ``key`` is how the address names it: r3, d12, draft."""

    key: str
    label: str


def readable(user: User) -> QuerySet[Objective]:
    """Objectives of which this person may read some text: those visible, those asked about."""
    asked = Round.objects.visible_to(user).values("revision__objective")
    visible = Objective.objects.visible_to(user).values("pk")
    return Objective.objects.filter(Q(pk__in=visible) | Q(pk__in=asked))


def revisions(objective: Objective, *, user: User) -> QuerySet[Revision]:
    """Return the published ones, newest first."""
    return Revision.objects.visible_to(user).published().filter(objective=objective)


def shared(objective: Objective, *, user: User) -> QuerySet[Round]:
    """Return the drafts this person was asked about, newest first."""
    return (
        Round.objects.visible_to(user)
        .filter(revision__objective=objective)
        .order_by("-opened_at", "-pk")
    )


def _working_draft(objective: Objective, *, user: User) -> QuerySet[Revision]:
    mine = Objective.objects.editable_by(user).filter(pk=objective.pk)
    return Revision.objects.drafts().filter(objective__in=mine)


def choices(objective: Objective, *, user: User) -> list[Text]:
    """Return what there is to choose from in three queries, the newest of each kind first."""
    found = [
        Text(key=f"r{row.number}", label=_label(row, objective))
        for row in revisions(objective, user=user).only("number", "effective_from")
    ]
    found += [
        Text(key=f"d{row.pk}", label=_label_of_shared(row, objective.strategy))
        for row in shared(objective, user=user).select_related("revision").defer("text")
    ]
    if _working_draft(objective, user=user).exists():
        found.append(Text(key=DRAFT, label="The draft as it stands now"))
    return found


def _label(row: Revision, objective: Objective) -> str:
    assert row.effective_from is not None  # a constraint: it is published
    day = _day(row.effective_from, objective.strategy)
    if row.pk != objective.current_id:
        return f"Revision {row.number}, from {day}"
    return f"Revision {row.number}, in force since {day}"


def _label_of_shared(row: Round, strategy: Strategy) -> str:
    withdrawn = row.revision.state == Revision.State.WITHDRAWN
    day = _day(row.opened_at, strategy)
    what = "a withdrawn draft" if withdrawn else f"revision {row.revision.number}"
    return f"{row} of {what}, shared {day}"


def _day(moment: datetime, strategy: Strategy) -> str:
    return formats.date_format(days.day_of(moment, strategy=strategy), "j F Y")


def chosen(found: Sequence[Text], *, old: str, new: str) -> tuple[str, str] | None:
    """Return the keys of the two to compare; None where the address names a text there is not.

    Left empty, the new one is the newest revision with one before it, or else the newest text,
    and the old one is what came before the new one.
    """
    keys = [row.key for row in found]
    revised = [key for key in reversed(keys) if key.startswith("r")]
    by_age = revised + [key for key in reversed(keys) if key.startswith("d") and key != DRAFT]
    by_age += [DRAFT] if DRAFT in keys else []
    if not by_age:
        return None
    new = new or (revised if len(revised) > 1 else by_age)[-1]
    if new not in keys:
        return None
    old = old or by_age[max(by_age.index(new) - 1, 0)]
    return (old, new) if old in keys else None


def words(objective: Objective, key: str, *, user: User) -> list[text.Paragraph]:
    """Read one of the texts, through the same doors as the choices; raises DoesNotExist."""
    if key == DRAFT:
        return text.paragraphs(_working_draft(objective, user=user).get())
    if key.startswith("r"):
        return text.paragraphs(revisions(objective, user=user).get(number=int(key[1:])))
    return text.thawed(shared(objective, user=user).get(pk=int(key[1:])).text)
