"""The concern ledger: what people predicted, and whether they were right."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from align.dashboard.rows import ledger as rows
from align.dashboard.rows.objective import sees_figures
from align.dashboard.views import Request
from strategy.forms.consultation import Outcome


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One concern, and the form in which this person says what they saw."""

    row: rows.ConcernRow
    form: Outcome | None


@require_safe
def ledger(request: Request) -> HttpResponse:
    """Show the early warnings of the consultations this person took part in."""
    if not sees_figures(request.user):
        raise PermissionDenied("This is for strategy leads, trainers and managers.")
    asked = rows.Filters.of(request.GET)
    page = rows.ledger(user=request.user, filters=asked, now=timezone.now())
    groups = [
        (group.head, [Shown(row=row, form=_form(row)) for row in group.rows])
        for group in page.groups
    ]
    return render(request, "dashboard/ledger.html", {"page": page, "groups": groups})


def _form(row: rows.ConcernRow) -> Outcome | None:
    return Outcome(about=row.pk) if row.may_say else None
