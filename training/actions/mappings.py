"""Claiming that a module teaches a behavior, checking the claim again, withdrawing it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from align.people.models import Audience, User
from strategy import outbox
from strategy.models import Behavior, BehaviorRevision, Depth
from training.actions.words import AlreadyMapped, Invalid, NotInForce, NotPublished, TooDeep
from training.models import Kind, Mapping, Module, ModuleVersion


@transaction.atomic
def map_behavior(
    *,
    version: ModuleVersion,
    behavior: Behavior,
    audiences: Sequence[Audience] | None,
    depth: int,
    rationale: str,
    by: User | None,
    now: datetime,
) -> list[Mapping]:
    """Claim that a version teaches a behavior this deep, to each audience.

    Without audiences: to everyone the behavior is asked of. Raises NotPublished, NotInForce,
    TooDeep, AlreadyMapped; then nothing is claimed at all.
    """
    words = words_in_force(behavior)
    _check_claim(version, depth)
    wanted = list(words.audiences.all()) if audiences is None else list(audiences)
    try:
        with transaction.atomic():
            made = Mapping.objects.bulk_create(
                Mapping(
                    version=version,
                    behavior=behavior,
                    audience=audience,
                    depth=depth,
                    rationale=rationale,
                    reviewed_fingerprint=words.fingerprint,
                    author=by,
                    created_at=now,
                )
                for audience in wanted
            )
    except IntegrityError as error:
        raise AlreadyMapped(f"“{version.title}” is mapped to this behavior already.") from error
    outbox.touch([behavior.objective_id], now=now)
    return made


def words_in_force(behavior: Behavior) -> BehaviorRevision:
    words = BehaviorRevision.objects.to_teach().filter(behavior=behavior).first()
    if words is None:
        raise NotInForce("This behavior is not in force.")
    return words


def _check_claim(version: ModuleVersion, depth: int) -> None:
    published = version.state == ModuleVersion.State.PUBLISHED
    if not published or version.module.state != Module.State.PUBLISHED:
        raise NotPublished("Publish the module first; a draft teaches nobody.")
    kind = Kind(version.kind)
    if depth > kind.deepest:
        raise TooDeep(
            f"{kind.label} modules can claim {kind.deepest.label} at most, "
            f"not {Depth(depth).label}."
        )


@transaction.atomic
def clear_mapping(*, mapping: Mapping, reason: str, by: User | None, now: datetime) -> Mapping:
    """Say that a change of the behavior has no impact on this claim, and why.

    Completions from before the change count again. Raises Invalid without a reason, NotInForce.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why the change has no impact."})
    words = words_in_force(mapping.behavior)
    mapping.reviewed_fingerprint = words.fingerprint
    mapping.cleared_reason, mapping.cleared_at, mapping.author = reason.strip(), now, by
    mapping.save(update_fields=["reviewed_fingerprint", "cleared_reason", "cleared_at", "author"])
    outbox.touch([mapping.behavior.objective_id], now=now)
    return mapping


@transaction.atomic
def retire_mapping(*, mapping: Mapping, now: datetime) -> Mapping:
    """Withdraw a claim."""
    retired = (
        Mapping.objects.alive()
        .filter(pk=mapping.pk)
        .update(state=Mapping.State.RETIRED, retired_at=now)
    )
    if retired:
        outbox.touch([mapping.behavior.objective_id], now=now)
    mapping.refresh_from_db()
    return mapping
