"""Writing drafts."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from align.notices import actions as notices
from align.people.models import User
from strategy import history, observable, text
from strategy.actions.words import (
    MUST_SAY,
    WORDS,
    BehaviorWords,
    Invalid,
    NotADraft,
    StaleDraft,
    Words,
    behavior_words,
)
from strategy.models import Behavior, BehaviorRevision, Objective, Revision, Strategy, Theme

WRITERS = history.ShownTo.WRITERS


@transaction.atomic
def add_objective(
    *,
    strategy: Strategy,
    theme: Theme,
    code: str,
    owner: User | None,
    words: Words,
    by: User | None,
    now: datetime,
    behaviors: Sequence[BehaviorWords] = (),
) -> Objective:
    """Make an objective with its first draft. Raises Invalid with each wrong field."""
    _check_draft(words, behaviors)
    try:
        with transaction.atomic():
            objective = Objective.objects.create(
                strategy=strategy, theme=theme, code=code, owner=owner, created_at=now
            )
    except IntegrityError as error:
        raise Invalid({"code": f"“{code}” is taken in this strategy."}) from error
    draft = Revision(objective=objective, number=1, author=by, created_at=now, **asdict(words))
    _number(draft, before=None)
    draft.save()
    _write_behaviors(draft, behaviors)
    history.write(
        "draft begun", revision=draft, after=said(draft), by=by, now=now, shown_to=WRITERS
    )
    return objective


def _number(draft: Revision, *, before: Revision | None) -> None:
    """Number the paragraphs of a draft, in memory; the objective counts on, in the database."""
    objective = draft.objective
    objective.paragraphs = text.number_fields(draft, before=before, last=objective.paragraphs)
    objective.save(update_fields=["paragraphs"])


def said(revision: Revision) -> dict[str, Any]:
    """What a revision says, field by field, as the history keeps it."""
    words = {name: getattr(revision, name) for name in WORDS}
    rows = revision.behaviors.select_related("behavior").order_by("position")
    return words | {row.behavior.code: row.statement for row in rows}


@transaction.atomic
def open_draft(
    *,
    objective: Objective,
    by: User | None,
    now: datetime,
    answers: Sequence[uuid.UUID] = (),
) -> Revision:
    """Return the objective's draft; where there is none, a copy of the current revision.

    ``answers`` are the decisions the draft is to carry out; it points back to them.
    """
    objective = _locked(objective.pk)
    draft = Revision.objects.drafts().filter(objective=objective).first()
    if draft is None:
        draft = _copy_of_newest(objective, by, now)
    if answers:
        draft.answers = [*draft.answers, *(ref for ref in answers if ref not in draft.answers)]
        draft.save(update_fields=["answers"])
    return draft


def _locked(pk: int) -> Objective:
    """Everything that is done to one objective's words happens one after the other."""
    return Objective.objects.select_for_update(of=("self",)).select_related("strategy").get(pk=pk)


def _copy_of_newest(objective: Objective, by: User | None, now: datetime) -> Revision:
    """Begin with what is published, or with what was withdrawn where nothing ever was."""
    mine = Revision.objects.filter(objective=objective)
    published = mine.published().first()
    source = published or mine.order_by("-pk").first()
    if source is None:
        raise NotADraft("An objective without a revision cannot be.")
    draft = Revision.objects.create(
        objective=objective,
        number=published.number + 1 if published else 1,
        author=by,
        created_at=now,
        numbers=source.numbers,
        **{name: getattr(source, name) for name in WORDS},
    )
    _write_behaviors(draft, behavior_words(source))
    history.write("draft opened", revision=draft, by=by, now=now, shown_to=WRITERS)
    return draft


