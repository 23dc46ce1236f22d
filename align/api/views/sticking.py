from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.errors import Conflict
from align.api.serializers import sticking as shape
from align.api.serializers.base import Empty
from align.api.views import training
from align.api.views.base import Private, Read
from align.people.models import User
from training import actions, asked, barriers, sticking
from training.models import BarrierCase, Driver, Waiver

WRITERS_ONLY = "This is for trainers, managers and strategy leads."
LEADS_ONLY = "This is for strategy leads."


@contextmanager
def answered(request: Request) -> Iterator[None]:
    """Say in HTTP what an action refuses."""
    try:
        with training.answered(request):
            yield
    except (actions.BarrierMoved, actions.DriverMoved) as error:
        raise Conflict(str(error)) from error


class Drivers(Read):
    """Who makes a behavior last: monitors, reinforces, encourages, rewards."""

    queryset = Driver.objects.all()
    serializer_class = shape.DriverShown
    filterset_class = filters.Drivers
    orderings = {"-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Driver]:
        seen = Driver.objects.visible_to(self.person)
        return seen.select_related("behavior", "owner", "author")

    @extend_schema(
        summary="Name a driver",
        description="It replaces what stood before. The same again answers with the first one.",
        request=shape.DriverTaken,
        responses={201: shape.DriverShown},
    )
    def create(self, request: Request) -> Response:
        if not sticking.may_set(self.person):
            raise PermissionDenied(WRITERS_ONLY)
        values = self.take(shape.DriverTaken)
        with answered(request):
            made = actions.set_driver(by=self.person, now=timezone.now(), **values)
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Sign that nobody has to",
        request=shape.DriverWaiverTaken,
        responses={201: shape.DriverShown},
    )
    @action(detail=False, methods=["post"])
    def waive(self, request: Request) -> Response:
        if not self.person.is_lead:
            raise PermissionDenied(LEADS_ONLY)
        values = self.take(shape.DriverWaiverTaken)
        with answered(request):
            made = actions.waive_driver(by=self.person, now=timezone.now(), **values)
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(summary="End a driver, or its waiver", request=Empty)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        found = self.find()
        self.take(Empty)
        with answered(request):
            actions.end_driver(driver=found, by=self.person, now=timezone.now())
        return self.show(found)


class Waivers(Read):
    """Audiences that practice a behavior already, as the lead signed."""

    queryset = Waiver.objects.all()
    serializer_class = shape.WaiverShown
    filterset_class = filters.Waivers
    orderings = {"-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Waiver]:
        seen = Waiver.objects.visible_to(self.person)
        return seen.select_related("behavior", "audience", "author")

    @extend_schema(
        summary="Sign that an audience practices it already",
        description="Only what is seen can be signed. It replaces an older signature.",
        request=shape.WaiverTaken,
        responses={201: shape.WaiverShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_lead:
            raise PermissionDenied(LEADS_ONLY)
        values = self.take(shape.WaiverTaken)
        with answered(request):
            made = actions.waive_cell(by=self.person, now=timezone.now(), **values)
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Take the signature back", request=Empty)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        found = self.find()
        self.take(Empty)
        with answered(request):
            actions.end_waiver(waiver=found, by=self.person, now=timezone.now())
        return self.show(found)


class Barriers(Read):
    """What training cannot put right, who has to remove it, and every step to its end."""

    queryset = BarrierCase.objects.all()
    serializer_class = shape.BarrierShown
    filterset_class = filters.Barriers
    orderings = {"due_on": ("due_on", "pk"), "-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[BarrierCase]:
        seen = BarrierCase.objects.visible_to(self.person)
        related = seen.select_related("behavior__objective__strategy", "raised_by", "owner")
        return related.prefetch_related("events__actor")

    @extend_schema(
        summary="Say that something cannot be trained",
        description="The same words by the same person while it stands: the first one again.",
        request=shape.BarrierTaken,
        responses={201: shape.BarrierShown},
    )
    def create(self, request: Request) -> Response:
        if not barriers.may_raise(self.person):
            raise PermissionDenied(WRITERS_ONLY)
        values = self.take(shape.BarrierTaken)
        with answered(request):
            made = actions.raise_barrier(by=self.person, now=timezone.now(), **values)
        return self.show(made, status=status.HTTP_201_CREATED)

    def shown(self, case: BarrierCase) -> Response:
        """Answer with the barrier; who handed it on may have nothing to do with it any more."""
        left = not self.get_queryset().filter(pk=case.pk).exists()
        return Response(status=status.HTTP_204_NO_CONTENT) if left else self.show(case)

    def step(
        self, request: Request, what: str, do: Callable[..., Any], taken: type[Any]
    ) -> Response:
        """Do one thing with a barrier; who has no say in it learns that first."""
        case: BarrierCase = self.find()
        refuse_others(case, self.person, what)
        values = self.take(taken)
        with answered(request):
            do(case=case, by=self.person, now=timezone.now(), **values)
        return self.shown(case)

    @extend_schema(summary="It is yours, you will remove it", request=Empty)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        return self.step(request, "accept", actions.accept_barrier, Empty)

    @extend_schema(
        operation_id="barriers_hand_on",
        summary="Ask somebody else to remove it",
        description="204 where you have nothing to do with it any more.",
        request=shape.HandOnTaken,
        responses={200: shape.BarrierShown, 204: None},
    )
    @action(detail=True, methods=["post"], url_path="hand-on", url_name="hand-on")
    def hand_on(self, request: Request, pk: int) -> Response:
        return self.step(request, "hand_on", actions.hand_barrier_on, shape.HandOnTaken)

    @extend_schema(summary="Set another day, with a reason", request=shape.MoveTaken)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        return self.step(request, "move", actions.move_barrier, shape.MoveTaken)

    @extend_schema(summary="Write a note", request=shape.NoteTaken)
    @action(detail=True, methods=["post"])
    def say(self, request: Request, pk: int) -> Response:
        return self.step(request, "say", actions.say_on_barrier, shape.NoteTaken)

    @extend_schema(summary="It is gone: what was done", request=shape.EndTaken)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        return self.step(request, "end", actions.remove_barrier, shape.EndTaken)

    @extend_schema(summary="It stays, because …", request=shape.EndTaken)
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: int) -> Response:
        return self.step(request, "end", actions.keep_barrier, shape.EndTaken)

    @extend_schema(summary="Take back what you raised", request=shape.NoteTaken)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        return self.step(request, "withdraw", actions.withdraw_barrier, shape.NoteTaken)

    @extend_schema(summary="It stands in the way again", request=shape.AgainTaken)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: int) -> Response:
        return self.step(request, "reopen", actions.reopen_barrier, shape.AgainTaken)


def refuse_others(case: BarrierCase, person: User, what: str) -> None:
    if not barriers.has_say(case, person, what):
        raise PermissionDenied(barriers.FOR_WHOM[what])


class Asked(Private):
    """What waits for you as a trainer."""

    @extend_schema(operation_id="asked", summary="What waits for you", responses=shape.AskedShown)
    def get(self, request: Request) -> Response:
        person = request.user
        assert isinstance(person, User)
        if not person.is_trainer:
            raise PermissionDenied(training.TRAINERS_ONLY)
        return Response(shape.AskedShown(asked.asked(person, now=timezone.now())).data)
