"""The flags about a strategy."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from align.people.models import User
from strategy import actions, engine, forms
from strategy.models import Flag
from strategy.pages import proof
from strategy.views.doors import me

FLAGS_AT_MOST = 200


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
        "acts": found.offers_act_to(me(request)),
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