@transaction.atomic
def edit_draft(
    *,
    revision: Revision,
    words: Words,
    behaviors: Sequence[BehaviorWords],
    edits: int,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Revision:
    """Save a draft whole. ``edits`` is the count the writer started from.

    Raises Invalid with each wrong field; StaleDraft where somebody saved meanwhile; NotADraft.
    """
    _check_draft(words, behaviors)
    objective = _locked(revision.objective_id)
    before = Revision.objects.drafts().filter(pk=revision.pk, edits=edits).first()
    if before is None:
        raise why_not_saved(revision)
    old = said(before)
    new = Revision(pk=before.pk, objective=objective, **asdict(words))
    _number(new, before=before)
    Revision.objects.filter(pk=before.pk).update(
        edits=F("edits") + 1, reason=reason, numbers=new.numbers, **asdict(words)
    )
    revision.refresh_from_db()
    _write_behaviors(revision, behaviors)
    history.write(
        "draft saved",
        revision=revision,
        before=old | {"reason": before.reason},
        after=said(revision) | {"reason": reason},
        by=by,
        now=now,
        shown_to=WRITERS,
    )
    return revision


def why_not_saved(revision: Revision) -> StaleDraft | NotADraft:
    now = Revision.objects.drafts().filter(pk=revision.pk).first()
    return StaleDraft(now) if now else NotADraft("This draft is published or discarded.")


def _check_draft(words: Words, behaviors: Sequence[BehaviorWords]) -> None:
    errors: dict[str, str] = {}
    if not words.title.strip():
        errors["title"] = MUST_SAY["title"]
    codes = [behavior.code for behavior in behaviors]
    for behavior in behaviors:
        refused = observable.refusal(behavior.statement)
        if not behavior.statement.strip():
            errors[f"behaviors.{behavior.code}"] = "Say what a manager can see."
        elif refused:
            errors[f"behaviors.{behavior.code}"] = refused
        elif codes.count(behavior.code) > 1:
            errors[f"behaviors.{behavior.code}"] = f"“{behavior.code}” is there twice."
    if errors:
        raise Invalid(errors)


def _write_behaviors(draft: Revision, behaviors: Sequence[BehaviorWords]) -> None:
    """Make the draft's behaviors these. Identities stay; those only this draft knew may go."""
    objective = draft.objective
    known = {row.code: row for row in Behavior.objects.filter(objective=objective)}
    missing = [
        Behavior(objective=objective, code=words.code)
        for words in behaviors
        if words.code not in known
    ]
    if missing:
        objective.paragraphs = text.number_behaviors(missing, last=objective.paragraphs)
        objective.save(update_fields=["paragraphs"])
    known |= {row.code: row for row in Behavior.objects.bulk_create(missing)}
    draft.behaviors.all().delete()
    rows = BehaviorRevision.objects.bulk_create(
        _behavior_row(draft, known[words.code], place, words)
        for place, words in enumerate(behaviors, start=1)
    )
    BehaviorRevision.audiences.through.objects.bulk_create(
        BehaviorRevision.audiences.through(behaviorrevision_id=row.pk, audience_id=audience.pk)
        for row, words in zip(rows, behaviors, strict=True)
        for audience in words.audiences
    )
    Behavior.objects.filter(objective=draft.objective_id, revisions=None).delete()


def _behavior_row(
    draft: Revision, behavior: Behavior, place: int, words: BehaviorWords
) -> BehaviorRevision:
    return BehaviorRevision(
        revision=draft,
        behavior=behavior,
        position=place,
        sales_role=words.sales_role,
        statement=words.statement.strip(),
        occasion=words.occasion,
        standard=words.standard,
        level_1=words.levels[0],
        level_2=words.levels[1],
        level_3=words.levels[2],
        level_4=words.levels[3],
        critical=words.critical,
        required_depth=words.depth,
        needs=list(words.needs),
        stops=list(words.stops),
    )


@transaction.atomic
def discard_draft(*, revision: Revision, by: User | None, now: datetime) -> None:
    """Throw a draft away; an objective that never was anything else goes with it.

    A draft people were asked about is withdrawn instead: it stays on record for them, and they
    are told. Raises NotADraft where it is published, Invalid where a decision waits for it.
    """
    objective = _locked(revision.objective_id)
    draft = Revision.objects.drafts().filter(pk=revision.pk).first()
    if draft is None:
        raise NotADraft("This draft is published or discarded.")
    if draft.answers:
        raise Invalid({"answers": "An answer to the field promises this change. Publish it."})
    if draft.rounds.exists():
        _withdraw(draft, by=by, now=now)
        return
    history.write(
        "draft discarded",
        strategy=objective.strategy,
        objective=objective,
        before=said(draft),
        by=by,
        now=now,
        shown_to=WRITERS,
    )
    if not objective.revisions.exclude(pk=draft.pk).exists():
        objective.delete()
        return
    draft.delete()
    Behavior.objects.filter(objective=objective, revisions=None).delete()


def _withdraw(draft: Revision, *, by: User | None, now: datetime) -> None:
    Revision.objects.filter(pk=draft.pk).update(state=Revision.State.WITHDRAWN)
    Objective.objects.filter(pk=draft.objective_id, state=Objective.State.CONSULTATION).update(
        state=Objective.State.DRAFT
    )
    last = draft.rounds.first()
    assert last is not None  # the caller asked
    draft.rounds.filter(closed_at=None).update(closed_at=now)
    history.write(
        "draft withdrawn",
        round_=last,
        before={"state": Revision.State.DRAFT},
        after={"state": Revision.State.WITHDRAWN},
        by=by,
        now=now,
        shown_to=history.ShownTo.ROUND,
    )
    notices.send(
        [
            notices.Message(
                person_id=person,
                key=f"withdrawn:{draft.pk}",
                text=f"The draft of {draft.objective.code} was withdrawn. What you said stays.",
                link=round_.get_absolute_url(),
            )
            for round_ in draft.rounds.order_by("number")
            for person in round_.participants.values_list("person", flat=True)
        ],
        now=now,
    )
