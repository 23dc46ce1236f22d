"""Writing a draft: the form, what is kept of it unsaved, and two people at once."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from strategy import actions, drafting, forms, keeping
from strategy.models import Objective, Revision, Unsaved
from strategy.pages import conflict
from strategy.views.doors import me, posted, writable


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft, or the text in force as one; saving opens it where there is none."""
    objective = writable(request, pk)
    if request.method == "POST" and "add" in request.POST:
        form = forms.Draft(initial=request.POST.dict())
        rows = forms.behaviors_and_one_more(objective=objective, data=request.POST)
        return draft_page(request, objective, form, rows, typed=True)
    if request.method != "POST" and "take" in request.GET:
        return taken_up(request, objective)
    text, start = drafting.start_of(objective)
    data = posted(request)
    form = forms.draft(text=text, start=start, data=data)
    rows = forms.behaviors(objective=objective, text=text, data=data)
    if data is None:
        return draft_page(request, objective, form, rows)
    if not (form.is_valid() & rows.is_valid()):
        return draft_page(request, objective, form, rows, status=422)
    return save_draft(request, objective, form, rows)


def save_draft(
    request: HttpRequest, objective: Objective, form: forms.Draft, rows: forms.BaseBehaviors
) -> HttpResponse:
    try:
        drafting.save(
            objective=objective,
            start=form.start(),
            words=form.words(),
            behaviors=rows.words(prefix=objective.code),
            reason=form.cleaned_data["reason"],
            by=me(request),
            now=timezone.now(),
        )
    except actions.Invalid as refused:
        forms.show_draft_errors(form, rows, refused.errors)
        return draft_page(request, objective, form, rows, status=422)
    except actions.StaleDraft:
        return stale_page(request, objective, rows)
    keeping.saved(objective=objective, person=me(request), window=form.cleaned_data["window"])
    messages.success(request, "Saved.")
    if "publish" in request.POST:
        return redirect("strategy:publish", pk=objective.pk)
    return redirect("strategy:draft", pk=objective.pk)


def stale_page(
    request: HttpRequest, objective: Objective, rows: forms.BaseBehaviors
) -> HttpResponse:
    """Show both texts, keep what was typed, and let the writer decide with the next Save."""
    theirs, start = drafting.start_of(objective)
    data = request.POST.copy()
    data["number"], data["edits"] = str(start.number), str(start.edits)
    form = forms.Draft(data)
    differences = conflict.differences(theirs, form, rows)
    return draft_page(
        request, objective, form, rows, status=409, stale=True, differences=differences
    )


def draft_page(
    request: HttpRequest,
    objective: Objective,
    form: forms.Draft,
    rows: forms.BaseBehaviors,
    *,
    status: int = 200,
    typed: bool = False,
    **context: Any,
) -> HttpResponse:
    exists = Revision.objects.drafts().filter(objective=objective).exists()
    context |= {
        "objective": objective,
        "form": form,
        "rows": rows,
        "draft_exists": exists,
        "in_force": objective.state == Objective.State.IN_FORCE,
        # What stands in the form and nowhere else is kept at once.
        "typed": typed or form.is_bound,
        "unsaved": unsaved(request, objective, form),
    }
    return render(request, "strategy/draft.html", context, status=status)


# What is kept unsaved


def unsaved(request: HttpRequest, objective: Objective, form: forms.Draft) -> Unsaved | None:
    """Return what waits to be taken up, unless it was typed in this very window."""
    row = keeping.kept(objective=objective, person=me(request))
    here = form["window"].value()
    return row if row and keeping.typed(row).get("window") != here else None


def taken_up(request: HttpRequest, objective: Objective) -> HttpResponse:
    """Go on with what was typed, from where it began: saving still finds what came meanwhile."""
    waiting = Unsaved.objects.visible_to(me(request)).filter(objective=objective)
    data = keeping.typed(get_object_or_404(waiting))
    form = forms.Draft(initial=data.dict())
    rows = forms.behaviors_as_typed(objective=objective, data=data)
    return draft_page(request, objective, form, rows, typed=True)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the form as it stands, and say so in a few words. Never touches the draft."""
    objective, now = writable(request, pk), timezone.now()
    if not request.POST.get("window"):
        return in_words("This was not kept: it does not say in which window it was typed.", 422)
    try:
        keeping.keep(objective=objective, person=me(request), data=request.POST, now=now)
    except keeping.TooLong:
        return in_words("This is too long to be kept. Save it in parts.", 413)
    except keeping.KeptElsewhere:
        return in_words(
            "This is not kept: words you typed before still wait. Save, or open this page again "
            "to take them up or throw them away.",
            409,
        )
    return in_words(f"Kept {hour(now)}")


def hour(now: datetime) -> str:
    return f"{timezone.localtime(now):%H:%M}"


def in_words(sentence: str, status: int = 200) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@require_POST
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    objective = writable(request, pk)
    keeping.throw_away(objective=objective, person=me(request))
    messages.success(request, "Thrown away.")
    return redirect("strategy:draft", pk=objective.pk)
