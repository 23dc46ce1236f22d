"""What people predict, the answers, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import formats

from align.people.models import User
from strategy import days, evidence
from strategy.actions import Invalid
from strategy.consultation.doors import (
    asked,
    locked_concern,
    locked_round,
    looks,
    may_write,
    paragraph_of,
    raised,
    record,
    still_a_draft,
    tell,
    tell_lead,
    writes,
)
from strategy.models import Concern, ConcernFile, Round


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as it was sent."""

    name: str
    body: bytes


@transaction.atomic
def raise_concern(
    *,
    round_: Round,
    by: User,
    paragraph: int,
    symptom: str,
    check_on: date,
    seen: int | None = None,
    visits: int | None = None,
    reports: Sequence[UUID] = (),
    file: File | None = None,
    now: datetime,
) -> Concern:
    """Predict how a paragraph will fail and by when that shows, with evidence for it.

    Raises Invalid, RoundClosed, and PermissionDenied for somebody who was not asked.
    """
    found = locked_round(round_, now=now)
    asked(found, by)
    place = paragraph_of(found, paragraph)
    errors = _wrong_concern(found, symptom, check_on, seen, visits, file, now=now)
    refs = list(dict.fromkeys(reports))
    if len(evidence.reports(by, refs)) < len(refs):
        errors["reports"] = "There is no such report."
    if not (refs or file or visits):
        errors.setdefault(
            "evidence", "A concern needs evidence: reports, a file, or a count of visits."
        )
    if place is None:
        errors["paragraph"] = "There is no such paragraph in this draft."
    if errors or place is None:
        raise Invalid(errors)
    concern = Concern.objects.create(
        round=found,
        paragraph=paragraph,
        quote=place.whole,
        behavior=found.revision.objective.behaviors.filter(paragraph=paragraph).first(),
        symptom=symptom.strip(),
        check_on=check_on,
        seen=seen,
        visits=visits,
        reports=refs,
        raised_by=by,
        raised_at=now,
    )
    if file:
        _attach(concern, file)
    record(
        "concern raised",
        round_=found,
        after={
            "concern": concern.pk,
            "paragraph": paragraph,
            "symptom": concern.symptom,
            "check_on": check_on,
        },
        by=by,
        now=now,
    )
    tell_lead(found, f"{by} raised a concern on", f"concern:{concern.pk}", by, now)
    return concern


def _wrong_concern(
    round_: Round,
    symptom: str,
    check_on: date,
    seen: int | None,
    visits: int | None,
    file: File | None,
    *,
    now: datetime,
) -> dict[str, str]:
    errors = {}
    today = days.day_of(now, strategy=round_.revision.objective.strategy)
    if not symptom.strip():
        errors["symptom"] = "Say what will happen."
    if check_on <= today:
        errors["check_on"] = "Choose a day to come on which it shows."
    if (seen is None) != (visits is None):
        errors["visits"] = "Say both: seen in how many, of how many visits."
    elif seen is not None and visits is not None and not 0 <= seen <= visits:
        errors["visits"] = "It cannot have been seen more often than there were visits."
    elif visits == 0:
        errors["visits"] = "No visits are no evidence."
    if file and len(file.body) > evidence.FILE_AT_MOST:
        errors["file"] = "The file is larger than 10 MB."
    elif file and not (file.body and evidence.kind_of(file.name, file.body)):
        errors["file"] = f"Send {evidence.KINDS}."
    return errors


def _attach(concern: Concern, file: File) -> None:
    name = file.name.replace("\\", "/").rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    ConcernFile.objects.create(
        concern=concern,
        name=f"{stem[:100]}.{ending}",
        kind=evidence.kind_of(file.name, file.body),
        size=len(file.body),
        body=file.body,
    )


@transaction.atomic
def answer_concern(
    *, concern: Concern, by: User, answer: str, words: str, now: datetime
) -> Concern:
    """Answer a concern; the raiser is asked whether that settles it. Raises Invalid.

    A new answer takes the place of the one before, and the question is open again.
    """
    found = locked_concern(concern)
    writes(found.round, by)
    still_a_draft(found.round)
    errors = {}
    if answer not in Concern.Answer.values:
        errors["answer"] = "Choose an answer."
    if not words.strip():
        errors["answer_text"] = "Say it in words; the one who raised it reads them."
    if errors:
        raise Invalid(errors)
    before = _answered(found)
    found.answer, found.answer_text = answer, words.strip()
    found.answered_by, found.answered_at = by, now
    found.settled = found.settled_at = None
    found.save()
    record(
        "concern answered",
        round_=found.round,
        before=before,
        after=_answered(found),
        by=by,
        now=now,
    )
    tell(
        found.raised_by_id,
        by=by,
        key=f"answered:{found.pk}:{now.timestamp()}",
        text=f"{by} answered your concern: {found.get_answer_display()}. Does this settle it?",
        link=found.get_absolute_url(),
        now=now,
    )
    return found


def _answered(concern: Concern) -> dict[str, object]:
    return {
        "concern": concern.pk,
        "answer": concern.answer,
        "words": concern.answer_text,
        "settled": concern.settled,
    }


@transaction.atomic
def settle_concern(*, concern: Concern, by: User, settled: bool, now: datetime) -> Concern:
    """Say whether the answer settles the concern: the word of the one who raised it alone.

    Raises Invalid where there is no answer yet.
    """
    found = locked_concern(concern)
    raised(found, by)
    if not found.answer:
        raise Invalid({"settled": "There is no answer yet."})
    before = found.settled
    found.settled, found.settled_at = settled, now
    found.save(update_fields=["settled", "settled_at"])
    record(
        "concern settled" if settled else "concern not settled",
        round_=found.round,
        before={"concern": found.pk, "settled": before},
        after={"concern": found.pk, "settled": settled},
        by=by,
        now=now,
    )
    return found


@transaction.atomic
def record_outcome(
    *, concern: Concern, by: User, outcome: str, note: str = "", now: datetime
) -> Concern:
    """Say on its day whether a prediction came true: the lead's word and the raiser's, apart.

    Raises Invalid before the day, and PermissionDenied for anybody else.
    """
    found = locked_concern(concern)
    looks(found, by)
    errors = {}
    if outcome not in Concern.Outcome.values:
        errors["outcome"] = "Choose whether it came true."
    if days.day_of(now, strategy=found.round.revision.objective.strategy) < found.check_on:
        errors["outcome"] = f"Its day is {formats.date_format(found.check_on, 'j F Y')}."
    if errors:
        raise Invalid(errors)
    before = {"raiser": found.raiser_outcome, "lead": found.lead_outcome}
    if found.raised_by_id == by.pk:
        found.raiser_outcome, found.raiser_note, found.raiser_looked_at = outcome, note, now
    if may_write(found.round, by):
        found.lead_outcome, found.lead_note, found.lead_looked_at = outcome, note, now
    found.save()
    record(
        "prediction looked at",
        round_=found.round,
        before={"concern": found.pk} | before,
        after={"concern": found.pk, "raiser": found.raiser_outcome, "lead": found.lead_outcome},
        by=by,
        now=now,
    )
    return found
