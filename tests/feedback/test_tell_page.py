"""Tell: one page, three questions, complete without script."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from align.people.models import Role
from feedback import actions as feedback
from feedback.models import Report
from strategy.models import Objective, Strategy
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def rosa(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.rosa)
    return client


def typed(objective: Objective, **changes: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid.uuid4()),
        "about": str(objective.pk),
        "stance": "wont",
        "barriers": ["market", "tools"],
        "text": "Purchasing has a hardware line & nothing else.",
        "occasion": "First visit",
    } | changes


def choices(page: str, name: str) -> list[tuple[str, bool]]:
    """The radio buttons or boxes of a question, in order, and whether each is chosen."""
    found = re.findall(rf'<input type="\w+" name="{name}" value="([^"]*)"( checked)?>', page)
    return [(value, bool(checked)) for value, checked in found]


class TestTheQuestions:
    def test_what_is_asked_of_my_sales_role_the_last_trained_first(
        self, cast: make.Cast, plan: Strategy, objective: Objective, rosa: Client
    ) -> None:
        trained = make.objective(strategy_=plan, by=cast.lena, code="B1", title="Sell service")
        other_role = make.behavior_words(sales_role=make.sales_role("Engineer"))
        make.objective(strategy_=plan, by=cast.lena, code="C1", behaviors=[other_role])
        make.draft(strategy_=plan, by=cast.lena, code="D1")
        module = make.module(owner=cast.tom)
        make.mapping(module=module, behavior=make.behavior(trained))
        made = make.completion(user=cast.rosa, module=module)
        made.completed_at = timezone.now() - timedelta(days=9)
        made.save()
        page = rosa.get("/tell/").content.decode()
        values = [value for value, _ in choices(page, "about")]
        assert values == [str(trained.pk), str(objective.pk), "none"]
        assert "trained 9 days ago" in page
        assert not any(chosen for _, chosen in choices(page, "about"))

    def test_who_sells_nothing_may_choose_from_all_in_force(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        client.force_login(cast.mia)
        page = client.get("/tell/").content.decode()
        assert [value for value, _ in choices(page, "about")] == [str(objective.pk), "none"]

    def test_a_link_chooses_the_objective_even_one_not_asked_of_me(
        self, cast: make.Cast, plan: Strategy, objective: Objective, rosa: Client
    ) -> None:
        other_role = make.behavior_words(sales_role=make.sales_role("Engineer"))
        other = make.objective(strategy_=plan, by=cast.lena, code="C1", behaviors=[other_role])
        page = rosa.get(f"/tell/?about={other.pk}").content.decode()
        assert choices(page, "about")[0] == (str(other.pk), True)

    @pytest.mark.parametrize("about", ["", "7777", "x", "9" * 30, "-1", "none%00", "٣"])
    def test_a_strange_link_chooses_nothing(
        self, objective: Objective, rosa: Client, about: str
    ) -> None:
        answer = rosa.get(f"/tell/?about={about}")
        assert answer.status_code == 200
        assert not any(chosen for _, chosen in choices(answer.content.decode(), "about"))

    def test_a_draft_of_others_cannot_be_named_by_a_link(
        self, cast: make.Cast, plan: Strategy, rosa: Client
    ) -> None:
        hidden = make.draft(strategy_=plan, by=cast.lena, title="Secret")
        assert "Secret" not in rosa.get(f"/tell/?about={hidden.pk}").content.decode()

    def test_it_says_plainly_who_reads_it_and_offers_nothing_confidential(
        self, objective: Objective, rosa: Client
    ) -> None:
        page = rosa.get("/tell/").content.decode()
        assert "Sent with your name" in page
        assert "your manager only if you tick the box" in page
        assert "onfidential" not in page

    def test_it_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, plan: Strategy, objective: Objective, rosa: Client
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                rosa.get("/tell/")
            return len(asked)

        rosa.get("/tell/")
        few = queries()
        for number in range(6):
            make.objective(strategy_=plan, by=cast.lena, code=f"E{number}")
        assert queries() == few <= 20


class TestSending:
    def test_a_report_is_kept_and_the_next_page_says_who_reads_it(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        answer = rosa.post("/tell/", typed(objective, for_manager="on"))
        report = Report.objects.get()
        assert answer.headers["Location"] == f"/tell/sent/{report.ref}/"
        assert (report.author, report.objective) == (cast.rosa, objective)
        assert report.barriers == ["market", "tools"]
        assert report.for_manager
        page = rosa.get(answer.headers["Location"]).content.decode()
        assert "Lena</b> reads it" in page
        assert "You hear back here either way" in page

    def test_sending_the_same_page_twice_is_one_report(
        self, objective: Objective, rosa: Client
    ) -> None:
        sent = typed(objective)
        first, second = rosa.post("/tell/", sent), rosa.post("/tell/", sent)
        assert first.headers["Location"] == second.headers["Location"]
        assert Report.objects.count() == 1

    def test_the_same_page_with_other_words_asks_before_it_is_another_report(
        self, objective: Objective, rosa: Client
    ) -> None:
        sent = typed(objective)
        rosa.post("/tell/", sent)
        answer = rosa.post("/tell/", sent | {"text": "And another thing."})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "You sent this already" in page
        assert "And another thing." in page
        fresh = re.search(r'name="client_key" value="([^"]+)"', page)
        assert fresh is not None
        rosa.post("/tell/", sent | {"text": "And another thing.", "client_key": fresh[1]})
        assert Report.objects.count() == 2

    def test_it_works_is_one_tap(self, objective: Objective, rosa: Client) -> None:
        sent = {"about": objective.pk, "stance": "works"}
        assert rosa.post("/tell/", sent).status_code == 302
        assert Report.objects.get().text == ""

    def test_something_the_strategy_does_not_cover(
        self, objective: Objective, rosa: Client
    ) -> None:
        answer = rosa.post("/tell/", typed(objective, about="none"))
        assert Report.objects.get().objective is None
        assert "does not cover" in rosa.get(answer.headers["Location"]).content.decode()

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"about": ""}, "Choose what it is about."),
            ({"about": "7777"}, "Choose what it is about."),
            ({"stance": ""}, "Choose how it goes with customers."),
            ({"stance": "meh"}, "Choose how it goes with customers."),
            ({"text": " "}, "Say in a sentence what happened."),
            ({"text": "x" * 4001}, "at most 4000 characters"),
            ({"text": "a\x00b"}, "Null characters are not allowed."),
            ({"occasion": "y" * 201}, "at most 200 characters"),
            ({"barriers": ["weather"]}, "weather"),
            ({"stance": "works"}, "Nothing stands in the way of what works."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_everything_typed_is_kept(
        self, objective: Objective, rosa: Client, changes: dict[str, Any], message: str
    ) -> None:
        sent = typed(objective, for_manager="on") | changes
        answer = rosa.post("/tell/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count(message) == 2  # above the form, and at the field
        assert "<title>Problem: Tell" in re.sub(r"\s+", " ", page).replace("> ", ">")
        assert f'value="{sent["client_key"]}"' in page
        for name in ("about", "stance"):
            chosen = [value for value, checked in choices(page, name) if checked]
            known = [value for value, _ in choices(page, name)]
            assert chosen == [value for value in [sent[name]] if value in known]
        if "barriers" not in changes:
            assert [b for b, checked in choices(page, "barriers") if checked] == ["tools", "market"]
        if "text" not in changes:
            assert "a hardware line &amp; nothing else." in page
        if "occasion" not in changes:
            assert "First visit" in page
        assert re.search(r'name="for_manager"[^>]*checked', page)
        assert not Report.objects.exists()

    def test_a_garbled_key_loses_nothing(self, objective: Objective, rosa: Client) -> None:
        for key in ("", "not a key"):
            assert rosa.post("/tell/", typed(objective, client_key=key)).status_code == 302
        assert Report.objects.count() == 2

    def test_sending_takes_ten_statements(self, objective: Objective, rosa: Client) -> None:
        with CaptureQueriesContext(connection) as asked:
            rosa.post("/tell/", typed(objective))
        assert len([row for row in asked if "SAVEPOINT" not in row["sql"]]) <= 10


class TestWhatBecameOfIt:
    def test_sent_and_mine_are_ones_own(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        [other] = make.reps(1, team=cast.team, sales_role=cast.role)
        theirs = make.report(author=other, objective=objective, text="Not for Rosa.")
        mine = make.report(author=cast.rosa, objective=objective, text="Rosa's own.")
        assert rosa.get(f"/tell/sent/{theirs.ref}/").status_code == 404
        assert rosa.get(f"/tell/sent/{mine.ref}/").status_code == 200
        page = rosa.get("/tell/mine/").content.decode()
        assert "Rosa&#x27;s own." in page
        assert "Not for Rosa." not in page

    def test_mine_shows_each_answer(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective)
        decision = feedback.decide(
            reports=[report],
            kind="keep",
            reason="The pilot says otherwise.",
            by=cast.lena,
            now=timezone.now(),
        )
        page = rosa.get("/tell/mine/").content.decode()
        assert "The pilot says otherwise." in page
        assert decision.get_absolute_url() in page

    def test_mine_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, objective: Objective, rosa: Client
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                rosa.get("/tell/mine/")
            return len(asked)

        make.report(author=cast.rosa, objective=objective)
        rosa.get("/tell/mine/")
        few = queries()
        for _ in range(5):
            make.report(author=cast.rosa, objective=objective)
        assert queries() == few <= 20

    def test_nothing_told_yet_says_what_will_be_here(self, rosa: Client) -> None:
        assert "You have not told anything yet." in rosa.get("/tell/mine/").content.decode()

    def test_a_visitor_signs_in_first(self, client: Client) -> None:
        for address in ("/tell/", "/tell/mine/", f"/tell/sent/{uuid.uuid4()}/"):
            assert client.get(address).headers["Location"].startswith("/accounts/login/")

    def test_everyone_who_is_signed_in_may_tell(self, cast: make.Cast, client: Client) -> None:
        for who in (cast.lena, cast.tom, cast.mia, cast.ada, make.user("Nobody", Role.REP)):
            client.force_login(who)
            assert client.get("/tell/").status_code == 200
