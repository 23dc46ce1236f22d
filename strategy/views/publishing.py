"""Looking at what publishing would do, publishing, and what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from align.people.models import User
from strategy import actions, drafting, forms, gate, impact
from strategy.models import History, Objective, Revision
from strategy.views.doors import its_draft, me, posted, status_of, where, writable

ROWS_AT_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Missing:
    sentence: str
    link: str


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    objective = writable(request, pk)
    if request.method == "POST" and not objective.revisions.drafts().exists():
        return gone_page(request, objective)
    found = its_draft(objective)
    stands = gate.gate(found)
    data, now = posted(request), timezone.now()
    if data is None or "count" in data:
        typed = data.dict() if data else {"reason": found.reason, "override": found.override}
        form = form_of(request, found, stands, initial=typed)
        return page(request, found, form, stands, now=now)
    form = form_of(request, found, stands, data=data)
    if not form.is_valid():
        return page(request, found, form, stands, now=now)
    if form.cleaned_data["edits"] != found.edits or counts_moved(found, form, now=now):
        return changed_page(request, found, stands, now=now)
    try:
        drafting.publish(
            revision=found,
            edits=form.cleaned_data["edits"],
            reason=form.cleaned_data.get("reason", found.reason),
            effective_from=form.starts(),
            override=form.cleaned_data.get("override", ""),
            by=me(request),
            now=now,
        )
    except actions.Invalid as refused:
        forms.show_errors(form, refused.errors)
        return page(request, found, form, stands, now=now)
    except actions.StaleDraft:
        return changed_page(request, its_draft(found.objective), stands, now=now)
    except actions.NotADraft:
        return gone_page(request, objective)
    messages.success(request, "Published.")
    return redirect("strategy:impact_of", pk=pk, number=found.number)


def form_of(
    request: HttpRequest, found: Revision, stands: gate.Gate, **given: Any
) -> forms.Publish:
    """The form as this person may fill it in: only the owner says why it is published anyway."""
    may_override = bool(stands) and found.objective.owner_id == request.user.pk
    form = forms.Publish(draft=found, may_override=may_override, **given)
    if may_override:
        form.fields["override"].error_messages["required"] = stands.sentence
    return form


def counts_moved(found: Revision, form: forms.Publish, *, now: datetime) -> bool:
    """Whether other counts were looked at than those of the chosen day, as they stand now."""
    looked_at = form.cleaned_data["counted"]
    counted = impact.preview(found, now=now, starts=form.starts())
    return bool(looked_at) and looked_at != counted.short


def gone_page(request: HttpRequest, objective: Objective) -> HttpResponse:
    """Somebody else published or discarded it first: say who, and keep what was typed."""
    last = History.objects.filter(
        objective=objective, what__in=["published", "draft discarded", "draft withdrawn"]
    )
    context = {
        "objective": objective,
        "last": last.select_related("actor").first(),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "strategy/gone.html", context, status=409)


def changed_page(
    request: HttpRequest, found: Revision, stands: gate.Gate, *, now: datetime
) -> HttpResponse:
    """It is not what was looked at: show it again before it takes force, keep what was typed."""
    form = form_of(request, found, stands, initial=request.POST.dict())
    return page(request, found, form, stands, now=now, status=409)


def page(
    request: HttpRequest,
    found: Revision,
    form: forms.Publish,
    stands: gate.Gate,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    counted = impact.preview(found, now=now, starts=form.asked())
    form.show_state(edits=found.edits, counted=counted.short)
    lacks = {
        name: sentence for name, sentence in actions.missing(found).items() if name != "reason"
    }
    context = {
        "objective": found.objective,
        "draft": found,
        "form": form,
        "preview": drafting.preview(found, now=now, change=counted.change),
        "impact": counted,
        "counts": links_of(found, counted),
        "gate": stands,
        "may_override": "override" in form.fields,
        "missing": [
            Missing(sentence=sentence, link=where(found, name)) for name, sentence in lacks.items()
        ],
        "stale": status == 409,
    }
    return render(request, "strategy/publish.html", context, status=max(status, status_of(form)))


# What it sets in motion


@dataclass(frozen=True, kw_only=True)
class Link:
    sentence: str
    link: str


def links_of(draft: Revision, counted: impact.Impact) -> list[Link]:
    """Each count of a draft, with the address of the rows behind it."""
    address = reverse("strategy:impact", kwargs={"pk": draft.objective_id})
    day = f"?from={counted.change.day.isoformat()}" if counted.later else ""
    return [
        Link(sentence=count.will, link=f"{address}{day}#{slugify(count.counter.name)}")
        for count in counted.counts
    ]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One count and the rows behind it, as far as the reader may see them."""

    key: str
    title: str
    sentence: str
    number: int
    today: int
    rows: Sequence[impact.Row]

    @property
    def moved(self) -> bool:
        return self.number != self.today

    @property
    def hidden(self) -> int:
        return max(0, self.today - sum(row.stands_for for row in self.rows))


def sections(
    counted: impact.Impact, kept: Mapping[str, int], user: User, *, done: bool
) -> list[Section]:
    """``kept`` are the counts at publication; where there are none, those of today stand."""
    found = []
    for count in counted.counts:
        then = replace(count, number=kept.get(count.counter.name, count.number))
        found.append(
            Section(
                key=slugify(count.counter.name),
                title=count.counter.title,
                sentence=then.did if done else then.will,
                number=then.number,
                today=count.number,
                rows=count.counter.rows(counted.change, user)[:ROWS_AT_MOST],
            )
        )
    return found


@require_safe
def before(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rows behind the counts of a draft."""
    found, now = its_draft(writable(request, pk)), timezone.now()
    form = forms.Publish(draft=found, may_override=False, initial=from_address(request))
    counted = impact.preview(found, now=now, starts=form.asked())
    return impact_page(request, found, counted, sections(counted, {}, me(request), done=False))


def from_address(request: HttpRequest) -> dict[str, str]:
    return {"effective_from": request.GET["from"]} if "from" in request.GET else {}


@require_safe
def afterwards(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show what a publication did: the counts that were kept, and the rows as they are today."""
    user, now = me(request), timezone.now()
    objective = get_object_or_404(Objective.objects.visible_to(user), pk=pk)
    if not (user.is_lead or user.is_trainer or user.is_manager):
        raise PermissionDenied("This is for strategy leads, trainers and managers.")
    published = Revision.objects.visible_to(user).published().select_related("objective__strategy")
    found = get_object_or_404(published, objective=objective, number=number)
    counted = impact.counted(found, now=now)
    done = sections(counted, impact.kept(found), user, done=not counted.later)
    return impact_page(request, found, counted, done)


def impact_page(
    request: HttpRequest, found: Revision, counted: impact.Impact, rows: Sequence[Section]
) -> HttpResponse:
    context = {
        "objective": found.objective,
        "revision": found,
        "published": found.state == Revision.State.PUBLISHED,
        "impact": counted,
        "sections": rows,
    }
    return render(request, "strategy/impact.html", context)
