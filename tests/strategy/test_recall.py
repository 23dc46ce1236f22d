"""What a person still knows: when they are asked, what counts, and who sees it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from align.notices.models import Notice
from strategy import owning, recall, remembered, reminding
from strategy.models import History, Objective, RecallCheck, Strategy
from tests import make
from tests.make import NOW

WHY = (
    "Discounts cost us 12 million in margin and bought no loyalty. Plants pay for hours of uptime: "
    "a stopped line costs them more than any pump."
)


class TestWhenItIsDue:
    @pytest.mark.parametrize(
        ("days", "answered", "day"),
        [
            (0, [], None),
            (1.99, [], None),
            (2, [], 2),
            (20.9, [], 2),
            (20.9, [2], None),
            (21, [2], 21),
            (21, [], 21),
            (59.9, [2, 21], None),
            (60, [2, 21], 60),
            (400, [], 60),
            (400, [60], None),
            (30, [2], 21),
        ],
    )
    def test_only_the_newest_day_that_has_come_is_asked_for(
        self, days: float, answered: list[int], day: int | None
    ) -> None:
        now = NOW + timedelta(days=days)
        assert recall.due(read_at=NOW, answered=answered, now=now) == day


class TestWords:
    def test_repeated_and_long_words_are_asked_for_in_their_order(self) -> None:
        words = recall.keywords(WHY)
        assert words == ("discounts", "cost", "million", "margin", "loyalty", "stopped")

    def test_words_of_any_text_are_never_asked_for(self) -> None:
        assert recall.keywords("Because margins fall we should always price on hours.") == (
            "margins",
            "fall",
            "price",
            "hours",
        )

    def test_a_why_of_short_words_still_asks_for_one(self) -> None:
        assert recall.keywords("We do so.") != ()
        assert recall.keywords("") == ()

    @pytest.mark.parametrize(
        ("one", "other", "alike"),
        [
            ("price", "pricing", True),
            ("discounts", "discount", True),
            ("discounting", "discount", True),
            ("loyalty", "loyalties", True),
            ("stopped", "stop", True),
            ("plant", "plans", False),
            ("contract", "contrast", False),
            ("12", "120", False),
            ("hour", "hourglasses", False),
        ],
    )
    def test_only_the_ending_may_differ(self, one: str, other: str, alike: bool) -> None:
        assert recall.same(one, other) is alike
        assert recall.same(other, one) is alike

    @pytest.mark.parametrize(
        ("words_found", "words_asked", "remembered_"),
        [(3, 6, True), (2, 6, False), (2, 5, False), (3, 5, True), (0, 0, False), (1, 1, True)],
    )
    def test_half_of_the_words_and_at_least_one_is_remembered(
        self, words_found: int, words_asked: int, remembered_: bool
    ) -> None:
        said = recall.remembers(words_found=words_found, words_asked=words_asked)
        assert said is remembered_


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    """In force, read by Rosa two days ago; two others give the wrong reasons."""
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    for code in ("B1", "B2"):
        other = make.objective(strategy_=plan, by=cast.lena, code=code)
        words = {**make.words().__dict__, "hypothesis": f"because of {code}"}
        make.revise(other, by=cast.lena, words=type(make.words())(**words))
    assert made.current
    owning.acknowledge(revision=made.current, by=cast.rosa, now=NOW - timedelta(days=2))
    return made


@pytest.fixture
def rosa(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.rosa)
    return client


def address(objective: Objective, day: int = 2) -> str:
    return f"/recall/{objective.current_id}/{day}/"


class TestAsking:
    def test_free_recall_comes_first_then_the_choice_then_the_why(
        self, objective: Objective, rosa: Client
    ) -> None:
        first = rosa.get(address(objective)).content.decode()
        assert "Question 1 of 2" in first
        assert "bought no loyalty" not in first
        assert "a stopped line costs more" not in first
        answer = rosa.post(
            address(objective), {"recalled": "Discounting cost margin, nobody became loyal."}
        )
        assert answer["Location"] == address(objective)
        second = rosa.get(address(objective)).content.decode()
        assert "Question 2 of 2" in second
        assert "because of B1" in second
        assert "because a stopped line costs more than a pump" in second
        assert "bought no loyalty" not in second
        right = {"chosen": objective.current_id}
        assert rosa.post(address(objective), right).status_code == 302
        done = rosa.get(address(objective)).content.decode()
        assert "Discounting cost margin" in done
        assert "bought no loyalty" in done
        assert "You recognized the reason." in done
        assert "Judged by your own choice and by words" in done
        check = RecallCheck.objects.get()
        assert (check.day, check.right, check.words_asked) == (2, True, 5)
        assert recall.remembers(words_found=check.words_found, words_asked=check.words_asked)

    def test_the_choices_stand_in_the_same_order_whenever_one_looks(
        self, objective: Objective, rosa: Client
    ) -> None:
        rosa.post(address(objective), {"recalled": ""})
        first, second = (
            rosa.get(address(objective)).context["form"].fields["chosen"].choices for _ in "12"
        )
        assert first == second
        assert len(first) == 3

    def test_a_wrong_choice_is_kept_and_said(self, objective: Objective, rosa: Client) -> None:
        rosa.post(address(objective), {"recalled": "margin"})
        wrong = Objective.objects.get(code="B1").current_id
        rosa.post(address(objective), {"chosen": wrong})
        rosa.post(address(objective), {"chosen": objective.current_id})
        assert RecallCheck.objects.get().right is False
        page = rosa.get(address(objective)).content.decode()
        assert "You chose another reason: “because of B1”" in page

    def test_the_first_word_counts(self, objective: Objective, rosa: Client) -> None:
        rosa.post(address(objective), {"recalled": "first"})
        assert rosa.post(address(objective), {"recalled": "second"}).status_code == 422
        assert RecallCheck.objects.get().recalled == "first"

    def test_what_is_no_choice_is_refused(self, objective: Objective, rosa: Client) -> None:
        rosa.post(address(objective), {"recalled": "margin"})
        for wrong in ({}, {"chosen": "999999"}, {"chosen": "x"}):
            answer = rosa.post(address(objective), wrong)
            assert answer.status_code == 422
            assert "Choose one of these reasons." in answer.content.decode()

    def test_what_is_not_due_is_not_there(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        assert rosa.get(address(objective, 21)).status_code == 404
        assert rosa.get(address(objective, 3)).status_code == 404
        for person in (cast.tom, cast.lena, cast.mia):
            rosa.force_login(person)
            assert rosa.get(address(objective)).status_code == 404
            assert rosa.post(address(objective), {"recalled": "x"}).status_code == 404

    def test_with_one_objective_there_is_nothing_to_choose_from(
        self, cast: make.Cast, plan: Strategy, client: Client
    ) -> None:
        only = make.objective(strategy_=plan, by=cast.lena)
        assert only.current
        owning.acknowledge(revision=only.current, by=cast.rosa, now=NOW - timedelta(days=2))
        client.force_login(cast.rosa)
        client.post(address(only), {"recalled": "margin"})
        assert "The why, beside what you wrote" in client.get(address(only)).content.decode()

    def test_the_list_says_what_waits_and_what_was_answered(
        self, objective: Objective, rosa: Client
    ) -> None:
        assert address(objective) in rosa.get("/recall/").content.decode()
        rosa.post(address(objective), {"recalled": "margin"})
        page = rosa.get("/recall/").content.decode()
        assert "Nothing is asked of you today." in page
        assert "Answered" in page


class TestRevisions:
    def test_an_editorial_revision_restarts_and_voids_nothing(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        before = objective.current_id
        make.revise(objective, by=cast.lena, words=make.words("Price on guaranteed hours"))
        assert [row.revision_id for row in remembered.due(now=NOW, person=cast.rosa)] == [before]
        rosa.post(f"/recall/{before}/2/", {"recalled": "margin"})
        assert remembered.due(now=NOW, person=cast.rosa) == []
        later = NOW + timedelta(days=19)
        assert [row.day for row in remembered.due(now=later, person=cast.rosa)] == [21]

    def test_another_why_is_asked_for_only_after_it_is_read(
        self, cast: make.Cast, objective: Objective
    ) -> None:
        words = {**make.words().__dict__, "why": WHY}
        changed = make.revise(objective, by=cast.lena, words=type(make.words())(**words))
        assert remembered.due(now=NOW, person=cast.rosa) == []
        assert changed.current
        owning.acknowledge(revision=changed.current, by=cast.rosa, now=NOW)
        later = NOW + timedelta(days=2)
        assert [row.revision_id for row in remembered.due(now=later, person=cast.rosa)] == [
            changed.current_id
        ]

    def test_new_behaviors_ask_for_reading_again_and_go_on_with_the_why(
        self, cast: make.Cast, objective: Objective
    ) -> None:
        before = objective.current_id
        other = make.behavior_words("B9", sales_role=cast.role)
        changed = make.revise(objective, by=cast.lena, behaviors=[other])
        assert changed.current
        owning.acknowledge(revision=changed.current, by=cast.rosa, now=NOW)
        due = remembered.due(now=NOW + timedelta(days=19), person=cast.rosa)
        assert [(row.revision_id, row.day) for row in due] == [(before, 21)]

    def test_what_is_retired_asks_nobody(self, cast: make.Cast, objective: Objective) -> None:
        Objective.objects.filter(pk=objective.pk).update(
            state=Objective.State.RETIRED, retired_at=NOW
        )
        assert remembered.due(now=NOW, person=cast.rosa) == []


class TestBeingTold:
    def test_one_notice_a_check(self, cast: make.Cast, objective: Objective) -> None:
        reminding.tell(now=NOW)
        reminding.tell(now=NOW + timedelta(hours=1))
        notice = Notice.objects.get(person=cast.rosa)
        assert notice.link == address(objective)
        assert "What do you still know of A4?" in notice.text
        reminding.tell(now=NOW + timedelta(days=19))
        assert Notice.objects.filter(person=cast.rosa).count() == 2

    def test_nobody_who_left_is_told(self, cast: make.Cast, objective: Objective) -> None:
        type(cast.rosa).objects.filter(pk=cast.rosa.pk).update(is_active=False)
        reminding.tell(now=NOW)
        assert not Notice.objects.exists()

    def test_the_rows_say_the_same_as_the_rule(self, cast: make.Cast, objective: Objective) -> None:
        for hours in range(0, 70 * 24, 7):
            now = NOW - timedelta(days=2) + timedelta(hours=hours)
            rule = recall.due(read_at=NOW - timedelta(days=2), answered=[], now=now)
            rows = [row.day for row in remembered.due(now=now, person=cast.rosa)]
            assert rows == ([rule] if rule else []), hours


def test_only_the_person_reads_in_the_history_what_they_knew(
    cast: make.Cast, objective: Objective, rosa: Client
) -> None:
    rosa.post(address(objective), {"recalled": "margin"})
    rosa.post(address(objective), {"chosen": objective.current_id})
    own = History.objects.visible_to(cast.rosa).filter(actor=cast.rosa)
    assert [row.what for row in own.order_by("pk")] == ["read", "recalled", "recognized"]
    for person in (cast.lena, cast.tom, cast.mia, cast.ada):
        assert not History.objects.visible_to(person).filter(actor=cast.rosa).exists()


def test_the_pages_cost_a_fixed_number_of_queries(
    objective: Objective, rosa: Client, django_assert_max_num_queries: object
) -> None:
    for path in ("/recall/", address(objective)):
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            assert rosa.get(path).status_code == 200
    rosa.post(address(objective), {"recalled": "margin"})
    for choice in ({}, {"chosen": objective.current_id}):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            rosa.get(address(objective))
        rosa.post(address(objective), choice)
