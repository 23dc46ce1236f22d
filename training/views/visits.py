"""A manager records what they saw on a visit, and corrects it."""

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
from django.views.decorators.http import require_http_methods, require_safe

from align.people.forms import show_errors
from align.people.models import Membership, User
from strategy.models import BehaviorRevision
from training import actions, choices, forms, seeing
from training.models import Observation
from training.views.asking import manager, number, status_of

OFFLINE_AT_MOST = 12  # forms a phone stores beforehand


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom and what a visit is about, as far as the address says."""

    people: Sequence[Membership]
    asked: seeing.Asked
    person: Membership | None
    named: Sequence[int]

    @property
    def words(self) -> tuple[BehaviorRevision, ...]:
        """Everything asked of the person."""
        return self.asked[self.person.user_id] if self.person else ()

    @property
    def fitting(self) -> list[Membership]:
        """The people who are asked what the address names."""
        if not self.named:
            return list(self.people)
        return [
            row
            for row in self.people
            if any(words.behavior_id in self.named for words in self.asked[row.user_id])
        ]

    @property
    def misfit(self) -> bool:
        """Whether something is named that is not asked of this person."""
        return bool(set(self.named) - {row.behavior_id for row in self.words})


def about(request: HttpRequest, user: User) -> About:
    """Read who and what can be chosen: one's own people, and what is asked of each."""
    people = seeing.people_of(user)
    who = number(request.GET.get("person"))
    named = [number(text) for text in request.GET.getlist("behavior")[: actions.MOST_AT_ONCE]]
    return About(
        people=people,
        asked=seeing.asked_of(people),
        person=next((row for row in people if row.user_id == who), None),
        named=list(dict.fromkeys(pk for pk in named if pk is not None)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """Record what was seen of one person, several behaviors at once; first ask of whom."""
    user, now = manager(request), timezone.now()
    asked = about(request, user)
    if asked.person is None:
        return ask_whom(request, asked, now)
    words = on_the_page(request, asked, now)
    form = forms.Visit(request.POST if request.method == "POST" else None, words=words, now=now)
    if form.is_bound and form.is_valid():
        name_what_is_not_asked(request, user, form)
    if form.is_bound and form.is_valid():
        try:
            _, new = actions.record_visit(
                user=asked.person.user,
                observer=user,
                looks=form.looks,
                observed_at=form.cleaned_data["observed_at"],
                occasion=form.cleaned_data["occasion"],
                client_key=form.cleaned_data["client_key"],
                now=now,
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.NotInForce as refused:
            form.add_error(None, str(refused))
        except actions.KeyReused:
            return visit_page(request, asked, again(request, words, now), status=409)
        else:
            kept = f"Kept: what you saw {asked.person.user} do."
            messages.success(request, kept if new else f"{kept} It was here already.")
            return redirect("training:visit" if "another" in request.POST else "dashboard:team")
    return visit_page(request, asked, form, status=status_of(form))


def on_the_page(request: HttpRequest, asked: About, now: datetime) -> list[BehaviorRevision]:
    """Choose what the page asks about: what the address names, what was sent, what is in focus."""
    assert asked.person is not None
    person = asked.person.user_id
    looked = seeing.looked_for([person], [row.behavior_id for row in asked.words], now=now)
    known = {row.behavior_id for row in asked.words}
    named = [pk for pk in (*asked.named, *sent(request)) if pk in known]
    return seeing.focus(
        asked.words,
        named=list(dict.fromkeys(named))[: actions.MOST_AT_ONCE],
        looked={behavior: at for (_, behavior), at in looked.items()},
    )


def sent(request: HttpRequest) -> list[int]:
    """Return the behaviors of which something was sent."""
    names = [
        name.partition("_")[2]
        for name, value in request.POST.items()
        if name.startswith(("seen_", "level_")) and value
    ]
    return [pk for name in names if (pk := number(name)) is not None]


def name_what_is_not_asked(request: HttpRequest, user: User, form: forms.Visit) -> None:
    """A visit may have waited on a phone while the strategy changed."""
    known = {row.behavior_id for row in form.words}
    lost = [pk for pk in dict.fromkeys(sent(request)) if pk not in known]
    if lost:
        rows = BehaviorRevision.objects.visible_to(user).filter(behavior__in=lost)
        newest = rows.order_by("behavior_id", "-pk").distinct("behavior_id")
        names = newest.values_list("statement", flat=True)
        named = "; ".join(f"“{name}”" for name in names) or "Something here"
        form.add_error(None, f"{named} is not asked of this person today. Send again without it.")


def again(request: HttpRequest, words: Sequence[BehaviorRevision], now: datetime) -> forms.Visit:
    """Keep what was typed under a key of its own: the old one holds another visit."""
    data = request.POST.copy()
    data["client_key"] = str(uuid.uuid4())
    return forms.Visit(data, words=words, now=now)


def visit_page(
    request: HttpRequest, asked: About, form: forms.Visit, *, status: int
) -> HttpResponse:
    assert asked.person is not None
    shown = [row.behavior_id for row in form.words]
    here = [("person", asked.person.user_id), *(("behavior", pk) for pk in shown)]
    context = {
        "form": form,
        "summary": form.get_context(),
        "about": asked,
        "shown": shown,
        "address": f"{reverse('training:visit')}?{urlencode(here)}",
        "others": choices.by_objective(row for row in asked.words if row.behavior_id not in shown),
        "reused": status == 409,
    }
    return render(request, "training/visit.html", context, status=status)


def ask_whom(request: HttpRequest, asked: About, now: datetime) -> HttpResponse:
    """Let the manager choose the person, first those to see next."""
    people = asked.fitting
    few = len(asked.people) <= OFFLINE_AT_MOST
    context = {
        "about": asked,
        "next": seeing.whom_next(people, asked.asked, now=now),
        "stored": [row.user_id for row in asked.people] if few else [],
        "teams": choices.grouped(
            (str(row.team), choices.Choice(pk=row.user_id, label=row.user.name)) for row in people
        ),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "training/visit_choose.html", context, status=status)


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Show what this manager wrote down lately, to be corrected."""
    user, now = manager(request), timezone.now()
    context = {
        "entries": seeing.written_by(user, now=now),
        "since": now - actions.CORRECTED_WITHIN,
        "most": seeing.MOST_SHOWN,
    }
    return render(request, "training/visits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another observation in the place of one's own."""
    user, now = manager(request), timezone.now()
    rows = Observation.objects.visible_to(user).select_related(
        "user", "behavior_revision__behavior", "behavior_revision__revision__objective"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.observer_id != user.pk:
        raise PermissionDenied("Only who saw it corrects it.")
    form = forms.Correction(request.POST if request.method == "POST" else None, observation=found)
    status = 0
    if form.is_bound and form.is_valid():
        try:
            actions.correct_observation(
                observation=found,
                level=form.seen(),
                evidence=form.cleaned_data["evidence"],
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
            return redirect("training:visits")
    context = {"form": form, "seen": found}
    return render(request, "training/correct.html", context, status=status or status_of(form))
