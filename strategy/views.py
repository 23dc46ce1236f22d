"""Writing a strategy, putting it in force, and the flags about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.models import User
from strategy import actions, drafting, engine, forms, keeping, proof
from strategy.models import Flag, Objective, Revision, Strategy

FLAGS_AT_MOST = 200


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(*bound: BaseForm) -> int:
    return 422 if any(form.is_bound and form.errors for form in bound) else 200


# Strategies


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


def written(request: HttpRequest, slug: str) -> Strategy:
    """Return a strategy its lead may write: 404 where it is hidden, 403 where it is only read."""
    user = me(request)
    found = get_object_or_404(Strategy.objects.visible_to(user).select_related("lead"), slug=slug)
    if not (user.is_lead and found.lead_id == user.pk):
        raise PermissionDenied(f"This is for strategy leads. {found.lead} can open it for you.")
    return found


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


# Drafts


def writable(request: HttpRequest, pk: int) -> Objective:
    """Return an objective its writer may change: 404 where hidden, 403 where only read."""
    user = me(request)
    visible = Objective.objects.visible_to(user).select_related(
        "strategy", "strategy__lead", "owner", "current"
    )
    found = get_object_or_404(visible, pk=pk)
    if not Objective.objects.editable_by(user).filter(pk=pk).exists():
        who = found.owner or found.strategy.lead
        raise PermissionDenied(f"This is for strategy leads. {who} can open it for you.")
    return found


def its_draft(objective: Objective) -> Revision:
    return get_object_or_404(
        Revision.objects.drafts().select_related("objective", "objective__strategy"),
        objective=objective,
    )


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
    context = {"form": form, "objective": objective}
    return render(request, "strategy/owner.html", context, status=status_of(form))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    objective = actions.retire(objective=writable(request, pk), by=me(request), now=timezone.now())
    messages.success(request, "Retired. Its history stays.")
    return redirect(objective)


# Flags


def answers_flags(request: HttpRequest) -> User:
    user = me(request)
    if not (user.is_lead or user.is_trainer or user.is_manager):
        raise PermissionDenied("This is for strategy leads, trainers and managers.")
    return user


@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    user = answers_flags(request)
    asked = forms.FlagFilter(request.GET)
    asked.is_valid()
    chosen = asked.cleaned_data
    rule = chosen.get("rule") if chosen.get("rule") in engine.rules() else ""
    state = chosen.get("state") if chosen.get("state") in Flag.State.values else ""
    found = Flag.objects.visible_to(user).select_related("owner", "objective", "strategy")
    found = found.filter(state=state) if state else found.open()
    if rule:
        found = found.filter(rule=rule)
    if chosen.get("mine"):
        found = found.filter(owner=user)
    shown = list(found[: FLAGS_AT_MOST + 1])
    context = {
        "flags": shown[:FLAGS_AT_MOST],
        "more": len(shown) > FLAGS_AT_MOST,
        "rule": rule,
        "state": state,
        "mine": bool(chosen.get("mine")),
        "rules": [(name, proof.words(name)) for name in engine.rules()],
        "states": Flag.State.choices,
    }
    return render(request, "strategy/flags.html", context)


def a_flag(request: HttpRequest, pk: int) -> Flag:
    user = answers_flags(request)
    visible = Flag.objects.visible_to(user).select_related(
        "owner", "objective", "objective__current", "strategy", "config"
    )
    return get_object_or_404(visible, pk=pk)


@require_safe
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    found = a_flag(request, pk)
    context = {
        "flag": found,
        "evidence": proof.rows(found.evidence),
        "thresholds": proof.thresholds(found),
        "events": found.events.select_related("actor").order_by("-at", "-pk"),
        "may_acknowledge": found.state in {Flag.State.OPEN, Flag.State.STALE},
    }
    return render(request, "strategy/flag.html", context)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.acknowledge_flag(flag=a_flag(request, pk), by=me(request), now=timezone.now())
    if found.owner_id == request.user.pk:
        messages.success(request, "It is yours.")
    else:
        messages.info(request, f"{found.owner} has it already.")
    return redirect(found)
