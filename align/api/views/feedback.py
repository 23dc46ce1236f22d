from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.errors import Conflict
from align.api.serializers import feedback as shape
from align.api.serializers.base import Empty
from align.api.views.base import Read
from feedback import actions
from feedback.models import Decision, Report
from strategy.models import Revision
from training.models import ModuleVersion


@contextmanager
def answered() -> Iterator[None]:
    """Say in HTTP what an action refuses."""
    try:
        with transaction.atomic():
            yield
    except actions.Invalid as error:
        raise ValidationError({name: [text] for name, text in error.errors.items()}) from error
    except (actions.KeyReused, actions.AlreadyAnswered) as error:
        raise Conflict(str(error)) from error


class Reports(Read):
    """What the field says: your own, and those that are for you to read."""

    queryset = Report.objects.all()
    serializer_class = shape.ReportShown
    filterset_class = filters.Reports
    orderings = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}
    lookup_field = "ref"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self.person).select_related("author")

    @extend_schema(
        summary="Send a report",
        description="The same client key and body again: 200 with the first one. "
        "Another body: 409.",
        request=shape.ReportTaken,
        responses={201: shape.ReportShown, 200: shape.ReportShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.ReportTaken)
        with answered():
            report, made = actions.submit(author=self.person, now=timezone.now(), **values)
        return self.show(report, status=status.HTTP_201_CREATED if made else status.HTTP_200_OK)

    @extend_schema(
        summary="Tell the author that somebody has it", request=Empty, responses=shape.ReportShown
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, ref: str) -> Response:
        report: Report = self.find()
        if not Report.objects.answerable_by(self.person).filter(pk=report.pk).exists():
            raise PermissionDenied("This is for those who answer it.")
        self.take(Empty)
        with answered():
            actions.acknowledge(report=report, by=self.person, now=timezone.now())
        return self.show(report)


class Decisions(Read):
    """What was answered, and what comes of it."""

    queryset = Decision.objects.all()
    serializer_class = shape.DecisionShown
    filterset_class = filters.Decisions
    orderings = {"-decided_at": ("-decided_at", "-pk")}
    lookup_field = "ref"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Decision]:
        """What a person may not see of a decision is missing from it: reports, drafts, versions."""
        mine = self.person
        return (
            Decision.objects.visible_to(mine)
            .select_related("author")
            .prefetch_related(
                Prefetch(
                    "reports", queryset=Report.objects.visible_to(mine), to_attr="reports_seen"
                ),
                Prefetch("revision", queryset=Revision.objects.visible_to(mine)),
                Prefetch("version", queryset=ModuleVersion.objects.visible_to(mine)),
                Prefetch("same_as", queryset=Decision.objects.visible_to(mine)),
            )
        )

    @extend_schema(
        summary="Answer reports",
        request=shape.DecisionTaken,
        responses={201: shape.DecisionShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.DecisionTaken)
        reports = [report.pk for report in values["reports"]]
        if Report.objects.answerable_by(self.person).filter(pk__in=reports).count() < len(reports):
            raise PermissionDenied("This is for those who answer it.")
        with answered():
            decision = actions.decide(**values, by=self.person, now=timezone.now())
        return self.show(decision, status=status.HTTP_201_CREATED)
