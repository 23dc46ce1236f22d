"""The pages that show several subjects. They only read."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from align.dashboard.rows import behavior as behavior_rows
from align.dashboard.rows import carrying as carrying_rows
from align.dashboard.rows import consulting as consulting_rows
from align.dashboard.rows import coverage as coverage_rows
from align.dashboard.rows import filters, finding, first_run
from align.dashboard.rows import mine as mine_rows
from align.dashboard.rows import objective as objective_rows
from align.dashboard.rows import search as search_rows
from align.dashboard.rows import team as team_rows
from align.dashboard.rows import today as today_rows
from align.people.models import User
from strategy import config as thresholds
from strategy.models import BehaviorRevision, Objective
from training.seeing import FOCUS


class Request(HttpRequest):
    """A request that passed the sign-in."""

    user: User


@require_safe
def today(request: Request) -> HttpResponse:
    """Show what waits for this person, for each of their roles, then what changed."""
    user, now = request.user, timezone.now()
    empty, sees = first_run.empty(user), objective_rows.sees_figures(user)
    if empty and (user.is_lead or user.is_admin):
        return start(request)
    context = {
        "empty": empty,
        "day": timezone.localtime(now),
        "rep": today_rows.rep(user, day=now.date()) if user.is_rep else None,
        "lead": today_rows.lead(user) if user.is_lead else None,
        "finding": _finding(user, now) if user.is_lead else (),
        "trainer": today_rows.trainer(user) if user.is_trainer else None,
        "manager": today_rows.manager(user, now=now) if user.is_manager else None,
        "admin": today_rows.admin() if user.is_admin else None,
        "nothing": not user.roles,
        "carrying": carrying_rows.carrying(user, now=now),
        "consulting": consulting_rows.consulting(user, now=now) if sees else None,
        "checks": today_rows.checks(user, now=now) if sees else None,
        "changed": today_rows.what_changed(user, now=now),
    }
    return render(request, "dashboard/today.html", context)


def _finding(user: User, now: datetime) -> tuple[finding.Phrase, ...]:
    rows = coverage_rows.objective_rows(user=user, config=thresholds.current(), now=now)
    return finding.finding([judged.row for judged in rows.values()])


@require_safe
def start(request: Request) -> HttpResponse:
    """Show the task list of the first run."""
    if not (request.user.is_lead or request.user.is_admin):
        raise PermissionDenied("This is for strategy leads and admins.")
    return render(request, "dashboard/start.html", {"steps": first_run.steps(request.user)})


@require_safe
def objective(request: Request, pk: int, slug: str = "") -> HttpResponse:
    """Tell one objective's whole story."""
    visible = Objective.objects.visible_to(request.user)
    related = visible.select_related("current__author", "strategy", "theme", "owner")
    found = get_object_or_404(related, pk=pk)
    if request.path != found.get_absolute_url():
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(found.get_absolute_url() + (f"?{query}" if query else ""))
    words = found.current or get_object_or_404(found.revisions.drafts())
    page = objective_rows.page(
        user=request.user,
        objective=found,
        words=words,
        now=timezone.now(),
        config=thresholds.current(),
    )
    return render(request, "dashboard/objective.html", {"page": page})


@require_safe
def behavior(request: Request, pk: int) -> HttpResponse:
    """Show one behavior: its words, its cells and the rows behind the figures."""
    words = _words(request.user, pk).first()
    if words is None:
        raise Http404("No such behavior.")
    page = behavior_rows.page(
        user=request.user,
        words=words,
        now=timezone.now(),
        config=thresholds.current(),
    )
    return render(request, "dashboard/behavior.html", {"page": page})


def _words(user: User, pk: int) -> QuerySet[BehaviorRevision]:
    """Return the words of a behavior this person may see: those in force first, then the newest."""
    in_force = Case(When(revision=F("behavior__objective__current"), then=0), default=1)
    return (
        BehaviorRevision.objects.visible_to(user)
        .filter(behavior=pk)
        .select_related("behavior__objective__strategy", "behavior__objective__theme")
        .select_related("revision", "sales_role", "behavior__objective__current")
        .order_by(in_force, "-revision__state", "-revision__number")
    )


@require_safe
def team(request: Request) -> HttpResponse:
    """Show a manager their people beside the behaviors in focus."""
    if not request.user.is_manager:
        raise PermissionDenied("This is for managers.")
    page = team_rows.page(
        user=request.user,
        team=filters.whole(request.GET.get("team", "")),
        objective=filters.whole(request.GET.get("objective", "")),
        behaviors=[
            pk
            for text in request.GET.getlist("behavior")[:FOCUS]
            if (pk := filters.whole(text)) is not None
        ],
        now=timezone.now(),
    )
    return render(request, "dashboard/team.html", {"page": page})


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show who sells the strategy on one page."""
    page = mine_rows.page(request.user, now=timezone.now())
    return render(request, "dashboard/mine.html", {"page": page})


@require_safe
def search(request: Request) -> HttpResponse:
    """Find objectives, behaviors, modules and people by their words."""
    q = filters.plain(request.GET.get("q", ""))
    found = search_rows.search(request.user, q)
    return render(request, "dashboard/search.html", {"q": q, "found": found})
