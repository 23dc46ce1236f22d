"""Sharing several drafts of one strategy with the same people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from align.people.models import User
from strategy.actions import Invalid
from strategy.consultation.rounds import open_round
from strategy.models import Revision, Round


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A draft to share, and the count of saves its writer looked at."""

    revision: Revision
    edits: int


@transaction.atomic
def open_rounds(
    *,
    drafts: Iterable[Shared],
    people: Sequence[User],
    closes_on: date,
    by: User,
    now: datetime,
) -> list[Round]:
    """Share all of these drafts or none. Raises what ``open_round`` raises.

    What a draft lacks is named ``<its key>.<field>``; what is wrong for all of them, plainly.
    """
    made: list[Round] = []
    errors: dict[str, str] = {}
    # In one order, so that two people who share the same drafts wait for each other.
    for draft in sorted(drafts, key=lambda draft: draft.revision.objective_id):
        try:
            made.append(
                open_round(
                    revision=draft.revision,
                    edits=draft.edits,
                    people=people,
                    closes_on=closes_on,
                    by=by,
                    now=now,
                )
            )
        except Invalid as refused:
            errors |= named(draft.revision, refused.errors)
    if errors:
        raise Invalid(errors)
    return made


FOR_ALL = {"people", "closes_on"}


def named(draft: Revision, errors: dict[str, str]) -> dict[str, str]:
    return {
        (name if name in FOR_ALL else f"{draft.pk}.{name}"): sentence
        for name, sentence in errors.items()
    }
