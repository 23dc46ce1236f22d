"""What people say in a consultation, each at an address of its own.

What cannot be carried out comes back on the whole page: with what was typed, and what is wrong.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from strategy import actions, consultation, evidence
from strategy.consultation import doors
from strategy.forms import consultation as said
from strategy.forms.parts import whole
from strategy.models import Comment, Concern, Round, Suggestion
from strategy.pages import consultation as pages
from strategy.views.consultation import page, seen, seen_concern
from strategy.views.doors import me


def tried(
    request: HttpRequest,
    found: Round,
    form: said.Said,
    do: Callable[[], Any],
    *,
    done: str,
    asked: pages.Asked,
    at: str = "",
    while_open: bool = False,
) -> HttpResponse:
    """Carry out what was sent; where that cannot be, show the page with the form as it was sent.

    What is said ``while_open`` is not read once the round is over: that comes before any mistake.
    """
    if while_open and is_over(found):
        return over(request, found, form, asked)
    if not form.is_valid():
        return page(request, found, asked=asked, wrong=form, status=422)
    try:
        do()
    except actions.Invalid as refused:
        said.show_errors(form, refused.errors)
        return page(request, found, asked=asked, wrong=form, status=422)
    except (consultation.RoundClosed, actions.NotADraft):
        return over(request, found, form, asked)
    messages.success(request, done)
    return redirect(at or pages.address(found, asked.paragraph))


def over(request: HttpRequest, found: Round, form: said.Said, asked: pages.Asked) -> HttpResponse:
    """The round ended meanwhile: nothing is kept, and nothing that was typed is lost."""
    again = seen(request, found.pk)
    return page(request, again, asked=asked, wrong=form, status=409)


def at_paragraph(request: HttpRequest) -> pages.Asked:
    return pages.Asked(paragraph=whole(request.POST.get("paragraph", "")))


def is_over(found: Round) -> bool:
    draft = found.revision.state == found.revision.State.DRAFT
    return not (draft and found.is_open(now=timezone.now()))


@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    doors.asked(found, me(request))
    form = said.Position(request.POST)
    return tried(
        request,
        found,
        form,
        lambda: consultation.take_position(
            round_=found, by=me(request), now=timezone.now(), **form.cleaned_data
        ),
        done="Answered. You can change it as long as the round is open.",
        while_open=True,
        asked=pages.Asked(),
        at=f"{found.get_absolute_url()}#sign",
    )


@require_POST
def raise_concern(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    doors.asked(found, me(request))
    form = said.Concern(request.POST, request.FILES)
    return tried(
        request,
        found,
        form,
        lambda: consultation.raise_concern(
            round_=found, by=me(request), now=timezone.now(), **form.said()
        ),
        done="Raised. The lead answers it before the draft takes force.",
        while_open=True,
        asked=at_paragraph(request),
    )


# A file is sent along, and the words around it.
raise_concern.body_limit = evidence.FILE_AT_MOST + 1_000_000  # type: ignore[attr-defined]


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = seen(request, pk), me(request)
    doors.speaks(found, user)
    form = said.Comment(request.POST)
    asked = at_paragraph(request)

    def do() -> None:
        key = form.cleaned_data["thread"]
        visible = Comment.objects.visible_to(user).select_related("round", "thread")
        thread = get_object_or_404(visible, pk=key) if key else None
        consultation.comment(
            round_=found,
            by=user,
            paragraph=form.cleaned_data["paragraph"],
            words=form.cleaned_data["text"],
            thread=thread,
            now=timezone.now(),
        )

    return tried(request, found, form, do, done="Said.", asked=asked, while_open=True)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    user = me(request)
    visible = Comment.objects.visible_to(user).select_related("round")
    mine = get_object_or_404(visible, pk=pk)
    consultation.take_back(comment=mine, by=user, now=timezone.now())
    messages.success(request, "Taken back.")
    back = pages.newest(user, mine.round.revision) or mine.round
    return redirect(pages.address(back, mine.paragraph))


# Concerns


def place_of(request: HttpRequest, concern: Concern) -> tuple[Round, pages.Asked]:
    """The newest text the reader was asked about, at the paragraph of a concern."""
    found = pages.newest(me(request), concern.round.revision)
    return found or concern.round, pages.Asked(paragraph=concern.paragraph)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    concern = seen_concern(me(request), pk)
    doors.writes(concern.round, me(request))
    found, asked = place_of(request, concern)
    form = said.Answer(request.POST, about=pk)
    return tried(
        request,
        found,
        form,
        lambda: consultation.answer_concern(
            concern=concern,
            by=me(request),
            answer=form.cleaned_data["answer"],
            words=form.cleaned_data["answer_text"],
            now=timezone.now(),
        ),
        done="Answered. The one who raised it says whether that settles it.",
        asked=asked,
    )


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    concern = seen_concern(me(request), pk)
    doors.raised(concern, me(request))
    found, asked = place_of(request, concern)
    settled = request.POST.get("settled")
    form = said.Settled(request.POST)
    return tried(
        request,
        found,
        form,
        lambda: consultation.settle_concern(
            concern=concern, by=me(request), settled=settled == "yes", now=timezone.now()
        ),
        done="Settled." if settled == "yes" else "It stays open, and says so.",
        asked=asked,
    )


@require_POST
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Record whether a prediction came true; ``next`` leads back to where it was asked."""
    concern = seen_concern(me(request), pk)
    doors.looks(concern, me(request))
    found, asked = place_of(request, concern)
    form = said.Outcome(request.POST, about=pk)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return tried(
        request,
        found,
        form,
        lambda: consultation.record_outcome(
            concern=concern, by=me(request), now=timezone.now(), **form.cleaned_data
        ),
        done="Kept.",
        asked=asked,
        at=back if safe else "",
    )


