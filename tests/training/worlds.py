"""Small random companies, as plain values and as rows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from align.people.models import Audience, Membership, SalesRole, Team, User
from strategy.models import Behavior, BehaviorRevision, Objective, Revision, Strategy
from tests import make
from tests.make import NOW
from training.models import Completion, Kind, Mapping, Module, ModuleVersion, Observation, Program

TODAY = NOW.date()
OLD, NEW = "0" * 64, "1" * 64  # fingerprints

# The tree: team 0 is above 1 and 2. An audience is its sales roles and its teams.
ABOVE = {0: (0,), 1: (1, 0), 2: (2, 0)}
AUDIENCES = (((0,), (0,)), ((0,), (1,)), ((0,), (2,)), ((0, 1), (0,)), ((1,), (1, 2)))


@dataclass(frozen=True)
class Stay:
    team: int
    role: int | None
    begins: int  # days before today
    ends: int | None

    def on(self, day: date) -> bool:
        begun = self.first <= day
        return begun and (self.ends is None or day < TODAY - timedelta(days=self.ends))

    @property
    def first(self) -> date:
        return TODAY - timedelta(days=self.begins)


@dataclass(frozen=True)
class Asked:
    """A behavior of an objective: the words in force, and whether they changed once."""

    objective: int
    audiences: frozenset[int]
    critical: bool
    required: int
    changed: int | None  # days ago; before that the fingerprint was another


@dataclass(frozen=True)
class Taught:
    state: str  # of the module
    published: bool


@dataclass(frozen=True)
class Claim:
    version: int
    behavior: int
    audience: int
    depth: int
    state: str
    fingerprint: str
    cleared: bool


@dataclass(frozen=True)
class Took:
    person: int
    version: int
    ago: int


@dataclass(frozen=True)
class Saw:
    person: int
    behavior: int
    fingerprint: str
    ago: int
    level: int | None
    corrected: bool


@dataclass(frozen=True)
class World:
    objectives: tuple[str, ...]  # their states
    people: tuple[tuple[Stay, ...], ...]
    asked: tuple[Asked, ...]
    taught: tuple[Taught, ...]
    claims: tuple[Claim, ...]
    took: tuple[Took, ...]
    saw: tuple[Saw, ...]


@st.composite
def stays(draw: st.DrawFn) -> tuple[Stay, ...]:
    where = st.tuples(st.sampled_from([0, 1, 1, 2]), st.sampled_from([0, 0, 0, 1, None]))
    team, role = draw(where)
    begins = draw(st.sampled_from([400, 200, 60, 31, 30, 29, 5, -3]))
    if not draw(st.booleans()) or begins <= 0:
        return (Stay(team, role, begins, draw(st.sampled_from([None, None, None, -10]))),)
    moved = draw(st.integers(0, begins - 1))
    then, as_what = draw(where)
    ends = draw(st.sampled_from([None, None, moved - 1]))
    return (Stay(team, role, begins, moved), Stay(then, as_what, moved, ends))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    objectives = draw(
        st.lists(st.sampled_from(["in force"] * 3 + ["retired"]), min_size=1, max_size=2)
    )
    people = draw(st.lists(stays(), min_size=1, max_size=6))
    asked = draw(
        st.lists(
            st.builds(
                Asked,
                st.integers(0, len(objectives) - 1),
                st.frozensets(st.integers(0, len(AUDIENCES) - 1), max_size=2),
                st.booleans(),
                st.integers(1, 4),
                st.sampled_from([None, None, 100, 10]),
            ),
            max_size=3,
        )
    )
    taught = draw(
        st.lists(
            st.builds(Taught, st.sampled_from(["published"] * 3 + ["retired"]), st.just(True))
            | st.just(Taught("draft", False)),
            min_size=1,
            max_size=3,
        )
    )
    a_version, a_person = st.integers(0, len(taught) - 1), st.integers(0, len(people) - 1)
    took = st.lists(
        st.builds(Took, a_person, a_version, st.sampled_from([300, 101, 99, 11, 9, 1, 0, -1])),
        max_size=12,
    )
    return World(
        objectives=tuple(objectives),
        people=tuple(people),
        asked=tuple(asked),
        taught=tuple(taught),
        claims=draw(claims(len(taught), len(asked))),
        took=tuple(draw(took)),
        saw=draw(sightings(len(people), len(asked))),
    )


@st.composite
def claims(draw: st.DrawFn, versions: int, behaviors: int) -> tuple[Claim, ...]:
    if not behaviors:
        return ()
    one = st.builds(
        Claim,
        st.integers(0, versions - 1),
        st.integers(0, behaviors - 1),
        st.integers(0, len(AUDIENCES) - 1),
        st.integers(1, 4),
        st.sampled_from(["current"] * 4 + ["proposed", "retired"]),
        st.sampled_from([NEW, NEW, OLD]),
        st.booleans(),
    )
    once = st.lists(
        one, max_size=8, unique_by=lambda row: (row.version, row.behavior, row.audience)
    )
    return tuple(draw(once))


@st.composite
def sightings(draw: st.DrawFn, people: int, behaviors: int) -> tuple[Saw, ...]:
    if not behaviors:
        return ()
    one = st.builds(
        Saw,
        st.integers(0, people - 1),
        st.integers(0, behaviors - 1),
        st.sampled_from([NEW, NEW, OLD]),
        st.sampled_from([120, 91, 90, 89, 30, 9, 0, -1]),
        st.sampled_from([None, 1, 2, 3, 3, 4]),
        st.sampled_from([False] * 4 + [True]),
    )
    # Each at a time of its own, so that the newest is one.
    return tuple(draw(st.lists(one, max_size=8, unique_by=lambda row: (row.person, row.ago))))


@dataclass(frozen=True)
class Rows:
    """The world in the database; places in these lists are the numbers of the world."""

    objectives: Sequence[Objective]
    behaviors: Sequence[Behavior]
    audiences: Sequence[Audience]
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
    lena = make.user("Lena")
    top = make.team("Top")
    teams = [top, make.team("Left", parent=top), make.team("Right", parent=top)]
    roles = [make.sales_role("Seller"), make.sales_role("Hunter")]
    return Ground(
        lena=lena,
        plan=Strategy.objects.create(name="P", slug="p", lead=lena, created_at=NOW),
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


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def changed_at(asked: Asked) -> datetime:
    return ago(350 if asked.changed is None else asked.changed)


def build(world: World, on: Ground) -> Rows:
    """Write the rows of a world."""
    users = _people(world, on)
    objectives = [_objective(on, number) for number in range(len(world.objectives))]
    behaviors, revisions = _behaviors(world, on, objectives)
    for objective, state in zip(objectives, world.objectives, strict=True):
        Objective.objects.filter(pk=objective.pk).update(state=state)
    modules, versions = _modules(world, on)
    claims = Mapping.objects.bulk_create(
        Mapping(
            version=versions[claim.version],
            behavior=behaviors[claim.behavior],
            audience=on.audiences[claim.audience],
            depth=claim.depth,
            state=claim.state,
            reviewed_fingerprint=claim.fingerprint,
            cleared_reason="the same" if claim.cleared else "",
            cleared_at=NOW if claim.cleared else None,
            created_at=NOW,
        )
        for claim in world.claims
    )
    Completion.objects.bulk_create(
        Completion(
            user=users[row.person],
            version=versions[row.version],
            completed_at=ago(row.ago),
            source="test",
            external_id=str(place),
            created_at=NOW,
        )
        for place, row in enumerate(world.took)
    )
    _sightings(world, on, users, revisions)
    return Rows(objectives, behaviors, on.audiences, modules, claims)


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
            begins=stay.first,
            ends=None if stay.ends is None else TODAY - timedelta(days=stay.ends),
        )
        for user, row in zip(users, world.people, strict=True)
        for stay in row
        if stay.ends is None or stay.ends < stay.begins
    )
    return users


def _objective(on: Ground, number: int) -> Objective:
    return Objective.objects.create(
        strategy=on.plan,
        theme=on.plan.themes.get_or_create(name="T")[0],
        code=f"A{number}",
        created_at=NOW,
    )


Revisions = dict[tuple[int, str], BehaviorRevision]


def _behaviors(
    world: World, on: Ground, objectives: Sequence[Objective]
) -> tuple[list[Behavior], Revisions]:
    """Publish two revisions of each objective: before the change, and in force."""
    behaviors = [
        Behavior.objects.create(objective=objectives[asked.objective], code=f"B{number}")
        for number, asked in enumerate(world.asked)
    ]
    revisions = Revisions()
    for place, objective in enumerate(objectives):
        for number, fingerprint in ((1, OLD), (2, NEW)):
            draft = Revision.objects.create(
                objective=objective, number=number, title="Title", created_at=NOW
            )
            for behavior, asked in enumerate(world.asked):
                if asked.objective == place:
                    revisions[behavior, fingerprint] = _words(
                        draft, behaviors[behavior], asked, fingerprint, on
                    )
            Revision.objects.filter(pk=draft.pk).update(
                state="published",
                epoch=number,
                significance="substantive",
                why_fingerprint=OLD,
                published_at=ago(350),
                effective_from=ago(350),
            )
            objective.current = draft
        objective.save()
    return behaviors, revisions


def _words(
    draft: Revision, behavior: Behavior, asked: Asked, fingerprint: str, on: Ground
) -> BehaviorRevision:
    words = BehaviorRevision.objects.create(
        revision=draft,
        behavior=behavior,
        sales_role=on.roles[0],
        statement="Does it",
        critical=asked.critical,
        required_depth=asked.required,
    )
    words.audiences.set(on.audiences[place] for place in asked.audiences)
    # With its fingerprint it is published, and changes no more.
    words.fingerprint, words.fingerprint_since = fingerprint, changed_at(asked)
    words.save()
    return words


def _modules(world: World, on: Ground) -> tuple[list[Module], list[ModuleVersion]]:
    modules, versions = [], []
    for number, taught in enumerate(world.taught):
        module = Module.objects.create(
            code=f"M{number}", program=on.program, owner=on.lena, created_at=NOW
        )
        version = ModuleVersion.objects.create(
            module=module,
            state="published" if taught.published else "draft",
            title=f"M{number}",
            kind=Kind.REINFORCEMENT,
            hours=Decimal(1),
            created_at=NOW,
            published_at=NOW if taught.published else None,
        )
        if taught.published:
            module.current, module.state = version, taught.state
            module.save()
        modules.append(module)
        versions.append(version)
    return modules, versions


def _sightings(world: World, on: Ground, users: Sequence[User], revisions: Revisions) -> None:
    for row in world.saw:
        fields: dict[str, Any] = {
            "user": users[row.person],
            "behavior_revision": revisions[row.behavior, row.fingerprint],
            "observer": on.lena,
            "created_at": NOW,
        }
        seen = Observation.objects.create(
            **fields, observed_at=ago(row.ago), level=row.level, client_key=uuid.uuid4()
        )
        if row.corrected:  # “no chance to see it after all”
            Observation.objects.create(
                **fields, observed_at=ago(row.ago), client_key=uuid.uuid4(), corrects=seen
            )
