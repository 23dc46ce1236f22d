"""What the field says, as evidence: of a concern when it is raised, and on its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import formats, timezone

from align.people.models import User
from feedback.models import NEGATIVE, Report
from strategy import evidence
from strategy.evidence import Link


def register() -> None:
    evidence.register_reports(links)


def links(user: User, refs: Sequence[UUID]) -> Mapping[UUID, Link]:
    """Return the reports of these references that a person may read, in one query."""
    if not refs:
        return {}
    found = Report.objects.visible_to(user).filter(ref__in=refs).select_related("team")
    return {
        report.ref: Link(label=label(report), url=report.get_absolute_url()) for report in found
    }


def label(report: Report) -> str:
    """Return “Will not work, North, 18 Nov”: never who wrote it."""
    day = timezone.localtime(report.created_at)
    pattern = "j M" if day.year == timezone.localdate().year else "j M Y"
    parts = [report.get_stance_display(), str(report.team or ""), formats.date_format(day, pattern)]
    return ", ".join(part for part in parts if part)


# What the field said of a prediction: each person's newest word since the words it is about took
# force; of a behavior's paragraph what was said of that behavior, of another of the objective.
HEARD = """
SELECT concern_id, COUNT(*), COUNT(*) FILTER (WHERE stance = ANY(%(negative)s)),
       COUNT(*) FILTER (WHERE stance = 'works')
FROM (
    SELECT DISTINCT ON (concern.id, report.author_id) concern.id AS concern_id, report.stance
    FROM strategy_concern AS concern
    JOIN strategy_round AS round ON round.id = concern.round_id
    JOIN strategy_revision AS revision ON revision.id = round.revision_id
    JOIN feedback_report AS report ON report.objective_id = revision.objective_id
        AND (concern.behavior_id IS NULL OR report.behavior_id = concern.behavior_id)
        AND report.created_at >= revision.effective_from AND report.created_at <= %(now)s
    WHERE concern.id = ANY(%(ids)s)
    ORDER BY concern.id, report.author_id, report.created_at DESC, report.id DESC
) AS newest
GROUP BY concern_id
"""


@dataclass(frozen=True)
class Heard:
    """Counts of people, one voice each."""

    people: int = 0
    negative: int = 0
    works: int = 0


def heard(concern_ids: Sequence[int], *, now: datetime) -> dict[int, Heard]:
    """Return what the field said of each of these predictions, where anybody did. One statement."""
    asked: dict[str, Any] = {
        "ids": list(concern_ids),
        "negative": list(map(str, NEGATIVE)),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(HEARD, asked)
        return {pk: Heard(*counts) for pk, *counts in cursor.fetchall()}
