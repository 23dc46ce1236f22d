"""Putting words in force, and taking them out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from align.notices import actions as notices
from align.people.models import Audience, User
from strategy import effect, fingerprints, gate, history, impact, outbox
from strategy.actions.drafts import said, why_not_saved
from strategy.actions.words import MUST_SAY, Invalid, NotADraft
from strategy.models import BehaviorRevision, Objective, Revision, Strategy


@transaction.atomic
def publish(
    *,
    revision: Revision,
    edits: int,
    by: User | None,
    now: datetime,
    effective_from: datetime | None = None,
    override: str = "",
) -> Objective:
    """Make a draft what the company says from a day on; from then on it never changes.

    Refused while somebody consulted cannot teach it or a concern has no answer, unless its owner
    says in ``override`` why all the same; everyone can read that. Of two people who publish at
    once one wins: the row count of the update decides. Raises Invalid with each missing field,
    StaleDraft, NotADraft.
    """
    objective = Objective.objects.select_for_update(of=("self",)).get(pk=revision.objective_id)
    draft = Revision.objects.drafts().filter(pk=revision.pk, edits=edits).first()
    if draft is None:
        raise why_not_saved(revision)
    errors = missing(draft)
    stands = gate.gate(draft)
    if stands:
        errors |= _refusal(stands, override=override, by=by, objective=objective)
    if errors:
        raise Invalid(errors)
    _name_audiences(draft)
    starts = effective_from or now
    last = objective.revisions.published().first()
    draft.override = override.strip() if stands else ""
    _seal(draft, last, by=by, now=now, starts=starts)
    _close_consultation(draft, now=now)
    counted = impact.counted(objective.revisions.get(pk=draft.pk), now=now)
    history.write(
        "published",
        revision=draft,
        before=said(last) if last else {},
        after=said(draft)
        | {"effective_from": starts, "reason": draft.reason, "override": draft.override}
        | counted.figures,
        by=by,
        now=now,
    )
    effect.take_effect([objective.pk], now=now)
    outbox.touch([objective.pk], now=now)
    objective.refresh_from_db()
    return objective


def _refusal(
    stands: gate.Gate, *, override: str, by: User | None, objective: Objective
) -> dict[str, str]:
    if not override.strip():
        return {"consultation": stands.sentence}
    if by is None or objective.owner_id != by.pk:
        return {"override": f"Only the owner, {objective.owner}, can publish it all the same."}
    return {}


def _close_consultation(draft: Revision, *, now: datetime) -> None:
    """End the rounds and tell everyone who was asked what came of it."""
    draft.rounds.filter(closed_at=None).update(closed_at=now)
    Objective.objects.filter(pk=draft.objective_id, state=Objective.State.CONSULTATION).update(
        state=Objective.State.DRAFT  # until its day comes
    )
    notices.send(
        [
            notices.Message(
                person_id=person,
                key=f"published:{draft.pk}",
                text=f"{draft.objective.code} “{draft.title}”, which you answered, is published.",
                link=round_.get_absolute_url(),
            )
            for round_ in draft.rounds.all()
            for person in round_.participants.values_list("person", flat=True)
        ],
        now=now,
    )


def missing(draft: Revision) -> dict[str, str]:
    """Name everything a draft still lacks before it can be published."""
    errors = {
        name: sentence for name, sentence in MUST_SAY.items() if not getattr(draft, name).strip()
    }
    objective = draft.objective
    if objective.owner_id is None:
        errors["owner"] = "Name an owner."
    if not draft.behaviors.exists():
        errors["behaviors"] = "Nobody could see this yet. Name what a rep does differently."
    if draft.number > 1 and not draft.reason.strip():
        errors["reason"] = "Say why it changes; the field reads it."
    if objective.state == Objective.State.RETIRED:
        errors["state"] = "This objective is retired."
    if objective.strategy.state != Strategy.State.ACTIVE:
        errors["strategy"] = "Put the strategy in force first."
    return errors


def _name_audiences(draft: Revision) -> None:
    """Ask everyone of the sales role in the strategy's teams, where nobody else is named."""
    teams = list(draft.objective.strategy.teams.all())
    for row in draft.behaviors.filter(audiences=None).select_related("sales_role"):
        row.audiences.set([Audience.objects.of(sales_roles=[row.sales_role], teams=teams)])


