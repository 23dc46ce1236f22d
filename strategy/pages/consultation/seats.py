"""Who looks at a consultation, and what they may do there now."""

from dataclasses import dataclass
from datetime import datetime

from align.people.models import User
from strategy import consultation
from strategy.models import Revision, Round


@dataclass(frozen=True, kw_only=True)
class Seat:
    """What somebody may do here now. ``live``: the newest text of a draft that still is one."""

    asked: bool
    writes: bool
    open: bool
    live: bool

    @property
    def answers(self) -> bool:
        return self.asked and self.open

    @property
    def speaks(self) -> bool:
        return (self.asked or self.writes) and self.open

    @property
    def runs(self) -> bool:
        return self.writes and self.open

    @property
    def leads(self) -> bool:
        return self.writes and self.live


def seat_of(round_: Round, user: User, *, asked: bool, newest: bool, now: datetime) -> Seat:
    draft = round_.revision.state == Revision.State.DRAFT
    return Seat(
        asked=asked,
        writes=consultation.may_write(round_, user),
        open=draft and round_.is_open(now=now),
        live=draft and newest,
    )
