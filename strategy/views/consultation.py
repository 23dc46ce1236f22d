"""Asking people about a draft, and reading what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from align.people.models import Role, User
from strategy import actions, consultation, days, forms
from strategy.forms import consultation as said
from strategy.models import Concern, Objective, Participant, Revision, Round
from strategy.pages import consultation as pages
from strategy.views.doors import its_draft, me, posted, status_of, where, writable

DAYS_TO_ANSWER = 10


# Opening


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What a draft lacks before people can be asked about it, and where to write it."""

    sentence: str
    link: str
    code: str = ""  # of the objective, where it is another one


@require_http_methods(["GET", "HEAD", "POST"])
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Share a draft, and others of its strategy, with people who are asked about it."""
    draft = its_draft(writable(request, pk))
    data, now = posted(request), timezone.now()
    form = open_form(request, draft, data=data, now=now)
    if data is None or not form.is_valid():
        return consult_page(request, draft, form)
    try:
        consultation.open_rounds(
            drafts=form.shared(draft),
            people=form.chosen(),
            closes_on=form.cleaned_data["closes_on"],
            by=me(request),
            now=now,
        )
    except actions.Invalid as refused:
        lacks = lacking_of(draft, form, refused.errors)
        for_all = {name: text for name, text in refused.errors.items() if "." not in name}
        said.show_errors(form, for_all)
        return consult_page(request, draft, form, lacks=lacks, status=422)
    except (actions.StaleDraft, actions.NotADraft):
        again = open_form(request, its_draft(draft.objective), now=now, typed=data.copy())
        return consult_page(request, draft, again, status=409)
    asked = len(form.chosen())
    messages.success(
        request, f"Shared. {asked} {'person is' if asked == 1 else 'people are'} asked."
    )
    return redirect(draft.rounds.first() or draft.objective)


def open_form(
    request: HttpRequest,
    draft: Revision,
    *,
    now: datetime,
    data: Any = None,
    typed: Any = None,
) -> said.Open:
    """Offer the usual people and those asked before; ``typed`` is kept but read again."""
    today = days.day_of(now, strategy=draft.objective.strategy)
    usual = {row.pk: row for row in consultation.usual_participants(draft, today=today)}
    before = Participant.objects.filter(round__revision=draft).select_related("person")
    usual |= {row.person_id: row.person for row in before if row.person.is_active}
    initial: dict[str, Any] = {
        "edits": draft.edits,
        "people": list(usual),
        "closes_on": today + timedelta(days=DAYS_TO_ANSWER),
    }
    if typed is not None:
        initial |= {name: typed.getlist(name) for name in ("people", "more", "also")}
        initial |= {"closes_on": typed.get("closes_on")}
    return said.Open(
        data,
        initial=initial,
        usual=sorted(usual.values(), key=lambda person: (person.name, person.pk)),
        others=[person for person in answerers() if person.pk not in usual],
        drafts=other_drafts(request, draft),
    )


def answerers() -> list[User]:
    """Everybody who may be asked."""
    roles = Q()
    for role in (Role.TRAINER, Role.MANAGER, Role.LEAD):
        roles |= Q(roles__contains=[role])
    return list(User.objects.filter(roles, is_active=True).order_by("name", "pk"))


def other_drafts(request: HttpRequest, draft: Revision) -> list[Revision]:
    mine = Objective.objects.editable_by(me(request)).filter(strategy=draft.objective.strategy_id)
    return list(
        Revision.objects.drafts()
        .filter(objective__in=mine)
        .exclude(objective__state=Objective.State.RETIRED)
        .exclude(pk=draft.pk)
        .select_related("objective")
        .order_by("objective__code")[: forms.ROWS_AT_MOST]
    )


def lacking_of(draft: Revision, form: said.Open, errors: Mapping[str, str]) -> list[Lacking]:
    """Name what each of the drafts lacks, with the place to write it."""
    found = []
    for name, sentence in errors.items():
        key, _, field = name.rpartition(".")
        if key:
            which = form.drafts.get(int(key), draft)
            code = which.objective.code if which != draft else ""
            found.append(Lacking(sentence=sentence, link=where(which, field), code=code))
    return found


def consult_page(
    request: HttpRequest,
    draft: Revision,
    form: said.Open,
    *,
    lacks: Sequence[Lacking] | None = None,
    status: int = 200,
) -> HttpResponse:
    if lacks is None:
        named = consultation.lacking(draft).items()
        lacks = [Lacking(sentence=text, link=where(draft, name)) for name, text in named]
    last = draft.rounds.defer("text").first()
    context = {
        "objective": draft.objective,
        "draft": draft,
        "form": form,
        "lacking": lacks,
        "last": last,
        "until": last.last_day if last else None,
        "last_is_open": last is not None and last.is_open(now=timezone.now()),
        "next": last.number + 1 if last else 1,
        "stale": status == 409,
    }
    answer = max(status, status_of(form))
    return render(request, "strategy/consultation/open.html", context, status=answer)


# Reading


def seen(request: HttpRequest, pk: int) -> Round:
    """Return a round this person may read; for everybody else there is none."""
    return get_object_or_404(pages.of(me(request)), pk=pk)


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, seen(request, pk), asked=pages.asked_for(request.GET))


@dataclass(frozen=True, kw_only=True)
class WithForms:
    """A thing on the page, and the forms that are about it."""

    it: Any
    answer: said.Answer | None = None
    outcome: said.Outcome | None = None
    decline: said.Decline | None = None


def page(
    request: HttpRequest,
    found: Round,
    *,
    asked: pages.Asked,
    wrong: said.Said | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a round; ``wrong`` is the form that was sent and could not be carried out."""
    now = timezone.now()
    shown = pages.read(found, user=me(request), asked=asked, now=now)
    seat = shown.seat
    place = shown.place
    context = {
        "page": shown,
        "round": found,
        "revision": found.revision,
        "objective": found.revision.objective,
        "seat": seat,
        "threads": [with_forms(row, wrong) for row in (place.threads if place else shown.open)],
        "suggestions": [
            WithForms(it=row, decline=one(said.Decline, wrong, about=row.pk))
            for row in shown.suggestions
        ],
        "wrong": wrong,
        "summary": wrong.get_context() if wrong else None,
        "over": status == 409,
        "stand_form": stand_form(shown, wrong) if seat.answers else None,
        "extend_form": one(said.Extend, wrong, initial={"closes_on": shown.until}),
        "kept": wrong.typed() if wrong and status == 409 else [],
    }
    if seat.answers:
        context["suggest_form"] = one(said.Suggestion, wrong)
    if place and not place.gone:
        first = {"paragraph": place.number, "thread": asked.reply or None}
        context["comment_form"] = one(said.Comment, wrong, initial=first)
        context["concern_form"] = one(said.Concern, wrong, initial=first)
    return render(request, "strategy/consultation/round.html", context, status=status)


