"""Small random companies with a history: as plain values, and as rows with their dates.

Days are counted back from now; every row says when it happened and when it was recorded.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from align.people.models import Audience, Membership, Role, SalesRole, Team, TeamPlace, User
from strategy.models import Behavior, BehaviorRevision, Objective, Revision, Strategy
from tests import make
from tests.make import NOW
from training.models import (
    Assessment,
    Assignment,
    Completion,
    Delivery,
    Kind,
    Mapping,
    Module,
    ModuleVersion,
    Observation,
    Program,
    Seat,
    Waiver,
)

TODAY = NOW.date()
FINGERPRINTS = ("0" * 64, "1" * 64, "2" * 64)

# The teams: 0 on top, 1 and 2 below it, 3 below whichever. An audience is its roles and teams.
AUDIENCES = (((0,), (0,)), ((0,), (1,)), ((0,), (2,)), ((0, 1), (0,)), ((1,), (1, 2)))

WHEN = st.sampled_from([400, 121, 120, 100, 91, 90, 89, 80, 60, 46, 45, 44, 30, 10, 5, 1, 0])
LATE = st.sampled_from([0, 0, 0, 2, 20])
ENDED = st.sampled_from([None, None, None, 50, 20, 3, 0])
LEVEL = st.sampled_from([1, 2, 3, 3, 4, 4])


@dataclass(frozen=True)
class Stay:
    team: int
    role: int | None
    begins: int
    ends: int | None


@dataclass(frozen=True)
class Words:
    """A behavior as one revision has it."""

    fingerprint: int
    audiences: frozenset[int]
    critical: bool
    required: int


@dataclass(frozen=True)
class Published:
    """One revision: when it was published, when it took effect, and its behaviors by number."""

    published: int
    effective: int
    why_changed: bool
    words: tuple[Words | None, ...]


@dataclass(frozen=True)
class Chosen:
    """An objective with its revisions; its behaviors are named by their place in them."""

    revisions: tuple[Published, ...]
    retired: int | None


@dataclass(frozen=True)
class Taught:
    versions: tuple[int | None, ...]  # when each was published; None: a draft
    retired: int | None


@dataclass(frozen=True)
class Claim:
    module: int
    version: int
    behavior: int
    audience: int
    depth: int
    proposed: bool
    created: int
    fingerprint: int
    cleared: tuple[int, int] | None  # when, at which fingerprint
    retired: int | None


@dataclass(frozen=True)
class Took:
    person: int | None  # None: everybody
    module: int
    version: int
    ago: int
    late: int  # days until it was recorded


@dataclass(frozen=True)
class Saw:
    person: int | None
    behavior: int
    revision: int
    ago: int
    late: int
    level: int | None
    corrected: tuple[int, int | None] | None  # when, to which level


@dataclass(frozen=True)
class Session:
    module: int
    version: int
    starts: int
    held: int | None
    seats: tuple[tuple[int | None, int, int | None], ...]  # person, taken, left


@dataclass(frozen=True)
class Due:
    module: int
    audience: int
    due: int
    created: int
    ended: int | None


@dataclass(frozen=True)
class Waived:
    behavior: int
    audience: int
    fingerprint: int
    created: int
    ended: int | None


@dataclass(frozen=True)
class World:
    hung: tuple[tuple[int | None, int | None], ...]  # under whom team 3 hung, since when
    people: tuple[tuple[Stay, ...], ...]
    objectives: tuple[Chosen, ...]
    taught: tuple[Taught, ...]
    claims: tuple[Claim, ...]
    took: tuple[Took, ...]
    saw: tuple[Saw, ...]
    assessed: tuple[Saw, ...]
    sessions: tuple[Session, ...]
    dues: tuple[Due, ...]
    waived: tuple[Waived, ...]


BEHAVIORS = 2  # of each objective; behavior n belongs to objective n // BEHAVIORS


@st.composite
def stays(draw: st.DrawFn) -> tuple[Stay, ...]:
    where = st.tuples(st.sampled_from([0, 1, 1, 2, 3]), st.sampled_from([0, 0, 0, 1, None]))
    team, role = draw(where)
    begins = draw(st.sampled_from([400, 400, 200, 60, 31, 30, 29, 5, -3]))
    if begins <= 0 or not draw(st.booleans()):
        return (Stay(team, role, begins, draw(st.sampled_from([None, None, None, -10]))),)
    moved = draw(st.integers(0, begins - 1))
    then, as_what = draw(where)
    ends = draw(st.sampled_from([None, None, moved - 1]))
    return (Stay(team, role, begins, moved), Stay(then, as_what, moved, ends))


words = st.builds(
    Words,
    st.integers(0, 2),
    st.frozensets(st.integers(0, len(AUDIENCES) - 1), min_size=1, max_size=2),
    st.booleans(),
    st.integers(1, 4),
)


@st.composite
def chosen(draw: st.DrawFn) -> Chosen:
    """One to three revisions, published one after the other, effective then or later."""
    count = draw(st.sampled_from([1, 1, 2, 3]))
    days = sorted(
        draw(
            st.lists(
                st.sampled_from([350, 200, 100, 70, 40, 10, 4, 0]),
                min_size=count,
                max_size=count,
                unique=True,
            )
        ),
        reverse=True,
    )
    said: tuple[Words | None, ...] = draw(st.tuples(words, words | st.none()))
    revisions: list[Published] = []
    for day in days:
        if revisions:  # most words stay what they were
            said = tuple(
                draw(st.sampled_from([old, old]) | words | st.none()) if old else draw(words)
                for old in said
            )
        later = draw(st.sampled_from([0, 0, 0, 3, 30]))
        revisions.append(Published(day, day - later, draw(st.booleans()), said))
    return Chosen(tuple(revisions), draw(st.sampled_from([None] * 5 + [30, 3])))


@st.composite
def taught(draw: st.DrawFn) -> Taught:
    first = draw(st.sampled_from([400, 300, 300, 120, 40, None]))
    if first is None:
        return Taught((None,), None)
    second = draw(st.sampled_from([None, None, 35, 1]))
    versions = (first,) if second is None or second >= first else (first, second)
    return Taught(versions, draw(ENDED))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    objectives = draw(st.lists(chosen(), min_size=1, max_size=2))
    people = draw(st.lists(stays(), min_size=1, max_size=6))
    modules = draw(st.lists(taught(), min_size=1, max_size=3))
    behaviors = st.integers(0, BEHAVIORS * len(objectives) - 1)
    who = st.sampled_from([None, None, *range(len(people))])
    module = st.integers(0, len(modules) - 1)
    version = st.integers(0, 1)
    audience = st.integers(0, len(AUDIENCES) - 1)
    fingerprint = st.integers(0, 2)

    def some(kind: type[Any], *parts: st.SearchStrategy[Any], most: int) -> tuple[Any, ...]:
        return tuple(draw(st.lists(st.builds(kind, *parts), max_size=most)))

    looks = [who, behaviors, st.integers(0, 2), WHEN | st.just(-1), LATE]
    seat = st.tuples(who, WHEN, ENDED)
    return World(
        hung=draw(
            st.sampled_from(
                [((1, None),), ((2, None),), ((1, None), (2, 40)), ((2, None), (None, 3))]
            )
        ),
        people=tuple(people),
        objectives=tuple(objectives),
        taught=tuple(modules),
        claims=some(
            Claim,
            module,
            version,
            behaviors,
            st.sampled_from([0, 1, 2, 3, 3, 3, 4]),
            st.integers(1, 4),
            st.sampled_from([False] * 6 + [True]),
            WHEN,
            fingerprint,
            st.none() | st.tuples(st.sampled_from([60, 38, 9, 0]), fingerprint),
            ENDED,
            most=8,
        ),
        took=some(Took, who, module, version, WHEN | st.just(-1), LATE, most=8),
        saw=some(
            Saw,
            *looks,
            LEVEL | st.none(),
            st.none() | st.tuples(st.sampled_from([40, 6, 0]), LEVEL | st.none()),
            most=10,
        ),
        assessed=some(
            Saw,
            *looks,
            LEVEL,
            st.none() | st.tuples(st.sampled_from([40, 6, 0]), LEVEL),
            most=6,
        ),
        sessions=some(
            Session,
            module,
            version,
            WHEN,
            st.none() | WHEN,
            st.lists(seat, max_size=3, unique_by=lambda row: row[0]).map(tuple),
            most=3,
        ),
        dues=some(Due, module, audience, WHEN | st.just(-2), WHEN, ENDED, most=3),
        waived=some(Waived, behaviors, audience, fingerprint, WHEN, ENDED, most=2),
    )


@dataclass(frozen=True)
class Rows:
    """The world in the database; places in these lists are the numbers of the world."""

    objectives: Sequence[Objective]
    behaviors: Sequence[Behavior]
    audiences: Sequence[Audience]
    teams: Sequence[Team]
    users: Sequence[User]
    modules: Sequence[Module]
    claims: Sequence[Mapping]


@dataclass(frozen=True)
class Ground:
    """What every world stands on, made once."""

    lena: User
    plan: Strategy
    teams: Sequence[Team]
    roles: Sequence[SalesRole]
    audiences: Sequence[Audience]
    program: Program


def ground() -> Ground:
    lena = make.user("Lena", Role.LEAD)
    top = make.team("Top")
    left, right = make.team("Left", parent=top), make.team("Right", parent=top)
    teams = [top, left, right, make.team("Leaf", parent=left)]
    roles = [make.sales_role("Seller"), make.sales_role("Hunter")]
    plan = Strategy.objects.create(
        name="P", slug="p", lead=lena, state=Strategy.State.ACTIVE, created_at=ago(500)
    )
    plan.teams.set([top])
    return Ground(
        lena=lena,
        plan=plan,
        teams=teams,
        roles=roles,
        audiences=[
            Audience.objects.of(
                sales_roles=[roles[role] for role in of], teams=[teams[team] for team in where]
            )
            for of, where in AUDIENCES
        ],
        program=Program.objects.create(name="Program"),
    )


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def day(days: int) -> date:
    return TODAY - timedelta(days=days)


def _at(days: int | None) -> datetime | None:
    return None if days is None else ago(days)


@contextmanager
def built(world: World, on: Ground) -> Iterator[Rows]:
    """Have a world in the database, and none of it afterwards."""
    with transaction.atomic():
        yield build(world, on)
        transaction.set_rollback(True)


def build(world: World, on: Ground) -> Rows:
    """Write the rows of a world."""
    _places(world, on)
    users = _people(world, on)
    objectives, behaviors, revisions = _objectives(world, on)
    modules, versions = _modules(world, on)
    claims = _claims(world, on, behaviors, versions)
    _completions(world, users, versions)
    _looks(Observation, world.saw, on, users, revisions)
    _looks(Assessment, world.assessed, on, users, revisions)
    _deliveries(world, on, users, versions)
    _dues(world, on, modules)
    _waivers(world, on, behaviors)
    return Rows(objectives, behaviors, on.audiences, on.teams, users, modules, claims)


def _places(world: World, on: Ground) -> None:
    """Say under which team the leaf hung when."""
    leaf = on.teams[3]
    TeamPlace.objects.filter(team=leaf).delete()
    begins = [date.min if since is None else day(since) for _, since in world.hung]
    TeamPlace.objects.bulk_create(
        TeamPlace(
            team=leaf,
            parent=None if under is None else on.teams[under],
            begins=begin,
            ends=end,
        )
        for (under, _), begin, end in zip(world.hung, begins, [*begins[1:], None], strict=True)
    )


def _people(world: World, on: Ground) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"p{number}@example.com", name=f"P{number}", roles=["rep"])
        for number in range(len(world.people))
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            team=on.teams[stay.team],
            sales_role=None if stay.role is None else on.roles[stay.role],
            begins=day(stay.begins),
            ends=None if stay.ends is None else day(stay.ends),
        )
        for user, row in zip(users, world.people, strict=True)
        for stay in row
        if stay.ends is None or stay.ends < stay.begins
    )
    return users


Revisions = dict[tuple[int, int], BehaviorRevision]  # of a behavior, by the revision's place


def _objectives(world: World, on: Ground) -> tuple[list[Objective], list[Behavior], Revisions]:
    theme, _ = on.plan.themes.get_or_create(name="T")
    objectives = Objective.objects.bulk_create(
        Objective(
            strategy=on.plan, theme=theme, code=f"A{number}", owner=on.lena, created_at=ago(450)
        )
        for number in range(len(world.objectives))
    )
    behaviors = Behavior.objects.bulk_create(
        Behavior(objective=objectives[number // BEHAVIORS], code=f"B{number}")
        for number in range(BEHAVIORS * len(objectives))
    )
    revisions = Revisions()
    for place, one in enumerate(world.objectives):
        _publish(one, objectives[place], behaviors, revisions, on, first=place * BEHAVIORS)
    BehaviorRevision.objects.bulk_update(revisions.values(), ["fingerprint", "fingerprint_since"])
    return objectives, behaviors, revisions


def _publish(
    one: Chosen,
    objective: Objective,
    behaviors: Sequence[Behavior],
    made: Revisions,
    on: Ground,
    *,
    first: int,
) -> None:
    """Publish the revisions as the product does: with an epoch, and since when the words hold."""
    epoch = 0
    current = None
    before: dict[int, BehaviorRevision] = {}
    for place, published in enumerate(one.revisions):
        said = {first + at: words for at, words in enumerate(published.words) if words is not None}
        same = {number: FINGERPRINTS[words.fingerprint] for number, words in said.items()} == {
            number: row.fingerprint for number, row in before.items()
        }
        epoch = epoch if epoch and same and not published.why_changed else place + 1
        revision = Revision.objects.create(
            objective=objective,
            number=place + 1,
            title="Title",
            state="published",
            epoch=epoch,
            significance="substantive" if epoch == place + 1 else "editorial",
            why_fingerprint="why",
            created_at=ago(published.published),
            published_at=ago(published.published),
            effective_from=ago(published.effective),
        )
        now = {
            number: _words(words, revision, behaviors[number], before.get(number), on)
            for number, words in said.items()
        }
        made |= {(number, place): row for number, row in now.items()}
        before = now
        if published.effective >= 0:
            current = revision
    if current is not None:
        retired = one.retired is not None
        objective.current = current
        objective.state = Objective.State.RETIRED if retired else Objective.State.IN_FORCE
        objective.retired_at = _at(one.retired)
        objective.save()


def _words(
    words: Words,
    revision: Revision,
    behavior: Behavior,
    before: BehaviorRevision | None,
    on: Ground,
) -> BehaviorRevision:
    row = BehaviorRevision.objects.create(
        revision=revision,
        behavior=behavior,
        sales_role=on.roles[0],
        statement="Does it",
        critical=words.critical,
        required_depth=words.required,
    )
    row.audiences.set(on.audiences[place] for place in words.audiences)
    # Set when all are written: with its fingerprint it is published, and changes no more.
    row.fingerprint = FINGERPRINTS[words.fingerprint]
    kept = before is not None and before.fingerprint == row.fingerprint
    row.fingerprint_since = (
        before.fingerprint_since if kept and before is not None else revision.effective_from
    )
    return row


Versions = dict[tuple[int, int], ModuleVersion]


def _modules(world: World, on: Ground) -> tuple[list[Module], Versions]:
    modules = Module.objects.bulk_create(
        Module(code=f"M{number}", program=on.program, owner=on.lena, created_at=ago(450))
        for number in range(len(world.taught))
    )
    made = ModuleVersion.objects.bulk_create(
        ModuleVersion(
            module=modules[number],
            number=place + 1,
            state="draft" if published is None else "published",
            title=f"M{number}",
            kind=Kind.REINFORCEMENT,
            hours=Decimal(number + 1) / 2,
            created_at=ago(450),
            published_at=_at(published),
        )
        for number, one in enumerate(world.taught)
        for place, published in enumerate(one.versions)
    )
    versions = Versions()
    for row in made:
        number = modules.index(row.module)
        one = world.taught[number]
        versions[number, row.number - 1] = row
        if row.state == "published":
            row.module.current = row
            row.module.state = "published" if one.retired is None else "retired"
            row.module.retired_at = _at(one.retired)
    Module.objects.bulk_update(modules, ["current", "state", "retired_at"])
    return modules, versions


def _version(versions: Versions, module: int, version: int) -> ModuleVersion:
    return versions.get((module, version), versions[module, 0])


def _claims(
    world: World, on: Ground, behaviors: Sequence[Behavior], versions: Versions
) -> list[Mapping]:
    """Make each claim, then clear it: the database keeps both reviews."""
    made: dict[tuple[int, int, int], Mapping] = {}
    for claim in world.claims:
        version = _version(versions, claim.module, claim.version)
        key = version.pk, claim.behavior, claim.audience
        if key in made:
            continue
        made[key] = row = Mapping.objects.create(
            version=version,
            behavior=behaviors[claim.behavior],
            audience=on.audiences[claim.audience],
            depth=claim.depth,
            state="proposed" if claim.proposed else "current",
            reviewed_fingerprint=FINGERPRINTS[claim.fingerprint],
            created_at=ago(claim.created),
        )
        if claim.cleared is not None and claim.cleared[0] <= claim.created:
            row.cleared_at, row.cleared_reason = ago(claim.cleared[0]), "the same"
            row.reviewed_fingerprint = FINGERPRINTS[claim.cleared[1]]
        if claim.retired is not None and not claim.proposed:
            row.state, row.retired_at = "retired", ago(claim.retired)
        row.save()
    return list(made.values())


def _of(users: Sequence[User], person: int | None) -> Sequence[User]:
    return users if person is None else [users[person]]


def _completions(world: World, users: Sequence[User], versions: Versions) -> None:
    Completion.objects.bulk_create(
        Completion(
            user=user,
            version=_version(versions, row.module, row.version),
            completed_at=ago(row.ago),
            source="test",
            external_id=f"{place}:{user.pk}",
            created_at=ago(max(row.ago - row.late, 0)),
        )
        for place, row in enumerate(world.took)
        for user in _of(users, row.person)
    )


def _looks(
    model: Any,  # Observation or Assessment
    looks: Sequence[Saw],
    on: Ground,
    users: Sequence[User],
    revisions: Revisions,
) -> None:
    who, when = ("observer", "observed_at") if model is Observation else ("assessor", "assessed_at")
    known = [
        (row, revisions[row.behavior, row.revision], user)
        for row in looks
        if (row.behavior, row.revision) in revisions
        for user in _of(users, row.person)
    ]
    made = [
        model(
            user=user,
            behavior_revision=words,
            level=row.level,
            client_key=uuid.uuid4(),
            created_at=ago(max(row.ago - row.late, 0)),
            **{who: on.lena, when: ago(row.ago)},
        )
        for row, words, user in known
    ]
    model.objects.bulk_create(made)
    model.objects.bulk_create(
        model(
            user=user,
            behavior_revision=words,
            level=row.corrected[1],
            client_key=uuid.uuid4(),
            created_at=ago(row.corrected[0]),
            corrects=wrong,
            **{who: on.lena, when: ago(row.ago)},
        )
        for (row, words, user), wrong in zip(known, made, strict=True)
        if row.corrected is not None and row.corrected[0] <= max(row.ago - row.late, 0)
    )


def _deliveries(world: World, on: Ground, users: Sequence[User], versions: Versions) -> None:
    for row in world.sessions:
        held = row.held is not None and row.held <= row.starts
        delivery = Delivery.objects.create(
            version=_version(versions, row.module, row.version),
            audience=on.audiences[0],
            trainer=on.lena,
            starts_at=ago(row.starts),
            ends_at=ago(row.starts) + timedelta(hours=2),
            state="held" if held else "planned",
            held_at=_at(row.held) if held else None,
            created_at=ago(450),
            updated_at=ago(450),
        )
        seats = {
            user.pk: Seat(delivery=delivery, user=user, created_at=ago(taken), left_at=_at(left))
            for person, taken, left in row.seats
            for user in _of(users, person)
        }
        Seat.objects.bulk_create(seats.values())


def _dues(world: World, on: Ground, modules: Sequence[Module]) -> None:
    Assignment.objects.bulk_create(
        {
            (row.module, row.audience, row.due): Assignment(
                module=modules[row.module],
                audience=on.audiences[row.audience],
                due_on=day(row.due),
                created_at=ago(row.created),
                ended_at=_at(row.ended),
            )
            for row in world.dues
        }.values()
    )


def _waivers(world: World, on: Ground, behaviors: Sequence[Behavior]) -> None:
    Waiver.objects.bulk_create(
        {
            (row.behavior, row.audience): Waiver(
                behavior=behaviors[row.behavior],
                audience=on.audiences[row.audience],
                fingerprint=FINGERPRINTS[row.fingerprint],
                evidence="Seen on visits",
                created_at=ago(row.created),
                ended_at=_at(row.ended),
            )
            for row in world.waived
        }.values()
    )
