"""The voice of an objective: one voice a person, newer ones louder. DOMAIN section 5.

Set-based and pure in (rows, config, now). A stance loses half its weight in every half-life, so
w = 0.5^(age / half-life); the share negative is p = Σ w·negative / Σ w and the effective sample is
n = (Σ w)² / Σ w² (Kish 1965). Both stay the same when all voices age alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from feedback.models import NEGATIVE, ObjectiveVoice
from strategy.config import Config
from strategy.statistics import Bounds, wilson

Ids = Sequence[int] | None

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
        return self.against / self.weight if self.weight else None

    @property
    def sample(self) -> float:
        return self.weight**2 / self.squares if self.squares else 0.0

    def souring(self, config: Config) -> bool:
        """A mark, no flag: too few people to be sure, enough to look."""
        enough = self.people >= config.souring_people
        return enough and self.share is not None and self.share >= config.souring_share

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


COUNTS = ["epoch", "people", "works", "changes", "wont", "cannot", "sample", "share"]


@transaction.atomic
def judge(objective_ids: Ids, now: datetime, config: Config) -> None:
    """Make the narrow rows of these objectives (all for None) what the reports say now."""
    found = voices(objective_ids, now=now, config=config)
    asked = ObjectiveVoice.objects.all()
    if objective_ids is not None:
        asked = asked.filter(objective__in=objective_ids)
    asked.exclude(objective__in=[voice.objective_id for voice in found]).delete()
    ObjectiveVoice.objects.bulk_create(
        [_row(voice, now, config) for voice in found],
        update_conflicts=True,
        unique_fields=["objective"],
        update_fields=[*COUNTS, "lower", "upper", "souring", "newest_at", "judged_at"],
    )


def _row(voice: Voice, now: datetime, config: Config) -> ObjectiveVoice:
    bounds = voice.bounds(config)
    return ObjectiveVoice(
        objective_id=voice.objective_id,
        lower=bounds.lower if bounds else None,
        upper=bounds.upper if bounds else None,
        souring=voice.souring(config),
        newest_at=voice.newest_at,
        judged_at=now,
        **{name: getattr(voice, name) for name in COUNTS},
    )
