"""What a new revision does for the field: the reports it answers."""

from django.db.models import QuerySet

from align.people.models import User
from feedback.models import Report
from strategy import impact
from strategy.impact import Change, Counter, Row


def register() -> None:
    """Let the preview of publishing count the reports behind the change."""
    impact.register(REPORTS)


def answered(change: Change) -> QuerySet[Report]:
    """Return the reports under the decisions a revision carries out."""
    return Report.objects.filter(answer__decision__ref__in=change.answers)


def _count(change: Change) -> int:
    return answered(change).count()


def _rows(change: Change, user: User) -> list[Row]:
    visible = Report.objects.visible_to(user).filter(pk__in=answered(change).values("pk"))
    return [
        Row(
            text=row.text or str(row.get_stance_display()),
            note=f"{row.get_stance_display()}, {row.author}",
            link=row.get_absolute_url(),
        )
        for row in visible.select_related("author").order_by("created_at", "pk")
    ]


REPORTS = Counter(
    name="reports answered",
    title="Reports answered",
    will=("1 report is answered", "{} reports are answered"),
    did=("1 report was answered", "{} reports were answered"),
    count=_count,
    rows=_rows,
)
