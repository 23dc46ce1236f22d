from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from align.notices.models import Notice
from strategy import actions as strategy
from strategy import flags
from strategy.config import Config
from strategy.models import Flag, FlagEvent, Objective
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
RULE = "too-quiet"


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def found(objective: Objective, cast: make.Cast) -> flags.Finding:
    return flags.Finding(
        subject=f"objective:{objective.pk}",
        epoch=1,
        strategy_id=objective.strategy_id,
        objective_id=objective.pk,
        title="Too quiet",
        label="A4 Price on guaranteed uptime",
        link=objective.get_absolute_url(),
        opens=True,
        clears=False,
        sentence="0 of 12 people spoke.",
        clears_when="Clears when 3 people speak.",
        evidence={"people": 12, "spoke": 0},
        whom=(cast.tom.pk,),
        owner_id=cast.lena.pk,
    )


def sync(*findings: flags.Finding, now: datetime = NOW) -> None:
    flags.sync(RULE, findings, objective_ids=None, now=now, config=Config())


def kinds() -> list[str]:
    return list(FlagEvent.objects.values_list("kind", flat=True))


def test_what_a_rule_finds_opens_one_flag_and_tells_each_person_once(
    found: flags.Finding, cast: make.Cast
) -> None:
    sync(found)
    sync(found, now=NOW + timedelta(hours=1))
    flag = Flag.objects.get()
    assert (flag.state, flag.owner, flag.opened_at) == ("open", cast.lena, NOW)
    assert kinds() == ["opened"]
    told = {notice.person.name: notice.at_once for notice in Notice.objects.all()}
    assert told == {"Tom": True, "Lena": False}


def test_between_its_two_ends_an_open_flag_stays_and_a_closed_one_too(
    found: flags.Finding,
) -> None:
    between = replace(found, opens=False)
    sync(between)
    assert not Flag.objects.exists()
    sync(found)
    sync(between)
    assert Flag.objects.get().state == "open"


def test_the_figures_of_an_open_flag_are_those_of_the_pages(found: flags.Finding) -> None:
    sync(found)
    sync(replace(found, sentence="1 of 12 people spoke.", evidence={"people": 12, "spoke": 1}))
    flag = Flag.objects.get()
    assert (flag.sentence, flag.evidence["spoke"]) == ("1 of 12 people spoke.", 1)
    assert kinds() == ["opened"]


def test_a_cleared_flag_closes_with_its_last_figures(found: flags.Finding) -> None:
    sync(found)
    sync(replace(found, opens=False, clears=True, evidence={"people": 12, "spoke": 5}))
    flag = Flag.objects.get()
    assert (flag.state, flag.resolved_at, flag.evidence["spoke"]) == ("resolved", NOW, 5)
    assert kinds() == ["opened", "resolved"]


def test_a_flag_that_comes_back_in_ninety_days_keeps_its_number(found: flags.Finding) -> None:
    sync(found)
    number = Flag.objects.get().pk
    sync(replace(found, opens=False, clears=True))
    sync(found, now=NOW + timedelta(days=89))
    flag = Flag.objects.get()
    assert (flag.pk, flag.regressed, flag.state) == (number, True, "open")
    assert kinds() == ["opened", "resolved", "regressed"]
    assert Notice.objects.filter(text__startswith="Too quiet again").count() == 2


def test_a_flag_that_comes_back_later_is_a_new_one(found: flags.Finding) -> None:
    sync(found)
    sync(replace(found, opens=False, clears=True))
    sync(found, now=NOW + timedelta(days=91))
    assert Flag.objects.count() == 2


def test_what_a_rule_no_longer_names_is_superseded(found: flags.Finding) -> None:
    sync(found)
    sync(replace(found, epoch=2))
    assert {flag.epoch: flag.state for flag in Flag.objects.all()} == {1: "resolved", 2: "open"}
    assert "superseded" in kinds()


def test_flags_of_objectives_that_were_not_judged_are_left_alone(found: flags.Finding) -> None:
    sync(found)
    flags.sync(RULE, [], objective_ids=[10**9], now=NOW, config=Config())
    assert Flag.objects.get().state == "open"


def test_silence_makes_a_flag_stale_and_a_voice_wakes_it(found: flags.Finding) -> None:
    sync(found)
    sync(replace(found, stale=True))
    sync(replace(found, stale=True))
    assert Flag.objects.get().state == "stale"
    sync(found)
    assert Flag.objects.get().state == "open"
    assert kinds() == ["opened", "stale", "heard"]


def test_the_first_to_say_i_have_it_becomes_the_owner(
    found: flags.Finding, cast: make.Cast
) -> None:
    sync(found)
    flag = Flag.objects.get()
    strategy.acknowledge_flag(flag=flag, by=cast.tom, now=NOW)
    strategy.acknowledge_flag(flag=flag, by=cast.lena, now=NOW)
    sync(found)
    flag.refresh_from_db()
    assert (flag.state, flag.owner) == ("acknowledged", cast.tom)
    assert kinds() == ["opened", "acknowledged"]


def test_an_event_never_changes(found: flags.Finding) -> None:
    sync(found)
    for statement in ["UPDATE strategy_flagevent SET note = 'x'", "DELETE FROM strategy_flagevent"]:
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_sync_costs_the_same_for_one_finding_and_for_many(
    found: flags.Finding, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [replace(found, subject=f"objective:{n}") for n in range(200)]
    with django_assert_max_num_queries(9):
        sync(*many)
    assert Flag.objects.count() == 200
