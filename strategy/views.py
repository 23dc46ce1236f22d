"""The text of a strategy, writing it, putting it in force, and the flags about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.models import User
from strategy import actions, drafting, engine, forms, proof
from strategy.models import BehaviorRevision, Flag, Objective, Revision, Strategy, Theme

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
    context = {"strategies": strategies, "may_add": user.is_lead}
    return render(request, "strategy/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = me(request)
    if not user.is_lead:
        raise PermissionDenied("This is for strategy leads.")
    form = forms.StrategyText(posted(request))
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


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One objective as the text of a strategy shows it."""

    number: int
    objective: Objective
    words: Revision


@dataclass(frozen=True, kw_only=True)
class Section:
    theme: Theme
    paragraphs: Sequence[Paragraph]


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(
        Strategy.objects.visible_to(user).select_related("lead").prefetch_related("teams"),
        slug=slug,
    )
    writes = user.is_lead and found.lead_id == user.pk
    context = {
        "strategy": found,
        "sections": sections(found),
        "writes": writes,
        "drafts": drafts(found, user) if user.is_lead else [],
        "is_draft": found.state == Strategy.State.DRAFT,
    }
    return render(request, "strategy/detail.html", context)


def sections(found: Strategy) -> list[Section]:
    """The text in force by theme, its paragraphs numbered through."""
    objectives = (
        found.objectives.in_force()
        .select_related("theme", "current", "owner", "strategy")
        .prefetch_related(
            Prefetch("current__behaviors", BehaviorRevision.objects.select_related("behavior"))
        )
    )
    by_theme: dict[Theme, list[Paragraph]] = {}
    for number, objective in enumerate(objectives, start=1):
        words = objective.current
        assert words is not None  # a constraint: what is in force has a revision
        by_theme.setdefault(objective.theme, []).append(
            Paragraph(number=number, objective=objective, words=words)
        )
    return [Section(theme=theme, paragraphs=rows) for theme, rows in by_theme.items()]


def drafts(found: Strategy, user: User) -> list[Revision]:
    return list(
        Revision.objects.drafts()
        .filter(objective__in=Objective.objects.editable_by(user).filter(strategy=found))
        .select_related("objective", "objective__theme", "objective__owner")
        .order_by("objective__theme__position", "objective__code")
    )


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


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft, or the text in force as one; saving opens it where there is none."""
    objective = writable(request, pk)
    if request.method == "POST" and "add" in request.POST:
        form = forms.Draft(initial=request.POST.dict())
        rows = forms.behaviors_and_one_more(objective=objective, data=request.POST)
        return draft_page(request, objective, form, rows)
    text, start = drafting.start_of(objective)
    data = posted(request)
    form = forms.draft(text=text, start=start, data=data)
    rows = forms.behaviors(objective=objective, text=text, data=data)
    if data is None:
        return draft_page(request, objective, form, rows)
    if not (form.is_valid() & rows.is_valid()):
        return draft_page(request, objective, form, rows, status=422)
    return save_draft(request, objective, form, rows)


def save_draft(
    request: HttpRequest, objective: Objective, form: forms.Draft, rows: forms.BaseBehaviors
) -> HttpResponse:
    try:
        drafting.save(
            objective=objective,
            start=form.start(),
            words=form.words(),
            behaviors=rows.words(prefix=objective.code),
            reason=form.cleaned_data["reason"],
            by=me(request),
            now=timezone.now(),
        )
    except actions.Invalid as refused:
        forms.show_draft_errors(form, rows, refused.errors)
        return draft_page(request, objective, form, rows, status=422)
    except actions.StaleDraft:
        return stale_page(request, objective, rows)
    messages.success(request, "Saved.")
    if "publish" in request.POST:
        return redirect("strategy:publish", pk=objective.pk)
    return redirect("strategy:draft", pk=objective.pk)


def stale_page(
    request: HttpRequest, objective: Objective, rows: forms.BaseBehaviors
) -> HttpResponse:
    """Show both texts, keep what was typed, and let the writer decide with the next Save."""
    theirs, start = drafting.start_of(objective)
    data = request.POST.copy()
    data["number"], data["edits"] = str(start.number), str(start.edits)
    form = forms.Draft(data)
    context = {"theirs": theirs, "their_behaviors": forms.rows_of(theirs) if theirs else []}
    return draft_page(request, objective, form, rows, status=409, **context)


def draft_page(
    request: HttpRequest,
    objective: Objective,
    form: forms.Draft,
    rows: forms.BaseBehaviors,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    exists = Revision.objects.drafts().filter(objective=objective).exists()
    context |= {
        "objective": objective,
        "form": form,
        "rows": rows,
        "draft_exists": exists,
        "in_force": objective.state == Objective.State.IN_FORCE,
    }
    return render(request, "strategy/draft.html", context, status=status)


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
