"""All coverage in one job: a fixed number of statements, and no more time than rows."""

import os
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from strategy.config import Config
from tests.make import NOW
from tests.scale import company
from tests.scale.company import Company, Size
from training import coverage
from training.models import CellState, ObjectiveCoverage

pytestmark = pytest.mark.django_db
CONFIG = Config()

# The full size is looked at with ALIGN_SCALE=1; an ordinary run takes a part of it.
PART = int(os.environ.get("ALIGN_SCALE", "10"))
STATEMENTS_AT_MOST = 16
GROWS_AT_MOST = 2.2


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """Build it once for all tests here, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield company.build(company.FULL.part(PART))
        transaction.set_rollback(True)


def judged(size: Size) -> tuple[int, int]:
    """Judge everything from nothing; return the statements and the cells."""
    CellState.objects.all().delete()
    ObjectiveCoverage.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        coverage.judge(None, NOW, CONFIG)
    assert ObjectiveCoverage.objects.count() >= size.objectives
    return len(queries), CellState.objects.count()


def fastest(times: int = 3) -> float:
    """Return the seconds of the fastest of some whole judgements: the others waited for others."""
    found = []
    for _ in range(times):
        CellState.objects.all().delete()
        begun = time.perf_counter()
        coverage.judge(None, NOW, CONFIG)
        found.append(time.perf_counter() - begun)
    return min(found)


def test_all_coverage_takes_a_fixed_number_of_statements(large: Company) -> None:
    statements, cells = judged(large.size)
    assert statements <= STATEMENTS_AT_MOST
    assert cells >= large.size.objectives * company.BEHAVIORS
    company.build(large.size.part(4), cast=large.cast, name="More")
    assert judged(large.size)[0] == statements


def test_the_figures_of_a_company_are_mixed(large: Company) -> None:
    """What is measured has every kind of cell: covered and not, suspect and not."""
    cells = coverage.cells(now=NOW, config=CONFIG)
    assert len({cell.depth for cell in cells} | {0}) >= 3
    assert {cell.covered for cell in cells} == {cell.suspect for cell in cells} == {True, False}
    assert len({cell.evidence for cell in cells}) >= 2
    assert any(cell.planned for cell in cells)
    assert any(cell.observed for cell in cells)


def test_twice_the_rows_take_no_more_than_twice_the_time(large: Company) -> None:
    once = fastest()
    company.build(large.size, cast=large.cast, name="As many")
    twice = fastest()
    assert twice / once <= GROWS_AT_MOST, f"{once:.2f} s became {twice:.2f} s"
