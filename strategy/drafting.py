"""Saving a draft from a page that was open for a while, and seeing what publishing would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from align.people.models import SalesRole, User, audience_key
from strategy import actions, fingerprints
from strategy.models import Behavior, BehaviorRevision, Objective, Revision, Strategy, Theme

OBJECTIVES_A_ROLE = 5
NEW_CRITICAL_A_QUARTER = 3
QUARTER = timedelta(days=91)


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a writer began with: the draft's number and how often it had been saved."""

    number: int
    edits: int


def start_of(objective: Objective) -> tuple[Revision | None, Start]:
    """Return the text a writer begins with and where it stands. Writes nothing.

    Without a draft that is the newest published revision, as the draft after it.
    """
    draft = Revision.objects.drafts().filter(objective=objective).first()
    if draft:
        return draft, Start(number=draft.number, edits=draft.edits)
    latest = Revision.objects.published().filter(objective=objective).first()
    return latest, Start(number=latest.number + 1 if latest else 1, edits=0)


@transaction.atomic
def begin(
    *,
    strategy: Strategy,
    code: str,
    title: str,
    theme: Theme | None,
    new_theme: str,
    owner: User,
    we_will: str,
    by: User,
    now: datetime,
) -> Objective:
    """Make an objective with little more than a title; the rest is written in its draft."""
    return actions.add_objective(
        strategy=strategy,
        theme=theme or actions.add_theme(strategy=strategy, name=new_theme.strip()),
        code=code.strip(),
        owner=owner,
        words=actions.Words(title=title, we_will=we_will),
        by=by,
        now=now,
    )


@transaction.atomic
def save(
    *,
    objective: Objective,
    start: Start,
    words: actions.Words,
    behaviors: Sequence[actions.BehaviorWords],
    reason: str,
    by: User,
    now: datetime,
) -> Revision:
    """Save what was written, opening the draft where there is none.

    Raises StaleDraft when somebody saved or published since the writer began; nothing is
    overwritten then. Raises Invalid with each wrong field.
    """
    draft = actions.open_draft(objective=objective, by=by, now=now)
    if (draft.number, draft.edits) != (start.number, start.edits):
        raise actions.StaleDraft(draft)
    return actions.edit_draft(
        revision=draft,
        words=words,
        behaviors=behaviors,
        reason=reason,
        edits=start.edits,
        by=by,
        now=now,
    )


@transaction.atomic
def publish(
    *,
    revision: Revision,
    edits: int,
    reason: str,
    effective_from: datetime | None,
    by: User,
    now: datetime,
) -> Objective:
    """Write the reason and publish, both or neither."""
    Revision.objects.drafts().filter(pk=revision.pk, edits=edits).update(reason=reason)
    return actions.publish(
        revision=revision, edits=edits, effective_from=effective_from, by=by, now=now
    )


@dataclass(frozen=True, kw_only=True)
class Change:
    """What publishing does to one behavior."""

    code: str
    statement: str
    before: str  # the statement it replaces, where it differs
    what: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What publishing a draft would change."""

    significance: str
    touched: Sequence[Change]
    untouched: int
    why_changed: bool
    warnings: Sequence[str]


def preview(draft: Revision, *, now: datetime) -> Preview:
    """Compare a draft with what it follows, by the same fingerprints publishing will write."""
    last = Revision.objects.published().filter(objective=draft.objective_id).first()
    rows = _rows(draft)
    _fingerprint(draft, rows)
    before = _rows(last) if last else []
    why = fingerprints.of_why(draft)
    substantive = last is None or actions.is_substantive(rows, before, why, last)
    changes = _changes(rows, before)
    return Preview(
        significance=str(
            (
                Revision.Significance.SUBSTANTIVE
                if substantive
                else Revision.Significance.EDITORIAL
            ).label
        ),
        touched=[change for change in changes if change],
        untouched=sum(change is None for change in changes),
        why_changed=last is not None and why != last.why_fingerprint,
        warnings=_too_much(draft, rows, before, now),
    )


def _rows(revision: Revision) -> list[BehaviorRevision]:
    return list(
        revision.behaviors.select_related("behavior", "sales_role").prefetch_related("audiences")
    )


def _fingerprint(draft: Revision, rows: Sequence[BehaviorRevision]) -> None:
    """Set in memory what publishing will write, default audiences included."""
    teams = list(draft.objective.strategy.teams.values_list("pk", flat=True))
    for row in rows:
        keys = [audience.key for audience in row.audiences.all()]
        row.fingerprint = fingerprints.of_behavior(
            revision=draft,
            behavior=row,
            audience_keys=keys or [audience_key([row.sales_role_id], teams)],
        )


def _changes(
    rows: Sequence[BehaviorRevision], before: Sequence[BehaviorRevision]
) -> list[Change | None]:
    """One entry a behavior, None where it stays as it is."""
    old = {row.behavior_id: row for row in before}
    found = [_change(row, old.pop(row.behavior_id, None)) for row in rows]
    return found + [
        Change(code=row.behavior.code, statement=row.statement, before="", what="No longer asked")
        for row in old.values()
    ]


def _change(row: BehaviorRevision, old: BehaviorRevision | None) -> Change | None:
    if old and old.fingerprint == row.fingerprint:
        return None
    return Change(
        code=row.behavior.code,
        statement=row.statement,
        before=old.statement if old and old.statement != row.statement else "",
        what="Changed; its training is to be looked at again" if old else "New",
    )


def _too_much(
    draft: Revision,
    rows: Sequence[BehaviorRevision],
    before: Sequence[BehaviorRevision],
    now: datetime,
) -> list[str]:
    """Warn when one sales role is asked for too many things: only a few become habits."""
    known = {row.behavior_id for row in before}
    roles = {row.sales_role_id: row.sales_role for row in rows}
    warnings = []
    for role in sorted(roles.values(), key=lambda role: role.name):
        others = (
            Objective.objects.in_force()
            .filter(current__behaviors__sales_role=role)
            .exclude(pk=draft.objective_id)
            .distinct()
            .count()
        )
        if others + 1 > OBJECTIVES_A_ROLE:
            warnings.append(
                f"{role}: {others + 1} objectives in force would ask this role for something; "
                f"more than {OBJECTIVES_A_ROLE} is more than people can change at once."
            )
        new = sum(
            row.critical and row.sales_role_id == role.pk and row.behavior_id not in known
            for row in rows
        )
        recent = _new_critical(role, now=now)
        if new and new + recent > NEW_CRITICAL_A_QUARTER:
            warnings.append(
                f"{role}: {new + recent} new critical behaviors within a quarter; "
                f"more than {NEW_CRITICAL_A_QUARTER} is more than people can learn."
            )
    return warnings


def _new_critical(role: SalesRole, *, now: datetime) -> int:
    """Count the critical behaviors in force of a role that were first asked in this quarter."""
    in_force = BehaviorRevision.objects.in_force().filter(sales_role=role, critical=True)
    return (
        Behavior.objects.filter(pk__in=in_force.values("behavior"))
        .annotate(first=Min("revisions__revision__effective_from"))
        .filter(first__gt=now - QUARTER)
        .count()
    )
