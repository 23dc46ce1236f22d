"""Recording what was seen of a behavior."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from align.notices import actions as notices
from align.people.models import User
from strategy import outbox
from strategy.models import Behavior, BehaviorRevision
from training.actions.completions import teams_on
from training.actions.mappings import words_in_force
from training.actions.words import AlreadyCorrected, Invalid, KeyReused, NotInForce
from training.models import Observation

MOST_AT_ONCE = 12  # behaviors of one visit
CORRECTED_WITHIN = timedelta(days=30)
SEEN_PAGE = "/training/learn/seen/"
FUTURE = "An observation cannot lie in the future."
NOBODY_ELSE = "Somebody else has to see it."
REUSED = "This key belongs to another observation."


@transaction.atomic
def observe(
    *,
    user: User,
    behavior: Behavior,
    observer: User,
    observed_at: datetime,
    level: int | None,
    client_key: uuid.UUID,
    now: datetime,
    occasion: str = "",
    evidence: str = "",
    tell: bool = True,
) -> tuple[Observation, bool]:
    """Record what was seen of a behavior, or that there was no chance to see it (level None).

    The same observer and key again is the same observation; with another content KeyReused.
    The person is told, unless old records are brought in. Raises Invalid, NotInForce.
    """
    _check(user, observer, observed_at, now)
    words = words_in_force(behavior)
    content = {
        "user_id": user.pk,
        "behavior_revision_id": words.pk,
        "observed_at": observed_at,
        "level": level,
        "occasion": occasion,
        "evidence": evidence,
    }
    made, created = Observation.objects.get_or_create(
        observer=observer,
        client_key=client_key,
        defaults={
            **content,
            "team_id": teams_on([user], observed_at.date()).get(user.pk),
            "created_at": now,
        },
    )
    if created:
        outbox.touch([behavior.objective_id], now=now)
        if tell:
            _tell(made, by=observer, now=now)
    elif any(getattr(made, name) != value for name, value in content.items()):
        raise KeyReused(REUSED)
    return made, created


def _check(user: User, observer: User, observed_at: datetime, now: datetime) -> None:
    errors = {}
    if user.pk == observer.pk:
        errors["user"] = NOBODY_ELSE
    if observed_at > now:
        errors["observed_at"] = FUTURE
    if errors:
        raise Invalid(errors)


def _tell(made: Observation, *, by: User, now: datetime) -> None:
    """Say that something was written down; what, stands on the person's own page."""
    message = notices.Message(
        person_id=made.user_id,
        key=f"seen:{made.pk}",
        text=f"{by.name} wrote down what they saw you do.",
        link=SEEN_PAGE,
    )
    notices.send([message], now=now)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one visit showed of one behavior: a level, or None where there was no chance."""

    behavior: Behavior
    level: int | None
    evidence: str = ""


@transaction.atomic
def record_visit(
    *,
    user: User,
    observer: User,
    looks: Sequence[Look],
    observed_at: datetime,
    client_key: uuid.UUID,
    now: datetime,
    occasion: str = "",
) -> tuple[list[Observation], bool]:
    """Record everything one visit showed, all of it or nothing; return it, and whether it is new.

    The same observer and key again is the same visit: the key of each observation follows from
    that of the visit and its place in it. With another content KeyReused.
    Raises Invalid, NotInForce.
    """
    _check(user, observer, observed_at, now)
    ordered = _ordered(looks)
    words = _words([look.behavior for look in ordered])
    keys = keys_of(client_key, MOST_AT_ONCE)
    serialize(observer)
    kept = _kept(observer, keys)
    if kept:
        same = len(kept) == len(ordered) and all(
            _is(row, look, user=user, observed_at=observed_at, occasion=occasion)
            for row, look in zip(kept, ordered, strict=True)
        )
        if not same:
            raise KeyReused(REUSED)
        return kept, False
    team = teams_on([user], observed_at.date()).get(user.pk)
    made = Observation.objects.bulk_create(
        Observation(
            user=user,
            behavior_revision=words[look.behavior.pk],
            observer=observer,
            team_id=team,
            observed_at=observed_at,
            occasion=occasion,
            level=look.level,
            evidence=look.evidence,
            client_key=key,
            created_at=now,
        )
        for key, look in zip(keys, ordered, strict=False)
    )
    outbox.touch({look.behavior.objective_id for look in ordered}, now=now)
    _tell(made[0], by=observer, now=now)
    return made, True


def keys_of(client_key: uuid.UUID, most: int) -> list[uuid.UUID]:
    """Return the keys of what is sent together, by place; the same key gives the same keys."""
    return [uuid.uuid5(client_key, str(place)) for place in range(most)]


def serialize(sender: User) -> None:
    """Let two sendings of one person wait for each other, so that the second finds the first."""
    User.objects.select_for_update(no_key=True).filter(pk=sender.pk).first()


def _ordered(looks: Sequence[Look]) -> list[Look]:
    ordered = sorted(looks, key=lambda look: look.behavior.pk)
    if not ordered:
        raise Invalid({"looks": "Say of one behavior at least what you saw."})
    if len(ordered) > MOST_AT_ONCE:
        raise Invalid({"looks": f"At most {MOST_AT_ONCE} behaviors at once."})
    if len({look.behavior.pk for look in ordered}) < len(ordered):
        raise Invalid({"looks": "Each behavior once."})
    return ordered


def _words(behaviors: Iterable[Behavior]) -> dict[int, BehaviorRevision]:
    asked = [behavior.pk for behavior in behaviors]
    found: dict[int, BehaviorRevision] = {}
    for row in BehaviorRevision.objects.to_teach().filter(behavior__in=asked):
        found.setdefault(row.behavior_id, row)
    if len(found) < len(asked):
        raise NotInForce("This behavior is not in force.")
    return found


def _kept(observer: User, keys: Sequence[uuid.UUID]) -> list[Observation]:
    rows = Observation.objects.filter(observer=observer, client_key__in=keys)
    found = {row.client_key: row for row in rows.select_related("behavior_revision")}
    return [found[key] for key in keys if key in found]


def _is(row: Observation, look: Look, *, user: User, observed_at: datetime, occasion: str) -> bool:
    return (
        row.user_id,
        row.behavior_revision.behavior_id,
        row.observed_at,
        row.level,
        row.occasion,
        row.evidence,
    ) == (user.pk, look.behavior.pk, observed_at, look.level, occasion, look.evidence)


@transaction.atomic
def correct_observation(
    *,
    observation: Observation,
    level: int | None,
    evidence: str,
    client_key: uuid.UUID,
    by: User,
    now: datetime,
) -> tuple[Observation, bool]:
    """Put another observation in the place of one's own; the first stays on record.

    Who, what and when stay: another person or behavior is another observation. The same key
    again is the same correction. Raises Invalid, KeyReused, AlreadyCorrected.
    """
    serialize(by)
    kept = Observation.objects.filter(observer=by, client_key=client_key).first()
    if kept is not None:
        if (kept.corrects_id, kept.level, kept.evidence) != (observation.pk, level, evidence):
            raise KeyReused(REUSED)
        return kept, False
    _check_correction(observation, by=by, now=now)
    if (observation.level, observation.evidence) == (level, evidence):
        raise Invalid({"evidence": "Nothing is different. Change what was wrong."})
    made = Observation.objects.create(
        user_id=observation.user_id,
        behavior_revision_id=observation.behavior_revision_id,
        observer=by,
        team_id=observation.team_id,
        observed_at=observation.observed_at,
        occasion=observation.occasion,
        level=level,
        evidence=evidence,
        client_key=client_key,
        corrects=observation,
        created_at=now,
    )
    outbox.touch([observation.behavior_revision.behavior.objective_id], now=now)
    _tell(made, by=by, now=now)
    return made, True


def _check_correction(observation: Observation, *, by: User, now: datetime) -> None:
    if observation.observer_id != by.pk:
        raise Invalid({"observation": "Only who saw it corrects it."})
    if observation.created_at < now - CORRECTED_WITHIN:
        raise Invalid({"observation": "That is more than 30 days ago. Write down a new visit."})
    if Observation.objects.filter(corrects=observation).exists():
        raise AlreadyCorrected("You corrected this already. Correct the newer one.")
