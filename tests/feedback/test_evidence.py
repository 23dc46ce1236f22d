"""Reports as evidence of a concern: found only by who may read them."""

from uuid import uuid4

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from feedback.models import Report, Stance
from strategy import evidence
from strategy.actions import Invalid
from strategy.consultation import raise_concern
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def test_a_report_is_named_by_what_it_says_where_and_when_never_by_whom(cast: make.Cast) -> None:
    report = make.report(author=cast.rosa, objective=None, stance=Stance.WONT)
    with time_machine.travel(NOW, tick=False):
        link = evidence.reports(cast.lena, [report.ref])[report.ref]
    assert link.label == "Will not work, North, 18 Nov"
    assert link.url == report.get_absolute_url()
    assert cast.rosa.name not in link.label


def test_an_old_report_says_its_year_and_one_of_no_team_leaves_it_out(cast: make.Cast) -> None:
    report = make.report(author=cast.ada, objective=None, stance=Stance.WORKS)
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        link = evidence.reports(cast.lena, [report.ref])[report.ref]
    assert link.label == "It works, 18 Nov 2026"


def test_reports_somebody_may_not_read_are_not_there(cast: make.Cast) -> None:
    report = make.report(author=cast.rosa, objective=None)
    assert list(evidence.reports(cast.rosa, [report.ref])) == [report.ref]
    for stranger in (cast.tom, cast.mia, cast.ada):
        assert evidence.reports(stranger, [report.ref]) == {}
    Report.objects.filter(pk=report.pk).update(for_manager=True)
    assert list(evidence.reports(cast.mia, [report.ref])) == [report.ref]


def test_what_is_no_report_is_left_out_and_many_cost_one_query(
    cast: make.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    refs = [make.report(author=cast.rosa, objective=None, text=str(n)).ref for n in range(5)]
    with django_assert_num_queries(1):
        found = evidence.reports(cast.lena, [*refs, uuid4()])
    assert set(found) == set(refs)
    with django_assert_num_queries(0):
        assert evidence.reports(cast.lena, []) == {}


def test_a_concern_rests_only_on_reports_its_raiser_may_read(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    taught = make.objective(strategy_=plan, by=cast.lena)
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(taught))
    round_ = make.round_(
        make.draft(strategy_=plan, by=cast.lena), by=cast.lena, people=[cast.tom, cast.mia]
    )
    report = make.report(author=cast.rosa, objective=taught)

    def says(person: str) -> object:
        return raise_concern(
            round_=round_,
            by=getattr(cast, person),
            paragraph=make.paragraph(round_),
            symptom="Reps will hide the discount.",
            check_on=NOW.date().replace(month=12),
            reports=[report.ref],
            now=NOW,
        )

    with pytest.raises(Invalid, match="There is no such report"):
        says("mia")
    assert says("tom").reports == [report.ref]  # type: ignore[attr-defined]
