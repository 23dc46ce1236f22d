"""Assessing several people at one behavior, against its anchors."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from align.people.forms import show_errors
from align.people.models import User
from strategy.models import BehaviorRevision
from training import actions, assessing, choices, forms, seeing
from training.models import Assessment
from training.views.asking import me, number, status_of

RECENT = 30


@dataclass(frozen=True, kw_only=True)
class About:
    """What the address asks for, and the people who come with it."""

    choice: assessing.Choice
    words: BehaviorRevision | None
    group: assessing.Group | None

    @property
    def people(self) -> list[User]:
        if self.words is None or self.group is None:
            return []
        return self.choice.people(self.words, self.group)

    @property
    def address(self) -> str:
        said = {}
        if self.words:
            said["behavior"] = str(self.words.behavior_id)
        if self.group:
            said["group"] = self.group.key
        return f"{reverse('training:assess')}?{urlencode(said)}"


def assessor(request: HttpRequest) -> User:
    """Return who asks, if it is a manager or a trainer."""
    user = me(request)
    if not (user.is_manager or user.is_trainer):
        raise PermissionDenied("This is for managers and trainers.")
    return user


def about(request: HttpRequest, user: User, now: datetime) -> About:
    choice = assessing.choice(user, now=now)
    behavior, key = number(request.GET.get("behavior")), request.GET.get("group", "")
    groups = choice.groups
    only = groups[0] if len(groups) == 1 else None
    return About(
        choice=choice,
        words=next((row for row in choice.words if row.behavior_id == behavior), None),
        group=next((row for row in groups if row.key == key), only),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest) -> HttpResponse:
    """Choose a behavior and a group, then give each person a level; all of it or nothing."""
    user, now = assessor(request), timezone.now()
    asked = about(request, user, now)
    people, data = asked.people, request.POST if request.method == "POST" else None
    form = forms.Assessing(data, people=people, now=now)
    if asked.words is not None and form.is_bound and form.is_valid():
        try:
            made, _ = actions.assess(
                behavior=asked.words.behavior,
                assessor=user,
                judged=form.judged,
                assessed_at=form.cleaned_data["assessed_at"],
                client_key=form.cleaned_data["client_key"],
                now=now,
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.KeyReused:
            fresh = again(request, people, now)
            return assess_page(request, user, asked, fresh, status=409)
        else:
            who = "1 person" if len(made) == 1 else f"{len(made)} people"
            messages.success(request, f"Kept: how {who} did it.")
            return redirect("training:assess")
    status = 422 if form.is_bound else 200
    return assess_page(request, user, asked, form, status=status)


def again(request: HttpRequest, people: Sequence[User], now: datetime) -> forms.Assessing:
    """Keep what was typed under a key of its own: the old one holds other assessments."""
    data = request.POST.copy()
    data["client_key"] = str(uuid.uuid4())
    return forms.Assessing(data, people=people, now=now)


def assess_page(
    request: HttpRequest, user: User, asked: About, form: forms.Assessing, *, status: int
) -> HttpResponse:
    recent = (
        Assessment.objects.filter(assessor=user, correction=None)
        .select_related("user", "behavior_revision", "corrects")
        .order_by("-created_at", "-pk")[:RECENT]
    )
    context = {
        "about": asked,
        "people": asked.people,
        "form": form,
        "summary": form.get_context(),
        "objectives": choices.by_objective(asked.choice.words),
        "anchors": seeing.anchors(asked.words) if asked.words else [],
        "recent": recent,
        "since": timezone.now() - actions.CORRECTED_WITHIN,
        "most": actions.MOST_PEOPLE,
        "reused": status == 409,
    }
    return render(request, "training/assess.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another assessment in the place of one's own."""
    user, now = assessor(request), timezone.now()
    rows = Assessment.objects.visible_to(user).select_related(
        "user", "behavior_revision__behavior", "behavior_revision__revision__objective"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.assessor_id != user.pk:
        raise PermissionDenied("Only who assessed it corrects it.")
    data = request.POST if request.method == "POST" else None
    form = forms.AssessmentCorrection(data, assessment=found)
    status = 0
    if form.is_bound and form.is_valid():
        try:
            actions.correct_assessment(
                assessment=found,
                level=int(form.cleaned_data["level"]),
                note=form.cleaned_data["note"],
                client_key=form.cleaned_data["client_key"],
                by=user,
                now=now,
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except (actions.AlreadyCorrected, actions.KeyReused) as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, "Corrected. What stood there before stays on record.")
            return redirect("training:assess")
    context = {"form": form, "assessed": found}
    return render(
        request, "training/correct_assessment.html", context, status=status or status_of(form)
    )
