from strategy.models.barriers import Barrier
from strategy.models.consultation import (
    Comment,
    Concern,
    ConcernFile,
    Participant,
    Position,
    Round,
    Suggestion,
)
from strategy.models.flags import Flag, FlagEvent, RuleConfig, Touch
from strategy.models.history import History
from strategy.models.objectives import (
    Behavior,
    BehaviorRevision,
    Depth,
    Objective,
    Revision,
    Strategy,
    Theme,
)
from strategy.models.owning import Acknowledgment, Brief, RecallCheck, TeachBack, Unsaved

__all__ = [
    "Acknowledgment",
    "Barrier",
    "Behavior",
    "BehaviorRevision",
    "Brief",
    "Comment",
    "Concern",
    "ConcernFile",
    "Depth",
    "Flag",
    "FlagEvent",
    "History",
    "Objective",
    "Participant",
    "Position",
    "RecallCheck",
    "Revision",
    "Round",
    "RuleConfig",
    "Strategy",
    "Suggestion",
    "TeachBack",
    "Theme",
    "Touch",
    "Unsaved",
]
