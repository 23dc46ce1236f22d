"""The trainer's workbench: what nobody trains deep enough, worst first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training import asked
from training import gaps as rows
from training.models import CellState, ObjectiveCoverage
from training.views.asking import me, number


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    user = me(request)
    if not (user.is_trainer or user.is_lead):
        raise PermissionDenied("This is for trainers and strategy leads.")
    filters = rows.Filters(
        mine=user.is_trainer and request.GET.get("mine") == "on",
        critical=request.GET.get("critical") == "on",
        objective=number(request.GET.get("objective")),
    )
    now = timezone.now()
    bench = rows.workbench(
        user=user,
        gap=number(request.GET.get("gap")),
        page=request.GET.get("page"),
        now=now,
        filters=filters,
    )
    context = {
        "bench": bench,
        "filters": filters,
        "objectives": rows.objectives(user),
        "mine": rows.of_module(user) if user.is_trainer else None,
        "asked": asked.counts(user, now=now).total if user.is_trainer else None,
        "judged": ObjectiveCoverage.objects.order_by("-judged_at").first(),
        "cells": CellState.objects.exists() if not bench.total else True,
        "may_map": user.is_trainer,
    }
    return render(request, "training/gaps.html", context)
