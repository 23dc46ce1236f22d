"""What the field's voice asks for: objectives that will not work as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from feedback import voice
from feedback.voice import SUBJECT, Voice
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Barrier, Objective
from training.models import Mapping as Claim

RULE = "negative"
TRAINABLE = {Barrier.SKILL, Barrier.WHY}


def register() -> None:
    """Give the engine what this app computes and what it looks for."""
    engine.register_state("voice", voice.judge)
    engine.register_rule(RULE, negative)


# Of the negative voices, which barrier most of them name.
BARRIERS = f"""
WITH {SUBJECT}, {voice.STANCES}
SELECT stance.objective_id, barrier, COUNT(*)
FROM stance CROSS JOIN LATERAL UNNEST(stance.barriers) AS barrier
WHERE stance = ANY(%(negative)s)
GROUP BY stance.objective_id, barrier
"""

# People who, since a flag opened, spoke for the first time or changed their mind. What they said
# before is their newest stance until then, on whatever epoch.
CHANGED = f"""
WITH {SUBJECT}, {voice.STANCES}, flag AS (
    SELECT id, objective_id, epoch, opened_at FROM strategy_flag
    WHERE rule = 'negative' AND state <> 'resolved' AND (%(all)s OR objective_id = ANY(%(ids)s))
)
SELECT flag.objective_id, flag.epoch, flag.opened_at, COUNT(stance.author_id)
FROM flag
LEFT JOIN stance ON stance.objective_id = flag.objective_id
    AND stance.created_at > flag.opened_at
    AND stance.stance IS DISTINCT FROM (
        SELECT before.stance FROM feedback_report AS before
        WHERE before.objective_id = flag.objective_id AND before.author_id = stance.author_id
          AND before.created_at <= flag.opened_at
        ORDER BY before.created_at DESC, before.id DESC LIMIT 1
    )
GROUP BY flag.id, flag.objective_id, flag.epoch, flag.opened_at
"""


@dataclass(frozen=True)
class Open:
    """A flag that stands, and how many people are new or changed since it opened."""

    objective_id: int
    epoch: int
    opened_at: datetime
    changed: int


@dataclass(frozen=True)
class Subject:
    objective: Objective
    heard: Voice
    barrier: Barrier | None
    trainers: tuple[int, ...]


def negative(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find objectives the field says will not work. DOMAIN section 5.

    A flag of an older epoch is judged by today's voice: publishing a revision is no answer yet.
    It closes when the voice clears it, or when the current epoch opens its own.
    """
    heard = voice.voices(objective_ids, now=now, config=config)
    standing = _standing(objective_ids, now, config)
    findings: list[Finding] = []
    for subject in _subjects(heard, _barriers(objective_ids, now, config)):
        flags = standing.get(subject.objective.pk, {})
        current = _finding(subject, flags.get(subject.heard.epoch), now, config)
        findings.append(current)
        if current.opens:
            continue
        findings += [
            _finding(subject, flag, now, config)
            for epoch, flag in flags.items()
            if epoch != subject.heard.epoch
        ]
    return findings


def opens(heard: Voice, config: Config) -> bool:
    """Whether enough people speak, and speak against it clearly enough."""
    bounds = heard.bounds(config)
    return (
        bounds is not None
        and heard.people >= config.negative_people
        and heard.negative >= config.negative_voices
        and bounds.lower > config.negative_lower
    )


def clears(heard: Voice, flag: Open, now: datetime, config: Config) -> bool:
    """Whether people changed their minds. Silence never clears: it changes nobody's mind."""
    return (
        heard.share is not None
        and heard.share < config.negative_clear_share
        and flag.changed >= config.negative_clear_people
        and now - flag.opened_at >= timedelta(days=config.negative_clear_days)
    )


