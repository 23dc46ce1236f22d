"""What others saw one person do, by behavior: for that person alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from align.people.models import User
from strategy.models import BehaviorRevision
from training import seeing
from training.models import Assessment, Observation

MOST = 300


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing somebody wrote down about you."""

    at: datetime
    by: str
    level: int | None
    meaning: str  # of the level, in the words of the behavior
    line: str
    occasion: str
    assessed: bool  # in training, not with a customer
    before: tuple[str, ...]  # what it corrects, newest first


@dataclass(frozen=True, kw_only=True)
class About:
    """Everything about one behavior, newest first."""

    words: BehaviorRevision
    moments: tuple[Moment, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    behaviors: tuple[About, ...]
    total: int


def page(user: User, *, now: datetime) -> Page:
    """Read what is known of one person in two queries; the behavior seen last comes first."""
    seen = list(
        Observation.objects.visible_to(user)
        .filter(user=user, observed_at__lte=now)
        .select_related("observer", "behavior_revision__behavior__objective")
        .order_by("-observed_at", "-created_at", "-pk")[:MOST]
    )
    judged = list(
        Assessment.objects.visible_to(user)
        .filter(user=user, assessed_at__lte=now)
        .select_related("assessor", "behavior_revision__behavior__objective")
        .order_by("-assessed_at", "-created_at", "-pk")[:MOST]
    )
    pairs = [*_observed(seen), *_assessed(judged)]
    pairs.sort(key=lambda pair: pair[1].at, reverse=True)
    words: dict[int, BehaviorRevision] = {}
    moments: dict[int, list[Moment]] = {}
    for row, moment in pairs:
        words.setdefault(row.behavior_id, row)
        moments.setdefault(row.behavior_id, []).append(moment)
    return Page(
        behaviors=tuple(About(words=words[pk], moments=tuple(moments[pk])) for pk in words),
        total=len(pairs),
    )


Pair = tuple[BehaviorRevision, Moment]


def _observed(rows: Sequence[Observation]) -> Iterable[Pair]:
    for entry in seeing.entries(rows):
        row = entry.row
        yield (
            row.behavior_revision,
            Moment(
                at=row.observed_at,
                by=row.observer.name if row.observer else "somebody who left",
                level=row.level,
                meaning=_meaning(row.behavior_revision, row.level),
                line=row.evidence,
                occasion=row.occasion,
                assessed=False,
                before=tuple(_said(old.level, old.evidence) for old in entry.before),
            ),
        )


def _assessed(rows: Sequence[Assessment]) -> Iterable[Pair]:
    kept = {row.pk: row for row in rows}
    corrected = {row.corrects_id for row in rows}
    for row in rows:
        if row.pk in corrected:
            continue
        yield (
            row.behavior_revision,
            Moment(
                at=row.assessed_at,
                by=row.assessor.name if row.assessor else "somebody who left",
                level=row.level,
                meaning=_meaning(row.behavior_revision, row.level),
                line=row.note,
                occasion="",
                assessed=True,
                before=tuple(_earlier(row, kept)),
            ),
        )


def _earlier(row: Assessment, kept: dict[int, Assessment]) -> Iterable[str]:
    older = kept.get(row.corrects_id or 0)
    while older is not None:
        yield _said(older.level, older.note)
        older = kept.get(older.corrects_id or 0)


def _meaning(words: BehaviorRevision, level: int | None) -> str:
    return "No chance to see it" if level is None else dict(seeing.anchors(words))[level]


def _said(level: int | None, line: str) -> str:
    said = "No chance to see it" if level is None else str(level)
    return f"{said}, {line}" if line else said
