"""The thresholds of the rules: defaults here, changes in versioned rows."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from strategy.models import RuleConfig


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every threshold of DOMAIN section 5 that a rule of today uses. Days, people and shares."""

    version: int | None = None

    uncovered_after_days: int = 14
    uncovered_before_days: int = 7
    reached_share: float = 0.80
    seen_window_days: int = 90

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
        del values["version"]
        return values


def current() -> Config:
    """Return the newest saved thresholds; whatever a row does not name keeps its default."""
    row = RuleConfig.objects.first()
    if row is None:
        return Config()
    known = {field.name for field in fields(Config)} - {"version"}
    return Config(
        version=row.pk, **{name: value for name, value in row.values.items() if name in known}
    )
