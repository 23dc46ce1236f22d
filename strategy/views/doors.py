"""Who asks, what was sent, and what this person may change."""

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from align.people.models import User
from strategy import forms
from strategy.models import Objective, Revision, Strategy


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(*bound: BaseForm) -> int:
    return 422 if any(form.is_bound and form.errors for form in bound) else 200


def written(request: HttpRequest, slug: str) -> Strategy:
    """Return a strategy its lead may write: 404 where it is hidden, 403 where it is only read."""
    user = me(request)
    found = get_object_or_404(Strategy.objects.visible_to(user).select_related("lead"), slug=slug)
    if not (user.is_lead and found.lead_id == user.pk):
        raise PermissionDenied(f"This is for strategy leads. {found.lead} can open it for you.")
    return found


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


def where(draft: Revision, name: str) -> str:
    """Return the place where something a draft lacks is written."""
    page = reverse("strategy:draft", kwargs={"pk": draft.objective_id})
    if name in forms.WORDS:
        return f"{page}#id_{name}"
    if name == "behaviors":
        return f"{page}#behaviors"
    if name == "owner":
        return reverse("strategy:owner", kwargs={"pk": draft.objective_id})
    return draft.objective.strategy.get_absolute_url()
