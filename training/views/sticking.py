"""What makes a behavior last: its drivers, and the audiences that practice it already."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from align.people.models import User
from strategy.models import BehaviorRevision
from training import actions, forms, sticking
from training.models import CellState, Driver, Waiver
from training.views.asking import me, number


def words_of(user: User, pk: int | None) -> BehaviorRevision:
    return get_object_or_404(sticking.words(user), behavior=pk or 0)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One kind on the page, with the forms that belong to it."""

    kind: sticking.Kind
    set_form: forms.SetDriver
    waive_form: forms.WaiveDriver


@require_safe
def drivers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who monitors, reinforces, encourages and rewards a behavior; and what is missing."""
    return drivers_page(request, words_of(me(request), pk))


def drivers_page(
    request: HttpRequest,
    words: BehaviorRevision,
    *,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page; ``typed`` holds the form that was refused, by its name."""
    page = sticking.drivers(words=words, user=me(request), now=timezone.now())
    blocks = [_block(kind, typed or {}) for kind in page.kinds]
    context = {"page": page, "blocks": blocks, "refused": bool(typed), "moved": status == 409}
    return render(request, "training/drivers.html", context, status=status)


def _block(kind: sticking.Kind, typed: dict[str, Any]) -> Block:
    driver = kind.driver
    initial = {"text": driver.text, "owner": driver.owner_id} if driver else {}
    because = {"because": driver.waived_because} if driver else {}
    return Block(
        kind=kind,
        set_form=typed.get(f"set-{kind.value}")
        or forms.SetDriver(initial=initial, auto_id=f"{kind.value}_%s"),
        waive_form=typed.get(f"waive-{kind.value}")
        or forms.WaiveDriver(initial=because, auto_id=f"{kind.value}_no_%s"),
    )


def known_kind(kind: str) -> str:
    if kind not in Driver.Kind.values:
        raise Http404("There are four kinds.")
    return kind


@require_POST
def set_driver(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    user = me(request)
    words = words_of(user, pk)
    if not sticking.may_set(user):
        raise PermissionDenied("This is for trainers, managers and strategy leads.")
    form = forms.SetDriver(request.POST, auto_id=f"{known_kind(kind)}_%s")
    if form.is_valid():
        try:
            actions.set_driver(
                behavior=words.behavior, kind=kind, by=user, now=timezone.now(), **form.cleaned_data
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Saved.")
            return redirect("training:drivers", pk=pk)
    return drivers_page(request, words, typed={f"set-{kind}": form}, status=422)


@require_POST
def waive_driver(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    user = me(request)
    words = words_of(user, pk)
    if not sticking.may_sign(words.behavior.objective_id, user):
        raise PermissionDenied(leads_only(words))
    form = forms.WaiveDriver(request.POST, auto_id=f"{known_kind(kind)}_no_%s")
    if form.is_valid():
        try:
            actions.waive_driver(
                behavior=words.behavior, kind=kind, by=user, now=timezone.now(), **form.cleaned_data
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Signed. Everyone can read why.")
            return redirect("training:drivers", pk=pk)
    return drivers_page(request, words, typed={f"waive-{kind}": form}, status=422)


def leads_only(words: BehaviorRevision) -> str:
    lead = words.behavior.objective.strategy.lead
    return f"This is for the objective's owner and for {lead}, who leads the strategy."


@require_POST
def end_driver(request: HttpRequest, pk: int) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(
        Driver.objects.visible_to(user).select_related("behavior__objective__strategy"), pk=pk
    )
    try:
        actions.end_driver(driver=found, by=user, now=timezone.now())
    except actions.DriverMoved:
        return drivers_page(request, words_of(user, found.behavior_id), status=409)
    messages.success(request, "Ended. It can be named again.")
    return redirect("training:drivers", pk=found.behavior_id)


@require_http_methods(["GET", "HEAD", "POST"])
def waive(request: HttpRequest) -> HttpResponse:
    """Sign that an audience practices a behavior already: seen, though not trained here."""
    user = me(request)
    words = words_of(user, number(request.GET.get("behavior")))
    if not sticking.may_sign(words.behavior.objective_id, user):
        raise PermissionDenied(leads_only(words))
    initial = {"audience": number(request.GET.get("audience"))}
    data = request.POST if request.method == "POST" else None
    form = forms.WaiveCell(data, initial=initial, words=words)
    if form.is_bound and form.is_valid():
        try:
            actions.waive_cell(
                behavior=words.behavior, by=user, now=timezone.now(), **form.cleaned_data
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Signed. The coverage follows in a moment.")
            return redirect("training:drivers", pk=words.behavior_id)
    cells = CellState.objects.filter(behavior=words.behavior).select_related("audience")
    context = {"form": form, "words": words, "cells": cells.order_by("audience__name")}
    status = 422 if form.is_bound else 200
    return render(request, "training/waive.html", context, status=status)


@require_POST
def end_waiver(request: HttpRequest, pk: int) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(
        Waiver.objects.visible_to(user).select_related("behavior__objective__strategy"), pk=pk
    )
    try:
        actions.end_waiver(waiver=found, by=user, now=timezone.now())
    except actions.DriverMoved:
        return drivers_page(request, words_of(user, found.behavior_id), status=409)
    messages.success(request, "Taken back. The coverage follows in a moment.")
    return redirect("training:drivers", pk=found.behavior_id)
