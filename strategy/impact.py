"""What publishing sets in motion, counted before and after by the same functions.

The apps above register what they count; this app knows none of them. Before, a change is read
from the draft and the fingerprints publishing would write; afterwards from the published rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from align.people.models import User
from strategy import days, fingerprints
from strategy.models import BehaviorRevision, History, Revision, TeachBack

Rule = tuple[int, int]  # people in this sales role, in this team or below


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one revision changes against what is in force when its day begins.

    ``before`` has, for each behavior, the fingerprints training may have been reviewed at: the
    one in force, or every published one where nothing is in force yet.
    """

    objective_id: int
    number: int
    rows: Sequence[BehaviorRevision]  # what it asks, with fingerprints
    newest: Revision | None  # the published one before it, whenever its day is
    in_force: Revision | None  # the one it takes the place of
    known: Sequence[BehaviorRevision]  # what that one asks
    starts: datetime
    day: date  # the day it starts on, in the strategy's time zone
    zone: str
    before: Mapping[int, frozenset[str]]
    after: Mapping[int, str]
    why_before: str  # empty: nothing was in force
    why_after: str
    rules: frozenset[Rule]  # who is asked for something that changed, or was until now
    answers: Sequence[UUID]  # decisions this revision carries out

    @property
    def first(self) -> bool:
        return not self.why_before

    @property
    def why_changed(self) -> bool:
        return self.why_before != self.why_after


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing behind a count, as far as the reader may see it."""

    text: str
    note: str = ""
    link: str = ""
    stands_for: int = 1


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Something publishing does, and how it is said: one and many, before and afterwards."""

    name: str
    title: str
    will: tuple[str, str]
    did: tuple[str, str]
    count: Callable[[Change], int]
    rows: Callable[[Change, User], Sequence[Row]]


@dataclass(frozen=True, kw_only=True)
class Count:
    counter: Counter
    number: int

    @property
    def will(self) -> str:
        return self._said(self.counter.will)

    @property
    def did(self) -> str:
        return self._said(self.counter.did)

    def _said(self, words: tuple[str, str]) -> str:
        return words[0] if self.number == 1 else words[1].format(self.number)


@dataclass(frozen=True, kw_only=True)
class Impact:
    """The counts of one publication, as of the day it takes force."""

    change: Change
    counts: Sequence[Count]
    later: bool  # its day has not come yet

    @property
    def zone(self) -> str:
        return self.change.zone

    @property
    def short(self) -> str:
        """The numbers in one word, to tell whether others were looked at."""
        return ".".join(str(count.number) for count in self.counts)

    @property
    def figures(self) -> dict[str, int]:
        """The counts by their names: what history keeps."""
        return {count.counter.name: count.number for count in self.counts}


