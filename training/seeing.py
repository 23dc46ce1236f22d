"""Whom a manager sees, what is asked of each of them, and whom to see next.

What is next follows from what nobody looked for, never from how well anybody does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, Q

from align.people.models import Membership, TeamTree, User
from strategy.models import BehaviorRevision
from training.models import Completion, Observation
from training.models import Mapping as Claim

FOCUS = 6  # behaviors looked for at once
NEXT = 5  # people named as next
CANDIDATES = 40  # people looked at to find them: those not seen for longest
RECENTLY = timedelta(days=30)

Pair = tuple[int, int]  # a person and a behavior
Asked = Mapping[int, tuple[BehaviorRevision, ...]]


def people_of(user: User) -> list[Membership]:
    """Return who sells in the teams of a manager today, themselves left out."""
    return list(
        Membership.objects.in_teams_of(user)
        .exclude(sales_role=None)
        .exclude(user=user)
        .filter(user__is_active=True)
        .select_related("user", "team", "sales_role")
        .order_by("team__name", "user__name", "pk")
    )


def asked_of(members: Sequence[Membership]) -> Asked:
    """Return the behaviors in force asked of each person, by id: critical and newest first.

    From the first day on: people count in figures only later, but are coached at once.
    """
    rules = BehaviorRevision.objects.in_force().filter(
        audiences__sales_roles__in={row.sales_role_id for row in members},
        audiences__sales_roles=F("sales_role"),
    )
    above: dict[int, set[int]] = {}
    tree = TeamTree.objects.filter(team__in={row.team_id for row in members})
    for team, ancestor in tree.values_list("team", "ancestor"):
        above.setdefault(team, set()).add(ancestor)
    where: dict[int, set[int]] = {}
    for pk, team in rules.values_list("pk", "audiences__teams"):
        where.setdefault(pk, set()).add(team)
    words = list(
        BehaviorRevision.objects.filter(pk__in=where)
        .select_related("behavior", "revision__objective", "sales_role")
        .order_by("-critical", "-revision__effective_from", "revision__objective__code", "position")
    )
    return {
        row.user_id: tuple(
            one
            for one in words
            if one.sales_role_id == row.sales_role_id
            and not where[one.pk].isdisjoint(above.get(row.team_id, ()))
        )
        for row in members
    }


def looked_for(
    people: Iterable[int], behaviors: Iterable[int], *, now: datetime
) -> dict[Pair, datetime]:
    """Return when each behavior of each person was last seen or not seen; one query."""
    rows = (
        Observation.objects.filter(
            user__in=list(people),
            behavior_revision__behavior__in=list(behaviors),
            level__isnull=False,
            correction=None,
            observed_at__lte=now,
        )
        .order_by()
        .values_list("user", "behavior_revision__behavior")
        .annotate(at=Max("observed_at"))
    )
    return {(person, behavior): at for person, behavior, at in rows}


def trained(
    people: Iterable[int], words: Iterable[BehaviorRevision], *, now: datetime
) -> dict[Pair, datetime]:
    """Return when each person last took training that counts for a behavior; two queries."""
    since = {row.behavior_id: row.fingerprint_since for row in words}
    claims = Claim.objects.counted().filter(behavior__in=since).order_by()
    by_version: dict[int, list[tuple[int, bool]]] = {}
    for version, behavior, cleared in claims.values_list("version", "behavior", "cleared_at"):
        by_version.setdefault(version, []).append((behavior, cleared is not None))
    rows = (
        Completion.objects.filter(
            user__in=list(people), version__in=by_version, completed_at__lte=now
        )
        .order_by()
        .values_list("user", "version")
        .annotate(at=Max("completed_at"))
    )
    found: dict[Pair, datetime] = {}
    for person, version, at in rows:
        for behavior, no_impact in by_version[version]:
            begun = since[behavior]
            if no_impact or begun is None or at >= begun:
                found[person, behavior] = max(at, found.get((person, behavior), at))
    return found


def focus(
    asked: Sequence[BehaviorRevision], *, named: Sequence[int], looked: Mapping[int, datetime]
) -> list[BehaviorRevision]:
    """Choose up to six to look for: those named, then critical, unseen and newest ones."""
    return sorted(
        asked,
        key=lambda row: (
            named.index(row.behavior_id) if row.behavior_id in named else len(named),
            not row.critical,
            row.behavior_id in looked,
        ),
    )[: max(FOCUS, len(named))]


@dataclass(frozen=True, kw_only=True)
class Next:
    """Somebody to see next, and why: what is asked, and what nobody knows yet."""

    member: Membership
    words: BehaviorRevision
    reason: str
    since: datetime | None

    @property
    def link(self) -> str:
        return f"/team/visits/new/?person={self.member.user_id}&behavior={self.words.behavior_id}"


TRAINED = "took the training, and nobody has looked for it since"
NEVER = "critical, and nobody has looked for it yet"
UNSEEN = "nobody has looked for it yet"
LONG = "nobody has looked for it since"


def whom_next(members: Sequence[Membership], asked: Asked, *, now: datetime) -> list[Next]:
    """Return up to five to see next: trained and never seen first, then longest not seen.

    What is critical comes before what is not. How well somebody does it plays no part.
    """
    some = _not_seen_for_longest(members)
    people = [row.user_id for row in some]
    words = {row.behavior_id: row for pk in people for row in asked.get(pk, ())}
    looked = looked_for(people, words, now=now)
    taken = trained(people, words.values(), now=now)
    found = [
        best
        for row in some
        if (best := _reason(row, asked.get(row.user_id, ()), looked, taken, now=now))
    ]
    found.sort(key=lambda pair: pair[0])
    return [row for _, row in found[:NEXT]]


def _not_seen_for_longest(members: Sequence[Membership]) -> list[Membership]:
    """Keep the list short in a large part of the company."""
    if len(members) <= CANDIDATES:
        return list(members)
    seen = Observation.objects.filter(
        user__in=[row.user_id for row in members], level__isnull=False
    )
    last = dict(seen.order_by().values_list("user").annotate(at=Max("observed_at")))
    return sorted(members, key=lambda row: (row.user_id in last, last.get(row.user_id), row.pk))[
        :CANDIDATES
    ]


Order = tuple[int, float, str, int]


def _reason(
    row: Membership,
    asked: Sequence[BehaviorRevision],
    looked: Mapping[Pair, datetime],
    taken: Mapping[Pair, datetime],
    *,
    now: datetime,
) -> tuple[Order, Next] | None:
    """Return the strongest reason to see somebody, and where it stands among the others."""
    best: tuple[Order, Next] | None = None
    for words in asked:
        pair = (row.user_id, words.behavior_id)
        seen, took = looked.get(pair), taken.get(pair)
        if seen is not None and seen > now - RECENTLY:
            continue
        place, reason, since = _why(seen, took, critical=words.critical)
        order = (place, since.timestamp() if since else 0.0, row.user.name, row.pk)
        if best is None or order < best[0]:
            best = order, Next(member=row, words=words, reason=reason, since=since)
    return best


def _why(
    seen: datetime | None, took: datetime | None, *, critical: bool
) -> tuple[int, str, datetime | None]:
    """Return how soon somebody has to look, and why."""
    if seen is not None:
        return 3, LONG, seen
    if took is not None:
        return (0 if critical else 2), TRAINED, took
    return (1, NEVER, None) if critical else (4, UNSEEN, None)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something written down about a behavior, and what it took the place of."""

    row: Observation
    before: tuple[Observation, ...]  # corrected, newest first

    @property
    def said(self) -> str:
        return level_words(self.row.level)


