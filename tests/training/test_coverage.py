"""Coverage by example; random worlds have a file of their own."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from align.people.models import Role, Team, User
from strategy import actions as strategy
from strategy import engine
from strategy.config import Config
from strategy.models import BehaviorRevision, Depth, Objective
from tests import make
from tests.make import LONG_AGO, NOW
from training import actions, coverage
from training.models import (
    Assessment,
    Assignment,
    CellState,
    Delivery,
    Kind,
    ObjectiveCoverage,
    Observation,
    Seat,
    Waiver,
)

pytestmark = pytest.mark.django_db
CONFIG = Config()
Evidence = CellState.Evidence


def judge() -> None:
    coverage.judge(None, NOW, CONFIG)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def the_cell(*, now: datetime = NOW, team: Team | None = None) -> coverage.Cell:
    (cell,) = coverage.cells(now=now, config=CONFIG, team=team.pk if team else None)
    return cell


def seen(
    user: User,
    objective: Objective,
    by: User,
    *,
    days: float,
    level: int = 3,
    model: type[Observation] | type[Assessment] = Observation,
    recorded: datetime | None = None,
) -> None:
    at = ago(days)
    who, when = ("observer", "observed_at") if model is Observation else ("assessor", "assessed_at")
    model._default_manager.create(
        user=user,
        behavior_revision=BehaviorRevision.objects.in_force().get(behavior__objective=objective),
        level=level,
        client_key=uuid.uuid4(),
        created_at=recorded or at,
        **{who: by, when: at},
    )


def everybody(cast: make.Cast) -> list[User]:
    """Rosa and five more: enough to be seen by."""
    return [cast.rosa, *make.reps(5, team=cast.team, sales_role=cast.role)]


def cell_of(people: int, **figures: Any) -> coverage.Cell:
    return coverage.Cell(
        config=CONFIG,
        now=NOW,
        objective_id=1,
        behavior_id=1,
        audience_id=1,
        critical=True,
        required=Depth.PRACTICED,
        depth=Depth.PRACTICED,
        people=people,
        **figures,
    )


def statements(objectives: int, cast: make.Cast) -> int:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    module = make.module(owner=cast.tom)
    for _ in range(objectives):
        made = make.objective(strategy_=plan, by=cast.lena)
        make.mapping(module=module, behavior=make.behavior(made))
    judge()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        judge()
    return len(queries)


def test_the_number_of_statements_is_fixed(cast: make.Cast) -> None:
    assert statements(1, cast) == statements(12, cast) <= 16


def test_only_what_is_asked_is_judged(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    one, other = (make.objective(strategy_=plan, by=cast.lena) for _ in range(2))
    coverage.judge([one.pk], NOW, CONFIG)
    assert [row.objective for row in ObjectiveCoverage.objects.all()] == [one]
    coverage.judge([other.pk], NOW, CONFIG)
    assert ObjectiveCoverage.objects.count() == 2
    coverage.judge([], NOW, CONFIG)
    assert ObjectiveCoverage.objects.count() == 2


def test_a_retired_objective_has_no_figures(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    judge()
    assert CellState.objects.filter(objective=objective).exists()
    strategy.retire(objective=objective, by=cast.lena, now=NOW)
    judge()
    assert not CellState.objects.filter(objective=objective).exists()
    assert not ObjectiveCoverage.objects.filter(objective=objective).exists()


def test_the_objective_is_as_deep_as_its_weakest_cell(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(
        strategy_=plan,
        by=cast.lena,
        behaviors=[
            make.behavior_words("B1", sales_role=cast.role),
            make.behavior_words(
                "B2", sales_role=cast.role, statement="Sends the offer within a day"
            ),
        ],
    )
    drill = make.module(owner=cast.tom)
    slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=drill, behavior=make.behavior(objective, "B1"))
    make.mapping(module=slide, behavior=make.behavior(objective, "B2"), depth=Depth.NAMED)
    make.completion(user=cast.rosa, module=drill)
    judge()
    row = ObjectiveCoverage.objects.get(objective=objective)
    assert (row.depth, row.shown, row.covered, row.cells) == (Depth.NAMED, Depth.NONE, 1, 2)
    assert (row.reached, row.people) == (1, 1)


def test_a_substantive_revision_makes_the_training_suspect(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    mapping = make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=drill)
    judge()
    before = CellState.objects.get(objective=objective)
    assert (before.depth, before.reached, before.suspect_depth) == (Depth.PRACTICED, 1, 0)

    make.revise(
        objective,
        by=cast.lena,
        behaviors=[
            make.behavior_words(sales_role=cast.role, statement="Opens with the cost of a stop")
        ],
    )
    judge()
    after = CellState.objects.get(objective=objective)
    assert (after.depth, after.reached, after.suspect_depth) == (Depth.NONE, 0, Depth.PRACTICED)
    assert ObjectiveCoverage.objects.get(objective=objective).suspect == 1

    actions.clear_mapping(mapping=mapping, reason="The drill is the same.", by=cast.tom, now=NOW)
    judge()
    cleared = CellState.objects.get(objective=objective)
    assert (cleared.depth, cleared.reached, cleared.suspect_depth) == (Depth.PRACTICED, 1, 0)


def test_every_write_is_folded(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    engine.fold(now=NOW)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).depth == Depth.PRACTICED
    make.completion(user=cast.rosa, module=drill)
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).evidence == CellState.Evidence.REACHED
    actions.retire_module(module=drill, now=NOW)
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).depth == Depth.NONE


def test_all_shares_of_eighty_percent_count_as_reached() -> None:
    for people in range(5, 1000, 5):
        enough = people * 4 // 5
        assert cell_of(people, reached=enough - 1).evidence == Evidence.MAPPED
        assert cell_of(people, reached=enough).evidence == Evidence.REACHED


def test_all_shares_of_seventy_percent_count_as_demonstrated() -> None:
    for people in range(10, 1000, 10):
        enough = people * 7 // 10
        almost = cell_of(people, reached=people, demonstrated=enough - 1)
        assert almost.evidence == Evidence.REACHED
        proved = cell_of(people, reached=people, demonstrated=enough)
        assert proved.evidence == Evidence.DEMONSTRATED


@pytest.mark.parametrize(
    ("people", "needed"), [(0, 0), (1, 1), (4, 4), (5, 5), (25, 5), (26, 6), (100, 20)]
)
def test_seen_needs_five_people_or_a_fifth_of_them(people: int, needed: int) -> None:
    assert cell_of(people).needed == needed


def test_too_few_seen_say_nothing_and_nobody_says_less() -> None:
    assert cell_of(20).seen_state == coverage.NOT_YET
    assert cell_of(20, observed=4, at_standard=4).seen_state == coverage.PARTLY
    assert cell_of(20, observed=5, at_standard=5).seen_state == coverage.HOLDS
    assert cell_of(20, observed=5, at_standard=3).seen_state == coverage.PARTLY
    assert cell_of(20, observed=8, at_standard=1).seen_state == coverage.BROKEN


def test_the_claim_shows_as_deep_as_the_evidence_can_prove(
    cast: make.Cast,
) -> None:
    people = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    assert (the_cell().evidence, the_cell().shown) == (Evidence.UNMAPPED, Depth.NONE)
    drill = make.module(owner=cast.tom, kind=Kind.REINFORCEMENT)
    make.mapping(module=drill, behavior=make.behavior(objective), depth=Depth.REINFORCED)
    assert (the_cell().evidence, the_cell().shown) == (Evidence.MAPPED, Depth.NONE)
    for user in people:
        make.completion(user=user, module=drill, completed_at=ago(200))
    assert (the_cell().evidence, the_cell().shown) == (Evidence.REACHED, Depth.EXPLAINED)
    for user in people[:5]:
        seen(user, objective, cast.tom, days=150, model=Assessment)
    assert (the_cell().evidence, the_cell().shown) == (Evidence.DEMONSTRATED, Depth.PRACTICED)
    for user in people:
        seen(user, objective, cast.mia, days=20)
    assert (the_cell().evidence, the_cell().shown) == (Evidence.SEEN, Depth.REINFORCED)
    for user in people:
        seen(user, objective, cast.mia, days=60)
    assert (the_cell().evidence, the_cell().shown) == (Evidence.SUSTAINED, Depth.REINFORCED)


def test_it_is_sustained_only_thirty_days_after_half_of_the_people_were_trained(
    cast: make.Cast,
) -> None:
    people = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    for place, user in enumerate(people):  # the third of six is the half
        make.completion(user=user, module=drill, completed_at=ago(75 if place < 3 else 20))
        seen(user, objective, cast.tom, days=15, model=Assessment)
        for days in (60, 10):
            seen(user, objective, cast.mia, days=days)
    assert the_cell().median_at == ago(75)
    assert the_cell().reached_since == ago(20)
    assert the_cell().evidence == Evidence.SUSTAINED
    assert the_cell(now=NOW - timedelta(days=1)).evidence == Evidence.SEEN


def test_seen_without_reached_is_said_and_may_be_waived(cast: make.Cast) -> None:
    people = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    for user in people:
        seen(user, objective, cast.mia, days=3)
    assert (the_cell().evidence, the_cell().seen_without_reached) == (Evidence.MAPPED, True)
    cell = the_cell()
    words = BehaviorRevision.objects.in_force().get(behavior=cell.behavior_id)
    waiver = Waiver.objects.create(
        behavior_id=cell.behavior_id,
        audience_id=cell.audience_id,
        fingerprint=words.fingerprint,
        evidence="Six visits in October",
        created_at=ago(1),
    )
    assert (the_cell().evidence, the_cell().waived) == (Evidence.SEEN, True)
    assert the_cell(now=ago(2)).evidence == Evidence.MAPPED
    waiver.fingerprint = "another"
    waiver.save()
    assert the_cell().evidence == Evidence.MAPPED


def test_a_waiver_stands_in_for_no_mapping(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    for user in everybody(cast):
        seen(user, objective, cast.mia, days=3)
    cell = the_cell()
    Waiver.objects.create(
        behavior_id=cell.behavior_id,
        audience_id=cell.audience_id,
        fingerprint=BehaviorRevision.objects.in_force().get().fingerprint,
        evidence="Six visits",
        created_at=ago(1),
    )
    assert (the_cell().evidence, the_cell().shown) == (Evidence.UNMAPPED, Depth.NONE)


def test_planned_counts_who_sat_in_a_held_session_or_was_due(cast: make.Cast) -> None:
    rosa, remo, rita, *_ = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    claim = make.mapping(module=drill, behavior=make.behavior(objective))
    assert drill.current is not None
    session = Delivery.objects.create(
        version=drill.current,
        audience=claim.audience,
        trainer=cast.tom,
        starts_at=ago(10),
        ends_at=ago(9.9),
        created_at=ago(30),
        updated_at=ago(30),
    )
    Seat.objects.create(delivery=session, user=rosa, created_at=ago(30))
    Seat.objects.create(delivery=session, user=remo, created_at=ago(30))
    Seat.objects.create(delivery=session, user=rita, created_at=ago(30), left_at=ago(20))
    assert the_cell().planned == 0  # it was not held yet
    session.state, session.held_at = Delivery.State.HELD, ago(9)
    session.save()
    assert the_cell().planned == 2
    assert the_cell(now=ago(9.5)).planned == 0
    due = Assignment.objects.create(
        module=drill, audience=claim.audience, due_on=NOW.date(), created_at=ago(30)
    )
    assert the_cell().planned == 2  # today is not over
    Assignment.objects.filter(pk=due.pk).update(due_on=ago(1).date())
    assert the_cell().planned == 6
    judge()
    assert ObjectiveCoverage.objects.get().planned == 6


def test_a_team_has_its_own_figures(cast: make.Cast) -> None:
    east, west = (make.team(name, parent=cast.team) for name in ("East", "West"))
    rita, _ = (
        make.user(name, Role.REP, team=team, sales_role=cast.role)
        for name, team in (("Rita", east), ("Remo", west))
    )
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=rita, module=drill)
    assert (the_cell().reached, the_cell().people) == (1, 3)
    assert (the_cell(team=east).reached, the_cell(team=east).people) == (1, 1)
    assert (the_cell(team=west).reached, the_cell(team=west).people) == (0, 1)
    assert (the_cell(team=cast.team).reached, the_cell(team=cast.team).people) == (1, 3)
    assert coverage.cells(now=NOW, config=CONFIG, team=make.team("South").pk) == []


def test_a_late_row_counts_from_when_it_was_recorded(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    assert drill.current is not None
    actions.complete(
        user=cast.rosa,
        version=drill.current,
        completed_at=ago(30),
        source="late",
        external_id="1",
        now=NOW,
    )
    seen(cast.rosa, objective, cast.mia, days=30, recorded=NOW)
    assert (the_cell().reached, the_cell().observed) == (1, 1)
    yesterday = the_cell(now=coverage.end_of(ago(1).date()))
    assert (yesterday.reached, yesterday.observed) == (0, 0)


def logos(cast: make.Cast, objective: Objective, codes: Sequence[str]) -> None:
    """Five announcements, each mapped to every behavior, and everybody took them all."""
    for _ in range(5):
        slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT, title="Our new logo")
        for code in codes:
            make.mapping(module=slide, behavior=make.behavior(objective, code), depth=Depth.NAMED)
        make.completion(user=cast.rosa, module=slide)


def test_a_launch_as_deep_as_a_logo_covers_nothing(cast: make.Cast) -> None:
    codes = ["B1", "B2", "B3"]
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(
        strategy_=plan,
        by=cast.lena,
        behaviors=[
            make.behavior_words(code, sales_role=cast.role, statement=f"Says {code} out loud")
            for code in codes
        ],
    )
    logos(cast, objective, codes)
    judge()
    row = ObjectiveCoverage.objects.get()
    assert (row.covered, row.cells, row.depth) == (0, 3, Depth.NAMED)
    before = {state.behavior.code: state for state in CellState.objects.all()}
    assert all(0 < state.depth < state.required for state in before.values())
    assert all(state.critical for state in before.values())

    drill = make.module(owner=cast.tom, kind=Kind.PRACTICE)
    make.mapping(module=drill, behavior=make.behavior(objective, "B2"))
    judge()
    after = {state.behavior.code: state for state in CellState.objects.all()}
    deeper = [code for code in codes if after[code].depth > before[code].depth]
    assert deeper == ["B2"]
    assert [state.evidence for state in after.values()] == [
        state.evidence for state in before.values()
    ]
    row.refresh_from_db()
    assert (row.covered, row.cells, row.depth) == (1, 3, Depth.NAMED)


def test_a_pivot_makes_exactly_the_touched_training_suspect(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    said = [
        make.behavior_words(code, sales_role=cast.role, statement=f"Shows {code} to the buyer")
        for code in ("B1", "B2", "B3")
    ]
    objective = make.objective(strategy_=plan, by=cast.lena, behaviors=said)
    other = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    claims = [
        make.mapping(module=drill, behavior=make.behavior(objective, f"B{n}")) for n in (1, 2)
    ]
    claims.append(make.mapping(module=drill, behavior=make.behavior(other)))
    make.completion(user=cast.rosa, module=drill)
    yesterday = coverage.end_of(ago(1).date())
    was = coverage.judged(now=yesterday, config=CONFIG)
    make.revise(
        objective,
        by=cast.lena,
        behaviors=[
            said[0],
            make.behavior_words("B2", sales_role=cast.role, statement="Shows the cost of a stop"),
            said[2],
        ],
    )
    cells = {cell.behavior_id: cell for cell in coverage.cells(now=NOW, config=CONFIG)}
    suspect = [claim for claim in claims if cells[claim.behavior_id].suspect]
    assert suspect == [claims[1]]
    assert coverage.judged(now=yesterday, config=CONFIG) == was
    judge()
    row = ObjectiveCoverage.objects.get(objective=objective)
    assert (row.touched, row.touched_covered) == (1, 0)
    assert (row.cells, row.covered, row.suspect) == (3, 1, 1)

    actions.clear_mapping(mapping=claims[1], reason="The drill is the same.", by=cast.tom, now=NOW)
    judge()
    row.refresh_from_db()
    assert (row.touched, row.touched_covered) == (1, 1)
    assert coverage.judged(now=yesterday, config=CONFIG) == was


def test_seen_of_an_objective_is_its_least_seen_cell(cast: make.Cast) -> None:
    people = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(
        strategy_=plan,
        by=cast.lena,
        behaviors=[
            make.behavior_words(code, sales_role=cast.role, statement=f"Asks for {code} first")
            for code in ("B1", "B2")
        ],
    )
    for user in people:
        observe(user, objective, "B1", cast.mia, level=4)
    judge()
    row = ObjectiveCoverage.objects.get()
    assert (row.looked, row.observed, row.at_standard) == (1, 0, 0)
    observe(people[0], objective, "B2", cast.mia, level=3)
    observe(people[1], objective, "B2", cast.mia, level=1)
    judge()
    row.refresh_from_db()
    assert (row.looked, row.at_standard, row.observed, row.seen_people) == (2, 1, 2, 6)


def observe(user: User, objective: Objective, code: str, by: User, *, level: int) -> None:
    actions.observe(
        user=user,
        behavior=make.behavior(objective, code),
        observer=by,
        observed_at=ago(1),
        level=level,
        client_key=uuid.uuid4(),
        now=NOW,
    )


def test_who_moves_takes_their_training_along(cast: make.Cast) -> None:
    """Membership is a dated fact: from the day of the move the new team asks, with its training."""
    south = make.team("South")
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=drill, completed_at=ago(40))
    stay = cast.rosa.memberships.get()
    stay.ends = ago(10).date()
    stay.save()
    stay.pk, stay.team, stay.begins, stay.ends = None, south, ago(10).date(), None
    stay.save()
    judge()
    row = ObjectiveCoverage.objects.get()
    assert (row.reached, row.people) == (0, 0)
    (before,) = coverage.objectives(now=coverage.end_of(ago(11).date()), config=CONFIG)
    assert (before.reached, before.people) == (1, 1)


def test_aligned_hours_are_those_of_claims_that_count(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill, slide = make.module(owner=cast.tom), make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=drill)
    make.completion(user=cast.rosa, module=slide)
    make.completion(user=cast.rosa, module=slide)
    hours = coverage.aligned_hours(now=NOW, config=CONFIG)
    assert (float(hours.aligned), float(hours.all)) == (1.5, 4.5)
    actions.retire_module(module=drill, now=NOW)
    hours = coverage.aligned_hours(now=NOW, config=CONFIG)
    assert (float(hours.aligned), float(hours.all)) == (0, 4.5)


def test_a_proof_says_why_a_claim_does_not_count(cast: make.Cast) -> None:
    people = everybody(cast)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    behavior = make.behavior(objective)
    counts, suspect, narrow, withdrawn, retired = (
        make.mapping(module=make.module(owner=cast.tom), behavior=behavior) for _ in range(5)
    )
    nobody = make.team("Nobody")
    narrow.audience = type(narrow.audience).objects.of(sales_roles=[cast.role], teams=[nobody])
    narrow.save()
    type(suspect).objects.filter(pk=suspect.pk).update(reviewed_fingerprint="another")
    actions.retire_mapping(mapping=withdrawn, now=ago(3))
    actions.retire_module(module=retired.version.module, now=ago(2))
    make.completion(user=people[0], module=counts.version.module)
    cell = the_cell()
    with CaptureQueriesContext(connection) as queries:
        proof = coverage.proof(
            objective_id=cell.objective_id,
            behavior_id=cell.behavior_id,
            audience_id=cell.audience_id,
            now=NOW,
            config=CONFIG,
        )
    assert len(non_transactional(queries)) == 3
    assert proof is not None
    assert [claim.mapping_id for claim in proof.counting] == [counts.pk]
    assert {claim.mapping_id: claim.reason for claim in proof.others} == {
        suspect.pk: "Suspect: the behavior changed on 18 Nov 2025.",
        narrow.pk: "Its audience leaves out 6 people of this one.",
        withdrawn.pk: "Withdrawn on 15 Nov 2026.",
        retired.pk: "The module was retired on 16 Nov 2026.",
    }
    assert proof.reached == [people[0].pk]
    assert len(proof.not_reached) == 5


def non_transactional(queries: CaptureQueriesContext) -> list[str]:
    return [row["sql"] for row in queries if "SAVEPOINT" not in row["sql"]]


def test_there_is_no_proof_of_what_nobody_asks(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    make.objective(strategy_=plan, by=cast.lena)
    cell = the_cell()
    for moment in (NOW, LONG_AGO - timedelta(days=1)):
        found = coverage.proof(
            objective_id=cell.objective_id,
            behavior_id=cell.behavior_id,
            audience_id=cell.audience_id if moment < NOW else -1,
            now=moment,
            config=CONFIG,
        )
        assert found is None
