"""The coverage page: one row an objective, the finding first, the same digits everywhere."""

import csv
import io
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.dashboard.rows import coverage_page
from align.people.models import Role, User
from strategy import outbox
from tests import make
from tests.dashboard.conftest import Read, World
from tests.make import NOW

pytestmark = pytest.mark.django_db


def text(page: str) -> str:
    """Return the words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_opens_with_the_finding(read: Read, cast: make.Cast, world: World) -> None:
    page = text(read(cast.lena, "/coverage/"))
    assert "All three objectives get no deeper than a slide , one of them claims more" in page
    assert "One has no training at all" in page
    assert "the field says one will not work" in page


def test_each_row_has_its_figures_with_their_base(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = text(read(cast.tom, "/coverage/"))
    assert "A4 Price on guaranteed uptime" in page
    assert "2 of 2 covered" in page
    assert "6 of 11" in page  # Rosa and ten others, each once
    assert "not yet" in page
    assert "Field says no" in page


@pytest.mark.parametrize("who", ["rosa", "ada"])
@pytest.mark.parametrize("address", ["/coverage/", "/coverage.csv"])
def test_reps_and_admins_are_told_who_it_is_for(
    read: Read, cast: make.Cast, who: str, address: str
) -> None:
    page = read(getattr(cast, who), address, status=403)
    assert "This is for strategy leads, trainers and managers." in page


def test_a_filter_in_the_address_keeps_its_rows(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.lena, "/coverage/?depth=untrained")
    assert "Leave distributor exclusivity" in page
    assert "Quote response time in hours" not in page
    assert "Showing 1 of 3" in text(page)


def test_what_matches_nothing_says_so_and_offers_all(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.lena, "/coverage/?q=zebra")
    assert "No objective matches this." in page
    assert "Show all 3" in page


STRANGE = ("theme=abc", "theme=99999999999999", "page=999", "q=%00", "depth=%FF", "q=%ED%A0%80")


def test_a_strange_address_is_no_error(read: Read, cast: make.Cast, world: World) -> None:
    for query in STRANGE:
        read(cast.lena, f"/coverage/?{query}")


def test_it_says_when_it_was_judged_and_what_waits(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = text(read(cast.lena, "/coverage/"))
    assert "09:00" in page
    assert "to be counted" not in page
    outbox.touch([world.refused.pk], now=NOW)
    assert "1 change since then waits to be counted." in text(read(cast.lena, "/coverage/"))


def test_an_empty_installation_says_what_will_stand_here(read: Read, cast: make.Cast) -> None:
    page = read(cast.tom, "/coverage/")
    assert "No strategy here yet. Paste it, import it, or try the example." in page


def test_a_draft_leaves_no_trace(read: Read, cast: make.Cast, world: World) -> None:
    make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Secret move")
    page = read(cast.lena, "/coverage/") + read(cast.tom, "/coverage/?q=secret")
    assert "Secret move" not in page
    assert "X1" not in page


def test_the_export_has_the_digits_of_the_page(
    client: Client, read: Read, cast: make.Cast, world: World
) -> None:
    page = text(read(cast.lena, "/coverage/?q=A4"))
    response = client.get("/coverage.csv?q=A4")
    assert response["Content-Disposition"] == 'attachment; filename="coverage.csv"'
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(lines) == 1
    line = lines[0]
    assert f"{line['people reached']} of {line['people']}" in page
    assert f"{line['reach %']}%" in page
    assert f"{line['cells covered']} of {line['cells']} covered" in page


def test_no_more_is_drawn_than_can_be_read(
    read: Read, cast: make.Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_page, "ROWS", 2)
    page = text(read(cast.lena, "/coverage/?rows=objectives"))
    assert "Page 1 of 2" in page
    assert "Showing 2 of 3" in page
    assert "Showing 1 of 3" in text(read(cast.lena, "/coverage/?rows=objectives&page=2"))


def test_columns_that_do_not_fit_are_one_link_away(
    read: Read, cast: make.Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_page, "COLUMNS", 1)
    first = text(read(cast.lena, "/coverage/?rows=objectives"))
    assert "1 of 2 programs, part 1 of 2" in first
    assert "Columns after" in first
    assert "Columns before" in text(read(cast.lena, "/coverage/?rows=objectives&across=2"))


def test_words_of_people_are_escaped(read: Read, cast: make.Cast, world: World) -> None:
    make.objective(strategy_=world.plan, by=cast.lena, code="Z1", title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in read(cast.lena, "/coverage/")


def test_an_objective_without_cells_is_undefined(read: Read, cast: make.Cast, world: World) -> None:
    make.objective(strategy_=world.plan, by=cast.lena, code="Z2", title="Not judged yet")
    assert "undefined" in read(cast.lena, "/coverage/?q=Z2")


def test_another_lead_sees_the_same_figures(read: Read, world: World, cast: make.Cast) -> None:
    other: User = make.user("Lars", Role.LEAD)
    assert "Price on guaranteed uptime" in read(other, "/coverage/")


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who in (cast.lena, cast.tom, cast.mia):
        client.force_login(who)
        with django_assert_max_num_queries(15):
            assert client.get("/coverage/").status_code == 200
