from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.serializers.coverage import CellListShown, CoverageShown, SummaryShown
from align.api.views.base import Read
from align.dashboard.rows import cell as cell_rows
from align.dashboard.rows import coverage as rows
from align.dashboard.rows import coverage_page, snapshot
from align.dashboard.rows.filters import Filters, past_day, whole
from align.dashboard.rows.objective import sees_figures
from strategy import config as thresholds
from strategy.models import Objective

WHEN = [
    OpenApiParameter(
        "as_of",
        OpenApiTypes.DATE,
        description="The figures at the end of this past day (UTC), as they were known then.",
    ),
    OpenApiParameter(
        "team",
        OpenApiTypes.INT64,
        description="Only the people of this team and those below it; what would tell of fewer "
        "than five people is hidden.",
    ),
]
PLACES = {"as_of", "team"}


class Coverage(Read):
    """How far each objective in force is carried: depth, reach, seen, and what the field says."""

    queryset = Objective.objects.all()
    serializer_class = CoverageShown
    filterset_class = filters.Coverage
    orderings = {
        "theme": ("strategy_id", "theme__position", "theme_id", "code", "pk"),
        "code": ("code", "pk"),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not sees_figures(self.person):
            raise PermissionDenied("This is for strategy leads, trainers and managers.")

    def known_parameters(self) -> set[str]:
        return super().known_parameters() or (PLACES if self.action else set())

    def asked(self) -> Filters:
        """Return of when and of whom the figures are asked for."""
        given = self.request.query_params
        day, wrong = past_day(given.get("as_of", ""), today=timezone.now().date())
        if wrong:
            raise ValidationError({"as_of": [wrong]})
        return Filters(as_of=day, team=whole(given.get("team", "")))

    def taken(self, objective: int | None = None) -> snapshot.Snapshot:
        """Return the very snapshot that the page reads."""
        asked = self.asked()
        found = snapshot.take(
            user=self.person,
            now=timezone.now(),
            config=thresholds.current(),
            filters=asked,
            objective=objective,
        )
        if "team" in self.request.query_params and found.team is None:
            raise ValidationError({"team": ["There is no such team."]})
        return found

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.taken()
        seen = self.get_queryset().filter(pk__in=found.ids).select_related("theme")
        page = self.paginate_queryset(self.filter_queryset(seen))
        judged = rows.rows_of(found, user=self.person, config=thresholds.current())
        shown = [judged[objective.pk] for objective in page or ()]
        return self.get_paginated_response(CoverageShown(shown, many=True).data)

    @extend_schema(summary="Read one", parameters=WHEN, responses=CoverageShown)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.one()
        judged = rows.rows_of(found, user=self.person, config=thresholds.current())
        return Response(CoverageShown(judged[found.ids[0]]).data)

    def one(self) -> snapshot.Snapshot:
        """Return the snapshot of the objective in the address, or 404, as for one not there."""
        found = self.taken(int(self.kwargs["pk"]))
        if not found.known:
            raise Http404
        return found

    @extend_schema(
        summary="Read its cells",
        description="Each behavior and one audience it is asked of, the weakest first.",
        parameters=WHEN,
        responses=CellListShown,
    )
    @action(detail=True, methods=["get"])
    def cells(self, request: Request, pk: int) -> Response:
        found = self.one()
        return Response(CellListShown({"cells": cell_rows.cell_rows(found.cells, found)}).data)

    @extend_schema(
        summary="Read the figures of the whole page",
        description="Covered cells of all, and aligned hours of all hours of training.",
        parameters=WHEN,
        responses=SummaryShown,
    )
    @action(detail=False, methods=["get"])
    def summary(self, request: Request) -> Response:
        found = self.taken()
        return Response(SummaryShown(coverage_page.summary(found, thresholds.current())).data)
