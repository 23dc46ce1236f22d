"""Reading: the text in force, two texts side by side, and what happened to an objective."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from strategy import compare
from strategy.models import Objective, Strategy
from strategy.pages import happened, reading, texts
from strategy.views.doors import me


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(
        Strategy.objects.visible_to(user).select_related("lead").prefetch_related("teams"),
        slug=slug,
    )
    asked = request.GET
    context = {
        "strategy": found,
        "text": reading.read(
            found, user=user, theme=asked.get("theme", ""), page=asked.get("page", "")
        ),
        "writes": user.is_lead and found.lead_id == user.pk,
        "drafts": reading.drafts(found, user=user, page=asked.get("drafts", "")),
        "consultations": reading.consultations(found, user=user, now=timezone.now()),
        "is_draft": found.state == Strategy.State.DRAFT,
    }
    return render(request, "strategy/detail.html", context)


def readable(request: HttpRequest, pk: int) -> Objective:
    """Return an objective of which this person may read some text; 404 where there is none."""
    related = texts.readable(me(request)).select_related("strategy", "current")
    return get_object_or_404(related, pk=pk)


def sees(request: HttpRequest, objective: Objective) -> bool:
    """Whether its own page is for this person, and not only a draft they were asked about."""
    return Objective.objects.visible_to(me(request)).filter(pk=objective.pk).exists()


@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two texts of an objective as one, with what came and what went."""
    objective, user = readable(request, pk), me(request)
    there = texts.choices(objective, user=user)
    keys = texts.chosen(there, old=request.GET.get("from", ""), new=request.GET.get("to", ""))
    if there and keys is None:
        raise Http404("No such text.")
    old, new = keys or ("", "")
    rows = (
        compare.paragraphs(
            texts.words(objective, old, user=user), texts.words(objective, new, user=user)
        )
        if keys
        else []
    )
    context = {
        "objective": objective,
        "sees": sees(request, objective),
        "choices": there,
        "old": old,
        "new": new,
        "runs": compare.runs(rows),
        "differ": sum(row.differs for row in rows),
        "all": len(rows),
    }
    return render(request, "strategy/compare.html", context)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    objective, user, asked = readable(request, pk), me(request), request.GET
    context = {
        "objective": objective,
        "sees": sees(request, objective),
        "revisions": happened.revisions(objective, user=user, page=asked.get("revisions", "")),
        "events": happened.events(objective, user=user, page=asked.get("page", "")),
    }
    return render(request, "strategy/history.html", context)
