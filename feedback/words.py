"""The field's words, for the pages below: registered there, read as one person may read them."""

from collections.abc import Sequence

from django.db.models import F, Q

from align.people.models import User
from feedback.models import Report
from strategy.models import Behavior
from training import voices
from training.voices import Voice


def register() -> None:
    voices.register(about)


def about(user: User, behavior: Behavior, limit: int) -> Sequence[Voice]:
    """Return the newest words on a behavior, then on its objective as a whole, in one query."""
    on_it = Q(behavior=behavior) | Q(behavior=None, objective=behavior.objective_id)
    found = (
        Report.objects.visible_to(user)
        .filter(on_it)
        .exclude(text="")
        .select_related("team")
        .order_by(F("behavior").asc(nulls_last=True), "-created_at", "-pk")
    )
    return [
        Voice(
            text=report.text,
            stance=str(report.get_stance_display()),
            team=str(report.team or ""),
            at=report.created_at,
            url=report.get_absolute_url(),
        )
        for report in found[:limit]
    ]
