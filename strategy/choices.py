"""The reasons a person chooses from: the right one among those of other objectives."""

import hashlib
from collections.abc import Sequence

from strategy.models import Objective, RecallCheck, Revision

OPTIONS = 4


def of(check: RecallCheck) -> Sequence[Revision]:
    """Return up to four revisions whose “because” is offered; none where there is only one.

    The others are in force and visible to the person. The order is the same whenever this person
    looks at this check, and another one for everybody else.
    """
    visible = Objective.objects.visible_to(check.person).in_force()
    in_force = Revision.objects.filter(pk__in=visible.values("current")).exclude(hypothesis="")
    right = in_force.filter(objective=check.revision.objective_id).first()
    if right is None:
        return []
    others = in_force.exclude(pk=right.pk).select_related("objective")
    wrong = {folded(row.hypothesis): row for row in sorted(others, key=lambda row: row.pk)}
    wrong.pop(folded(right.hypothesis), None)
    drawn = sorted(wrong.values(), key=lambda row: place(check, row))[: OPTIONS - 1]
    return sorted([right, *drawn], key=lambda row: place(check, row)) if drawn else []


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def place(check: RecallCheck, row: Revision) -> str:
    """Shuffle without chance: a page that is opened again shows the same."""
    seed = f"{check.person_id}:{check.revision_id}:{check.day}:{row.objective_id}"
    return hashlib.sha256(seed.encode()).hexdigest()
