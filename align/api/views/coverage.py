from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.serializers.coverage import CoverageShown
from align.api.views.base import Read
from align.dashboard.rows import coverage as rows
from align.dashboard.rows.objective import sees_figures
from strategy import config as thresholds
from strategy.models import Objective, Strategy


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

    def get_queryset(self) -> QuerySet[Objective]:
        seen = Objective.objects.visible_to(self.person).in_force()
        return seen.exclude(strategy__state=Strategy.State.CLOSED).select_related("theme")

    def judged(self) -> dict[int, Any]:
        """Return the very rows that the page draws, by objective."""
        return dict(rows.objective_rows(user=self.person, config=thresholds.current()))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        judged = self.judged()
        shown = [judged[objective.pk] for objective in page or () if objective.pk in judged]
        return self.get_paginated_response(CoverageShown(shown, many=True).data)

    @extend_schema(summary="Read one", responses=CoverageShown)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        objective = self.find()
        return Response(CoverageShown(self.judged()[objective.pk]).data)
