"""The rows a rule reads: those of the objectives that are judged."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from strategy.models import Objective

Row = TypeVar("Row", bound=Model)
Ids = Sequence[int] | None  # None: every objective


def of(rows: "QuerySet[Row]", ids: Ids) -> "QuerySet[Row]":
    """Narrow rows that name an objective to the judged ones."""
    return rows if ids is None else rows.filter(objective__in=ids)


def objectives(ids: Ids) -> "QuerySet[Objective]":
    """Return the judged objectives in force with the words in force."""
    found = Objective.objects.in_force().select_related("current").order_by("pk")
    return found if ids is None else found.filter(pk__in=ids)