LEVELS = {
    1: "Did not do it",
    2: "Did part of it",
    3: "Did it as it should be",
    4: "Did it so that others could learn from it",
}


def level_words(level: int | None) -> str:
    """Say a level; the digit alone says too little."""
    return "No chance to see it" if level is None else f"{level}, {LEVELS[level].lower()}"


def anchors(words: BehaviorRevision) -> list[tuple[int, str]]:
    """Return what each level means for this behavior."""
    written = (words.level_1, words.level_2, words.level_3, words.level_4)
    return [(level, text or LEVELS[level]) for level, text in enumerate(written, start=1)]


MOST_SHOWN = 200


def written_by(user: User, *, now: datetime, days: int = 90) -> list[Entry]:
    """Return what somebody wrote down lately, newest first, with what it corrected; one query."""
    rows = (
        Observation.objects.filter(observer=user)
        .filter(Q(created_at__gt=now - timedelta(days=days)))
        .select_related("user", "behavior_revision__behavior", "behavior_revision__revision")
        .order_by("-observed_at", "-created_at", "-pk")
    )
    return entries(rows[:MOST_SHOWN])


def entries(rows: Iterable[Observation]) -> list[Entry]:
    """Put what was corrected below what stands in its place."""
    kept = {row.pk: row for row in rows}
    corrected = {row.corrects_id for row in kept.values()}
    return [
        Entry(row=row, before=tuple(_before(row, kept)))
        for row in kept.values()
        if row.pk not in corrected
    ]


def _before(row: Observation, kept: Mapping[int, Observation]) -> Iterable[Observation]:
    older = kept.get(row.corrects_id or 0)
    while older is not None:
        yield older
        older = kept.get(older.corrects_id or 0)
