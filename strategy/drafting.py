"""Saving a draft from a page that was open for a while, and seeing what publishing would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery

from align.people.models import User
from strategy import actions, fingerprints, impact
from strategy.config import Config
from strategy.models import BehaviorRevision, Objective, Revision, Strategy, Theme

# As the rule overload has them by default.
OBJECTIVES_A_ROLE = Config.overload_objectives
NEW_CRITICAL_A_QUARTER = Config.overload_new_critical
QUARTER = timedelta(days=Config.overload_quarter_days)


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
    override: str = "",
) -> Objective:
    """Write the reason and publish, both or neither."""
    Revision.objects.drafts().filter(pk=revision.pk, edits=edits).update(reason=reason)
    return actions.publish(
        revision=revision,
        edits=edits,
        effective_from=effective_from,
        override=override,
        by=by,
        now=now,
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


def preview(draft: Revision, *, now: datetime, change: impact.Change | None = None) -> Preview:
    """Compare a draft with what it follows, by the same fingerprints publishing will write.

    ``change`` is the same as impact reads it, where it is at hand.
    """
    change = change or impact.change_of_draft(draft, starts=now)
    last, rows, before = change.newest, change.rows, change.known
    if last and last != change.in_force:
        before = impact.behaviors(last)
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
        warnings=[
            *_not_asked(draft),
            *_never_in_force(last, starts=change.starts),
            *_too_much(draft, rows, before, now),
        ],
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


def _not_asked(draft: Revision) -> list[str]:
    """Warn where nobody who teaches or leads spoke about these words."""
    newest = draft.rounds.first()
    if newest is None:
        return ["Nobody was consulted on this draft."]
    if newest.edits != draft.edits:
        return [
            f"The draft was changed after it was shared as {newest}: what people answered is not "
            "what you publish."
        ]
    return []


def _never_in_force(last: Revision | None, *, starts: datetime) -> list[str]:
    """Warn where a revision waits for its day and this one would come before it."""
    if last is None or last.effective_from is None or last.effective_from <= starts:
        return []
    return [f"Revision {last.number} waits for a later day. It would never take force."]


def _too_much(
    draft: Revision,
    rows: Sequence[BehaviorRevision],
    before: Sequence[BehaviorRevision],
    now: datetime,
) -> list[str]:
    """Warn when one sales role is asked for too many things: only a few become habits."""
    known = {row.behavior_id for row in before}
    roles = {row.sales_role_id: row.sales_role for row in rows}
    others = _objectives_of(roles, besides=draft.objective_id)
    recent = _new_critical(roles, now=now)
    warnings = []
    for role in sorted(roles.values(), key=lambda role: role.name):
        asking = others.get(role.pk, 0) + 1
        if asking > OBJECTIVES_A_ROLE:
            warnings.append(
                f"{role}: {asking} objectives in force would ask this role for something; "
                f"more than {OBJECTIVES_A_ROLE} is more than people can change at once."
            )
        new = sum(
            row.critical and row.sales_role_id == role.pk and row.behavior_id not in known
            for row in rows
        )
        within = new + recent.get(role.pk, 0)
        if new and within > NEW_CRITICAL_A_QUARTER:
            warnings.append(
                f"{role}: {within} new critical behaviors within a quarter; "
                f"more than {NEW_CRITICAL_A_QUARTER} is more than people can learn."
            )
    return warnings


def _objectives_of(role_ids: Iterable[int], *, besides: int) -> dict[int, int]:
    """Count the other objectives in force that ask something of each role."""
    asking = (
        BehaviorRevision.objects.in_force()
        .filter(sales_role__in=role_ids)
        .exclude(behavior__objective=besides)
        .order_by()
        .values_list("sales_role")
    )
    return dict(asking.annotate(count=Count("behavior__objective", distinct=True)))


def _new_critical(role_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """Count the critical behaviors in force of each role, first asked in this quarter."""
    first = (
        BehaviorRevision.objects.filter(behavior=OuterRef("behavior"))
        .order_by("revision__effective_from")
        .values("revision__effective_from")[:1]
    )
    recent = (
        BehaviorRevision.objects.in_force()
        .filter(sales_role__in=role_ids, critical=True)
        .annotate(first=Subquery(first))
        .filter(first__gt=now - QUARTER)
        .order_by()
        .values_list("sales_role")
    )
    return dict(recent.annotate(count=Count("behavior", distinct=True)))