def _seal(
    draft: Revision,
    last: Revision | None,
    *,
    by: User | None,
    now: datetime,
    starts: datetime,
) -> None:
    """Give the draft its fingerprints and publish it, behaviors first."""
    before = {row.behavior_id: row for row in last.behaviors.all()} if last else {}
    rows = list(draft.behaviors.prefetch_related("audiences"))
    for row in rows:
        row.fingerprint = fingerprints.of_behavior(
            revision=draft,
            behavior=row,
            audience_keys=[audience.key for audience in row.audiences.all()],
        )
        old = before.get(row.behavior_id)
        same = old is not None and old.fingerprint == row.fingerprint
        row.fingerprint_since = old.fingerprint_since if old is not None and same else starts
    why = fingerprints.of_why(draft)
    substantive = last is None or is_substantive(rows, list(before.values()), why, last)
    BehaviorRevision.objects.bulk_update(rows, ["fingerprint", "fingerprint_since"])
    published = Revision.objects.filter(pk=draft.pk, state=Revision.State.DRAFT).update(
        state=Revision.State.PUBLISHED,
        significance=(
            Revision.Significance.SUBSTANTIVE if substantive else Revision.Significance.EDITORIAL
        ),
        epoch=draft.number if substantive or last is None else last.epoch,
        why_fingerprint=why,
        published_at=now,
        effective_from=starts,
        author=by or draft.author,
        override=draft.override,
    )
    if not published:
        raise NotADraft("This draft was published meanwhile.")


def is_substantive(
    rows: Sequence[BehaviorRevision],
    before: Sequence[BehaviorRevision],
    why: str,
    last: Revision,
) -> bool:
    """A revision is substantive exactly when a fingerprint changed, came or went."""
    return why != last.why_fingerprint or {(row.behavior_id, row.fingerprint) for row in rows} != {
        (row.behavior_id, row.fingerprint) for row in before
    }


@transaction.atomic
def hand_over(*, objective: Objective, owner: User, by: User | None, now: datetime) -> Objective:
    """Give an objective another owner, who is told with its next flag."""
    before = objective.owner
    Objective.objects.filter(pk=objective.pk).update(owner=owner)
    history.write(
        "handed over",
        objective=objective,
        before={"owner": str(before) if before else ""},
        after={"owner": str(owner)},
        by=by,
        now=now,
        shown_to=(history.ShownTo.EVERYONE if objective.current_id else history.ShownTo.WRITERS),
    )
    outbox.touch([objective.pk], now=now)
    objective.refresh_from_db()
    return objective


@transaction.atomic
def retire(*, objective: Objective, by: User | None, now: datetime) -> Objective:
    """End an objective. Its history stays; its flags close with the next judgement."""
    retired = Objective.objects.filter(pk=objective.pk, state=Objective.State.IN_FORCE).update(
        state=Objective.State.RETIRED, retired_at=now
    )
    objective.refresh_from_db()
    if retired:
        history.write(
            "retired",
            objective=objective,
            before={"state": Objective.State.IN_FORCE},
            after={"state": Objective.State.RETIRED},
            by=by,
            now=now,
        )
        outbox.touch([objective.pk], now=now)
    return objective


@transaction.atomic
def review(*, objective: Objective, by: User | None, now: datetime) -> Objective:
    """Note that somebody looked at an objective in force as a whole and lets it stand.

    The later look counts, in whatever order they arrive. Raises Invalid where it is not in force.
    """
    looked_at = Objective.objects.in_force().filter(pk=objective.pk)
    noted = looked_at.filter(Q(reviewed_at=None) | Q(reviewed_at__lt=now)).update(reviewed_at=now)
    if not noted and not looked_at.exists():
        raise Invalid({"state": "Only what is in force is reviewed."})
    if noted:
        history.write("reviewed", objective=objective, by=by, now=now)
        outbox.touch([objective.pk], now=now)
    objective.refresh_from_db()
    return objective
