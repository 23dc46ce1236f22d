"""What learning platforms tell by xAPI statements: who completed, passed or failed what."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from align.people.models import User
from training import elsewhere
from training.actions.completions import Taken, complete_all
from training.actions.words import Invalid, KeyReused
from training.models import Attempt, Completion, ModuleVersion

SOURCE = "xapi"
COMPLETED, PASSED, FAILED = "completed", "passed", "failed"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement, as far as it concerns us."""

    id: uuid.UUID
    person: str  # e-mail address
    verb: str  # completed, passed or failed
    module: str  # what the other system calls it
    at: datetime | None  # None: now, and when it is sent again, when it was sent first
    score: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A statement with whom and what it is about."""

    row: Statement
    at: datetime
    user: User
    version: ModuleVersion


@transaction.atomic
def take_statements(*, statements: Sequence[Statement], now: datetime) -> list[uuid.UUID]:
    """Record what statements say, all or none, in a fixed number of queries; return their ids.

    The same id with the same content is the same row again. Raises Invalid with every statement
    that names somebody or something unknown (``3.actor``), KeyReused.
    """
    users = elsewhere.people(row.person for row in statements)
    modules = elsewhere.Modules()
    first = _first_told(statements)
    errors: dict[str, str] = {}
    told: dict[uuid.UUID, Told] = {}
    for at, given in enumerate(statements):
        when = given.at or first.get(str(given.id), now)
        row = replace(given, at=when)
        user, module = users.get(row.person.lower()), modules.named(row.module)
        if user is None:
            errors[f"{at}.actor"] = f"Nobody here has the address “{row.person[:80]}”."
        if module is None:
            errors[f"{at}.object"] = f"No published module is called “{row.module[:120]}”."
        if when > now:
            errors[f"{at}.timestamp"] = "A completion cannot lie in the future."
        if user is None or module is None:
            continue
        mine = Told(row=row, at=when, user=user, version=module.at(when))
        if told.setdefault(row.id, mine) != mine:
            raise KeyReused(f"The id {row.id} stands for two statements.")
    if errors:
        raise Invalid(errors)
    _refuse_other_kinds(told)
    _try_all([row for row in told.values() if row.row.verb != COMPLETED], now=now)
    complete_all(
        rows=[
            Taken(
                user=one.user,
                version=one.version,
                completed_at=one.at,
                source=SOURCE,
                external_id=str(one.row.id),
                score=one.row.score,
            )
            for one in told.values()
            if one.row.verb != FAILED
        ],
        now=now,
    )
    return [row.id for row in statements]


def _first_told(statements: Sequence[Statement]) -> dict[str, datetime]:
    """Return when the statements without a time of their own were told before."""
    ids = [str(row.id) for row in statements if row.at is None]
    tried = Attempt.objects.filter(source=SOURCE, external_id__in=ids).order_by()
    completed = Completion.objects.filter(source=SOURCE, external_id__in=ids).order_by()
    return dict(
        tried.values_list("external_id", "at").union(
            completed.values_list("external_id", "completed_at")
        )
    )


def _refuse_other_kinds(told: dict[uuid.UUID, Told]) -> None:
    """An id that was a completion cannot be a failure now, nor the other way round.

    Passed is known by both rows, completed by the completion alone, failed by the try alone.
    """
    ids = [str(pk) for pk in told]
    completed = set(
        Completion.objects.filter(source=SOURCE, external_id__in=ids).values_list(
            "external_id", flat=True
        )
    )
    tried = set(
        Attempt.objects.filter(source=SOURCE, external_id__in=ids).values_list(
            "external_id", flat=True
        )
    )
    for pk, one in told.items():
        kept = (str(pk) in completed, str(pk) in tried)
        mine = (one.row.verb != FAILED, one.row.verb != COMPLETED)
        if kept not in {mine, (False, False)}:
            raise KeyReused(f"The id {pk} is another statement here already.")


def _try_all(told: Sequence[Told], *, now: datetime) -> None:
    ids = [str(one.row.id) for one in told]
    kept = {
        row.external_id: (row.user_id, row.version_id, row.at, row.score, row.passed)
        for row in Attempt.objects.filter(source=SOURCE, external_id__in=ids)
    }
    for one in told:
        row = one.row
        mine = (one.user.pk, one.version.pk, one.at, row.score, row.verb == PASSED)
        if kept.get(str(row.id), mine) != mine:
            raise KeyReused(f"The id {row.id} is another statement here already.")
    Attempt.objects.bulk_create(
        [
            Attempt(
                user=one.user,
                version=one.version,
                at=one.at,
                score=one.row.score,
                passed=one.row.verb == PASSED,
                source=SOURCE,
                external_id=str(one.row.id),
                created_at=now,
            )
            for one in told
            if str(one.row.id) not in kept
        ],
        ignore_conflicts=True,
    )
