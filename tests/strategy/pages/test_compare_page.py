"""Two texts of an objective as one, for each person only those they may read."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from strategy import actions as strategy
from strategy.models import Objective, Revision
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

Open = Callable[..., str]


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    """Make an objective with two revisions: the second has other words and one more behavior."""
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    words = worded(why="Discounts cost us margin and won no loyalty.")
    behaviors = [
        make.behavior_words("B1", sales_role=cast.role, critical=False),
        make.behavior_words("B2", sales_role=cast.role, statement="Names the sum out loud"),
    ]
    return make.revise(made, by=cast.lena, words=words, behaviors=behaviors)


@pytest.fixture
def page(client: Client, objective: Objective) -> Open:
    def opened(person: Any, asked: str = "", status: int = 200) -> str:
        client.force_login(person)
        answer = client.get(f"/objectives/{objective.pk}/compare/{asked}")
        assert answer.status_code == status, asked
        return answer.content.decode()

    return opened


def worded(**changes: str) -> strategy.Words:
    return strategy.Words(**(vars(make.words()) | changes))


def drafted(objective: Objective, cast: make.Cast, **changes: str) -> Revision:
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    return strategy.edit_draft(
        revision=draft,
        words=worded(**changes),
        behaviors=strategy.behavior_words(draft),
        edits=draft.edits,
        by=cast.lena,
        now=NOW,
    )


def choices(text: str) -> set[str]:
    return set(re.findall(r'<option value="([^"]*)"', text))


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa", "ada"])
def test_everybody_compares_what_was_published(cast: make.Cast, page: Open, who: str) -> None:
    text = page(getattr(cast, who))
    assert "and <del>bought</del><ins>won</ins> no loyalty." in text
    assert "Critical: <del>yes</del><ins>no</ins>" in text
    assert "<ins>Names the sum out loud</ins>" in text
    assert "3 of 8 paragraphs differ" in text
    assert "paragraphs stay as they are" in text
    assert "We stop discounting hardware." in text, "what stayed the same is folded, not gone"


def test_the_other_way_round_is_the_other_way_round(cast: make.Cast, page: Open) -> None:
    text = page(cast.rosa, "?from=r2&to=r1")
    assert "and <del>won</del><ins>bought</ins> no loyalty." in text
    assert "<del>Names the sum out loud</del>" in text
    assert "Taken out" in text


def test_a_text_compared_with_itself_says_so(cast: make.Cast, page: Open) -> None:
    assert "one and the same text" in page(cast.rosa, "?from=r2&to=r2")


@pytest.mark.parametrize(
    "asked", ["?from=r9", "?to=r0", "?to=rx", "?to=d1", "?from=x", "?to=draft", "?to=d", "?to=r"]
)
def test_what_is_not_there_is_not_found(cast: make.Cast, page: Open, asked: str) -> None:
    page(cast.lena, asked, 404)


class TestDrafts:
    def test_the_writer_compares_the_draft(
        self, cast: make.Cast, objective: Objective, page: Open
    ) -> None:
        drafted(objective, cast, why="Discounts cost us a lot.")
        text = page(cast.lena, "?from=r2&to=draft")
        assert "<ins>a lot</ins>" in text
        assert choices(text) == {"r1", "r2", "draft"}

    @pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
    def test_for_others_there_is_no_draft(
        self, cast: make.Cast, objective: Objective, page: Open, who: str
    ) -> None:
        drafted(objective, cast, why="Secret reasons.")
        person = getattr(cast, who)
        assert choices(page(person)) == {"r1", "r2"}
        assert "Secret" not in page(person, "?to=draft", 404)

    def test_who_was_asked_compares_what_was_shared_and_no_more(
        self, cast: make.Cast, objective: Objective, page: Open
    ) -> None:
        drafted(objective, cast, why="Shared reasons.")
        round_ = make.round_(objective, by=cast.lena, people=[cast.tom])
        drafted(objective, cast, why="Secret reasons.")
        text = page(cast.tom, f"?from=r2&to=d{round_.pk}")
        assert "<ins>Shared reasons</ins>" in text
        assert choices(text) == {"r1", "r2", f"d{round_.pk}"}
        assert "Secret" not in text
        page(cast.tom, f"?from=d{round_.pk}&to=draft", 404)
        for stranger in (cast.mia, cast.rosa, cast.ada):
            assert choices(page(stranger)) == {"r1", "r2"}
            page(stranger, f"?to=d{round_.pk}", 404)

    def test_a_round_of_another_objective_is_not_found(
        self, cast: make.Cast, objective: Objective, page: Open
    ) -> None:
        other = make.draft(strategy_=objective.strategy, by=cast.lena)
        round_ = make.round_(other, by=cast.lena, people=[cast.tom])
        page(cast.tom, f"?to=d{round_.pk}", 404)

    def test_who_was_asked_about_a_new_objective_reads_its_drafts(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        new = make.draft(strategy_=objective.strategy, by=cast.lena, code="A5")
        round_ = make.round_(new, by=cast.lena, people=[cast.mia])
        address = f"/objectives/{new.pk}/compare/"
        client.force_login(cast.mia)
        text = client.get(address).content.decode()
        assert choices(text) == {f"d{round_.pk}"}
        assert new.get_absolute_url() not in text, "its own page is not there for her yet"
        client.force_login(cast.rosa)
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["lena", "rosa"])
def test_it_costs_the_same_however_many_revisions(
    cast: make.Cast,
    objective: Objective,
    client: Client,
    who: str,
    django_assert_num_queries: Any,
) -> None:
    client.force_login(getattr(cast, who))
    address = f"/objectives/{objective.pk}/compare/"
    for _ in range(2):
        with django_assert_num_queries(15 if who == "lena" else 14):
            client.get(address)
        for reason in ("One.", "Two.", "Three."):
            make.revise(objective, by=cast.lena, words=worded(why=reason))
