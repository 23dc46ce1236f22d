"""What may be typed about strategies and drafts."""

from align.people.forms import show_errors
from strategy.forms.behaviors import (
    FIRST,
    MORE,
    ROWS_AT_MOST,
    BaseBehaviors,
    Behavior,
    as_sent,
    as_typed,
    behaviors,
    behaviors_and_one_more,
    behaviors_as_typed,
    rows_of,
)
from strategy.forms.drafts import WORDS, Draft, draft, show_draft_errors
from strategy.forms.flags import FlagFilter
from strategy.forms.publishing import Publish
from strategy.forms.strategies import NewObjective, Owner, StrategyText

__all__ = [
    "FIRST",
    "MORE",
    "ROWS_AT_MOST",
    "WORDS",
    "BaseBehaviors",
    "Behavior",
    "Draft",
    "FlagFilter",
    "NewObjective",
    "Owner",
    "Publish",
    "StrategyText",
    "as_sent",
    "as_typed",
    "behaviors",
    "behaviors_and_one_more",
    "behaviors_as_typed",
    "draft",
    "rows_of",
    "show_draft_errors",
    "show_errors",
]