_counters: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Add something to be counted. It is pure in the change and the rows."""
    _counters[counter.name] = counter


def counters() -> list[Counter]:
    return [PEOPLE, TEACH_BACKS, *_counters.values()]


def preview(draft: Revision, *, now: datetime, starts: datetime | None = None) -> Impact:
    """Count what publishing this draft would do, from ``starts`` on. Writes nothing."""
    return _counted(change_of_draft(draft, starts=max(now, starts or now)), now=now)


def counted(revision: Revision, *, now: datetime) -> Impact:
    """Count what a published revision did, or will do on its day, from the rows as they are."""
    return _counted(change_of_published(revision), now=now)


def _counted(change: Change, *, now: datetime) -> Impact:
    return Impact(
        change=change,
        counts=[Count(counter=counter, number=counter.count(change)) for counter in counters()],
        later=change.starts > now,
    )


def kept(revision: Revision) -> Mapping[str, int]:
    """Return the counts that history keeps of a publication, by name."""
    row = History.objects.filter(revision=revision, what="published").first()
    figures = row.after if row else {}
    return {
        counter.name: figures[counter.name] for counter in counters() if counter.name in figures
    }


# The change


def change_of_draft(draft: Revision, *, starts: datetime) -> Change:
    rows, teams = behaviors(draft), teams_of(draft)
    fingerprints.set_on(draft, rows, teams=teams)
    return _change(draft, rows, teams, starts=starts, why=fingerprints.of_why(draft))


def change_of_published(revision: Revision) -> Change:
    rows, starts = behaviors(revision), revision.effective_from
    assert starts is not None  # a constraint: what is published has a day
    return _change(revision, rows, (), starts=starts, why=revision.why_fingerprint)


def behaviors(revision: Revision) -> list[BehaviorRevision]:
    return list(
        revision.behaviors.select_related("behavior", "sales_role").prefetch_related(
            "audiences__sales_roles", "audiences__teams"
        )
    )


def teams_of(draft: Revision) -> list[int]:
    return list(draft.objective.strategy.teams.values_list("pk", flat=True))


def _change(
    revision: Revision,
    rows: Sequence[BehaviorRevision],
    teams: Sequence[int],
    *,
    starts: datetime,
    why: str,
) -> Change:
    earlier = Revision.objects.published().filter(
        objective=revision.objective_id, number__lt=revision.number
    )
    newest = last = earlier.first()
    if newest and newest.effective_from and newest.effective_from > starts:
        last = earlier.filter(effective_from__lte=starts).first()
    known = behaviors(last) if last else []
    after = {row.behavior_id: row.fingerprint for row in rows}
    before = {row.behavior_id: row.fingerprint for row in known}
    why_before = last.why_fingerprint if last else ""
    touched = [
        row for row in rows if why != why_before or before.get(row.behavior_id) != row.fingerprint
    ]
    left = [row for row in known if after.get(row.behavior_id) != row.fingerprint]
    return Change(
        objective_id=revision.objective_id,
        number=revision.number,
        rows=rows,
        newest=newest,
        in_force=last,
        known=known,
        starts=starts,
        day=days.day_of(starts, strategy=revision.objective.strategy),
        zone=revision.objective.strategy.time_zone,
        before=_reviewed(known if last else _coming(earlier)),
        after=after,
        why_before=why_before,
        why_after=why,
        rules=frozenset(rule for row in [*touched, *left] for rule in _rules(row, teams)),
        answers=tuple(revision.answers),
    )


def _coming(earlier: Any) -> Iterable[BehaviorRevision]:
    """Where nothing is in force yet, training may have been mapped to what is published."""
    return BehaviorRevision.objects.filter(revision__in=earlier)


def _reviewed(rows: Iterable[BehaviorRevision]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for row in rows:
        found[row.behavior_id] = found.get(row.behavior_id, frozenset()) | {row.fingerprint}
    return found


def _rules(row: BehaviorRevision, teams: Sequence[int]) -> Iterable[Rule]:
    """Yield whom a behavior asks: its audiences, or everyone of the role in the strategy's teams.

    Publishing names that audience; until then there may be none.
    """
    audiences = list(row.audiences.all())
    for audience in audiences:
        for role in audience.sales_roles.all():
            yield from ((role.pk, team.pk) for team in audience.teams.all())
    if not audiences:
        yield from ((row.sales_role_id, team) for team in teams)


# What this app counts

# Who counts on a day, as the view people_audience_member has it, for rules that no audience
# bears yet.
ASKED = """
SELECT DISTINCT person.id, team.name
FROM unnest(%(roles)s::bigint[], %(teams)s::bigint[]) AS rule (role_id, team_id)
JOIN people_team_tree AS tree ON tree.ancestor_id = rule.team_id
JOIN people_membership AS membership
    ON membership.team_id = tree.team_id AND membership.sales_role_id = rule.role_id
    AND membership.begins <= %(day)s AND (membership.ends IS NULL OR membership.ends > %(day)s)
JOIN people_team AS team ON team.id = membership.team_id
JOIN people_user AS person ON person.id = membership.user_id
WHERE (
    SELECT MIN(sold.begins) FROM people_membership AS sold
    WHERE sold.user_id = person.id AND sold.sales_role_id IS NOT NULL
) + 30 <= %(day)s
"""


def asked(rules: Iterable[Rule], *, day: date) -> list[tuple[int, str]]:
    """Return who counts in any of these rules on a day, each with their team of that day."""
    pairs = sorted(rules)
    values = {"roles": [role for role, _ in pairs], "teams": [team for _, team in pairs]}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, values | {"day": day})
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _people(change: Change) -> int:
    return len(asked(change.rules, day=change.day))


def _people_rows(change: Change, user: User) -> list[Row]:
    """How many in each team; who they are is their manager's to know."""
    found: dict[str, int] = {}
    for _, team in asked(change.rules, day=change.day):
        found[team] = found.get(team, 0) + 1
    return [
        Row(text=team, note=f"{count} {'person' if count == 1 else 'people'}", stands_for=count)
        for team, count in sorted(found.items())
    ]


def _voided(change: Change) -> Any:
    signed = TeachBack.objects.signed().filter(revision__objective=change.objective_id)
    if change.first or not change.why_changed:
        return signed.none()
    return signed.filter(
        Q(revision__why_fingerprint=change.why_before), revision__number__lt=change.number
    )


def _teach_backs(change: Change) -> int:
    return int(_voided(change).count())


def _teach_back_rows(change: Change, user: User) -> list[Row]:
    visible = TeachBack.objects.visible_to(user).filter(pk__in=_voided(change).values("pk"))
    return [
        Row(text=str(row.trainer), note=f"explained revision {row.revision.number}")
        for row in visible.select_related("trainer", "revision")
    ]


PEOPLE = Counter(
    name="people to brief",
    title="People to brief",
    will=("1 person to brief", "{} people to brief"),
    did=("1 person to brief", "{} people to brief"),
    count=_people,
    rows=_people_rows,
)
TEACH_BACKS = Counter(
    name="teach-backs voided",
    title="Teach-backs voided",
    will=("1 teach-back is voided", "{} teach-backs are voided"),
    did=("1 teach-back was voided", "{} teach-backs were voided"),
    count=_teach_backs,
    rows=_teach_back_rows,
)
