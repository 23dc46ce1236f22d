"""Recording what was seen of a behavior."""

import uuid
from datetime import datetime

from django.db import transaction

from align.people.models import User
from strategy import outbox
from strategy.models import Behavior
from training.actions.completions import teams_on
from training.actions.mappings import words_in_force
from training.actions.words import Invalid, KeyReused
from training.models import Observation


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
) -> tuple[Observation, bool]:
    """Record what was seen of a behavior, or that there was no chance to see it (level None).

    The same observer and key again is the same observation; with another content KeyReused.
    Raises Invalid, NotInForce.
    """
    errors = {}
    if user.pk == observer.pk:
        errors["user"] = "Somebody else has to see it."
    if observed_at > now:
        errors["observed_at"] = "An observation cannot lie in the future."
    if errors:
        raise Invalid(errors)
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
    elif any(getattr(made, name) != value for name, value in content.items()):
        raise KeyReused("This key belongs to another observation.")
    return made, created
