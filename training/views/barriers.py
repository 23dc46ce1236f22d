"""“This cannot be trained”: raising a barrier, the list, and every step to its end."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from align.people.models import User
from training import actions, barriers, choices, forms
from training.models import BarrierCase
from training.views.asking import me, number, status_of


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """List what stands in the way, narrowed as the address says."""
    user = me(request)
    if not barriers.may_read_all(user):
        raise PermissionDenied("This is for trainers, managers, strategy leads and admins.")
    form = forms.FindBarriers(request.GET, user=user)
    chosen = form.chosen() | {"behavior": number(request.GET.get("behavior"))}
    address = request.GET.copy()
    address.pop("page", None)
    context = {
        "listed": barriers.listed(
            user=user, chosen=chosen, page=request.GET.get("page"), now=timezone.now()
        ),
        "chosen": chosen,
        "states": form.fields["state"].choices,  # type: ignore[attr-defined]
        "kinds": form.fields["barrier"].choices,  # type: ignore[attr-defined]
        "objectives": form.fields["objective"].queryset,  # type: ignore[attr-defined]
        "address": address.urlencode(),
        "may_raise": barriers.may_raise(user),
    }
    return render(request, "training/barriers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Say what stands in the way. What the address leaves open is asked first."""
    user = me(request)
    if not barriers.may_raise(user):
        raise PermissionDenied("This is for trainers, managers and strategy leads.")
    words = barriers.behaviors(user).filter(behavior=number(request.GET.get("behavior")) or 0)
    found = words.first()
    if found is None:
        objectives = choices.by_objective(barriers.behaviors(user))
        status = 422 if request.method == "POST" else 200
        context = {"objectives": objectives, "asked": "behavior" in request.GET}
        return render(request, "training/barrier_choose.html", context, status=status)
    form = forms.NewBarrier(request.POST if request.method == "POST" else None, by=user)
    if form.is_bound and form.is_valid():
        try:
            made = actions.raise_barrier(
                behavior=found.behavior, by=user, now=timezone.now(), **form.cleaned_data
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, f"Sent. {made.owner} is asked to remove it.")
            return redirect(made)
    context = {"form": form, "words": found}
    return render(request, "training/barrier_new.html", context, status=status_of(form))


@require_safe
def barrier(request: HttpRequest, pk: int) -> HttpResponse:
    return barrier_page(request, visible(request, pk))


def visible(request: HttpRequest, pk: int) -> BarrierCase:
    seen = BarrierCase.objects.visible_to(me(request))
    related = seen.select_related("behavior__objective__strategy", "owner", "raised_by")
    return get_object_or_404(related, pk=pk)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing a person may do with a barrier: its address, its form, its words."""

    verb: str
    name: str
    button: str
    form: django_forms.Form
    primary: bool = False

    @property
    def address(self) -> str:
        return f"training:barrier_{self.verb}"


FORMS: dict[str, type[django_forms.Form]] = {
    "accept": forms.Accept,
    "remove": forms.Removed,
    "keep": forms.Kept,
    "hand_on": forms.HandOn,
    "move": forms.Move,
    "withdraw": forms.Withdraw,
    "again": forms.Again,
    "say": forms.Note,
}
WORDS = {
    "remove": ("It is removed", "Removed"),
    "keep": ("It stays, with a reason", "It stays"),
    "hand_on": ("Hand it on", "Hand it on"),
    "move": ("Another day", "Set this day"),
    "withdraw": ("Withdraw it", "Withdraw"),
    "again": ("It stands in the way again", "Open it again"),
    "say": ("Write a note", "Add the note"),
}
MAY = {"remove": "end", "keep": "end", "again": "reopen"}


def barrier_page(
    request: HttpRequest,
    case: BarrierCase,
    *,
    typed: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render one barrier; ``typed`` holds the form that was refused, by its verb."""
    page = barriers.detail(case=case, user=me(request), now=timezone.now())
    steps = [
        Step(
            verb=verb,
            name=name,
            button=button,
            form=(typed or {}).get(verb) or blank(verb, case),
        )
        for verb, (name, button) in WORDS.items()
        if getattr(page.may, MAY.get(verb, verb))
    ]
    context = {"page": page, "steps": steps, "refused": bool(typed), "moved": status == 409}
    return render(request, "training/barrier.html", context, status=status)


def blank(verb: str, case: BarrierCase) -> django_forms.Form:
    initial = {"due_on": case.due_on} if verb == "move" else {}
    return FORMS[verb](initial=initial, auto_id=f"{verb}_%s")


Verb = Callable[..., object]


def step(request: HttpRequest, pk: int, verb: str, do: Verb, said: str) -> HttpResponse:
    """Do one thing with a barrier: the form, the action, and what came meanwhile."""
    user, now = me(request), timezone.now()
    case = visible(request, pk)
    refuse_others(case, user, verb)
    form = FORMS[verb](request.POST, auto_id=f"{verb}_%s")
    if form.is_valid():
        try:
            do(case=case, by=user, now=now, **form.cleaned_data)
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.BarrierMoved:
            return barrier_page(request, visible(request, pk), status=409)
        else:
            messages.success(request, said)
            left = not BarrierCase.objects.visible_to(user).filter(pk=pk).exists()
            return redirect("training:barriers") if left else redirect(case)
    return barrier_page(request, case, typed={verb: form}, status=422)


def refuse_others(case: BarrierCase, user: User, verb: str) -> None:
    """Refuse who has no say in it before reading what they typed."""
    if not barriers.has_say(case, user, MAY.get(verb, verb)):
        raise PermissionDenied(barriers.FOR_WHOM[MAY.get(verb, verb)])


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "accept", actions.accept_barrier, "It is yours.")


@require_POST
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "hand_on", actions.hand_barrier_on, "Handed on.")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "move", actions.move_barrier, "It has another day.")


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "say", actions.say_on_barrier, "Added.")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    said = "Removed. Who raised it is told."
    return step(request, pk, "remove", actions.remove_barrier, said)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "keep", actions.keep_barrier, "It stays. Who raised it is told.")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "withdraw", actions.withdraw_barrier, "Withdrawn.")


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    return step(request, pk, "again", actions.reopen_barrier, "Open again.")
