from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.errors import Conflict
from align.api.serializers import delivering as shape
from align.api.serializers.base import Empty
from align.api.views.base import Listed, Read
from align.people.models import User
from training import actions, expected
from training.models import Assignment, CompletionImport, Delivery, Seat

TRAINERS_ONLY = "This is for trainers."


@contextmanager
def answered(request: Request) -> Iterator[None]:
    """Say in HTTP what an action refuses."""
    try:
        with transaction.atomic():
            yield
    except actions.Invalid as error:
        wrong = {name: [text] for name, text in error.errors.items()}
        raise ValidationError(wrong) from error
    except actions.StaleSession as error:
        raise Conflict(
            "Somebody saved this session meanwhile. Put the two together and send it again with "
            "the new count of edits.",
            yours=request.data,
            theirs=shape.DeliveryShown(counted().get(pk=error.delivery.pk)).data,
        ) from error
    except actions.NotPublished as error:
        raise ValidationError({"module": [str(error)]}) from error
    except actions.NotInvited as error:
        raise PermissionDenied(str(error)) from error
    except (actions.NotPlanned, actions.SessionFull, actions.TooLate) as error:
        raise Conflict(str(error)) from error


def counted() -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related("version", "audience", "trainer")
    return rows.annotate(taken=Count("seats", filter=Q(seats__left_at=None)))


class Deliveries(Read):
    """Sessions: planned, held or called off."""

    queryset = Delivery.objects.all()
    serializer_class = shape.DeliveryShown
    filterset_class = filters.Deliveries
    orderings = {
        "-starts_at": ("-starts_at", "-pk"),
        "starts_at": ("starts_at", "pk"),
    }

    def get_queryset(self) -> QuerySet[Delivery]:
        return counted().filter(pk__in=Delivery.objects.visible_to(self.person).values("pk"))

    def find_own(self) -> Delivery:
        found: Delivery = self.find()
        if not Delivery.objects.editable_by(self.person).filter(pk=found.pk).exists():
            raise PermissionDenied("This is for who gives it, and for the owner of the module.")
        return found

    @extend_schema(
        summary="Plan a session",
        request=shape.DeliveryTaken,
        responses={201: shape.DeliveryShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_trainer:
            raise PermissionDenied(TRAINERS_ONLY)
        values = self.take(shape.DeliveryTaken)
        version = values.pop("version")
        with answered(request):
            made = actions.plan_session(
                version=version, plan=actions.Plan(**values), by=self.person, now=timezone.now()
            )
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a planned session",
        description="With a stale count of edits the answer is 409 with both.",
        request=shape.DeliveryEditTaken,
        responses=shape.DeliveryShown,
    )
    def update(self, request: Request, pk: int) -> Response:
        found = self.find_own()
        values = self.take(shape.DeliveryEditTaken)
        edits = values.pop("edits")
        with answered(request):
            actions.change_session(
                delivery=found,
                plan=actions.Plan(**values),
                edits=edits,
                by=self.person,
                now=timezone.now(),
            )
        return self.show(found)

    @extend_schema(
        summary="Call a session off", request=shape.CallOffTaken, responses=shape.DeliveryShown
    )
    @action(detail=True, methods=["post"], url_path="call-off")
    def call_off(self, request: Request, pk: int) -> Response:
        found = self.find_own()
        values = self.take(shape.CallOffTaken)
        with answered(request):
            actions.call_off(delivery=found, by=self.person, now=timezone.now(), **values)
        return self.show(found)

    @extend_schema(
        summary="Say who came",
        description="The first time it says that the session was held; for thirty days after "
        "that it corrects.",
        request=shape.AttendanceTaken,
        responses=shape.DeliveryShown,
    )
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, pk: int) -> Response:
        found = self.find_own()
        ids = set(self.take(shape.AttendanceTaken)["attended"])
        came = list(expected.expected_at(found).filter(pk__in=ids))
        if len(came) < len(ids):
            raise ValidationError({"attended": ["Not all of them are expected at this session."]})
        held = found.state == Delivery.State.HELD
        verb = actions.correct_attendance if held else actions.hold_session
        with answered(request):
            verb(delivery=found, attended=came, by=self.person, now=timezone.now())
        return self.show(found)

    @extend_schema(
        summary="Take a seat, or say that you come after all",
        request=Empty,
        responses=shape.DeliveryShown,
    )
    @action(detail=True, methods=["post"])
    def seat(self, request: Request, pk: int) -> Response:
        found = self.find()
        self.take(Empty)
        with answered(request):
            actions.take_seat(delivery=found, user=self.person, now=timezone.now())
        return self.show(found)

    @extend_schema(
        summary="Give your seat back, or say that you cannot come",
        request=Empty,
        responses=shape.DeliveryShown,
    )
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: int) -> Response:
        found = self.find()
        self.take(Empty)
        with answered(request):
            actions.leave_seat(delivery=found, user=self.person, now=timezone.now())
        return self.show(found)


class Seats(Listed):
    """Who has a seat at which session, and who came: your own, your teams', your sessions'."""

    queryset = Seat.objects.all()
    serializer_class = shape.SeatShown
    filterset_class = filters.Seats
    orderings = {"id": ("pk",), "-id": ("-pk",)}

    def get_queryset(self) -> QuerySet[Seat]:
        return Seat.objects.visible_to(self.person).select_related("user")


class Assignments(Read):
    """By when an audience has to take a module."""

    queryset = Assignment.objects.all()
    serializer_class = shape.AssignmentShown
    filterset_class = filters.Assignments
    orderings = {"due_on": ("due_on", "pk"), "-due_on": ("-due_on", "-pk")}

    def get_queryset(self) -> QuerySet[Assignment]:
        rows = Assignment.objects.visible_to(self.person)
        return rows.select_related("module", "audience", "author")

    @extend_schema(
        summary="Say by when an audience has to take a module",
        request=shape.AssignmentTaken,
        responses={201: shape.AssignmentShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_trainer:
            raise PermissionDenied(TRAINERS_ONLY)
        values = self.take(shape.AssignmentTaken)
        with answered(request):
            made = actions.assign_module(**values, by=self.person, now=timezone.now())
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Take a due date back", request=Empty, responses=shape.AssignmentShown)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        found: Assignment = self.find()
        if not self.person.is_trainer or self.person.pk not in may_end(found):
            raise PermissionDenied("This is for who assigned it and for the module's owner.")
        self.take(Empty)
        actions.end_assignment(assignment=found, now=timezone.now())
        return self.show(found)


def may_end(found: Assignment) -> set[Any]:
    return {found.author_id, found.module.owner_id}


class Imports(Read):
    """Your files of completions: how far each is. They are handed in on the pages."""

    queryset = CompletionImport.objects.all()
    serializer_class = shape.ImportShown
    lookup_field = "ref"
    lookup_value_converter = "uuid"
    orderings = {"-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[CompletionImport]:
        return CompletionImport.objects.visible_to(self.person).defer("body", "problems")


def is_importer(person: User) -> bool:
    return person.is_trainer or person.is_admin
