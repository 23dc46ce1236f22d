"""The voice of an objective: one voice a person, newer ones louder. DOMAIN section 5.

Set-based and pure in (rows, config, now). A stance loses half its weight in every half-life, so
w = 0.5^(age / half-life); the share negative is p = Σ w·negative / Σ w and the effective sample is
n = (Σ w)² / Σ w² (Kish 1965). Both stay the same when all voices age alike.

PostgreSQL adds the same weights up in another order when it judges one objective or all of them,
which moves the last bits of a sum. Share and sample are therefore rounded (DIGITS) before anything
is compared with a threshold or stored: both ways give the same rows. docs/adr/0030.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from feedback.models import NEGATIVE, ObjectiveVoice
from strategy.config import Config
from strategy.statistics import Bounds, wilson

Ids = Sequence[int] | None

DIGITS = 9

# Each person's newest stance on the objective's current epoch, within the window.
STANCES = """
stance AS (
    SELECT DISTINCT ON (report.objective_id, report.author_id)
           report.objective_id, report.author_id, report.stance, report.barriers,
           report.created_at,
           POWER(0.5, EXTRACT(EPOCH FROM %(now)s::timestamptz - report.created_at)::float8
               / (86400 * %(half_life)s)) AS weight
    FROM subject
    JOIN feedback_report AS report ON report.objective_id = subject.objective_id
    JOIN strategy_revision AS revision
        ON revision.id = report.revision_id AND revision.epoch = subject.epoch
    WHERE report.created_at <= %(now)s AND report.created_at > %(since)s
    ORDER BY report.objective_id, report.author_id, report.created_at DESC, report.id DESC
)
"""

SUBJECT = """
subject AS (
    SELECT objective.id AS objective_id, revision.epoch
    FROM strategy_objective AS objective
    JOIN strategy_revision AS revision ON revision.id = objective.current_id
    WHERE objective.state = 'in force' AND (%(all)s OR objective.id = ANY(%(ids)s))
)
"""

# The course of a share through time, to know on which side of a gap between two thresholds it is.
# A stance is a voice from the day it is said until the same person says another or it leaves the
# window; between such moments nothing but age moves, and age moves no share. The weights are those
# of now for all moments alike. POWER underflows with an error, hence the GREATEST.
MARKED = f"""
WITH {SUBJECT}, spell AS (
    SELECT report.objective_id, report.created_at AS begins, LEAST(
               LEAD(report.created_at) OVER (
                   PARTITION BY report.objective_id, report.author_id
                   ORDER BY report.created_at, report.id
               ),
               report.created_at + %(window)s
           ) AS ends,
           POWER(2.0, GREATEST(-900, EXTRACT(EPOCH FROM report.created_at - %(now)s)::float8
               / (86400 * %(half_life)s))) AS weight,
           (report.stance = ANY(%(negative)s))::int AS negative
    FROM subject
    JOIN feedback_report AS report ON report.objective_id = subject.objective_id
    JOIN strategy_revision AS revision
        ON revision.id = report.revision_id AND revision.epoch = subject.epoch
    WHERE report.created_at <= %(now)s
),
change AS (
    SELECT objective_id, begins AS at, 1 AS people, weight, weight * negative AS against FROM spell
    UNION ALL
    SELECT objective_id, ends, -1, -weight, -weight * negative FROM spell WHERE ends <= %(now)s
),
course AS (
    SELECT objective_id, at, SUM(people) OVER until AS people,
           SUM(weight) OVER until AS weight, SUM(against) OVER until AS against
    FROM change
    WINDOW until AS (PARTITION BY objective_id ORDER BY at)
),
moment AS (
    SELECT objective_id, at, people,
           CASE WHEN people > 0 THEN ROUND((against / weight)::numeric, {DIGITS}) END AS share
    FROM course
)
SELECT objective_id FROM moment
GROUP BY objective_id
HAVING MAX(at) FILTER (WHERE people >= %(people)s AND share >= %(opens)s)
     > COALESCE(MAX(at) FILTER (WHERE people = 0 OR share < %(clears)s), '-infinity')
"""

VOICES = f"""
WITH {SUBJECT}, {STANCES}
SELECT subject.objective_id, subject.epoch, COUNT(stance.author_id),
       COUNT(*) FILTER (WHERE stance = 'works'), COUNT(*) FILTER (WHERE stance = 'changes'),
       COUNT(*) FILTER (WHERE stance = 'wont'), COUNT(*) FILTER (WHERE stance = 'cannot'),
       COALESCE(SUM(weight), 0), COALESCE(SUM(weight * weight), 0),
       COALESCE(SUM(weight) FILTER (WHERE stance = ANY(%(negative)s)), 0),
       MAX(stance.created_at)
