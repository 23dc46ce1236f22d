"""Coverage once more, slowly and in plain Python: DOMAIN section 4 read aloud."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.make import NOW
from tests.training.worlds import ABOVE, AUDIENCES, NEW, TODAY, World, ago, changed_at

Key = tuple[int, int]  # behavior, audience


@dataclass(frozen=True)
class Figures:
    objective: int
    critical: bool
    required: int
    depth: int
    suspect_depth: int
    people: int
    reached: int
    observed: int
    at_standard: int
    evidence: int

    @property
    def covered(self) -> bool:
        return self.depth >= self.required


def members(world: World, audience: int, day: date = TODAY) -> set[int]:
    """Who counts: in the rule today, and thirty days after first selling anything."""
    roles, teams = AUDIENCES[audience]
    found = set()
    for person, stays in enumerate(world.people):
        real = [stay for stay in stays if stay.ends is None or stay.ends < stay.begins]
        sold = [stay.first for stay in real if stay.role is not None]
        for stay in real:
            in_rule = stay.role in roles and any(team in teams for team in ABOVE[stay.team])
            if in_rule and stay.on(day) and min(sold) + timedelta(days=30) <= day:
                found.add(person)
    return found


def cells(world: World) -> dict[Key, Figures]:
    found = {}
    for behavior, asked in enumerate(world.asked):
        if world.objectives[asked.objective] != "in force":
            continue
        for audience in asked.audiences:
            found[behavior, audience] = figures(world, behavior, audience)
    return found


def figures(world: World, behavior: int, audience: int) -> Figures:
    asked = world.asked[behavior]
    people = members(world, audience)
    depth = suspect_depth = 0
    reached: set[int] = set()
    for claim in world.claims:
        module = world.taught[claim.version]
        if claim.behavior != behavior or claim.state != "current":
            continue
        if module.state != "published" or not people <= members(world, claim.audience):
            continue
        if claim.fingerprint != NEW:
            suspect_depth = max(suspect_depth, claim.depth)
            continue
        depth = max(depth, claim.depth)
        for took in world.took:
            recent = ago(took.ago) >= changed_at(asked) or claim.cleared
            if took.version == claim.version and ago(took.ago) <= NOW and recent:
                reached.add(took.person)
    reached &= people
    seen = newest_levels(world, behavior)
    levels = [level for person, level in seen.items() if person in people]
    return Figures(
        objective=asked.objective,
        critical=asked.critical,
        required=asked.required,
        depth=depth,
        suspect_depth=suspect_depth,
        people=len(people),
        reached=len(reached),
        observed=len(levels),
        at_standard=sum(level >= 3 for level in levels),
        evidence=evidence(depth, len(reached), len(people)),
    )


def evidence(depth: int, reached: int, people: int) -> int:
    if not depth:
        return 0
    return 2 if people and reached * 10 >= people * 8 else 1


def newest_levels(world: World, behavior: int) -> dict[int, int]:
    newest: dict[int, int] = {}
    for saw in sorted(world.saw, key=lambda row: -row.ago):
        in_time = NOW - timedelta(days=90) < ago(saw.ago) <= NOW
        about = saw.behavior == behavior and saw.fingerprint == NEW and not saw.corrected
        if about and in_time and saw.level is not None:
            newest[saw.person] = saw.level
    return newest


@dataclass(frozen=True)
class Sum:
    cells: int
    covered: int
    suspect: int
    depth: int | None
    shown: int | None
    people: int
    reached: int
    observed: int
    at_standard: int


def objective(world: World, number: int) -> Sum:
    own = {key: row for key, row in cells(world).items() if row.objective == number}
    rows = list(own.values())
    people: set[int] = set()
    reached: set[int] = set()
    for behavior, audience in own:
        people |= members(world, audience)
        reached |= who_was_reached(world, behavior, audience)
    return Sum(
        cells=len(rows),
        covered=sum(row.covered for row in rows),
        suspect=sum(row.suspect_depth > row.depth and not row.covered for row in rows),
        depth=min((row.depth for row in rows), default=None),
        shown=min((row.depth if row.evidence == 2 else 0 for row in rows), default=None),
        people=len(people),
        reached=len(reached),
        observed=sum(row.observed for row in rows),
        at_standard=sum(row.at_standard for row in rows),
    )


def who_was_reached(world: World, behavior: int, audience: int) -> set[int]:
    people = members(world, audience)
    asked = world.asked[behavior]
    found = set()
    for claim in world.claims:
        counts = (
            claim.behavior == behavior
            and claim.state == "current"
            and claim.fingerprint == NEW
            and world.taught[claim.version].state == "published"
            and people <= members(world, claim.audience)
        )
        for took in world.took:
            recent = ago(took.ago) >= changed_at(asked) or claim.cleared
            if counts and took.version == claim.version and ago(took.ago) <= NOW and recent:
                found.add(took.person)
    return found & people
