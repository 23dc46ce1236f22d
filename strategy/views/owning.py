"""Carrying a choice to the field: the brief, the huddle, what is remembered, teach-backs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.models import Team
from strategy import choices, forms, owning, remembered
from strategy.actions.words import Invalid
from strategy.forms import owning as owning_forms
from strategy.forms.parts import whole
from strategy.models import Brief, Objective, RecallCheck, Revision, TeachBack
from strategy.pages import briefs
from strategy.views.doors import me, posted, status_of

PAPERS = ("a4", "a5")
CHANGED = "The objective changed since you opened this page. This is how it stands now."


# Briefs


def briefed(request: HttpRequest, pk: int) -> tuple[Objective, Revision]:
    """Return an objective with the words in force; 404 where there are none to brief."""
    visible = Objective.objects.visible_to(me(request)).select_related(
        "strategy", "owner", "current", "strategy__lead"
    )
    found = get_object_or_404(visible.exclude(current=None), pk=pk)
    assert found.current is not None
    return found, found.current


@require_safe
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    objective, words = briefed(request, pk)
    return brief_page(request, objective, words)


def brief_page(
    request: HttpRequest, objective: Objective, words: Revision, *, status: int = 200
) -> HttpResponse:
    page = briefs.page(user=me(request), objective=objective, words=words, now=timezone.now())
    context = {"page": page, "stale": status == 409}
    return render(request, "strategy/brief.html", context, status=status)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Take “I have read it”. What changed since the page was opened is shown instead."""
    objective, words = briefed(request, pk)
    shown = objective.revisions.published().filter(pk=whole(request.POST.get("revision"))).first()
    try:
        owning.acknowledge(revision=shown or words, by=me(request), now=timezone.now())
    except owning.Changed:
        return brief_page(request, objective, words, status=409)
    except Invalid as refused:
        messages.error(request, " ".join(refused.errors.values()))
        return redirect("strategy:brief", pk=pk)
    messages.success(request, "Noted. In two days you are asked what you still know.")
    if request.POST.get("back") == "mine":
        return redirect("dashboard:mine")
    return redirect("strategy:brief", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign why the company does this."""
    objective, words = briefed(request, pk)
    if not owning.may_sign_reason(objective, me(request)):
        who = objective.owner or objective.strategy.lead
        raise PermissionDenied(f"This is for its owner. {who} can open it for you.")
    signed = Brief.objects.of(objective).filter(team=None).last()
    form = owning_forms.Reason(posted(request), initial={"text": signed.text if signed else ""})
    return sign_page(request, objective, words, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
def for_team(request: HttpRequest, pk: int, team: int) -> HttpResponse:
    """Sign what it means for one team."""
    objective, words = briefed(request, pk)
    user = me(request)
    found = get_object_or_404(Team.objects.visible_to(user), pk=team)
    if not Team.objects.managed_by(user).filter(pk=team).exists():
        raise PermissionDenied(f"This is for who manages {found}.")
    signed = Brief.objects.of(objective).filter(team=found).last()
    initial = {
        "text": signed.text if signed else "",
        "question": signed.question if signed else "",
        "behavior": signed.behavior_id if signed else None,
    }
    form = owning_forms.ForTeam(posted(request), initial=initial, words=words)
    return sign_page(request, objective, words, found, form)


def sign_page(
    request: HttpRequest,
    objective: Objective,
    words: Revision,
    team: Team | None,
    form: owning_forms.Reason | owning_forms.ForTeam,
) -> HttpResponse:
    stale = False
    if request.method == "POST" and form.is_valid():
        shown = objective.revisions.published().filter(pk=whole(request.POST.get("revision")))
        try:
            owning.sign_brief(
                revision=shown.first() or words,
                team=team,
                **form.cleaned_data,
                by=me(request),
                now=timezone.now(),
            )
        except Invalid as refused:
            forms.show_errors(form, refused.errors)
        except owning.Changed:
            stale = True
        else:
            messages.success(request, "Signed.")
            return redirect("strategy:brief", pk=objective.pk)
    context = {"objective": objective, "words": words, "team": team, "form": form, "stale": stale}
    status = 409 if stale else status_of(form)
    return render(request, "strategy/brief_sign.html", context, status=status)


@require_safe
def huddle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the kit for ten minutes with the team, made to be printed."""
    objective, words = briefed(request, pk)
    asked = request.GET.get("team")
    kit = briefs.huddle(
        user=me(request),
        objective=objective,
        words=words,
        team=whole(asked) if asked else None,
        now=timezone.now(),
    )
    if kit is None:
        raise Http404("Nothing is signed for this team.")
    paper = request.GET.get("paper")
    context = {"kit": kit, "paper": paper if paper in PAPERS else PAPERS[0]}
    return render(request, "strategy/huddle.html", context)


# Recall


@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """List what is asked of this person now, and what they answered."""
    user, now = me(request), timezone.now()
    due = remembered.due(now=now, person=user)
    objectives = Objective.objects.visible_to(user).select_related("current")
    found = objectives.in_bulk([row.objective_id for row in due])
    answered = RecallCheck.objects.visible_to(user).select_related("revision__objective")
    context = {
        "due": [(row, found[row.objective_id]) for row in due if row.objective_id in found],
        "answered": answered.order_by("-recalled_at")[:20],
    }
    return render(request, "strategy/recalls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, revision: int, day: int) -> HttpResponse:
    """Ask for the why: free recall first, then the choice, then the why beside what was said."""
    user = me(request)
    checks = RecallCheck.objects.visible_to(user).select_related(
        "revision__objective__current", "person", "chosen"
    )
    check = checks.filter(revision=revision, day=day).first()
    if check is None:
        return ask(request, revision, day)
    options = choices.of(check) if check.right is None else []
    if options:
        return ask_choice(request, check, options)
    if request.method == "POST":
        return redirect("strategy:recall", revision=revision, day=day)
    context = {"check": check, "objective": check.revision.objective}
    return render(request, "strategy/recall_done.html", context)


def ask(request: HttpRequest, pk: int, day: int) -> HttpResponse:
    user, now = me(request), timezone.now()
    due = remembered.due(now=now, person=user)
    if not any(row.revision_id == pk and row.day == day for row in due):
        raise Http404("This question does not wait for you.")
    revision = get_object_or_404(
        Revision.objects.visible_to(user).select_related("objective__current"), pk=pk
    )
    form = owning_forms.Recall(posted(request))
    if request.method == "POST" and form.is_valid():
        owning.recall_why(revision=revision, day=day, **form.cleaned_data, by=user, now=now)
        return redirect("strategy:recall", revision=pk, day=day)
    context = {"objective": revision.objective, "day": day, "form": form, "step": 1}
    return render(request, "strategy/recall.html", context, status=status_of(form))


def ask_choice(request: HttpRequest, check: RecallCheck, options: Any) -> HttpResponse:
    form = owning_forms.Choice(posted(request), options=options)
    if request.method == "POST" and form.is_valid():
        chosen = next(row for row in options if row.pk == form.cleaned_data["chosen"])
        owning.choose(check=check, chosen=chosen, now=timezone.now())
        return redirect("strategy:recall", revision=check.revision_id, day=check.day)
    context = {"objective": check.revision.objective, "day": check.day, "form": form, "step": 2}
    return render(request, "strategy/recall.html", context, status=status_of(form))


# Teach-backs


@require_http_methods(["GET", "HEAD", "POST"])
def teach_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a trainer explain the why, and show what they said before."""
    objective, words = briefed(request, pk)
    user = me(request)
    if not user.is_trainer:
        raise PermissionDenied("This is for trainers.")
    own = list(
        TeachBack.objects.filter(trainer=user, revision__objective=objective).select_related(
            "revision", "answered_by"
        )
    )
    now_told = [row for row in own if row.revision.why_fingerprint == words.why_fingerprint]
    waiting = next((row for row in now_told if row.state == TeachBack.State.GIVEN), None)
    form = owning_forms.Explain(posted(request), initial={"text": waiting.text if waiting else ""})
    stale = False
    if request.method == "POST" and form.is_valid():
        shown = objective.revisions.published().filter(pk=whole(request.POST.get("revision")))
        try:
            given = owning.give_teach_back(
                revision=shown.first() or words,
                **form.cleaned_data,
                by=user,
                now=timezone.now(),
            )
        except Invalid as refused:
            forms.show_errors(form, refused.errors)
        except owning.Changed:
            stale = True
        else:
            messages.success(request, "Given. The lead reads it and signs.")
            return redirect(given)
    context = {
        "objective": objective,
        "words": words,
        "form": form,
        "stale": stale,
        "waiting": waiting,
        "signed": next((row for row in now_told if row.state == TeachBack.State.SIGNED), None),
        "own": [(row, row.revision.why_fingerprint == words.why_fingerprint) for row in own],
        "in_force": objective.state == Objective.State.IN_FORCE,
    }
    status = 409 if stale else status_of(form)
    return render(request, "strategy/teach_back.html", context, status=status)


def a_teach_back(request: HttpRequest, pk: int) -> TeachBack:
    visible = TeachBack.objects.visible_to(me(request)).select_related(
        "trainer", "answered_by", "revision__objective__current", "revision__objective__strategy"
    )
    return get_object_or_404(visible, pk=pk)


@require_safe
def given(request: HttpRequest, pk: int) -> HttpResponse:
    return given_page(request, a_teach_back(request, pk), owning_forms.Answer())


def given_page(
    request: HttpRequest, found: TeachBack, form: owning_forms.Answer, *, status: int = 200
) -> HttpResponse:
    objective = found.revision.objective
    assert objective.current is not None
    holds = found.revision.why_fingerprint == objective.current.why_fingerprint
    user = me(request)
    context = {
        "given": found,
        "objective": objective,
        "words": objective.current,
        "holds": holds,
        "form": form,
        "settled": status == 409,
        "may_answer": holds
        and found.state == TeachBack.State.GIVEN
        and found.trainer_id != user.pk
        and owning.may_sign_reason(objective, user),
    }
    return render(request, "strategy/teach_back_given.html", context, status=status)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    return answer(request, pk, owning.sign_teach_back, "Signed.")


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    return answer(request, pk, owning.return_teach_back, "Given back.")


def answer(request: HttpRequest, pk: int, verb: Any, said: str) -> HttpResponse:
    found = a_teach_back(request, pk)
    form = owning_forms.Answer(request.POST)
    if form.is_valid():
        try:
            verb(teach_back=found, **form.cleaned_data, by=me(request), now=timezone.now())
        except Invalid as refused:
            forms.show_errors(form, refused.errors)
        except owning.Settled:
            return given_page(request, a_teach_back(request, pk), form, status=409)
        else:
            messages.success(request, said)
            return redirect("strategy:brief", pk=found.revision.objective_id)
    return given_page(request, found, form, status=422)