FROM subject LEFT JOIN stance ON stance.objective_id = subject.objective_id
GROUP BY subject.objective_id, subject.epoch
ORDER BY subject.objective_id
"""


@dataclass(frozen=True)
class Voice:
    """What the field says of one objective now. Counts are people; weights are sums."""

    objective_id: int
    epoch: int
    people: int
    works: int
    changes: int
    wont: int
    cannot: int
    weight: float
    squares: float
    against: float
    newest_at: datetime | None

    @property
    def negative(self) -> int:
        return self.wont + self.cannot

    @property
    def share(self) -> float | None:
        """The weighted share negative, 0 to 1; None where nobody spoke."""
        return round(self.against / self.weight, DIGITS) if self.weight else None

    @property
    def sample(self) -> float:
        """The effective sample: at most ``people``, fewer the more their weights differ."""
        return round(self.weight**2 / self.squares, DIGITS) if self.squares else 0.0

    def bounds(self, config: Config) -> Bounds | None:
        if self.share is None:
            return None
        return wilson(self.share, self.sample, config.negative_z)


def voices(objective_ids: Ids = None, *, now: datetime, config: Config) -> list[Voice]:
    """Return the voice of each objective in force (all of them for None). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(VOICES, parameters(objective_ids, now=now, config=config))
        return [Voice(*row) for row in cursor.fetchall()]


def parameters(objective_ids: Ids, *, now: datetime, config: Config) -> dict[str, Any]:
    """What SUBJECT and STANCES ask for."""
    return {
        "all": objective_ids is None,
        "ids": list(objective_ids or ()),
        "now": now,
        "since": now - timedelta(days=config.voice_window_days),
        "half_life": config.half_life_days,
        "negative": [str(stance) for stance in NEGATIVE],
    }


def souring(heard: Sequence[Voice], *, now: datetime, config: Config) -> set[int]:
    """Return the objectives that carry the mark: too few people to be sure, enough to look.

    It comes with a share of 40 % and goes below 35 %. In between the way there counts, and the way
    is read from the reports (MARKED), never from the mark stored before. One statement.
    """
    between = []
    marked = set()
    for voice in heard:
        if voice.share is None or voice.share < config.souring_clear_share:
            continue
        if voice.people >= config.souring_people and voice.share >= config.souring_share:
            marked.add(voice.objective_id)
        else:
            between.append(voice.objective_id)
    asked = parameters(between, now=now, config=config) | {
        "window": timedelta(days=config.voice_window_days),
        "people": config.souring_people,
        "opens": Decimal(str(config.souring_share)),
        "clears": Decimal(str(config.souring_clear_share)),
    }
    with connection.cursor() as cursor:
        cursor.execute(MARKED, asked)
        return marked | {row[0] for row in cursor.fetchall()}


COUNTS = ["epoch", "people", "works", "changes", "wont", "cannot", "sample", "share"]


@transaction.atomic
def judge(objective_ids: Ids, now: datetime, config: Config) -> None:
    """Make the narrow rows of these objectives (all for None) what the reports say now."""
    found = voices(objective_ids, now=now, config=config)
    asked = ObjectiveVoice.objects.all()
    if objective_ids is not None:
        asked = asked.filter(objective__in=objective_ids)
    asked.exclude(objective__in=[voice.objective_id for voice in found]).delete()
    marked = souring(found, now=now, config=config)
    ObjectiveVoice.objects.bulk_create(
        [_row(voice, voice.objective_id in marked, now, config) for voice in found],
        update_conflicts=True,
        unique_fields=["objective"],
        update_fields=[*COUNTS, "lower", "upper", "souring", "newest_at", "judged_at"],
    )


def _row(voice: Voice, marked: bool, now: datetime, config: Config) -> ObjectiveVoice:
    bounds = voice.bounds(config)
    return ObjectiveVoice(
        objective_id=voice.objective_id,
        lower=bounds.lower if bounds else None,
        upper=bounds.upper if bounds else None,
        souring=marked,
        newest_at=voice.newest_at,
        judged_at=now,
        **{name: getattr(voice, name) for name in COUNTS},
    )
