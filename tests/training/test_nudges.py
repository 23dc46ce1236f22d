import uuid
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from align.notices.models import Notice
from align.people.models import Membership, Role, User
from strategy import actions as strategy
from strategy.models import Depth
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import actions as training
from training import nudges
from training.models import Kind, Mapping, Module

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TAKEN = NOW - timedelta(days=100)


@pytest.fixture
def module(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom, title="Holding price")


@pytest.fixture
def claim(cast: make.Cast, place: Place, module: Module) -> Mapping:
    """Rosa took what teaches B1."""
    made = make.mapping(module=module, behavior=place.behavior)
    make.completion(user=cast.rosa, module=module, completed_at=TAKEN)
    return made


def sent(*, days: float) -> list[str]:
    """Run the job so many days after the completion, and return the texts of all nudges so far."""
    nudges.send(now=TAKEN + timedelta(days=days))
    rows = Notice.objects.filter(key__startswith="nudge:").order_by("created_at", "pk")
    return list(rows.values_list("text", flat=True))


def saw(
    place: Place, cast: make.Cast, *, level: int, at: datetime, user: User | None = None
) -> None:
    training.observe(
        user=user or cast.rosa,
        behavior=place.behavior,
        observer=cast.mia,
        observed_at=at,
        level=level,
        client_key=uuid.uuid4(),
        now=at,
        tell=False,
    )


@pytest.mark.usefixtures("claim")
def test_each_step_names_the_behavior_to_try_once(cast: make.Cast, place: Place) -> None:
    assert sent(days=1.9) == []
    [text] = sent(days=2)
    assert text == (
        "2 days ago you took “Holding price”. Try it on your next visit: “Opens the price talk "
        "with the cost of an hour of downtime”."
    )
    notice = Notice.objects.get(key__startswith="nudge:")
    assert (notice.person, notice.at_once) == (cast.rosa, False)
    assert notice.link == f"/behaviors/{place.behavior.pk}/"
    assert len(sent(days=2.1)) == 1
    assert [
        text.split()[0] for text in [*sent(days=7), *sent(days=21)[2:], *sent(days=60)[3:]]
    ] == [
        "2",
        "7",
        "21",
        "60",
    ]
    assert len(sent(days=90)) == 4


@pytest.mark.usefixtures("claim")
@pytest.mark.parametrize(("days", "count"), [(3.9, 1), (4, 0), (6.9, 0), (8.9, 1), (9, 0)])
def test_more_than_two_days_late_it_says_nothing(days: float, count: int) -> None:
    assert len(sent(days=days)) == count


@pytest.mark.usefixtures("claim")
@pytest.mark.parametrize(("level", "count"), [(2, 1), (3, 0), (4, 0)])
def test_it_stops_when_the_behavior_is_seen_at_standard(
    cast: make.Cast, place: Place, level: int, count: int
) -> None:
    saw(place, cast, level=level, at=TAKEN + DAY)
    assert len(sent(days=2)) == count


@pytest.mark.usefixtures("claim")
def test_what_was_seen_before_or_of_others_does_not_stop_it(cast: make.Cast, place: Place) -> None:
    saw(place, cast, level=4, at=TAKEN - DAY)
    [other] = make.reps(1, team=cast.team, sales_role=cast.role)
    saw(place, cast, level=4, at=TAKEN + DAY, user=other)
    assert len(sent(days=2)) == 1


def test_several_behaviors_of_a_module_are_one_nudge(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom, title="Holding price")
    words = [
        make.behavior_words("C1", sales_role=cast.role, critical=False),
        make.behavior_words("C2", sales_role=cast.role, statement="Names two references"),
    ]
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=words)
    for code in ("C1", "C2"):
        make.mapping(module=module, behavior=make.behavior(objective, code))
    make.completion(user=cast.rosa, module=module, completed_at=TAKEN)
    [text] = sent(days=2)
    assert text.endswith("“Names two references” (and 1 more)."), "the critical one first"


@pytest.mark.usefixtures("claim")
def test_the_same_completion_from_two_systems_nudges_once(cast: make.Cast, module: Module) -> None:
    assert len(sent(days=2)) == 1
    make.completion(user=cast.rosa, module=module, completed_at=TAKEN + timedelta(hours=1))
    assert len(sent(days=2.1)) == 1


@pytest.mark.usefixtures("claim")
def test_who_takes_it_again_starts_again(cast: make.Cast, module: Module) -> None:
    make.completion(user=cast.rosa, module=module, completed_at=TAKEN + 6 * DAY)
    assert sent(days=7) == []
    assert len(sent(days=8)) == 1


def test_a_claim_that_ended_nudges_nobody(claim: Mapping) -> None:
    training.retire_mapping(mapping=claim, now=TAKEN + DAY)
    assert sent(days=2) == []


@pytest.mark.usefixtures("claim")
def test_a_module_that_ended_nudges_nobody(module: Module) -> None:
    training.retire_module(module=module, now=TAKEN + DAY)
    assert sent(days=2) == []


@pytest.mark.usefixtures("claim")
def test_an_objective_that_ended_nudges_nobody(cast: make.Cast, place: Place) -> None:
    strategy.retire(objective=place.objective, by=cast.lena, now=TAKEN + DAY)
    assert sent(days=2) == []


def test_what_changed_since_nudges_nobody_until_it_was_checked(
    claim: Mapping, cast: make.Cast, place: Place
) -> None:
    words = make.behavior_words(sales_role=cast.role, statement="Asks for the plant's log")
    make.revise(place.objective, by=cast.lena, behaviors=[words], now=TAKEN + DAY)
    assert sent(days=2) == []
    training.clear_mapping(mapping=claim, reason="Same drill.", by=cast.tom, now=TAKEN + 2 * DAY)
    assert len(sent(days=2.1)) == 1


@pytest.mark.usefixtures("claim")
def test_who_is_not_asked_any_more_is_left_alone(cast: make.Cast) -> None:
    Membership.objects.filter(user=cast.rosa).update(ends=TAKEN.date())
    assert sent(days=2) == []


@pytest.mark.usefixtures("claim")
def test_who_may_not_sign_in_any_more_is_left_alone(cast: make.Cast) -> None:
    User.objects.filter(pk=cast.rosa.pk).update(is_active=False)
    assert sent(days=2) == []


@pytest.mark.usefixtures("claim")
def test_who_began_yesterday_is_nudged_too(cast: make.Cast, module: Module) -> None:
    new = make.user("Nia", Role.REP, team=cast.team, sales_role=cast.role, begins=TAKEN.date())
    make.completion(user=new, module=module, completed_at=TAKEN)
    assert len(sent(days=2)) == 2


@pytest.mark.usefixtures("claim")
def test_it_costs_the_same_for_one_and_for_many(
    cast: make.Cast, module: Module, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for person in make.reps(5, team=cast.team, sales_role=cast.role):
        make.completion(user=person, module=module, completed_at=TAKEN)
    with django_assert_max_num_queries(5):
        assert len(nudges.due(now=TAKEN + 2 * DAY)) == 6
        nudges.send(now=TAKEN + 2 * DAY)


def test_an_announcement_has_something_to_try_too(cast: make.Cast, place: Place) -> None:
    launch = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=launch, behavior=place.behavior, depth=Depth.NAMED)
    make.completion(user=cast.rosa, module=launch, completed_at=TAKEN)
    assert len(sent(days=2)) == 1
