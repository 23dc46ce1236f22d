"""Everything a consultation's page shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Case, Count, Q, When

from align.people.models import User
from strategy import gate, text
from strategy.models import Comment, Concern, Revision, Round, Strategy, Suggestion
from strategy.pages.consultation.asked import CHANGES, COMMENTS, CONCERNS, Asked
from strategy.pages.consultation.seats import Seat, seat_of
from strategy.pages.consultation.shared import Marks, Section, sections, title_of
from strategy.pages.consultation.stands import Stand, stands_in
from strategy.pages.consultation.threads import Place, Reader, Thread

PEOPLE_AT_MOST = 20
SUGGESTIONS_AT_MOST = 30


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything a consultation's page shows but its forms."""

    round: Round
    seat: Seat
    asked: Asked
    title: str
    state: str
    until: date
    sections: Sequence[Section]
    before: Round | None  # the draft before, as far as the reader was asked about it
    newer: Round | None
    place: Place | None
    open: Sequence[Thread]  # where no paragraph is chosen
    more_open: int
    marks: Marks  # of all paragraphs together
    stands: Sequence[Stand]
    mine: Stand | None
    people: int
    answered: int
    suggestions: Sequence[Suggestion]
    gate: gate.Gate | None
    changed_since: bool  # the working draft; only its writers are told
    strategy_link: str


def read(round_: Round, *, user: User, asked: Asked, now: datetime) -> Page:
    """Read a consultation as one person may see it."""
    rounds = list(
        Round.objects.visible_to(user)
        .filter(revision=round_.revision_id)
        .defer("text")
        .order_by("number")
    )
    upto = {row.pk: row.number for row in rounds if row.number <= round_.number}
    before = next((row for row in reversed(rounds) if row.number < round_.number), None)
    newer = rounds[-1] if rounds[-1].number > round_.number else None
    stands = stands_in(round_, upto)
    mine = next((row for row in stands if row.person.pk == user.pk), None)
    seat = seat_of(round_, user, asked=mine is not None, newest=newer is None, now=now)
    now_text = text.thawed(round_.text)
    old_text = text.thawed(before.text) if before and CHANGES in asked.show else None
    marks = marks_of(upto, asked)
    total = Marks(
        concerns=sum(row.concerns for row in marks.values()),
        open=sum(row.open for row in marks.values()),
        unanswered=sum(row.unanswered for row in marks.values()),
        comments=sum(row.comments for row in marks.values()),
    )
    reader = Reader(user=user, seat=seat, asked=asked, rounds=upto, text=now_text, stands=stands)
    threads = reader.threads(round_, now=now)
    return Page(
        round=round_,
        seat=seat,
        asked=asked,
        title=title_of(round_),
        state=state_of(round_, newer, now=now),
        until=round_.last_day,
        sections=sections(now_text, old_text, marks, asked),
        before=before,
        newer=newer,
        place=reader.place(threads) if asked.paragraph else None,
        open=[] if asked.paragraph else threads,
        more_open=0 if asked.paragraph else total.open - len(threads),
        marks=total,
        stands=stands[:PEOPLE_AT_MOST],
        mine=mine,
        people=len(stands),
        answered=sum(bool(row.stance and not row.draft) for row in stands),
        suggestions=suggestions_in(upto),
        gate=gate.gate(round_.revision) if seat.leads else None,
        changed_since=seat.leads and round_.edits != round_.revision.edits,
        strategy_link=strategy_link(round_, user),
    )


def strategy_link(round_: Round, user: User) -> str:
    """The strategy's page, where the reader may see it: a draft of one is its lead's."""
    found = round_.revision.objective.strategy
    hidden = found.state == Strategy.State.DRAFT and found.lead_id != user.pk
    return "" if hidden else found.get_absolute_url()


def state_of(round_: Round, newer: Round | None, *, now: datetime) -> str:
    if round_.revision.state != Revision.State.DRAFT:
        return str(round_.revision.state)
    if newer:
        return "newer"
    return "open" if round_.is_open(now=now) else "over"


def marks_of(rounds: Collection[int], asked: Asked) -> dict[int, Marks]:
    """Count what was said, by paragraph, in two queries; what is not to be shown counts nothing."""
    found: dict[int, Marks] = {}
    if CONCERNS in asked.show:
        concerns = Concern.objects.filter(round__in=rounds).order_by().values("paragraph")
        for row in concerns.annotate(
            n=Count("pk"),
            unsettled=Count("pk", filter=~Q(settled=True)),
            unanswered=Count("pk", filter=Q(answer="")),
        ):
            found[row["paragraph"]] = Marks(
                concerns=row["n"], open=row["unsettled"], unanswered=row["unanswered"]
            )
    if COMMENTS in asked.show:
        comments = Comment.objects.filter(round__in=rounds).order_by().values_list("paragraph")
        for paragraph, count in comments.annotate(n=Count("pk")):
            known = found.get(paragraph, Marks())
            found[paragraph] = replace(known, comments=count)
    return found


def suggestions_in(rounds: Collection[int]) -> list[Suggestion]:
    """The behaviors named so far: those that wait for an answer first, then the newest."""
    return list(
        Suggestion.objects.filter(round__in=rounds)
        .select_related("by", "sales_role", "answered_by")
        .order_by(Case(When(state=Suggestion.State.OPEN, then=0), default=1), "-pk")[
            :SUGGESTIONS_AT_MOST
        ]
    )
