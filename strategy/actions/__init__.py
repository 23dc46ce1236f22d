"""What can be done to a strategy. Each verb is one transaction."""

from strategy.actions.drafts import add_objective, discard_draft, edit_draft, open_draft
from strategy.actions.flags import acknowledge_flag
from strategy.actions.publishing import (
    hand_over,
    is_substantive,
    missing,
    publish,
    retire,
    review,
)
from strategy.actions.strategies import activate, add_theme, create_strategy, edit_strategy
from strategy.actions.words import (
    MUST_SAY,
    WORDS,
    BehaviorWords,
    Invalid,
    NotADraft,
    StaleDraft,
    Words,
    behavior_words,
)

__all__ = [
    "MUST_SAY",
    "WORDS",
    "BehaviorWords",
    "Invalid",
    "NotADraft",
    "StaleDraft",
    "Words",
    "acknowledge_flag",
    "activate",
    "add_objective",
    "add_theme",
    "behavior_words",
    "create_strategy",
    "discard_draft",
    "edit_draft",
    "edit_strategy",
    "hand_over",
    "is_substantive",
    "missing",
    "open_draft",
    "publish",
    "retire",
    "review",
]
