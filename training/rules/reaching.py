"""Whether training reaches whom it was planned for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from strategy.config import Config, exact
from strategy.flags import Finding
from strategy.models import Objective
from training.models import ObjectiveCoverage
from training.rules import judged, whom


def low_reach(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find objectives whose training reached fewer people than were planned. DOMAIN section 5."""
    rows = {
        row.objective_id: row for row in judged.of(ObjectiveCoverage.objects.all(), objective_ids)
    }
    low = {pk for pk, row in rows.items() if opens(row, config)}
    told = whom.trainers(low)
    return [
        _finding(objective, rows[objective.pk], told, config)
        for objective in judged.objectives(objective_ids)
        if objective.pk in rows
    ]


def opens(row: ObjectiveCoverage, config: Config) -> bool:
    """Whether reach is far below the share planned; of nobody there is no share."""
    if not row.people:
        return False
    reach, planned = _shares(row)
    return reach < exact(config.low_reach_share) * planned - exact(config.low_reach_points)


def clears(row: ObjectiveCoverage, config: Config) -> bool:
    if not row.people:
        return True
    reach, planned = _shares(row)
    return reach >= planned - exact(config.low_reach_clear_points)


def _shares(row: ObjectiveCoverage) -> tuple[Fraction, Fraction]:
    return Fraction(row.reached, row.people), Fraction(row.planned, row.people)


def _finding(
    objective: Objective,
    row: ObjectiveCoverage,
    told: Mapping[int, tuple[int, ...]],
    config: Config,
) -> Finding:
    assert objective.current is not None  # a constraint: what is in force has a revision
    return Finding(
        subject=f"objective:{objective.pk}",
        epoch=objective.current.epoch,
        strategy_id=objective.strategy_id,
        objective_id=objective.pk,
        title="Not reached",
        label=f"{objective.code} {objective.current.title}",
        link=f"/objectives/{objective.pk}/",
        opens=opens(row, config),
        clears=clears(row, config),
        sentence=f"{row.reached} of {row.people} people were reached; "
        f"{row.planned} were to be by now.",
        clears_when=f"those reached are within {exact(config.low_reach_clear_points) * 100} points "
        "of those planned.",
        evidence={"people": row.people, "planned": row.planned, "reached": row.reached},
        whom=told.get(objective.pk, ()),
        owner_id=objective.owner_id,
    )
