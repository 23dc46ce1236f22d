"""What may be typed about training."""

from training.forms.assessing import Assessing, AssessmentCorrection
from training.forms.barriers import (
    Accept,
    Again,
    FindBarriers,
    HandOn,
    Kept,
    Move,
    NewBarrier,
    Note,
    Removed,
    Withdraw,
)
from training.forms.completions import People, Took
from training.forms.delivering import (
    Attendance,
    CallOff,
    DueDate,
    EditSession,
    Guests,
    Session,
    edit_session,
)
from training.forms.importing import Match, NewImport
from training.forms.mappings import Claim, NoImpact
from training.forms.modules import (
    CheckedClaims,
    EditVersion,
    Find,
    NewModule,
    Picture,
    Retirement,
    Words,
    edit_version,
)
from training.forms.quizzes import Answers, BaseQuestions, answers, questions, questions_as_typed
from training.forms.sticking import SetDriver, WaiveCell, WaiveDriver
from training.forms.visits import Correction, Visit

__all__ = [
    "Accept",
    "Again",
    "Answers",
    "Assessing",
    "AssessmentCorrection",
    "Attendance",
    "BaseQuestions",
    "CallOff",
    "CheckedClaims",
    "Claim",
    "Correction",
    "DueDate",
    "EditSession",
    "EditVersion",
    "Find",
    "FindBarriers",
    "Guests",
    "HandOn",
    "Kept",
    "Match",
    "Move",
    "NewBarrier",
    "NewImport",
    "NewModule",
    "NoImpact",
    "Note",
    "People",
    "Picture",
    "Removed",
    "Retirement",
    "Session",
    "SetDriver",
    "Took",
    "Visit",
    "WaiveCell",
    "WaiveDriver",
    "Withdraw",
    "Words",
    "answers",
    "edit_session",
    "edit_version",
    "questions",
    "questions_as_typed",
]
