"""The strategy on one page for who sells, and what waits on Today until a choice is carried."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role
from feedback import actions as feedback
from feedback.models import Decision, Report
from strategy import actions as strategy
from strategy import owning
from strategy.models import Objective
from tests import make
from tests.dashboard.conftest import Read, World
from tests.make import NOW
from tests.strategy import carried

pytestmark = pytest.mark.django_db

MINE = "/my/strategy/"


def read_by(cast: make.Cast, objective: Objective, *, days: int) -> None:
    assert objective.current
    owning.acknowledge(revision=objective.current, by=cast.rosa, now=NOW - timedelta(days=days))


class TestMine:
    def test_it_says_what_i_do_differently_by_theme(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        page = read(cast.rosa, MINE)
        assert "What is asked of Account executive: 3 objectives, 3 to read." in page
        assert page.index("A4 Price on guaranteed uptime") < page.index("C3 Leave distributor")
        assert "Declines a hardware discount once, with the margin reason" in page
        assert f"/objectives/{world.refused.pk}/brief/" in page

    def test_what_other_sales_roles_do_is_not_on_it(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        other = make.behavior_words(
            "E1", sales_role=make.sales_role("Engineer"), statement="Draws the line first"
        )
        make.objective(strategy_=world.plan, by=cast.lena, code="E9", behaviors=[other])
        assert "E9" not in read(cast.rosa, MINE)

    def test_more_than_five_are_named_and_not_drawn(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        for code in ("D1", "D2", "D3", "D4"):
            make.objective(strategy_=world.plan, by=cast.lena, code=code)
        page = read(cast.rosa, MINE)
        assert "5 objectives of 7" in page
        assert "2 more ask something of you." in page
        assert "D2 Price" in page
        assert "D3 Price" not in page

    def test_the_newest_change_has_its_reason_and_the_reports_behind_it(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        decision = answered(cast, world)
        page = read(cast.rosa, MINE)
        assert "Revision 2" in page
        assert "Purchasing needs a line." in page
        assert "You are right, there is no line for hours." in page
        assert "The answer to 8 reports from 8 people" in page
        assert decision.get_absolute_url() in page
        assert "Purchasing said no" not in page

    def test_a_mended_comma_hides_neither_the_change_nor_its_override(self, read: Read) -> None:
        made = carried.world()
        carried.published_all_the_same(made, override="The season begins.", reason="Margin fell.")
        mended = replace(carried.other_why(), title="Mended")
        make.revise(made.objective, by=made.cast.lena, words=mended, reason="A comma.")
        page = read(made.cast.rosa, MINE)
        assert "Revision 2" in page
        assert "Margin fell." in page
        assert "Words mended" in page
        assert "The season begins." in page

    def test_reading_is_one_tap_and_comes_back_here(
        self, read: Read, cast: make.Cast, world: World, client: Client
    ) -> None:
        assert read(cast.rosa, MINE).count("I have read it") == 3
        client.force_login(cast.rosa)
        answer = client.post(
            f"/objectives/{world.refused.pk}/brief/read/",
            {"revision": world.refused.current_id, "back": "mine"},
        )
        assert answer["Location"] == MINE
        page = read(cast.rosa, MINE)
        assert page.count("I have read it") == 2
        assert "2 to read" in page

    def test_an_editorial_revision_leaves_it_read(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        read_by(cast, world.refused, days=1)
        make.revise(world.refused, by=cast.lena, words=make.words("Mended"))
        assert read(cast.rosa, MINE).count("I have read it") == 2
        make.revise(world.refused, by=cast.lena, words=carried.other_why())
        assert read(cast.rosa, MINE).count("I have read it") == 3

    def test_a_check_that_is_due_stands_on_it(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        read_by(cast, world.refused, days=3)
        assert f"/recall/{world.refused.current_id}/2/" in read(cast.rosa, MINE)

    def test_a_draft_does_not_show_itself(self, read: Read, cast: make.Cast, world: World) -> None:
        draft = strategy.open_draft(objective=world.refused, by=cast.lena, now=NOW)
        strategy.edit_draft(
            revision=draft,
            words=make.words("Secret turn"),
            behaviors=strategy.behavior_words(draft),
            reason="Secret reason",
            edits=0,
            by=cast.lena,
            now=NOW,
        )
        assert "ecret" not in read(cast.rosa, MINE).partition("<main")[2]

    def test_who_sells_nothing_is_told_so(self, read: Read, cast: make.Cast, world: World) -> None:
        assert "You sell in no team today" in read(cast.tom, MINE)

    def test_it_costs_a_fixed_number_of_queries(
        self,
        cast: make.Cast,
        world: World,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        answered(cast, world)
        read_by(cast, world.named, days=3)
        client.force_login(cast.rosa)
        for _ in range(2):
            with django_assert_max_num_queries(14):
                assert client.get(MINE).status_code == 200
            for code in ("D1", "D2", "D3", "D4"):
                make.objective(strategy_=world.plan, by=cast.lena, code=code + str(_))


def answered(cast: make.Cast, world: World) -> Decision:
    """Answer eight reports with the next revision of A4."""
    reports = Report.objects.filter(objective=world.refused, stance="wont")
    decision = feedback.decide(
        reports=list(reports),
        kind="strategy",
        reason="You are right, there is no line for hours.",
        by=cast.lena,
        now=NOW,
    )
    make.revise(
        world.refused,
        by=cast.lena,
        words=replace(make.words(), we_will="We will price on hours, on a hardware line."),
        reason="Purchasing needs a line.",
    )
    return decision


class TestToday:
    def test_what_is_due_waits_for_whoever_read(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        assert "What do you still know?" not in read(cast.rosa, "/")
        read_by(cast, world.refused, days=3)
        page = read(cast.rosa, "/")
        assert "What do you still know?" in page
        assert f"/recall/{world.refused.current_id}/2/" in page
        assert "What do you still know?" not in read(cast.tom, "/")

    def test_a_lead_finds_reasons_to_sign_and_teach_backs(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        page = read(cast.lena, "/")
        assert "3 briefs without the lead" in page
        assert "Teach-backs to sign" not in page
        assert world.refused.current
        owning.sign_brief(
            revision=world.refused.current, team=None, text="Hours.", by=cast.lena, now=NOW
        )
        owning.give_teach_back(revision=world.refused.current, text="So.", by=cast.tom, now=NOW)
        page = read(cast.lena, "/")
        assert "2 briefs without the lead" in page
        assert "Tom on A4 Price on guaranteed uptime" in page
        assert "Tom on A4" not in read(make.user("Lars", Role.LEAD), "/")

    def test_a_manager_finds_the_slots_of_their_team(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        page = read(cast.mia, "/")
        assert "What does it mean for North?" in page
        assert f"/objectives/{world.refused.pk}/brief/teams/{cast.team.pk}/" in page
        assert world.refused.current
        owning.sign_brief(
            revision=world.refused.current, team=cast.team, text="Night.", by=cast.mia, now=NOW
        )
        assert "2 briefs without your word" in read(cast.mia, "/")
        elsewhere = make.user("Max", Role.MANAGER, team=make.team("Elsewhere"))
        assert "What does it mean" not in read(elsewhere, "/")

    def test_a_trainer_finds_the_whys_they_teach_and_have_not_explained(
        self, read: Read, cast: make.Cast, world: World
    ) -> None:
        assert "2 of what you teach" in read(cast.tom, "/")
        assert world.refused.current
        owning.give_teach_back(revision=world.refused.current, text="So.", by=cast.tom, now=NOW)
        assert "1 of what you teach" in read(cast.tom, "/")
        make.revise(world.refused, by=cast.lena, words=carried.other_why())
        assert "2 of what you teach" in read(cast.tom, "/")
