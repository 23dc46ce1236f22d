"""Writing a strategy and putting it in force."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from strategy import actions, drafting, forms
from strategy.models import Strategy
from strategy.views.doors import me, posted, status_of, written


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    user = me(request)
    strategies = Strategy.objects.visible_to(user).select_related("lead")
    context = {
        "strategies": strategies,
        "may_add": user.is_lead,
        "may_see_ledger": user.is_lead or user.is_trainer or user.is_manager,
    }
    return render(request, "strategy/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = me(request)
    if not user.is_lead:
        raise PermissionDenied("This is for strategy leads.")
    form = forms.StrategyText(posted(request), initial={"time_zone": user.zone})
    if request.method == "POST" and form.is_valid():
        made = actions.create_strategy(**form.cleaned_data, lead=user, now=timezone.now())
        messages.success(request, "Kept as a draft. Only you see it until it is put in force.")
        return redirect(made)
    return render(request, "strategy/add.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = written(request, slug)
    initial = {
        "name": found.name,
        "cycle": found.cycle,
        "statement": found.statement,
        "time_zone": found.time_zone,
        "teams": found.teams.all(),
    }
    form = forms.StrategyText(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_strategy(
                strategy=found, **form.cleaned_data, by=me(request), now=timezone.now()
            )
        except actions.Invalid as refused:
            forms.show_errors(form, refused.errors)
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = {"form": form, "strategy": found}
    return render(request, "strategy/edit.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then put a strategy in force: from then on everybody can read it."""
    found = written(request, slug)
    refused: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.activate(strategy=found, by=me(request), now=timezone.now())
        except actions.Invalid as error:
            refused = error.errors
        else:
            messages.success(request, f"{found} is in force.")
            return redirect(found)
    context = {"strategy": found, "refused": refused}
    return render(request, "strategy/activate.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_objective(request: HttpRequest, slug: str) -> HttpResponse:
    found = written(request, slug)
    form = forms.NewObjective(posted(request), strategy=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = drafting.begin(
                strategy=found, **form.cleaned_data, by=me(request), now=timezone.now()
            )
        except actions.Invalid as refused:
            forms.show_errors(form, refused.errors)
        else:
            messages.success(request, "Kept as a draft. Now write the rest.")
            return redirect("strategy:draft", pk=made.pk)
    context = {"form": form, "strategy": found}
    return render(request, "strategy/add_objective.html", context, status=status_of(form))
