"""The coverage pages: the matrix, the gaps, and the proofs behind one cell. They only read."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from align.dashboard import coverage_table, export
from align.dashboard.rows import cell as cell_rows
from align.dashboard.rows import coverage_page
from align.dashboard.rows import gaps as gap_rows
from align.dashboard.rows.filters import GAPS, Filters, whole
from align.dashboard.rows.objective import sees_figures
from align.dashboard.rows.snapshot import Snapshot
from align.people.models import User
from strategy import config as thresholds


class Request(HttpRequest):
    """A request that passed the sign-in."""

    user: User


@require_safe
def coverage(request: Request) -> HttpResponse:
    """Show every objective in force: how deep, how far, and what the field says."""
    asked = _asked(request)
    if asked.rows == GAPS:
        return _gaps(request, asked)
    page = coverage_page.page(
        user=request.user, filters=asked, config=thresholds.current(), now=timezone.now()
    )
    context = {
        "page": page,
        "filters": asked,
        "snapshot": page.snapshot,
        "ladder": coverage_table.ladder(page.ladder),
        "table": coverage_table.table(page, asked),
        **_turning(page.page, page.pages, lambda at: asked.to(page=at)),
        "left": asked.to(page=asked.page, across=page.across - 1),
        "right": asked.to(page=asked.page, across=page.across + 1),
        "all_columns": asked.to(program=None, cols="", across=1),
        "today": asked.to(as_of=None),
        "everybody": asked.to(team=None),
        "gaps_query": f"?{here}" if (here := _here(asked, theme=asked.theme)) else "",
    }
    return render(request, "dashboard/coverage.html", context)


@require_safe
def coverage_csv(request: Request) -> HttpResponse:
    """Give the rows of the coverage page, filtered as the address says."""
    asked = _asked(request)
    if asked.rows == GAPS:
        return gaps_csv(request)
    page = coverage_page.rows_only(
        user=request.user, filters=asked, config=thresholds.current(), now=timezone.now()
    )
    return _file("coverage", asked, export.csv_text(page.rows, **_of(page.snapshot)))


@require_safe
def gaps(request: Request) -> HttpResponse:
    """Show the cells that are not covered, one below the other, worst first."""
    return _gaps(request, _asked(request))


def _gaps(request: Request, asked: Filters) -> HttpResponse:
    page = gap_rows.page(
        user=request.user, filters=asked, config=thresholds.current(), now=timezone.now()
    )
    context = {
        "page": page,
        "filters": asked,
        "snapshot": page.snapshot,
        "told": gap_rows.told(page.rows),
        "may_map": request.user.is_trainer and page.snapshot.live,
        **_turning(page.page, page.pages, lambda at: asked.to(page=at)),
        "today": asked.to(as_of=None),
        "everybody": asked.to(team=None),
        "here": f"&{here}" if (here := _here(asked)) else "",
    }
    return render(request, "dashboard/gaps.html", context)


@require_safe
def gaps_csv(request: Request) -> HttpResponse:
    """Give all gaps that match."""
    asked = _asked(request)
    page = gap_rows.page(
        user=request.user, filters=asked, config=thresholds.current(), now=timezone.now()
    )
    return _file("gaps", asked, export.gaps_csv(page.rows, **_of(page.snapshot)))


@require_safe
def cell(request: Request) -> HttpResponse:
    """Show the rows behind one cell: what claims it, whom it reached, what was seen."""
    asked = _asked(request)
    chosen = {
        name: whole(request.GET.get(name, ""))
        for name in ("objective", "behavior", "audience", "program", "module")
    }
    page = cell_rows.page(
        user=request.user,
        filters=asked,
        config=thresholds.current(),
        now=timezone.now(),
        **chosen,
    )
    if page is None:
        raise Http404("No such cell.")
    here = _here(asked)
    now, all_ = (
        {name: value for name, value in request.GET.items() if name != left_out}
        for left_out in ("as_of", "team")
    )
    context = {
        "page": page,
        "filters": asked,
        "snapshot": page.snapshot,
        "here": f"&{here}" if here else "",
        "coverage_query": f"?{here}" if here else "",
        "today": f"?{urlencode(now)}",
        "everybody": f"?{urlencode(all_)}",
    }
    return render(request, "dashboard/cell.html", context)


def _asked(request: Request) -> Filters:
    """Return what the address asks for, of who may see figures at all."""
    if not sees_figures(request.user):
        raise PermissionDenied("This is for strategy leads, trainers and managers.")
    return Filters.of(request.GET, today=timezone.now().date())


def _here(asked: Filters, *, theme: int | None = None) -> str:
    """Return the query that keeps the day and the team, and perhaps the theme."""
    return Filters(team=asked.team, as_of=asked.as_of, theme=theme).query


def _turning(at: int, pages: int, address: Callable[[int], str]) -> dict[str, object]:
    """Return what turns the pages of a list."""
    return {"at": at, "pages": pages, "before": address(at - 1), "after": address(at + 1)}


def _of(snapshot: Snapshot) -> dict[str, str]:
    """Say of which day and of whom the figures are."""
    day: date = snapshot.moment.date()
    return {"as_of": day.isoformat(), "team": snapshot.team.name if snapshot.team else "everybody"}


def _file(name: str, asked: Filters, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    day = f"-{asked.as_of.isoformat()}" if asked.as_of else ""
    response["Content-Disposition"] = f'attachment; filename="{name}{day}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
