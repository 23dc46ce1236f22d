"""Who may speak in a consultation, and while it is open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from align.notices import actions as notices
from align.people.models import User
from strategy import history, text
from strategy.actions import NotADraft, StaleDraft
from strategy.models import Concern, Objective, Participant, Revision, Round


class RoundClosed(Exception):
    """This round is over, or its draft was published or withdrawn."""


def lock(objective_id: int) -> None:
    Objective.objects.select_for_update(of=("self",)).get(pk=objective_id)


def locked_draft(revision: Revision, *, edits: int) -> Revision:
    lock(revision.objective_id)
    draft = (
        Revision.objects.drafts()
        .select_related("objective__strategy", "objective__owner")
        .filter(pk=revision.pk)
        .first()
    )
    if draft is None:
        raise NotADraft("This draft is published or discarded.")
    if draft.edits != edits:
        raise StaleDraft(draft)
    return draft


def locked_round(round_: Round, *, now: datetime) -> Round:
    """Return the round as it is now, while nobody can publish its draft."""
    lock(round_.revision.objective_id)
    found = Round.objects.select_related("revision__objective__strategy").get(pk=round_.pk)
    if not found.is_open(now=now) or found.revision.state != Revision.State.DRAFT:
        raise RoundClosed("This round is over.")
    return found


def locked_concern(concern: Concern) -> Concern:
    lock(concern.round.revision.objective_id)
    return Concern.objects.select_related("round__revision__objective__strategy").get(pk=concern.pk)


def still_a_draft(round_: Round) -> None:
    if round_.revision.state != Revision.State.DRAFT:
        raise RoundClosed("This draft is published or withdrawn.")


def asked(round_: Round, by: User) -> Participant:
    found = Participant.objects.filter(round=round_, person=by).first()
    if found is None:
        raise PermissionDenied("Those who were asked answer this draft.")
    return found


def may_write(round_: Round, by: User) -> bool:
    objective = round_.revision.objective
    return by.is_lead and by.pk in {objective.owner_id, objective.strategy.lead_id}


def writes(round_: Round, by: User) -> None:
    if not may_write(round_, by):
        raise PermissionDenied("Those who write this draft answer.")


def speaks(round_: Round, by: User) -> None:
    if not may_write(round_, by):
        asked(round_, by)


def raised(concern: Concern, by: User) -> None:
    if concern.raised_by_id != by.pk:
        raise PermissionDenied("Only the one who raised it says whether it is settled.")


def looks(concern: Concern, by: User) -> None:
    if by.pk != concern.raised_by_id and not may_write(concern.round, by):
        raise PermissionDenied("The lead and the one who raised it say whether it came true.")


def paragraph_of(round_: Round, number: int) -> text.Paragraph | None:
    found = (row for row in text.thawed(round_.text) if row.number == number)
    return next(found, None)


def record(
    what: str,
    *,
    round_: Round,
    by: User,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write into the history what was done in a round, for those who were asked in it."""
    history.write(
        what,
        round_=round_,
        before=before,
        after=after,
        by=by,
        now=now,
        shown_to=history.ShownTo.ROUND,
    )


def tell(person_id: int | None, *, by: User, key: str, text: str, link: str, now: datetime) -> None:
    """Tell one person; nobody is told of what they did themselves."""
    if person_id and person_id != by.pk:
        message = notices.Message(person_id=person_id, key=key, text=text, link=link)
        notices.send([message], now=now)


def tell_lead(round_: Round, what: str, key: str, by: User, now: datetime) -> None:
    objective = round_.revision.objective
    owner = objective.owner_id or objective.strategy.lead_id
    tell(
        owner,
        by=by,
        key=key,
        text=f"{what} draft {round_.number} of {objective.code}.",
        link=round_.get_absolute_url(),
        now=now,
    )
