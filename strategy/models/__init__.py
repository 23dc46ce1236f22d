from strategy.models.flags import Flag, FlagEvent, RuleConfig, Touch
from strategy.models.objectives import (
    Behavior,
    BehaviorRevision,
    Depth,
    Objective,
    Revision,
    Strategy,
    Theme,
)

__all__ = [
    "Behavior",
    "BehaviorRevision",
    "Depth",
    "Flag",
    "FlagEvent",
    "Objective",
    "Revision",
    "RuleConfig",
    "Strategy",
    "Theme",
    "Touch",
]
