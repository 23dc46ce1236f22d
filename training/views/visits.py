"""A manager records what they saw on a visit."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from align.people.forms import show_errors
from align.people.models import Membership, User
from strategy.models import BehaviorRevision
from training import actions, choices, forms
from training.views.asking import manager, number, status_of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom and what a visit is about, as far as the address says."""

    people: tuple[Membership, ...]
    behaviors: tuple[BehaviorRevision, ...]
    person: Membership | None
    words: BehaviorRevision | None

    @property
    def fits(self) -> bool:
        """Whether the behavior is asked of this person's sales role."""
        return (
            self.person is not None
            and self.words is not None
            and self.words.sales_role_id == self.person.sales_role_id
        )


def asked(request: HttpRequest, user: User) -> Asked:
    """Read who and what can be chosen: one's own people, and what their sales roles are asked."""
    people = tuple(
        Membership.objects.in_teams_of(user)
        .exclude(sales_role=None)
        .exclude(user=user)
        .filter(user__is_active=True)
        .select_related("user", "team", "sales_role")
        .order_by("team__name", "user__name", "pk")
    )
    roles = {row.sales_role_id for row in people}
    words = tuple(
        BehaviorRevision.objects.visible_to(user)
        .in_force()
        .filter(sales_role__in=roles)
        .select_related("behavior", "revision__objective")
    )
    who, what = (number(request.GET.get(name)) for name in ("person", "behavior"))
    return Asked(
        people=people,
        behaviors=words,
        person=next((row for row in people if row.user_id == who), None),
        words=next((row for row in words if row.behavior_id == what), None),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """Record one behavior of one person. What the address leaves open is asked first."""
    user, now = manager(request), timezone.now()
    about = asked(request, user)
    if about.person is None or about.words is None or not about.fits:
        return ask_what(request, about)
    form = forms.Visit(
        request.POST if request.method == "POST" else None, words=about.words, now=now
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            record(form, about.person.user, about.words, user, now)
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.KeyReused:
            form, status = again(request, about.words, now), 409
        else:
            messages.success(request, f"Kept: what you saw {about.person.user} do.")
            return redirect(where_next(request, about.person))
    context = {"form": form, "about": about, "reused": status == 409}
    if status == 200:
        status = status_of(form)
    return render(request, "training/visit.html", context, status=status)


def record(
    form: forms.Visit, person: User, words: BehaviorRevision, by: User, now: datetime
) -> None:
    given = form.cleaned_data
    actions.observe(
        user=person,
        behavior=words.behavior,
        observer=by,
        observed_at=given["observed_at"],
        level=form.seen(),
        occasion=given["occasion"],
        evidence=given["evidence"],
        client_key=given["client_key"],
        now=now,
    )


def again(request: HttpRequest, words: BehaviorRevision, now: datetime) -> forms.Visit:
    """Keep what was typed under a key of its own: the old one holds another observation."""
    data = request.POST.copy()
    data["client_key"] = str(uuid.uuid4())
    return forms.Visit(data, words=words, now=now)


def where_next(request: HttpRequest, person: Membership) -> str:
    if "another" in request.POST:
        return f"{reverse('training:visit')}?person={person.user_id}"
    return reverse("dashboard:team")


def ask_what(request: HttpRequest, about: Asked) -> HttpResponse:
    """Let the manager choose the person and the behavior."""
    role = about.person.sales_role_id if about.person else None
    fitting = [row for row in about.behaviors if role is None or row.sales_role_id == role]
    context = {
        "about": about,
        "teams": choices.grouped(
            (str(row.team), choices.Choice(pk=row.user_id, label=row.user.name))
            for row in about.people
        ),
        "objectives": choices.by_objective(fitting),
        "misfit": about.person is not None and about.words is not None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "training/visit_choose.html", context, status=status)