F = TypeVar("F", bound=said.Said)


def one(kind: type[F], wrong: said.Said | None, *, about: int = 0, **given: Any) -> F:
    """Return the form that was sent, where it is this one, or a fresh one."""
    if isinstance(wrong, kind) and wrong.about == about:
        return wrong
    return kind(about=about, **given)


def with_forms(row: pages.Thread, wrong: said.Said | None) -> WithForms:
    key = row.concern.pk
    known = {"answer": row.concern.answer, "answer_text": row.concern.answer_text}
    return WithForms(
        it=row,
        answer=one(said.Answer, wrong, about=key, initial=known) if row.may_answer else None,
        outcome=one(said.Outcome, wrong, about=key) if row.may_look else None,
    )


def stand_form(shown: pages.Page, wrong: said.Said | None) -> said.Position:
    """Begin with what was said before; on another draft the stance is to be chosen anew."""
    mine = shown.mine
    initial = {"why": mine.why, "note": mine.note} if mine else {}
    if mine and not mine.draft:
        initial["stance"] = mine.stance
    return one(said.Position, wrong, initial=initial)


@require_safe
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to where a concern stands now."""
    user = me(request)
    return redirect(pages.address_of(seen_concern(user, pk), user))


def seen_concern(user: User, pk: int) -> Concern:
    visible = Concern.objects.visible_to(user).select_related(
        "round__revision__objective__strategy"
    )
    return get_object_or_404(visible, pk=pk)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file of a concern, to be saved and never to be shown here."""
    visible = Concern.objects.visible_to(me(request)).exclude(file=None).select_related("file")
    sent = get_object_or_404(visible, pk=pk).file
    answer = HttpResponse(bytes(sent.body), content_type=sent.kind)
    answer["Content-Disposition"] = content_disposition_header(True, sent.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everybody who is asked; those who write the draft may ask more."""
    found, now = seen(request, pk), timezone.now()
    data = posted(request)
    shown = pages.everybody(found, me(request), now=now)
    if data is not None and not shown.seat.writes:
        raise PermissionDenied("Those who write this draft ask others.")
    known = {row.person.pk for row in shown.stands}
    others = [person for person in answerers() if person.pk not in known]
    form = said.People(data, offered=others)
    if data is not None and form.is_valid():
        try:
            consultation.add_participants(
                round_=found, people=form.chosen(), by=me(request), now=now
            )
        except actions.Invalid as refused:
            said.show_errors(form, refused.errors)
        except consultation.RoundClosed:
            return page(request, found, asked=pages.Asked(), status=409)
        else:
            messages.success(request, "Asked.")
            return redirect("strategy:round_people", pk=pk)
    context = {"page": shown, "round": found, "form": form}
    status = status_of(form)
    return render(request, "strategy/consultation/people.html", context, status=status)
