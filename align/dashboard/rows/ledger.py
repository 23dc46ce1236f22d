"""The concern ledger: what was predicted, and beside it what the field shows now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.http import QueryDict

from align.dashboard.rows.figures import Share
from align.dashboard.rows.filters import whole
from align.dashboard.rows.finding import Phrase
from align.people.models import User
from feedback import evidence
from feedback.evidence import Heard
from strategy import consultation, predictions
from strategy.models import Concern, Strategy
from strategy.predictions import Became
from training.models import CellState, ObjectiveCoverage

A_PAGE = 20
NOBODY = Share(0, 0)
IN_MAKING = "A strategy in the making"
NO_ANSWER = "No answer, published all the same"
ANSWERS = {str(value): str(label) for value, label in Concern.Answer.choices} | {"": NO_ANSWER}

# What the address calls them, and what it stands for.
SHOWN: Mapping[str, tuple[Became, ...]] = {
    "due": (Became.DUE,),
    "coming": (Became.COMING,),
    "open": (Became.DUE, Became.COMING),
    "true": (Became.CAME_TRUE,),
    "not": (Became.DID_NOT,),
    "differ": (Became.DIFFER,),
    "untested": (Became.UNTESTED,),
}
GROUPS: Mapping[str, tuple[Became, ...]] = {
    "Look now": (Became.DUE,),
    "Coming": (Became.COMING,),
    "Looked at": predictions.LOOKED_AT,
    "Never put to the test": (Became.UNTESTED,),
}
FIELD_SHOWN = (Became.DUE, *predictions.LOOKED_AT)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for. What it says wrongly is left out."""

    strategy: int | None = None
    shown: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        shown = query.get("shown", "")
        return cls(
            strategy=whole(query.get("strategy", "")),
            shown=shown if shown in SHOWN else "",
            page=whole(query.get("page", "")) or 1,
        )

    def link(self, page: int) -> str:
        asked = {"strategy": self.strategy, "shown": self.shown, "page": page}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How often what kind of early warning was right."""

    name: str
    true: int
    false: int
    differ: int
    open: int
    query: str = ""

    @property
    def right(self) -> Share:
        return Share(self.true, self.true + self.false)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one of the two saw on the day."""

    who: str
    outcome: str
    note: str
    at: datetime | None


@dataclass(frozen=True)
class Figure:
    name: str
    said: str
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FieldData:
    """What the field shows of the paragraph, since its words took force."""

    since: datetime
    of_behavior: bool
    seen: Share
    reach: Share
    covered: Share
    heard: Heard

    @property
    def said(self) -> str:
        """Return “3 of 7 people say it will not work, 4 that it works”."""
        heard = self.heard
        if not heard.people:
            return "not yet"
        people = "person says" if heard.people == 1 else "people say"
        return (
            f"{heard.negative:,} of {heard.people:,} {people} it will not work, "
            f"{heard.works:,} that it works"
        )

    @property
    def figures(self) -> tuple[Figure, ...]:
        if not self.of_behavior:
            return (
                Figure("Field voice", self.said, self.since),
                Figure("Coverage", based(self.covered, "cells")),
            )
        return (
            Figure("Seen at standard", based(self.seen, "people")),
            Figure("Reach", based(self.reach, "people")),
            Figure("Reports on it", self.said, self.since),
        )


def based(share: Share, what: str) -> str:
    return f"{share} {what}" if share.whole else "not yet"


@dataclass(frozen=True, kw_only=True)
class ConcernRow:
    pk: int
    symptom: str
    quote: str
    place: str  # “A4 ¶3 Price on guaranteed uptime”
    link: str
    raised_by: str
    check_on: date
    became: Became
    then: str  # the evidence it was raised with
    answer: str
    answer_text: str
    words: tuple[Word, ...]
    field: FieldData | None
    may_say: bool
    said: bool

    @property
    def outcome_link(self) -> str:
        return f"/concerns/{self.pk}/outcome/"

    @property
    def verdict(self) -> str:
        return str(self.became.label) if self.became in predictions.LOOKED_AT else ""


