"""The field's words beside a gap. Reports live in an app above, which registers the lookup."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from align.people.models import User
from strategy.models import Behavior

WORDS_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What somebody in the field said: their words, never who it was."""

    text: str
    stance: str
    team: str
    at: datetime
    url: str


Lookup = Callable[[User, Behavior, int], Sequence[Voice]]
_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Say how words are found. ``lookup`` returns only what the person may read."""
    _lookups[:] = [lookup]


def about(behavior: Behavior, *, user: User, limit: int = WORDS_SHOWN) -> list[Voice]:
    """Return the newest words on a behavior, or on its objective, that a person may read."""
    return [voice for lookup in _lookups for voice in lookup(user, behavior, limit)]
