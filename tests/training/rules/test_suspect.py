from datetime import date, datetime, timedelta

import pytest

from align.notices.models import Notice
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Flag
from tests import make
from tests.make import NOW
from tests.training.rules.conftest import Field
from training import actions as training
from training import rules

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WEDNESDAY = datetime.fromisoformat("2026-11-04T09:00:00+00:00")


def change(
    field: Field, cast: make.Cast, *, statement: str = "Asks for the log", now: datetime = WEDNESDAY
) -> None:
    words = make.behavior_words(sales_role=cast.role, statement=statement)
    make.revise(field.objective, by=cast.lena, behaviors=[words], now=now)


def find(field: Field, *, now: datetime = NOW, config: Config = Config()) -> Finding:  # noqa: B008
    [finding] = rules.suspect([field.objective.pk], now, config)
    return finding


@pytest.mark.parametrize(("now", "opens"), [("2026-11-18", False), ("2026-11-19", True)])
def test_it_opens_after_ten_working_days(
    field: Field, cast: make.Cast, now: str, opens: bool
) -> None:
    change(field, cast)
    found = find(field, now=datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    assert (found.opens, found.clears) == (opens, False)


def test_holidays_give_more_time(field: Field, cast: make.Cast) -> None:
    change(field, cast)
    thursday = NOW + DAY
    holidays = frozenset({date(2026, 11, 11), date(2026, 11, 15)})
    assert find(field, now=thursday).evidence["working days"] == 11
    found = find(field, now=thursday, config=Config(holidays=holidays))
    assert (found.opens, found.evidence["working days"]) == (False, 10)


def test_what_still_fits_is_not_suspect(field: Field, cast: make.Cast) -> None:
    make.revise(field.objective, by=cast.lena, words=make.words("Another title"), now=WEDNESDAY)
    found = find(field, now=NOW + 30 * DAY)
    assert (found.opens, found.clears) == (False, True)


def test_a_second_change_does_not_start_the_clock_again(field: Field, cast: make.Cast) -> None:
    change(field, cast)
    change(field, cast, statement="Asks for the log twice", now=NOW)
    found = find(field, now=NOW + DAY)
    assert (found.opens, found.epoch, found.evidence["changed on"]) == (True, 3, "2026-11-04")


def test_a_revision_of_something_else_is_no_new_epoch(field: Field, cast: make.Cast) -> None:
    change(field, cast)
    more = make.behavior_words("B2", sales_role=cast.role, statement="Sends it in a day")
    same = make.behavior_words(sales_role=cast.role, statement="Asks for the log")
    make.revise(field.objective, by=cast.lena, behaviors=[same, more], now=NOW)
    assert find(field, now=NOW + DAY).epoch == 2


def test_a_behavior_that_is_not_asked_any_more_leaves_its_claims_out_of_date(
    field: Field, cast: make.Cast
) -> None:
    other = make.behavior_words("B2", sales_role=cast.role, statement="Sends it in a day")
    make.revise(field.objective, by=cast.lena, behaviors=[other], now=WEDNESDAY)
    assert find(field, now=NOW + DAY).opens
    training.retire_mapping(mapping=field.claim, now=NOW)
    assert rules.suspect(None, NOW, Config()) == []


def test_the_owner_of_the_module_hears_once_and_a_reason_clears_it(
    field: Field, cast: make.Cast
) -> None:
    change(field, cast)
    engine.judge_all(now=NOW + DAY)
    engine.judge_all(now=NOW + 2 * DAY)
    flag = Flag.objects.get(rule="suspect")
    assert (flag.state, flag.title, flag.owner) == ("open", "Out of date", cast.tom)
    assert flag.act_link == f"/training/mappings/{field.claim.pk}/clear/"
    told = Notice.objects.filter(link=flag.get_absolute_url())
    assert [(notice.person, notice.at_once) for notice in told] == [(cast.tom, True)]

    training.clear_mapping(
        mapping=field.claim,
        reason="The drill says nothing of logs.",
        by=cast.tom,
        now=NOW + 2 * DAY,
    )
    engine.fold(now=NOW + 2 * DAY)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED


def test_a_new_change_after_a_review_starts_anew(field: Field, cast: make.Cast) -> None:
    change(field, cast)
    training.clear_mapping(mapping=field.claim, reason="No logs.", by=cast.tom, now=NOW)
    change(field, cast, statement="Asks for the log twice", now=NOW)
    found = find(field, now=NOW + DAY)
    assert (found.opens, found.evidence["working days"]) == (False, 1)
