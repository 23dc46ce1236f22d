"""A person's calendar: the page, the file for calendar programs, and its secret address."""

import re
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from training import actions, ical
from training import dates as rows
from training import due as due_dates
from training.models import CalendarKey
from training.views.asking import me


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show one month; the address says which (?month=2026-11), nonsense shows this one."""
    user, now = me(request), timezone.now()
    first = month_of(request.GET.get("month", "")) or timezone.localdate(now).replace(day=1)
    context = {
        "month": rows.month(user, first=first, now=now),
        "is_trainer": user.is_trainer,
        "sees_gaps": user.is_trainer or user.is_lead,
        "trains": user.is_trainer or user.is_lead,
    }
    return render(request, "training/calendar.html", context)


def month_of(text: str) -> date | None:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    return date(int(found[1]), int(found[2]), 1) if found else None


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Show whether there is an address; a POST makes one and answers with it, this once.

    No redirect: the secret would have to be kept somewhere to be shown on the next page.
    """
    user = me(request)
    fresh = ""
    if request.method == "POST":
        token = actions.make_calendar_key(user=user, now=timezone.now())
        fresh = f"{settings.BASE_URL}/calendar/{token}.ics"
    known = CalendarKey.objects.filter(user=user).first()
    context = {"fresh": fresh, "since": known.created_at if known else None}
    return render(request, "training/calendar_address.html", context)


@require_POST
def end_address(request: HttpRequest) -> HttpResponse:
    actions.end_calendar_key(user=me(request))
    messages.success(request, "Ended. Calendar programs get nothing any more.")
    return redirect("training:calendar_address")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program; a wrong address, an ended one and one of who left look alike."""
    keys = CalendarKey.objects.filter(digest=actions.digest_of(token), user__is_active=True)
    found = keys.select_related("user").first()
    if found is None:
        raise Http404("There is no such calendar.")
    now = timezone.now()
    body = ical.calendar(
        dates=rows.to_feed(found.user, now=now),
        dues=due_dates.dues(found.user, day=now.date()),
        base=settings.BASE_URL,
        host=urlsplit(settings.BASE_URL).hostname or "align",
        now=now,
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="training.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
