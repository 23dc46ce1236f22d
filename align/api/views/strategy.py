from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.errors import Conflict
from align.api.serializers import consultation as said
from align.api.serializers import owning as carried
from align.api.serializers import strategy as shape
from align.api.serializers.base import Empty
from align.api.views.base import Read
from align.people.models import User
from strategy import actions, compare, consultation, days, gate, impact, owning
from strategy.models import (
    BehaviorRevision,
    Flag,
    Objective,
    Revision,
    Strategy,
)
from strategy.pages import briefs, texts

LEADS_ONLY = "This is for strategy leads."
NO_DRAFT = "This is no draft any more: it was published or discarded."
HELPERS_ONLY = "This is for strategy leads, trainers and managers."


def helps(person: User) -> bool:
    return person.is_lead or person.is_trainer or person.is_manager


def in_words(rows: QuerySet[BehaviorRevision]) -> QuerySet[BehaviorRevision]:
    return rows.select_related("behavior", "sales_role").prefetch_related("audiences")


def whole(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """Fetch revisions with everything that is shown of them, in a fixed number of queries."""
    return revisions.select_related("author").prefetch_related(
        Prefetch("behaviors", queryset=in_words(BehaviorRevision.objects.all()))
    )


@contextmanager
def answered(request: Request) -> Iterator[None]:
    """Say in HTTP what an action refuses."""
    try:
        with transaction.atomic():
            yield
    except actions.Invalid as error:
        raise ValidationError({name: [text] for name, text in error.errors.items()}) from error
    except actions.StaleDraft as error:
        theirs = whole(Revision.objects.filter(pk=error.revision.pk)).get()
        raise Conflict(
            "Somebody saved this draft meanwhile. Put the two texts together and send it again "
            "with the new count of edits.",
            yours=request.data,
            theirs=shape.RevisionShown(theirs).data,
        ) from error
    except actions.NotADraft as error:
        raise Conflict(NO_DRAFT) from error
    except (consultation.RoundClosed, owning.Settled) as error:
        raise Conflict(str(error)) from error
    except owning.Changed as error:
        raise Conflict("The objective changed since you read it. Read it again.") from error


class Strategies(Read):
    """What is decided for one part of the business. A draft is its lead's alone."""

    queryset = Strategy.objects.all()
    serializer_class = shape.StrategyShown
    filterset_class = filters.Strategies
    orderings = {"name": ("name", "pk"), "-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Strategy]:
        seen = Strategy.objects.visible_to(self.person)
        return seen.select_related("lead").prefetch_related("teams", "themes")

    @extend_schema(
        summary="Make a strategy, as a draft",
        request=shape.StrategyTaken,
        responses={201: shape.StrategyShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_lead:
            raise PermissionDenied(LEADS_ONLY)
        values = self.take(shape.StrategyTaken)
        with answered(request):
            made = actions.create_strategy(**values, lead=self.person, now=timezone.now())
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Put a strategy in force", request=Empty, responses=shape.StrategyShown)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: int) -> Response:
        strategy = self.find()
        if not Strategy.objects.written_by(self.person).filter(pk=strategy.pk).exists():
            raise PermissionDenied("Only its lead puts a strategy in force.")
        self.take(Empty)
        with answered(request):
            actions.activate(strategy=strategy, by=self.person, now=timezone.now())
        return self.show(strategy)


class Objectives(Read):
    """The choices of the strategies, each with its revision in force and its behaviors."""

    queryset = Objective.objects.all()
    serializer_class = shape.ObjectiveShown
    filterset_class = filters.Objectives
    orderings = {
        "code": ("code", "pk"),
        "theme": ("theme__position", "theme_id", "code", "pk"),
        "-created_at": ("-created_at", "-pk"),
    }

    def get_queryset(self) -> QuerySet[Objective]:
        drafts = Revision.objects.visible_to(self.person).drafts()
        return (
            Objective.objects.visible_to(self.person)
            .select_related("theme", "owner")
            .prefetch_related(
                Prefetch("current", queryset=whole(Revision.objects.all())),
                Prefetch("revisions", queryset=drafts, to_attr="drafts_seen"),
            )
        )

    def known_parameters(self) -> set[str]:
        return {"from", "to"} if self.action == "compare" else super().known_parameters()

    def find_editable(self) -> Objective:
        """404 where the person cannot see it; 403 where they see it and may not write it."""
        objective: Objective = self.find()
        if not Objective.objects.editable_by(self.person).filter(pk=objective.pk).exists():
            raise PermissionDenied(LEADS_ONLY)
        return objective

    @extend_schema(
        summary="Make an objective with its first draft",
        request=shape.ObjectiveTaken,
        responses={201: shape.ObjectiveShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_lead:
            raise PermissionDenied(LEADS_ONLY)
        values = self.take(shape.ObjectiveTaken)
        strategy = values["strategy"]
        if strategy.lead_id != self.person.pk:
            raise PermissionDenied("Only its lead adds objectives to a strategy.")
        with answered(request):
            made = actions.add_objective(
                strategy=strategy,
                theme=actions.add_theme(strategy=strategy, name=values["theme"]),
                code=values["code"],
                owner=self.person,
                words=shape.words_of(values),
                behaviors=shape.behaviors_of(values),
                by=self.person,
                now=timezone.now(),
            )
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Open the draft of its next words",
        description="The draft there is, or a copy of the revision in force.",
        request=Empty,
        responses={200: shape.RevisionShown},
    )
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: int) -> Response:
        objective = self.find_editable()
        self.take(Empty)
        with answered(request):
            draft = actions.open_draft(objective=objective, by=self.person, now=timezone.now())
        return Response(shape.RevisionShown(whole(Revision.objects.filter(pk=draft.pk)).get()).data)

    @extend_schema(
        summary="Compare two of its texts, word by word",
        description="A text is a revision (`r3`), a draft you were asked about (`d12`, the id of "
        "the consultation) or, for who writes it, the working `draft`. Left out, the newest with "
        "the one before it.",
        parameters=[
            OpenApiParameter("from", str, description="The older text."),
            OpenApiParameter("to", str, description="The newer text."),
        ],
        responses=said.ComparedShown,
    )
    @action(detail=True, methods=["get"])
    def compare(self, request: Request, pk: int) -> Response:
        objective = self.find(texts.readable(self.person))
        there = texts.choices(objective, user=self.person)
        asked = request.query_params
        keys = texts.chosen(there, old=asked.get("from", ""), new=asked.get("to", ""))
        if keys is None:
            raise NotFound
        old, new = (texts.words(objective, key, user=self.person) for key in keys)
        answer = {"from": keys[0], "to": keys[1], "paragraphs": compare.paragraphs(old, new)}
        return Response(said.ComparedShown(answer).data)

    @extend_schema(
        summary="Who has read it, and who still knows it",
        description="By units of five people and more, each figure with its base; for leads, "
        "trainers and managers.",
        responses=carried.RememberedListShown,
    )
    @action(detail=True, methods=["get"])
    def remembered(self, request: Request, pk: int) -> Response:
        objective, now = self.find(), timezone.now()
        if not helps(self.person):
            raise PermissionDenied(HELPERS_ONLY)
        words, units = objective.current, []
        if words is not None:
            page = briefs.page(user=self.person, objective=objective, words=words, now=now)
            units = list(page.figures)
        return Response(carried.RememberedListShown({"units": units}).data)

    @extend_schema(summary="End an objective", request=Empty, responses=shape.ObjectiveShown)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: int) -> Response:
        objective = self.find_editable()
        self.take(Empty)
        with answered(request):
            actions.retire(objective=objective, by=self.person, now=timezone.now())
        return self.show(objective)

    @extend_schema(
        summary="Say “I have reviewed it”", request=Empty, responses=shape.ObjectiveShown
    )
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: int) -> Response:
        objective = self.find_editable()
        self.take(Empty)
        with answered(request):
            actions.review(objective=objective, by=self.person, now=timezone.now())
        return self.show(objective)


class Drafts(Read):
    """Words that are not in force yet. To everybody who does not write them they do not exist."""

    queryset = Revision.objects.all()
    serializer_class = shape.RevisionShown
    filterset_class = filters.Drafts
    orderings = {"-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Revision]:
        mine = Revision.objects.visible_to(self.person).drafts()
        return whole(mine).select_related("author", "objective__strategy", "objective__owner")

    def known_parameters(self) -> set[str]:
        return {"effective_from"} if self.action == "impact" else super().known_parameters()

    def find_editable(self) -> Revision:
        """409 where a writer comes too late; 404 and 403 as everywhere."""
        editable = Objective.objects.editable_by(self.person)
        seen = Revision.objects.visible_to(self.person)
        gone = seen.exclude(state=Revision.State.DRAFT).filter(objective__in=editable)
        if gone.filter(pk=self.kwargs["pk"]).exists():
            raise Conflict(NO_DRAFT)
        draft: Revision = self.find()
        if not editable.filter(pk=draft.objective_id).exists():
            raise PermissionDenied(LEADS_ONLY)
        return draft

    @extend_schema(
        summary="Save a draft whole",
        description="With a stale count of edits the answer is 409 with both texts.",
        request=shape.DraftTaken,
        responses=shape.RevisionShown,
    )
    def update(self, request: Request, pk: int) -> Response:
        draft = self.find_editable()
        values = self.take(shape.DraftTaken)
        with answered(request):
            actions.edit_draft(
                revision=draft,
                words=shape.words_of(values),
                behaviors=shape.behaviors_of(values),
                reason=values["reason"],
                edits=values["edits"],
                by=self.person,
                now=timezone.now(),
            )
        return self.show(draft)

    @extend_schema(summary="Throw a draft away", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        draft = self.find_editable()
        with answered(request):
            actions.discard_draft(revision=draft, by=self.person, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Publish a draft", request=shape.PublishTaken, responses=shape.ObjectiveShown
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        draft = self.find_editable()
        values, now = self.take(shape.PublishTaken), timezone.now()
        if values["effective_from"] and values["effective_from"] < now:
            raise ValidationError({"effective_from": ["Choose a time to come, or leave it out."]})
        with answered(request):
            objective = actions.publish(revision=draft, by=self.person, now=now, **values)
        return Response(self.objective_of(objective))

    @extend_schema(
        summary="What stands between a draft and its publication",
        responses=said.GateShown,
    )
    @action(detail=True, methods=["get"])
    def gate(self, request: Request, pk: int) -> Response:
        stands = gate.gate(self.find_editable())
        answer = {
            "clear": not stands,
            "sentence": stands.sentence if stands else "",
            "cannot": stands.cannot,
            "unanswered": stands.unanswered,
        }
        return Response(said.GateShown(answer).data)

    @extend_schema(
        summary="What publishing it would set in motion",
        parameters=[
            OpenApiParameter("effective_from", OpenApiTypes.DATETIME, description="Left out, now."),
        ],
        responses=said.ImpactShown,
    )
    @action(detail=True, methods=["get"])
    def impact(self, request: Request, pk: int) -> Response:
        draft, now = self.find_editable(), timezone.now()
        asked = shape.WhenTaken(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        starts = asked.validated_data["effective_from"]
        return Response(counts(impact.preview(draft, now=now, starts=starts), {}, done=False))

    @extend_schema(summary="Whom to ask about a draft", responses=said.ToAskShown)
    @action(detail=True, methods=["get"])
    def people(self, request: Request, pk: int) -> Response:
        draft = self.find_editable()
        today = days.day_of(timezone.now(), strategy=draft.objective.strategy)
        usual = consultation.usual_participants(draft, today=today)
        others = said.askable().exclude(pk__in=[person.pk for person in usual])
        return Response(said.ToAskShown({"usual": usual, "others": others}).data)

    def objective_of(self, objective: Objective) -> Any:
        view = Objectives(request=self.request)
        return shape.ObjectiveShown(view.get_queryset().get(pk=objective.pk)).data


class Revisions(Read):
    """What was published, and what it says. A revision never changes."""

    queryset = Revision.objects.all()
    serializer_class = shape.RevisionShown
    filterset_class = filters.Revisions
    orderings = {
        "-published_at": ("-published_at", "-pk"),
        "published_at": ("published_at", "pk"),
    }

    def get_queryset(self) -> QuerySet[Revision]:
        return whole(Revision.objects.visible_to(self.person).published())

    @extend_schema(
        summary="What publishing it set in motion",
        description="The counts as they were kept; for leads, trainers and managers.",
        responses=said.ImpactShown,
    )
    @action(detail=True, methods=["get"])
    def impact(self, request: Request, pk: int) -> Response:
        revision = self.find()
        if not helps(self.person):
            raise PermissionDenied(HELPERS_ONLY)
        counted = impact.counted(revision, now=timezone.now())
        return Response(counts(counted, impact.kept(revision), done=not counted.later))


def counts(counted: impact.Impact, kept: Mapping[str, int], *, done: bool) -> Any:
    """Say the counts of a publication; those that were kept stand as they were kept."""
    rows = [
        replace(count, number=kept.get(count.counter.name, count.number))
        for count in counted.counts
    ]
    answer = {
        "starts": counted.change.starts,
        "day": counted.change.day,
        "counts": [
            {
                "name": row.counter.name,
                "number": row.number,
                "said": row.did if done else row.will,
            }
            for row in rows
        ],
    }
    return said.ImpactShown(answer).data


class Behaviors(Read):
    """What a manager can see, in the words of the revision in force."""

    queryset = BehaviorRevision.objects.all()
    serializer_class = shape.BehaviorShown
    filterset_class = filters.Behaviors
    orderings = {"id": ("behavior_id", "pk")}
    lookup_field = "behavior_id"
    lookup_url_kwarg = "pk"

    def get_queryset(self) -> QuerySet[BehaviorRevision]:
        seen = BehaviorRevision.objects.visible_to(self.person)
        current = seen.filter(revision=F("behavior__objective__current"))
        return in_words(current).select_related("behavior__objective")


class Flags(Read):
    """What a rule found, and a person must answer."""

    queryset = Flag.objects.all()
    serializer_class = shape.FlagShown
    filterset_class = filters.Flags
    orderings = {"opened_at": ("opened_at", "pk"), "-opened_at": ("-opened_at", "-pk")}

    def get_queryset(self) -> QuerySet[Flag]:
        seen = Flag.objects.visible_to(self.person).select_related("owner")
        return seen.prefetch_related("events__actor")

    @extend_schema(summary="Say “I have it”", request=Empty, responses=shape.FlagShown)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: int) -> Response:
        flag = self.find()
        self.take(Empty)
        with answered(request):
            actions.acknowledge_flag(flag=flag, by=self.person, now=timezone.now())
        return self.show(flag)
