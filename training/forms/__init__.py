"""What may be typed about training."""

from training.forms.completions import People, Took
from training.forms.mappings import Claim, NoImpact
from training.forms.modules import EditVersion, Find, NewModule, Words, edit_version
from training.forms.visits import Visit

__all__ = [
    "Claim",
    "EditVersion",
    "Find",
    "NewModule",
    "NoImpact",
    "People",
    "Took",
    "Visit",
    "Words",
    "edit_version",
]