def _finding(subject: Subject, flag: Open | None, now: datetime, config: Config) -> Finding:
    objective, heard = subject.objective, subject.heard
    older = flag is not None and flag.epoch != heard.epoch
    told = {objective.strategy.lead_id, *([objective.owner_id] if objective.owner_id else [])}
    if subject.barrier in TRAINABLE:
        told |= set(subject.trainers)
    title = objective.current.title if objective.current else ""
    return Finding(
        subject=f"objective:{objective.pk}",
        epoch=flag.epoch if flag else heard.epoch,
        strategy_id=objective.strategy_id,
        objective_id=objective.pk,
        title="Field says no",
        label=f"{objective.code} {title}",
        link=objective.get_absolute_url(),
        opens=not older and opens(heard, config),
        clears=flag is not None and clears(heard, flag, now, config),
        stale=_is_stale(heard, flag, now, config),
        sentence=_sentence(heard),
        clears_when=f"the share negative is below {config.negative_clear_share:.0%}, at least "
        f"{config.negative_clear_people} people are new or changed since it opened, and it has "
        f"been open for {config.negative_clear_days} days.",
        evidence=_evidence(heard, flag, subject.barrier, config),
        whom=tuple(sorted(told)),
        owner_id=objective.owner_id,
    )


def _sentence(heard: Voice) -> str:
    if not heard.people:
        return "Nobody has spoken of it lately. Silence is not agreement."
    return f"{heard.negative} of {heard.people} people say it will not work or they cannot do it."


def _is_stale(heard: Voice, flag: Open | None, now: datetime, config: Config) -> bool:
    """Nobody spoke for long, neither before the flag opened nor since."""
    if flag is None:
        return False
    last = max(flag.opened_at, heard.newest_at) if heard.newest_at else flag.opened_at
    return now - last > timedelta(days=config.stale_after_days)


def _evidence(
    heard: Voice, flag: Open | None, barrier: Barrier | None, config: Config
) -> dict[str, object]:
    bounds = heard.bounds(config)
    return {
        "people": heard.people,
        "negative": heard.negative,
        "works": heard.works,
        "with changes": heard.changes,
        "share negative": heard.share,
        "effective sample": round(heard.sample, 1),
        "lower bound": round(bounds.lower, 3) if bounds else None,
        "threshold": config.negative_lower,
        "window in days": config.voice_window_days,
        "leading barrier": barrier.label if barrier else None,
        "new or changed since": flag.changed if flag else 0,
    }


def _standing(
    objective_ids: Sequence[int] | None, now: datetime, config: Config
) -> dict[int, dict[int, Open]]:
    found: dict[int, dict[int, Open]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, voice.parameters(objective_ids, now=now, config=config))
        for row in cursor.fetchall():
            flag = Open(*row)
            found.setdefault(flag.objective_id, {})[flag.epoch] = flag
    return found


def _barriers(
    objective_ids: Sequence[int] | None, now: datetime, config: Config
) -> dict[int, Barrier]:
    """Return the leading barrier of each objective; of two that tie the first listed."""
    counts: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BARRIERS, voice.parameters(objective_ids, now=now, config=config))
        for objective_id, barrier, people in cursor.fetchall():
            counts.setdefault(objective_id, {})[barrier] = people
    return {
        objective_id: max(Barrier, key=lambda barrier: named.get(barrier, 0))
        for objective_id, named in counts.items()
    }


def _subjects(heard: Sequence[Voice], barriers: Mapping[int, Barrier]) -> list[Subject]:
    ids = [one.objective_id for one in heard]
    objectives = Objective.objects.select_related("strategy", "current").in_bulk(ids)
    trainers: dict[int, set[int]] = {}
    claims = Claim.objects.alive().filter(behavior__objective__in=barriers)
    for objective_id, owner_id in claims.values_list(
        "behavior__objective", "version__module__owner"
    ):
        trainers.setdefault(objective_id, set()).add(owner_id)
    return [
        Subject(
            objective=objectives[one.objective_id],
            heard=one,
            barrier=barriers.get(one.objective_id),
            trainers=tuple(sorted(trainers.get(one.objective_id, ()))),
        )
        for one in heard
    ]