@dataclass(frozen=True, kw_only=True)
class Group:
    head: str
    rows: tuple[ConcernRow, ...]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    finding: tuple[Phrase, ...]
    total: int
    untested: int
    strategies: tuple[Tally, ...]
    answers: tuple[Tally, ...]
    groups: tuple[Group, ...]
    filtered: bool
    found: int
    before: str
    after: str


def ledger(*, user: User, filters: Filters, now: datetime) -> Ledger:
    """Read the predictions this person may see and a page of them, in six queries."""
    seen = predictions.judged(Concern.objects.visible_to(user), now=now)
    counts = _counts(seen, user)
    became = SHOWN.get(filters.shown, tuple(Became))
    asked = seen.filter(Q(became__in=became))
    if filters.strategy:
        asked = asked.filter(**{predictions.STRATEGY: filters.strategy})
    found = sum(
        row.count
        for row in counts
        if row.became in became and filters.strategy in (None, row.strategy)
    )
    page = min(filters.page, max(1, -(-found // A_PAGE)))
    rows = _rows(asked, user, now=now, page=page)
    return Ledger(
        finding=tuple(_finding(_tally("", counts))),
        total=sum(row.count for row in counts),
        untested=sum(row.count for row in counts if row.became == Became.UNTESTED),
        strategies=_by_strategy(counts),
        answers=_by_answer(counts),
        groups=_groups(rows),
        filtered=bool(filters.shown or filters.strategy),
        found=found,
        before=filters.link(page - 1) if page > 1 else "",
        after=filters.link(page + 1) if page * A_PAGE < found else "",
    )


# The sums


@dataclass(frozen=True, kw_only=True)
class _Counted:
    strategy: int
    name: str
    answer: str
    became: Became
    count: int


def _counts(seen: QuerySet[Concern], user: User) -> list[_Counted]:
    """Count by strategy, answer and outcome.

    Somebody asked about a draft in a strategy that is itself a draft does not learn its name.
    """
    strategy = predictions.STRATEGY
    known = Q(**{f"{strategy}__in": Strategy.objects.visible_to(user)})
    rows = (
        seen.order_by()
        .annotate(named=Case(When(known, then=f"{strategy}__name"), default=Value(IN_MAKING)))
        .values_list(strategy, "named", "answer", "became")
        .annotate(count=Count("pk"))
    )
    return [
        _Counted(strategy=pk, name=name, answer=answer, became=Became(became), count=count)
        for pk, name, answer, became, count in rows
    ]


def _tally(name: str, counts: Iterable[_Counted], query: str = "") -> Tally:
    sums: Counter[Became] = Counter()
    for row in counts:
        sums[row.became] += row.count
    return Tally(
        name=name,
        true=sums[Became.CAME_TRUE],
        false=sums[Became.DID_NOT],
        differ=sums[Became.DIFFER],
        open=sums[Became.DUE] + sums[Became.COMING],
        query=query,
    )


def _by_strategy(counts: Sequence[_Counted]) -> tuple[Tally, ...]:
    groups: dict[tuple[str, int], list[_Counted]] = defaultdict(list)
    for row in counts:
        groups[row.name, row.strategy].append(row)
    return tuple(
        _tally(name, groups[name, pk], query=f"strategy={pk}") for name, pk in sorted(groups)
    )


def _by_answer(counts: Sequence[_Counted]) -> tuple[Tally, ...]:
    """Which kind of answer was right. What has no answer and is still open can get one."""
    tallies = (
        _tally(said, [row for row in counts if row.answer == answer])
        for answer, said in ANSWERS.items()
    )
    return tuple(row for row in tallies if row.right.whole or row.differ)


def _finding(all_: Tally) -> Iterable[Phrase]:
    """Say “4 of 6 early warnings came true; 2 did not; 3 are open.”"""
    counted = all_.right
    if counted.whole:
        noun = "early warning" if counted.whole == 1 else "early warnings"
        yield Phrase(text=f"{counted} {noun} came true", query="shown=true")
        yield Phrase(text="; ")
        yield Phrase(text=f"{all_.false} did not", query="shown=not")
    else:
        yield Phrase(text="No early warning has been looked at by both yet")
    if all_.differ:
        yield Phrase(text="; on ")
        yield Phrase(text=f"{all_.differ} the two differ", query="shown=differ")
    yield Phrase(text="; ")
    yield Phrase(text=f"{all_.open} {'is' if all_.open == 1 else 'are'} open", query="shown=open")
    yield Phrase(text=".")


# The rows


def _rows(
    asked: QuerySet[Concern], user: User, *, now: datetime, page: int
) -> Sequence[ConcernRow]:
    """Return a page: what is due, the longest first, then what comes next, then the newest past."""
    place = Case(
        *(When(became__in=became, then=n) for n, became in enumerate(GROUPS.values())),
        output_field=IntegerField(),
    )
    ahead = Case(When(became__in=SHOWN["open"], then=F("check_on")))
    concerns = list(
        asked.select_related("raised_by", "round__revision__objective__strategy")
        .defer("round__text")
        .order_by(place, ahead, "-check_on", "pk")[(page - 1) * A_PAGE : page * A_PAGE]
    )
    field = _field(concerns, now=now)
    return [_row(concern, user, field.get(concern.pk)) for concern in concerns]


def _row(row: Any, user: User, field: FieldData | None) -> ConcernRow:
    became = Became(row.became)
    raised = row.raised_by_id == user.pk
    leads = consultation.may_write(row.round, user)
    return ConcernRow(
        pk=row.pk,
        symptom=row.symptom,
        quote=row.quote.partition("\n")[0],
        place=f"{row.round.revision.objective.code} ¶{row.paragraph} {row.title}",
        link=row.get_absolute_url(),
        raised_by=str(row.raised_by or "somebody who left"),
        check_on=row.check_on,
        became=became,
        then=f"seen in {row.seen:,} of {row.visits:,} visits" if row.visits else "",
        answer=row.get_answer_display(),
        answer_text=row.answer_text,
        words=tuple(_words(row)),
        field=field,
        may_say=(raised or leads) and became in FIELD_SHOWN,
        said=bool(row.raiser_outcome if raised else row.lead_outcome),
    )


def _words(row: Concern) -> Iterable[Word]:
    if row.lead_outcome:
        yield Word(
            who="The lead",
            outcome=row.get_lead_outcome_display(),
            note=row.lead_note,
            at=row.lead_looked_at,
        )
    if row.raiser_outcome:
        yield Word(
            who=str(row.raised_by or "Who raised it"),
            outcome=row.get_raiser_outcome_display(),
            note=row.raiser_note,
            at=row.raiser_looked_at,
        )


def _field(concerns: Sequence[Any], *, now: datetime) -> dict[int, FieldData]:
    """Return the field data of those whose day has come, in three queries."""
    shown = [row for row in concerns if row.became in FIELD_SHOWN]
    heard = evidence.heard([row.pk for row in shown], now=now)
    cells = _cells({row.behavior_id for row in shown if row.behavior_id})
    objectives = {row.round.revision.objective_id for row in shown if not row.behavior_id}
    coverage = ObjectiveCoverage.objects.in_bulk(objectives)
    return {
        row.pk: FieldData(
            since=row.round.revision.effective_from,
            of_behavior=bool(row.behavior_id),
            seen=cells[row.behavior_id][0],
            reach=cells[row.behavior_id][1],
            covered=_covered(coverage.get(row.round.revision.objective_id)),
            heard=heard.get(row.pk, Heard()),
        )
        for row in shown
    }


def _cells(behaviors: Collection[int]) -> Mapping[int | None, tuple[Share, Share]]:
    """Return of each behavior who was seen at standard, and who was reached."""
    sums = (
        CellState.objects.filter(behavior__in=behaviors)
        .order_by()
        .values_list("behavior")
        .annotate(Sum("at_standard"), Sum("observed"), Sum("reached"), Sum("people"))
    )
    shares: dict[int | None, tuple[Share, Share]] = defaultdict(lambda: (NOBODY, NOBODY))
    for pk, at_standard, observed, reached, people in sums:
        shares[pk] = Share(at_standard, observed), Share(reached, people)
    return shares


def _covered(row: ObjectiveCoverage | None) -> Share:
    return Share(row.covered, row.cells) if row else NOBODY


def _groups(rows: Sequence[ConcernRow]) -> tuple[Group, ...]:
    groups = (
        Group(head=head, rows=tuple(row for row in rows if row.became in became))
        for head, became in GROUPS.items()
    )
    return tuple(group for group in groups if group.rows)
