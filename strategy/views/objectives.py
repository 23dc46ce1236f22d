"""What is done to an objective as a whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from strategy import actions, forms, keeping, rules
from strategy.views.doors import its_draft, me, posted, status_of, writable


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    objective = writable(request, pk)
    strategy = objective.strategy
    try:
        actions.discard_draft(revision=its_draft(objective), by=me(request), now=timezone.now())
    except actions.Invalid as refused:
        messages.error(request, " ".join(refused.errors.values()))
        return redirect("strategy:draft", pk=pk)
    keeping.throw_away(objective=objective, person=me(request))
    messages.success(request, "Draft discarded.")
    return redirect(strategy)


@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    objective = writable(request, pk)
    data = posted(request)
    form = forms.Owner(data, initial={"owner": objective.owner_id})
    if data is not None and form.is_valid():
        actions.hand_over(
            objective=objective, **form.cleaned_data, by=me(request), now=timezone.now()
        )
        messages.success(request, f"{objective.owner} owns {objective.code}.")
        return redirect(objective.strategy)
    context = {"form": form, "objective": objective, "reviewed_at": rules.reviewed_at(objective)}
    return render(request, "strategy/owner.html", context, status=status_of(form))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    objective = actions.retire(objective=writable(request, pk), by=me(request), now=timezone.now())
    messages.success(request, "Retired. Its history stays.")
    return redirect(objective)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    objective = writable(request, pk)
    try:
        actions.review(objective=objective, by=me(request), now=timezone.now())
        messages.success(request, "Reviewed. It stands as it is.")
    except actions.Invalid as refused:
        messages.error(request, " ".join(refused.errors.values()))
    return redirect(objective)
