"""A company of any size, written within the database: people, training, and what was seen of it.

The same numbers give the same company: who took what follows from the row's number, not chance.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from align.people.models import Audience, Membership, SalesRole, Team, User
from strategy.models import (
    Behavior,
    BehaviorRevision,
    Depth,
    Objective,
    Revision,
    Strategy,
    Theme,
)
from tests import make
from tests.make import FIRST_DAY, LONG_AGO, NOW
from training.models import Kind, Mapping, Module, ModuleVersion, Program

BEHAVIORS = 5  # of each objective
MODULES_A_PROGRAM = 10
THEMES = 8
KINDS = (Kind.ANNOUNCEMENT, Kind.EXPLANATION, Kind.PRACTICE, Kind.REINFORCEMENT)
TABLES = (
    "people_user, people_membership, people_teamplace, strategy_objective, strategy_revision,"
    " strategy_behavior, strategy_behaviorrevision, strategy_behaviorrevision_audiences,"
    " training_module, training_moduleversion, training_mapping, training_mappingreview,"
    " training_completion, training_observation, training_assessment, training_delivery,"
    " training_seat, training_assignment"
)


@dataclass(frozen=True, kw_only=True)
class Size:
    objectives: int
    modules: int
    people: int
    completions: int
    observations: int

    def part(self, of: int) -> "Size":
        """Return a company smaller by that factor in everything."""
        return Size(**{name: number // of for name, number in vars(self).items()})


FULL = Size(objectives=200, modules=300, people=2000, completions=300_000, observations=100_000)


@dataclass(frozen=True)
class Company:
    cast: make.Cast
    strategy: Strategy
    size: Size
    objectives: list[Objective]
    modules: list[Module]
    teams: list[Team]  # those that people are in; regions and the top stand above them
    people: list[User]


def build(size: Size, *, cast: make.Cast | None = None, name: str = "Grown") -> Company:
    """Write it all in bulk: what is tested with it is reading. Several may stand side by side."""
    cast = cast or make.cast()
    top = make.team(f"{name} company", parent=cast.team)
    plan = make.active_strategy(lead=cast.lena, teams=[top], name=name)
    regions = [make.team(f"{name} region {n}", parent=top) for n in range(4)]
    teams = [
        make.team(f"{name} team {n}", parent=regions[n % 4])
        for n in range(max(size.people // 20, 4))
    ]
    roles = [make.sales_role(role) for role in ("Account executive", "Hunter", "Engineer")]
    people = _people(size, name, teams, roles)
    audiences = [
        Audience.objects.of(sales_roles=[role], teams=[where])
        for where in (top, *regions)
        for role in roles
    ]
    objectives, words = _objectives(size, plan, cast, roles, audiences)
    modules, versions = _modules(size, cast, name)
    _claims(words, versions)
    given = {
        "users": [user.pk for user in people],
        "versions": [version.pk for version in versions],
        "words": [row.pk for row in words],
        "people": len(people),
        "modules": len(versions),
        "behaviors": len(words),
        "now": NOW,
        "source": name,
        "by": cast.mia.pk,
        "completions": size.completions,
        "observations": size.observations,
        "assessments": size.observations // 5,
    }
    _write(given)
    return Company(cast, plan, size, objectives, modules, teams, people)


def _people(size: Size, name: str, teams: list[Team], roles: list[SalesRole]) -> list[User]:
    domain = name.lower().replace(" ", "-")
    people = User.objects.bulk_create(
        User(email=f"p{n}@{domain}.example.com", name=f"{name} {n}", roles=["rep"])
        for n in range(size.people)
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            team=teams[n % len(teams)],
            sales_role=roles[n % len(roles)],
            begins=FIRST_DAY,
        )
        for n, user in enumerate(people)
    )
    return people


def _objectives(
    size: Size,
    plan: Strategy,
    cast: make.Cast,
    roles: list[SalesRole],
    audiences: list[Audience],
) -> tuple[list[Objective], list[BehaviorRevision]]:
    themes = Theme.objects.bulk_create(
        Theme(strategy=plan, name=f"Theme {n}", position=n) for n in range(THEMES)
    )
    made = Objective.objects.bulk_create(
        Objective(
            strategy=plan,
            theme=themes[n % THEMES],
            code=f"C{n}",
            owner=cast.lena,
            created_at=LONG_AGO,
        )
        for n in range(size.objectives)
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            objective=objective,
            number=1,
            state=Revision.State.PUBLISHED,
            title=f"Win where {objective.code} is short of time",
            we_will="We will ask for the whole line.",
            author=cast.lena,
            significance=Revision.Significance.SUBSTANTIVE,
            epoch=1,
            why_fingerprint="why",
            created_at=LONG_AGO,
            published_at=LONG_AGO,
            effective_from=LONG_AGO,
        )
        for objective in made
    )
    for objective, revision in zip(made, revisions, strict=True):
        objective.current, objective.state = revision, Objective.State.IN_FORCE
    Objective.objects.bulk_update(made, ["current", "state"])
    return made, _behaviors(made, revisions, roles, audiences)


def _behaviors(
    objectives: list[Objective],
    revisions: list[Revision],
    roles: list[SalesRole],
    audiences: list[Audience],
) -> list[BehaviorRevision]:
    """Ask each behavior of one sales role: everywhere, or in one region or two."""
    behaviors = Behavior.objects.bulk_create(
        Behavior(objective=objective, code=f"{objective.code}.{place}", paragraph=place + 1)
        for objective in objectives
        for place in range(BEHAVIORS)
    )
    words = BehaviorRevision.objects.bulk_create(
        BehaviorRevision(
            revision=revisions[n // BEHAVIORS],
            behavior=behavior,
            position=n % BEHAVIORS,
            sales_role=roles[n % len(roles)],
            statement=f"Opens with what {behavior.code} costs the customer",
            critical=n % BEHAVIORS == 0,
            required_depth=Depth.PRACTICED if n % BEHAVIORS == 0 else Depth.EXPLAINED,
        )
        for n, behavior in enumerate(behaviors)
    )
    asked: Any = BehaviorRevision.audiences.through
    asked.objects.bulk_create(
        asked(behaviorrevision_id=row.pk, audience_id=audiences[place].pk)
        for n, row in enumerate(words)
        for place in _asked_of(n, len(roles))
    )
    # With its fingerprint a behavior is published, and whom it is asked of changes no more.
    BehaviorRevision.objects.filter(pk__in=[row.pk for row in words]).update(
        fingerprint="behavior", fingerprint_since=LONG_AGO
    )
    return words


def _asked_of(n: int, roles: int) -> list[int]:
    """Return the places of the audiences behavior n is asked of."""
    role = n % roles
    where = [0] if n % 4 else [1 + n % 3, 2 + n % 3]
    return [place * roles + role for place in where]


def _modules(size: Size, cast: make.Cast, name: str) -> tuple[list[Module], list[ModuleVersion]]:
    programs = Program.objects.bulk_create(
        Program(name=f"{name} program {n}") for n in range(-(-size.modules // MODULES_A_PROGRAM))
    )
    modules = Module.objects.bulk_create(
        Module(
            code=f"{name} {n}"[:20],
            program=programs[n // MODULES_A_PROGRAM],
            owner=cast.tom,
            created_at=LONG_AGO,
        )
        for n in range(size.modules)
    )
    versions = ModuleVersion.objects.bulk_create(
        ModuleVersion(
            module=module,
            state=ModuleVersion.State.PUBLISHED,
            title=f"Practice {module.code}",
            kind=KINDS[n % len(KINDS)],
            hours=1,
            content="Say it out loud.",
            author=cast.tom,
            created_at=LONG_AGO,
            published_at=LONG_AGO,
        )
        for n, module in enumerate(modules)
    )
    for module, version in zip(modules, versions, strict=True):
        module.current, module.state = version, Module.State.PUBLISHED
    Module.objects.bulk_update(modules, ["current", "state"])
    return modules, versions


def _claims(words: list[BehaviorRevision], versions: list[ModuleVersion]) -> None:
    """Let three modules teach each behavior; of ten, one has none, and one those of old words."""
    audiences: dict[int, list[int]] = {}
    asked: Any = BehaviorRevision.audiences.through
    rows = asked.objects.filter(behaviorrevision__in=[row.pk for row in words])
    for said, audience in rows.values_list("behaviorrevision_id", "audience_id").order_by("pk"):
        audiences.setdefault(said, []).append(audience)
    Mapping.objects.bulk_create(
        (
            Mapping(
                version=version,
                behavior_id=row.behavior_id,
                audience_id=audience,
                depth=Kind(version.kind).deepest,
                rationale="The second half.",
                reviewed_fingerprint="before" if n % 10 == 8 else "behavior",
                author=version.author,
                created_at=LONG_AGO,
            )
            for n, row in enumerate(words)
            if n % 10 != 9
            for place in range(3)
            for version in [versions[(n + place * (len(versions) // 3)) % len(versions)]]
            for audience in audiences[row.pk]
        ),
        batch_size=4000,
    )


# Row n belongs to person n, and to the next version after each round of people: everybody takes
# some modules, as a multiple that has no part in common with any size takes care of.
COMPLETIONS = """
INSERT INTO training_completion
    (user_id, version_id, completed_at, source, external_id, created_at)
