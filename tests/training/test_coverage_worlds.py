"""The engine against a slow and obvious second reading, over random companies with a history.

``ALIGN_WORLDS=500`` looks at so many worlds instead of the few of an ordinary run.
"""

import os
import uuid
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from align.people.models import Membership, TeamPlace
from strategy.config import Config
from strategy.models import Behavior, BehaviorRevision, Objective, Revision
from tests.make import NOW
from tests.training import by_hand, worlds
from tests.training.worlds import TODAY, ago
from training import actions, coverage
from training.actions import Taken
from training.models import (
    Assessment,
    Assignment,
    CellState,
    Completion,
    Delivery,
    Mapping,
    Module,
    ModuleVersion,
    ObjectiveCoverage,
    Observation,
    Seat,
    Waiver,
)

pytestmark = pytest.mark.django_db
CONFIG = Config()

many = settings(
    max_examples=int(os.environ.get("ALIGN_WORLDS", "60")),
    report_multiple_bugs=False,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
some = settings(many, max_examples=max(many.max_examples // 4, 15))

past = st.sampled_from([1, 3, 10, 40, 46, 75, 91, 130]).map(
    lambda days: coverage.end_of(TODAY - timedelta(days=days))
)


@pytest.fixture
def ground() -> worlds.Ground:
    return worlds.ground()


def judge() -> None:
    coverage.judge(None, NOW, CONFIG)


def figures(moment: datetime, team: int | None = None) -> dict[by_hand.Key, by_hand.Figures]:
    return {
        (cell.behavior_id, cell.audience_id): by_hand.Figures(
            **{field.name: getattr(cell, field.name) for field in fields(by_hand.Figures)}
        )
        for cell in coverage.judged(now=moment, config=CONFIG, team=team).cells
    }


def sum_of(row: coverage.Sum | ObjectiveCoverage) -> by_hand.Sum:
    return by_hand.Sum(**{field.name: getattr(row, field.name) for field in fields(by_hand.Sum)})


def sums(moment: datetime, team: int | None = None) -> dict[int, by_hand.Sum]:
    found = coverage.objectives(now=moment, config=CONFIG, team=team)
    return {row.objective_id: sum_of(row) for row in found}


def narrow_rows() -> tuple[list[Any], list[Any]]:
    cells = CellState.objects.order_by("behavior", "audience").values()
    rows = ObjectiveCoverage.objects.order_by("objective").values()
    return list(cells), list(rows)


@many
@given(world=worlds.worlds(), moment=past, team=st.integers(0, 3))
def test_it_agrees_with_the_slow_reading(
    ground: worlds.Ground, world: worlds.World, moment: datetime, team: int
) -> None:
    """Now, at the end of a past day, and for one team: to the row and the digit."""
    with worlds.built(world, ground):
        book = by_hand.Book()
        for at, of in ((NOW, None), (moment, None), (NOW, ground.teams[team].pk)):
            reading = by_hand.Reading(book, at, of)
            assert figures(at, of) == reading.cells()
            assert sums(at, of) == reading.objectives()
        for at in (NOW, moment):
            hours = coverage.aligned_hours(now=at, config=CONFIG)
            assert (hours.aligned, hours.all) == by_hand.Reading(book, at).hours()


@some
@given(world=worlds.worlds())
def test_the_narrow_rows_are_what_it_says(ground: worlds.Ground, world: worlds.World) -> None:
    """Judged at once or one by one, once or twice, the rows are the same."""
    with worlds.built(world, ground) as rows:
        judge()
        reading = by_hand.Reading(by_hand.Book(), NOW)
        kept = {
            (row.behavior_id, row.audience_id): by_hand.Figures(
                **{field.name: getattr(row, field.name) for field in fields(by_hand.Figures)}
            )
            for row in CellState.objects.all()
        }
        assert kept == reading.cells()
        found = {row.objective_id: sum_of(row) for row in ObjectiveCoverage.objects.all()}
        assert found == reading.objectives()
        before = narrow_rows()
        judge()
        assert narrow_rows() == before
        ObjectiveCoverage.objects.all().delete()
        CellState.objects.filter(objective=rows.objectives[0]).delete()
        for objective in rows.objectives:
            coverage.judge([objective.pk], NOW, CONFIG)
        assert [
            {name: value for name, value in row.items() if name != "id"} for row in narrow_rows()[0]
        ] == [{name: value for name, value in row.items() if name != "id"} for row in before[0]]
        assert narrow_rows()[1] == before[1]


@some
@given(world=worlds.worlds(), moment=past)
def test_every_figure_is_the_count_of_the_rows_behind_it(
    ground: worlds.Ground, world: worlds.World, moment: datetime
) -> None:
    with worlds.built(world, ground):
        for cell in coverage.cells(now=moment, config=CONFIG)[:3]:
            proof = coverage.proof(
                objective_id=cell.objective_id,
                behavior_id=cell.behavior_id,
                audience_id=cell.audience_id,
                now=moment,
                config=CONFIG,
            )
            assert proof is not None
            assert proof.cell == cell
            assert max((claim.depth for claim in proof.counting), default=0) == cell.depth
            counted: list[list[Any]] = [
                proof.people,
                proof.reached,
                proof.planned,
                proof.assessed,
                proof.observed,
            ]
            assert [len(rows) for rows in counted] == [
                cell.people,
                cell.reached,
                cell.planned,
                cell.assessed,
                cell.observed,
            ]
            assert len(proof.reached) + len(proof.not_reached) == cell.people
            levels = [person.observed_level for person in proof.people if person.observed_level]
            assert sum(level >= Observation.STANDARD for level in levels) == cell.at_standard
            assert all(claim.reason for claim in proof.others)


# What is recorded today leaves yesterday alone


def everything(moment: datetime) -> Any:
    return (
        figures(moment),
        sums(moment),
        asdict(coverage.aligned_hours(now=moment, config=CONFIG)),
    )


@some
@given(world=worlds.worlds(), moment=past)
def test_nothing_recorded_today_moves_a_past_day(
    ground: worlds.Ground, world: worlds.World, moment: datetime
) -> None:
    with worlds.built(world, ground) as rows:
        before = everything(moment)
        a_busy_day(ground, rows)
        assert everything(moment) == before


def a_busy_day(ground: worlds.Ground, rows: worlds.Rows) -> None:
    """Record something in every table: late rows, corrections, withdrawals, moves, a pivot."""
    late_rows(ground, rows)
    corrections(ground)
    for claim in Mapping.objects.alive().filter(created_at__lt=NOW):
        claim.cleared_at, claim.cleared_reason = NOW, "the same"
        claim.reviewed_fingerprint = worlds.FINGERPRINTS[1]
        claim.save()
    ended = Mapping.objects.filter(state=Mapping.State.CURRENT)[:1]
    Mapping.objects.filter(pk__in=list(ended.values_list("pk", flat=True))).update(
        state="retired", retired_at=NOW
    )
    Waiver.objects.filter(ended_at=None).update(ended_at=NOW)
    Assignment.objects.filter(ended_at=None).update(ended_at=NOW)
    Seat.objects.filter(left_at=None).update(left_at=NOW)
    Delivery.objects.filter(state="planned").update(state="held", held_at=NOW)
    for module in Module.objects.filter(state="published")[:1]:
        actions.retire_module(module=module, now=NOW)
    for objective in Objective.objects.in_force():
        pivot(objective)
    reorganize(ground, rows)


def late_rows(ground: worlds.Ground, rows: worlds.Rows) -> None:
    """What happened long ago, and what was planned for then, arrives today."""
    for version in ModuleVersion.objects.filter(state="published"):
        Completion.objects.bulk_create(
            Completion(
                user=user,
                version=version,
                completed_at=ago(days),
                source="late",
                external_id=f"{version.pk}:{user.pk}:{days}",
                created_at=NOW,
            )
            for user in rows.users
            for days in (300, 60, 2)
        )
        for audience in rows.audiences:
            Assignment.objects.get_or_create(
                module=version.module,
                audience=audience,
                due_on=date(2026, 1, 7),
                defaults={"created_at": NOW},
            )
        for behavior in rows.behaviors:
            for audience in rows.audiences:
                Mapping.objects.get_or_create(
                    version=version,
                    behavior=behavior,
                    audience=audience,
                    defaults={
                        "depth": 4,
                        "reviewed_fingerprint": worlds.FINGERPRINTS[0],
                        "created_at": NOW,
                    },
                )
    for words in BehaviorRevision.objects.all():
        for user in rows.users:
            look(words, user, ground, ago(50))
            look(words, user, ground, ago(5))


def look(words: BehaviorRevision, user: Any, ground: worlds.Ground, at: datetime) -> None:
    shared: dict[str, Any] = {
        "user": user,
        "behavior_revision": words,
        "level": 4,
        "created_at": NOW,
    }
    Observation.objects.create(
        observer=ground.lena, observed_at=at, client_key=uuid.uuid4(), **shared
    )
    Assessment.objects.create(
        assessor=ground.lena, assessed_at=at, client_key=uuid.uuid4(), **shared
    )


def corrections(ground: worlds.Ground) -> None:
    for wrong in Observation.objects.filter(correction=None, created_at__lt=NOW):
        Observation.objects.create(
            user=wrong.user,
            behavior_revision=wrong.behavior_revision,
            observer=ground.lena,
            observed_at=wrong.observed_at,
            level=1,
            client_key=uuid.uuid4(),
            corrects=wrong,
            created_at=NOW,
        )


def pivot(objective: Objective) -> None:
    """Publish a revision, in force at once, whose behaviors are all new ones."""
    last = objective.revisions.published()[0]
    revision = Revision.objects.create(
        objective=objective,
        number=last.number + 1,
        title="Pivot",
        state="published",
        epoch=last.number + 1,
        significance="substantive",
        why_fingerprint="why",
        created_at=NOW,
        published_at=NOW,
        effective_from=NOW,
    )
    for old in last.behaviors.all():
        BehaviorRevision.objects.create(
            revision=revision,
            behavior=old.behavior,
            sales_role=old.sales_role,
            statement="Does something else",
            fingerprint="f" * 64,
            fingerprint_since=NOW,
        )
    Objective.objects.filter(pk=objective.pk).update(current=revision)


def reorganize(ground: worlds.Ground, rows: worlds.Rows) -> None:
    """From today on everybody is elsewhere, and the teams stand differently."""
    Membership.objects.filter(begins__lt=TODAY, ends=None).update(ends=TODAY)
    Membership.objects.bulk_create(
        Membership(user=user, team=ground.teams[2], sales_role=ground.roles[1], begins=TODAY)
        for user in rows.users
        if not Membership.objects.filter(user=user).exclude(ends__lte=TODAY).exists()
    )
    for place in TeamPlace.objects.filter(ends=None, begins__lt=TODAY, team__in=ground.teams[1:]):
        TeamPlace.objects.filter(pk=place.pk).update(ends=TODAY)
        TeamPlace.objects.create(team=place.team, parent=None, begins=TODAY)


@some
@given(world=worlds.worlds(), data=st.data())
def test_the_order_of_imports_does_not_matter(
    ground: worlds.Ground, world: worlds.World, data: st.DataObject
) -> None:
    """Late, twice and in any order: the same completions are the same figures."""
    with worlds.built(world, ground):
        Completion.objects.filter(completed_at__gt=NOW).delete()
        Completion.objects.update(created_at=NOW)
        expected = figures(NOW)
        brought = [
            Taken(
                user=row.user,
                version=row.version,
                completed_at=row.completed_at,
                source="import",
                external_id=row.external_id,
            )
            for row in Completion.objects.select_related("user", "version")
        ]
        Completion.objects.all().delete()
        twice = data.draw(st.permutations([*brought, *brought]))
        cut = data.draw(st.integers(0, len(twice)))
        for part in (twice[:cut], twice[cut:]):
            actions.complete_all(rows=part, now=NOW)
        assert Completion.objects.count() == len(brought)
        assert figures(NOW) == expected


# Nothing that makes it worse may look better


@dataclass(frozen=True)
class Told:
    """What must not rise when something gets worse."""

    cells: dict[by_hand.Key, tuple[int, ...]]
    sums: dict[int, dict[str, Fraction | None]]
    hours: Fraction


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def told() -> Told:
    found = coverage.judged(now=NOW, config=CONFIG)
    hours = coverage.aligned_hours(now=NOW, config=CONFIG)
    return Told(
        cells={
            (cell.behavior_id, cell.audience_id): (
                cell.depth,
                cell.shown,
                cell.evidence,
                cell.covered,
                cell.reached,
                cell.planned,
                cell.demonstrated,
                cell.at_standard,
            )
            for cell in found.cells
        },
        sums={
            row.objective_id: {
                "depth": level(row.depth),
                "shown": level(row.shown),
                "evidence": level(row.evidence),
                "covered": share(row.covered, row.cells),
                "reach": share(row.reached, row.people),
                "planned": share(row.planned, row.people),
                "seen": share(row.at_standard, row.observed),
                "change": share(row.touched_covered, row.touched),
            }
            for row in found.sums
            if row.cells
        },
        hours=Fraction(hours.aligned) / Fraction(hours.all) if hours.all else Fraction(0),
    )


def level(step: int | None) -> Fraction | None:
    return None if step is None else Fraction(step)


def none_rose(before: Told, after: Told) -> None:
    """Each figure fell or stayed; what was not known is not known better."""
    for key, old in before.cells.items():
        assert all(new <= was for new, was in zip(after.cells[key], old, strict=True)), key
    for pk, was in before.sums.items():
        for name, figure in was.items():
            new = after.sums[pk][name]
            if name == "seen" or figure is not None:
                assert new is None or (figure is not None and new <= figure), name
    assert after.hours <= before.hours


@some
@given(
    world=worlds.worlds(),
    audience=st.integers(0, len(worlds.AUDIENCES) - 1),
    required=st.integers(1, 4),
    observed=st.booleans(),
)
def test_an_uncovered_cell_raises_nothing(
    ground: worlds.Ground, world: worlds.World, audience: int, required: int, observed: bool
) -> None:
    """Not even where everybody was seen doing it, and judged at standard."""
    with worlds.built(world, ground) as rows:
        before = told()
        for objective in Objective.objects.in_force():
            assert objective.current is not None
            words = BehaviorRevision.objects.create(
                revision=objective.current,
                behavior=Behavior.objects.create(objective=objective, code="more"),
                sales_role=ground.roles[0],
                statement="Does more",
                critical=True,
                required_depth=required,
            )
            words.audiences.add(rows.audiences[audience])
            words.fingerprint, words.fingerprint_since = "a" * 64, objective.current.effective_from
            words.save()
            for user in rows.users if observed else ():
                look(words, user, ground, ago(60))
                look(words, user, ground, ago(5))
        none_rose(before, told())


@some
@given(world=worlds.worlds(), place=st.integers(0, 2))
def test_retiring_a_module_raises_nothing(
    ground: worlds.Ground, world: worlds.World, place: int
) -> None:
    with worlds.built(world, ground) as rows:
        before = told()
        module = rows.modules[place % len(rows.modules)]
        Module.objects.filter(pk=module.pk, state="published").update(
            state="retired", retired_at=NOW
        )
        none_rose(before, told())


@some
@given(world=worlds.worlds(), place=st.integers(0, 7))
def test_a_suspect_mapping_raises_nothing(
    ground: worlds.Ground, world: worlds.World, place: int
) -> None:
    with worlds.built(world, ground) as rows:
        before = told()
        for claim in rows.claims[place : place + 1]:
            Mapping.objects.filter(pk=claim.pk).update(reviewed_fingerprint="b" * 64)
        none_rose(before, told())


@some
@given(world=worlds.worlds())
def test_a_suspect_mapping_holds_nothing_up(ground: worlds.Ground, world: worlds.World) -> None:
    """Without it the figures are the same, but for what it says of itself."""
    with worlds.built(world, ground):
        Mapping.objects.filter(cleared_at=None).update(reviewed_fingerprint="b" * 64)
        with_them = figures(NOW)
        Mapping.objects.filter(cleared_at=None, state="current").update(
            state="retired", retired_at=F("created_at")
        )
        Mapping.objects.filter(state="retired", cleared_at=None).update(retired_at=F("created_at"))
        without = figures(NOW)
        assert {key: replace(row, suspect_depth=0) for key, row in with_them.items()} == {
            key: replace(row, suspect_depth=0) for key, row in without.items()
        }
