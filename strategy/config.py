"""The thresholds of the rules: defaults here, changes in versioned rows."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from django.conf import settings

from strategy.models import RuleConfig


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every threshold of DOMAIN section 5 that a rule of today uses. Days, people and shares."""

    version: int | None = None
    holidays: frozenset[date] = frozenset()  # a setting of the house, not a threshold

    uncovered_after_days: int = 14
    uncovered_before_days: int = 7
    reached_share: float = 0.80
    demonstrated_share: float = 0.70
    seen_window_days: int = 90
    seen_people: int = 5
    seen_people_share: float = 0.20
    seen_lower: float = 0.50
    seen_z: float = 1.282
    sustained_window_days: int = 45
    sustained_after_days: int = 30

    suspect_working_days: int = 10
    low_reach_share: float = 0.80  # of the share planned
    low_reach_points: float = 0.10
    low_reach_clear_points: float = 0.05
    unproven_days: int = 45
    not_sticking_days: int = 45
    not_sticking_upper: float = 0.50
    not_sticking_clear_observations: int = 3
    orphan_training_days: int = 60
    overload_objectives: int = 5
    overload_new_critical: int = 3
    overload_quarter_days: int = 91
    ownerless_days: int = 45

    voice_window_days: int = 90
    half_life_days: float = 21.0
    negative_people: int = 5
    negative_voices: int = 3
    negative_lower: float = 0.40
    negative_z: float = 1.645
    negative_clear_share: float = 0.30
    negative_clear_people: int = 3
    negative_clear_days: int = 14
    stale_after_days: int = 30
    souring_people: int = 3
    souring_share: float = 0.40
    souring_clear_share: float = 0.35

    regressed_within_days: int = 90

    def thresholds(self) -> dict[str, Any]:
        values = asdict(self)
        for name in NOT_THRESHOLDS:
            del values[name]
        return values


NOT_THRESHOLDS = {"version", "holidays"}


def current() -> Config:
    """Return the newest saved thresholds; whatever a row does not name keeps its default."""
    row = RuleConfig.objects.first()
    holidays = frozenset(settings.ALIGN_HOLIDAYS)
    if row is None:
        return Config(holidays=holidays)
    known = {field.name for field in fields(Config)} - NOT_THRESHOLDS
    saved = {name: value for name, value in row.values.items() if name in known}
    return Config(version=row.pk, holidays=holidays, **saved)


def exact(threshold: float) -> Fraction:
    """Return a threshold as it is written: 0.1 is a tenth, so that a share can be just at it."""
    return Fraction(str(threshold))
