"""Telling how it goes, reading what was told, and answering it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from align.people.models import User
from feedback import actions, answered, forms, picks
from feedback import inbox as rows
from feedback.models import NEGATIVE, Decision, Report
from feedback.promises import Clock, clock
from strategy.models import Barrier

A_PAGE = 30
MOST_AT_ONCE = 200  # reports one answer can be given to
SIMILAR = 6


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


def status_of(form: BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200


# Telling


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """One page, three questions; works without script."""
    user = me(request)
    if request.method != "POST":
        about = request.GET.get("about", "")
        form = forms.Tell(author=user, initial={"about": about, "client_key": uuid.uuid4()})
        return tell_page(request, form)
    form = forms.Tell(request.POST, author=user)
    if not form.is_valid():
        return tell_page(request, form, status=422)
    try:
        kept, _ = actions.submit(author=user, now=timezone.now(), **form.said())
    except actions.Invalid as refused:
        show_errors(form, about_for_objective(refused.errors))
        return tell_page(request, form, status=422)
    except actions.KeyReused:
        return tell_page(request, form.sent_again(request.POST), status=409, again=True)
    return redirect("feedback:sent", ref=kept.ref)


def about_for_objective(errors: dict[str, str]) -> dict[str, str]:
    """The page calls “about” what the action calls the objective."""
    return {("about" if name == "objective" else name): text for name, text in errors.items()}


def tell_page(
    request: HttpRequest, form: forms.Tell, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "form": form,
        "summary": form.get_context(),
        "abouts": picks.abouts(
            me(request), chosen=str(form["about"].value() or ""), today=timezone.localdate()
        ),
        "stances": picks.stances(str(form["stance"].value() or "")),
        "barriers": picks.barriers(form["barriers"].value() or []),
    }
    return render(request, "feedback/tell.html", context, status=status)


@dataclass(frozen=True, kw_only=True)
class Own:
    """One of your own reports: what was promised, and what was answered."""

    report: Report
    clock: Clock
    decision: Decision | None


def own(report: Report) -> Own:
    return Own(
        report=report,
        clock=clock(report, today=timezone.localdate()),
        decision=next(iter(report.decisions.all()), None),
    )


def own_reports(user: User) -> Any:
    return (
        Report.objects.filter(author=user)
        .select_related("objective__current", "objective__owner")
        .prefetch_related("decisions")
    )


@require_safe
def sent(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Say who reads it by when, and what became of the last things that were said."""
    user = me(request)
    report = get_object_or_404(own_reports(user), ref=ref)
    last = answered.entries(list(answered.visible(user)[:1]))
    context = {"own": own(report), "last": last[0] if last else None}
    return render(request, "feedback/sent.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    found = [own(report) for report in own_reports(me(request))[:A_PAGE]]
    return render(request, "feedback/mine.html", {"reports": found, "most": A_PAGE})


# Reading


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user = me(request)
    if not (user.is_lead or user.is_trainer or user.is_manager):
        raise PermissionDenied("This is for strategy leads, trainers and managers.")
    asked = forms.asked(request.GET)
    context = {
        "asked": asked,
        "page": rows.page(user, asked, today=timezone.localdate()),
        "objectives": [
            picks.Option(
                value=str(one.pk),
                label=f"{one.code} {one.current.title}" if one.current else one.code,
                chosen=str(one.pk) == asked.objective,
            )
            for one in rows.objectives(user)
        ],
        "stances": picks.stances(asked.stance),
        "barriers": picks.barriers([asked.barrier]),
        "states": [
            picks.Option(value=value, label=label, chosen=value == asked.state)
            for value, label in forms.STATES
        ],
        "reads_only": not (user.is_lead or user.is_trainer),
    }
    return render(request, "feedback/inbox.html", context)


@require_safe
def report(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(
        Report.objects.visible_to(user).select_related(
            "author", "team", "objective__current", "objective__owner", "revision", "module"
        ),
        ref=ref,
    )
    waiting = found.state in {Report.State.RECEIVED, Report.State.ACKNOWLEDGED}
    may_answer = waiting and Report.objects.answerable_by(user).filter(pk=found.pk).exists()
    context = {
        "report": found,
        "clock": clock(found, today=timezone.localdate()),
        "barriers": [Barrier(barrier).label for barrier in found.barriers],
        "words": words_of_behavior(found),
        "negative": found.stance in NEGATIVE,
        "may_acknowledge": may_answer and found.state == Report.State.RECEIVED,
        "decision": Decision.objects.visible_to(user).filter(reports=found).first(),
        "is_mine": found.author_id == user.pk,
    }
    if may_answer:
        context |= answer_form(forms.Answer(by=user, reports=[found]), [found])
        context |= similar(user, found)
    return render(request, "feedback/report.html", context)


def words_of_behavior(found: Report) -> str:
    """The behavior as it was worded when the report was written."""
    if found.behavior_id is None or found.revision is None:
        return ""
    words = found.revision.behaviors.filter(behavior=found.behavior_id)
    return words.values_list("statement", flat=True).first() or ""


def similar(user: User, found: Report) -> dict[str, Any]:
    """Waiting reports about the same thing that name one of the same barriers."""
    others = (
        Report.objects.answerable_by(user)
        .waiting()
        .filter(objective=found.objective_id, barriers__overlap=found.barriers)
        .exclude(pk=found.pk)
        .select_related("author")
        .order_by("created_at", "pk")
    )
    same = list(others[:SIMILAR])
    return {"similar": same, "together": rows.answer_link([found, *same])}


@require_POST
def acknowledge(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    user = me(request)
    found = get_object_or_404(Report.objects.visible_to(user), ref=ref)
    if not Report.objects.answerable_by(user).filter(pk=found.pk).exists():
        raise PermissionDenied("This is for strategy leads and the trainers of the objective.")
    actions.acknowledge(report=found, by=user, now=timezone.now())
    messages.success(request, "Acknowledged. The author sees that you read it.")
    return redirect("feedback:report", ref=ref)


# Answering


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest) -> HttpResponse:
    """Answer one report or several at once."""
    user = me(request)
    chosen = chosen_reports(request, user)
    if not chosen:
        messages.error(request, "Choose the reports first.")
        return redirect("feedback:inbox")
    data = request.POST if request.method == "POST" else None
    form = forms.Answer(data, by=user, reports=chosen)
    if data is None or not form.is_valid():
        return decide_page(request, form, chosen, status=status_of(form))
    try:
        decision = actions.decide(reports=chosen, by=user, now=timezone.now(), **form.cleaned_data)
    except actions.Invalid as refused:
        show_errors(form, refused.errors)
        return decide_page(request, form, chosen, status=422)
    except actions.AlreadyAnswered:
        return decide_page(request, form, chosen, status=409)
    people = len({report.author_id for report in chosen})
    messages.success(
        request, f"Answered. {people} {'person is' if people == 1 else 'people are'} told."
    )
    return redirect(decision)


def chosen_reports(request: HttpRequest, user: User) -> list[Report]:
    """The reports the address or the form names; 404 where one is hidden or was never there."""
    named = (request.POST if request.method == "POST" else request.GET).getlist("report")
    try:
        refs = {uuid.UUID(ref) for ref in named[: MOST_AT_ONCE + 1]}
    except ValueError as error:
        raise Http404 from error
    found = list(
        Report.objects.visible_to(user)
        .filter(ref__in=refs)
        .select_related("author", "objective__current", "objective__owner", "objective__strategy")
        .order_by("created_at", "pk")
    )
    if len(found) < len(refs) or len(refs) > MOST_AT_ONCE:
        raise Http404
    ids = [report.pk for report in found]
    if Report.objects.answerable_by(user).filter(pk__in=ids).count() < len(ids):
        raise PermissionDenied("This is for strategy leads and the trainers of the objective.")
    return found


def decide_page(
    request: HttpRequest, form: forms.Answer, chosen: Sequence[Report], *, status: int
) -> HttpResponse:
    """Show the form; what somebody answered meanwhile is left out of the next attempt."""
    waiting = {Report.State.RECEIVED, Report.State.ACKNOWLEDGED}
    states = dict(
        Report.objects.filter(pk__in=[report.pk for report in chosen]).values_list("pk", "state")
    )
    left = [report for report in chosen if states.get(report.pk) in waiting]
    context = answer_form(form, left) | {
        "objective": chosen[0].objective,
        "answered": len(chosen) - len(left),
    }
    return render(request, "feedback/decide.html", context, status=status)


def answer_form(form: forms.Answer, reports: Sequence[Report]) -> dict[str, Any]:
    """What templates/feedback/_answer.html needs."""
    leading = actions.leading_barrier(reports)
    return {
        "form": form,
        "summary": form.get_context(),
        "kinds": form.kinds(),
        "reports": reports,
        "people": len({report.author_id for report in reports}),
        "leading": leading.label if leading else "",
        "not_training": leading is not None and leading not in actions.TRAINABLE,
    }


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """“You said, we did”, for everybody."""
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    start = (page - 1) * A_PAGE
    found = list(answered.visible(me(request))[start : start + A_PAGE + 1])
    context = {
        "entries": answered.entries(found[:A_PAGE]),
        "before": page - 1,
        "after": page + 1 if len(found) > A_PAGE else 0,
    }
    return render(request, "feedback/answers.html", context)


@require_safe
def answer(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    user = me(request)
    visible = answered.visible(user).select_related(
        "objective__current", "author", "revision__objective__current", "version__module", "same_as"
    )
    decision = get_object_or_404(visible, ref=ref)
    [entry] = answered.entries([decision])
    context = {
        "entry": entry,
        "decision": decision,
        "outcome": answered.outcome(decision, user=user),
        "reports": answered.own_words(decision, user=user),
    }
    return render(request, "feedback/answer.html", context)