# Behaviors that are named


@require_POST
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    doors.asked(found, me(request))
    form = said.Suggestion(request.POST)
    return tried(
        request,
        found,
        form,
        lambda: consultation.suggest(
            round_=found, by=me(request), now=timezone.now(), **form.cleaned_data
        ),
        done="Named. The lead takes it into the draft, or says why not.",
        while_open=True,
        asked=pages.Asked(),
        at=f"{found.get_absolute_url()}#named",
    )


def seen_suggestion(request: HttpRequest, pk: int) -> Suggestion:
    visible = Suggestion.objects.visible_to(me(request)).select_related(
        "round__revision__objective__strategy"
    )
    found = get_object_or_404(visible, pk=pk)
    doors.writes(found.round, me(request))
    return found


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = seen_suggestion(request, pk)
    found = pages.newest(me(request), suggestion.round.revision) or suggestion.round
    return tried(
        request,
        found,
        said.Taken(request.POST, about=pk),
        lambda: consultation.take_suggestion(
            suggestion=suggestion, by=me(request), now=timezone.now()
        ),
        done="Taken into the draft. Share it as a new draft when it is ready.",
        asked=pages.Asked(),
        at=f"{found.get_absolute_url()}#named",
    )


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = seen_suggestion(request, pk)
    found = pages.newest(me(request), suggestion.round.revision) or suggestion.round
    form = said.Decline(request.POST, about=pk)
    return tried(
        request,
        found,
        form,
        lambda: consultation.decline_suggestion(
            suggestion=suggestion, by=me(request), now=timezone.now(), **form.cleaned_data
        ),
        done="Answered.",
        asked=pages.Asked(),
        at=f"{found.get_absolute_url()}#named",
    )


# Running a round


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    doors.writes(found, me(request))
    form = said.Extend(request.POST)
    return tried(
        request,
        found,
        form,
        lambda: consultation.extend(
            round_=found, by=me(request), now=timezone.now(), **form.cleaned_data
        ),
        done="It has another last day.",
        asked=pages.Asked(),
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    doors.writes(found, me(request))
    return tried(
        request,
        found,
        said.Closed(request.POST),
        lambda: consultation.close_round(round_=found, by=me(request), now=timezone.now()),
        done="Closed. What was said stands.",
        asked=pages.Asked(),
    )
