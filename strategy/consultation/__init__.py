"""What can be done in a consultation. Each verb is one transaction.

Everything that is said about a draft happens one after the other with what is done to it: each
verb takes the lock of the objective, so that nobody publishes past a “cannot teach” that is just
being said.
"""

from strategy.consultation.concerns import (
    File,
    answer_concern,
    raise_concern,
    record_outcome,
    settle_concern,
)
from strategy.consultation.doors import RoundClosed, may_write
from strategy.consultation.positions import take_position
from strategy.consultation.remarks import comment, take_back
from strategy.consultation.rounds import (
    add_participants,
    close_round,
    extend,
    lacking,
    open_round,
    usual_participants,
)
from strategy.consultation.suggestions import decline_suggestion, suggest, take_suggestion
from strategy.consultation.together import Shared, open_rounds

__all__ = [
    "File",
    "RoundClosed",
    "Shared",
    "add_participants",
    "answer_concern",
    "close_round",
    "comment",
    "decline_suggestion",
    "extend",
    "lacking",
    "may_write",
    "open_round",
    "open_rounds",
    "raise_concern",
    "record_outcome",
    "settle_concern",
    "suggest",
    "take_back",
    "take_position",
    "take_suggestion",
    "usual_participants",
]
