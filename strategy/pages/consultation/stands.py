"""Where everybody stands who is asked in a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from align.people.models import User
from strategy.models import Participant, Position, Round
from strategy.pages.consultation.seats import Seat, seat_of
from strategy.pages.consultation.shared import title_of

STANCES = Position.Stance
ICONS = {
    STANCES.CANNOT: "ban",
    STANCES.CHANGES: "pencil",
    STANCES.READY: "check",
    "": "circle-dashed",
}
ORDER = list(ICONS)


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where one person stands."""

    person: User
    role: str
    stance: str
    words: str
    icon: str
    why: str
    note: str
    draft: int  # it was said on, where that was an earlier one


def stands_in(round_: Round, rounds: Mapping[int, int]) -> list[Stand]:
    """Where everybody who is asked stands, in two queries: what stops it first.

    Whoever has not answered this draft stands where they stood on an earlier one.
    """
    people = Participant.objects.filter(round=round_).select_related("person")
    newest = Position.objects.newest(round_.revision).filter(participant__round__in=rounds)
    said = {row.participant.person_id: row for row in newest.select_related("participant")}
    found = [
        stand_of(row, said.get(row.person_id), rounds, here=round_.number)
        for row in people.order_by("person__name", "pk")
    ]
    return sorted(found, key=lambda row: ORDER.index(row.stance))


def stand_of(
    asked: Participant, said: Position | None, rounds: Mapping[int, int], *, here: int
) -> Stand:
    on = rounds[said.participant.round_id] if said else 0
    return Stand(
        person=asked.person,
        role=asked.get_asked_as_display(),
        stance=said.stance if said else "",
        words=said.get_stance_display() if said else "No answer yet",
        icon=ICONS[said.stance if said else ""],
        why=said.why if said else "",
        note=said.note if said else "",
        draft=on if on != here else 0,
    )


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """All who are asked in a round, and where they stand."""

    seat: Seat
    title: str
    stands: Sequence[Stand]

    @property
    def answered(self) -> int:
        return sum(bool(row.stance and not row.draft) for row in self.stands)


def everybody(round_: Round, user: User, *, now: datetime) -> Everybody:
    rounds = Round.objects.visible_to(user).filter(
        revision=round_.revision_id, number__lte=round_.number
    )
    stands = stands_in(round_, dict(rounds.values_list("pk", "number")))
    asked = any(row.person.pk == user.pk for row in stands)
    seat = seat_of(round_, user, asked=asked, newest=True, now=now)
    return Everybody(seat=seat, title=title_of(round_), stands=stands)