SELECT (%(users)s::bigint[])[1 + n %% %(people)s],
       (%(versions)s::bigint[])[1 + (n / %(people)s * 7 + n %% 11) %% %(modules)s],
       at, %(source)s, n::text, at
FROM generate_series(0, %(completions)s - 1) AS n,
     LATERAL (SELECT %(now)s::timestamptz - n * 37 %% 300 * INTERVAL '1 day') AS day (at)
"""

LOOKS = """
INSERT INTO training_{table}
    (user_id, behavior_revision_id, {who}, {when}, level, {more}, client_key, created_at)
SELECT (%(users)s::bigint[])[1 + n %% %(people)s],
       (%(words)s::bigint[])[1 + (n / %(people)s * 13 + n %% 17) %% %(behaviors)s],
       %(by)s, at, 1 + (n * 31 / 7) %% 4, {blank}, gen_random_uuid(), at
FROM generate_series(0, %({count})s - 1) AS n,
     LATERAL (SELECT %(now)s::timestamptz - n * 41 %% 120 * INTERVAL '1 day') AS day (at)
"""

OBSERVATIONS = LOOKS.format(
    table="observation",
    who="observer_id",
    when="observed_at",
    more="occasion, evidence",
    blank="'', ''",
    count="observations",
)
ASSESSMENTS = LOOKS.format(
    table="assessment",
    who="assessor_id",
    when="assessed_at",
    more="note",
    blank="''",
    count="assessments",
)

# Each module was held once, for every third person, and is due for the audience it is mapped to.
DELIVERIES = """
WITH held AS (
    INSERT INTO training_delivery (ref, version_id, audience_id, trainer_id, starts_at, ends_at,
        place, link, note, state, held_at, canceled_reason, edits, created_at, updated_at)
    SELECT gen_random_uuid(), version.id, (SELECT MIN(id) FROM people_audience), %(by)s,
           %(now)s::timestamptz - INTERVAL '60 days', %(now)s::timestamptz - INTERVAL '59 days',
           '', '', '', 'held', %(now)s::timestamptz - INTERVAL '59 days', '', 0,
           %(now)s::timestamptz - INTERVAL '90 days', %(now)s::timestamptz - INTERVAL '59 days'
    FROM UNNEST(%(versions)s::bigint[]) AS version (id)
    RETURNING id, version_id, created_at
)
INSERT INTO training_seat (delivery_id, user_id, attended, created_at)
SELECT held.id, who.id, TRUE, held.created_at
FROM held JOIN UNNEST(%(users)s::bigint[]) AS who (id) ON (who.id + held.id) %% 60 = 0
"""

ASSIGNMENTS = """
INSERT INTO training_assignment (module_id, audience_id, due_on, created_at)
SELECT DISTINCT version.module_id, mapping.audience_id,
       (%(now)s::timestamptz - INTERVAL '30 days')::date,
       %(now)s::timestamptz - INTERVAL '60 days'
FROM training_mapping AS mapping
JOIN training_moduleversion AS version ON version.id = mapping.version_id
WHERE mapping.version_id = ANY(%(versions)s) AND version.module_id %% 10 = 0
"""


def _write(given: dict[str, Any]) -> None:
    """Write the many rows, check their keys once, and tell the planner how many there are."""
    with connection.cursor() as cursor:
        # One statement writes what took years: the limit of a request does not apply.
        cursor.execute("SET LOCAL statement_timeout = '120s'")
        for sql in (COMPLETIONS, OBSERVATIONS, ASSESSMENTS, DELIVERIES, ASSIGNMENTS):
            cursor.execute(sql, given)
        cursor.execute(f"ANALYZE {TABLES}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
