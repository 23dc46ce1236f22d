"""The inbox: who reads what, grouped by objective and by what stands in the way."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from align.people.models import Role, User
from feedback import actions as feedback
from feedback import forms, inbox, promises
from feedback.models import Report, Stance
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


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def groups(user: User, **asked: str) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    page = inbox.page(user, forms.Asked(**asked), today=timezone.localdate())  # type: ignore[arg-type]
    return [
        (
            group.label,
            [(bunch.barrier, [row.report.text for row in bunch.rows]) for bunch in group.bunches],
        )
        for group in page.groups
    ]


class TestWho:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("lena", 200), ("tom", 200), ("mia", 200), ("rosa", 403), ("ada", 403)],
    )
    def test_leads_trainers_and_managers_may_open_it(
        self, cast: make.Cast, client: Client, who: str, status: int
    ) -> None:
        client.force_login(getattr(cast, who))
        assert client.get("/voice/").status_code == status

    def test_a_manager_reads_what_was_shared_and_nothing_else(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        private = make.report(author=cast.rosa, objective=objective, text="For the lead.")
        shared = make.report(author=cast.rosa, objective=objective, text="For Mia too.")
        Report.objects.filter(pk=shared.pk).update(for_manager=True)
        client.force_login(cast.mia)
        page = client.get("/voice/").content.decode()
        assert "For Mia too." in page
        assert "For the lead." not in page
        assert 'name="report"' not in page
        assert client.get(private.get_absolute_url()).status_code == 404
        assert client.get(shared.get_absolute_url()).status_code == 200
        assert b"Answer it" not in client.get(shared.get_absolute_url()).content

    def test_another_manager_reads_nothing(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        shared = make.report(author=cast.rosa, objective=objective)
        Report.objects.filter(pk=shared.pk).update(for_manager=True)
        client.force_login(make.user("Max", Role.MANAGER, team=make.team("South")))
        assert client.get(shared.get_absolute_url()).status_code == 404
        assert "Purchasing" not in client.get("/voice/").content.decode()

    def test_a_trainer_reads_what_is_about_what_they_teach(
        self, cast: make.Cast, plan: Strategy, objective: Objective, client: Client
    ) -> None:
        other = make.objective(strategy_=plan, by=cast.lena, code="B1")
        make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
        mine = make.report(author=cast.rosa, objective=objective, text="On his module.")
        theirs = make.report(author=cast.rosa, objective=other, text="On another.")
        client.force_login(cast.tom)
        page = client.get("/voice/").content.decode()
        assert "On his module." in page
        assert "On another." not in page
        assert client.get(mine.get_absolute_url()).status_code == 200
        assert client.get(theirs.get_absolute_url()).status_code == 404


class TestOrder:
    def test_by_objective_and_leading_barrier_the_longest_waiting_first(
        self, cast: make.Cast, plan: Strategy, objective: Objective
    ) -> None:
        other = make.objective(strategy_=plan, by=cast.lena, code="B1", title="Sell service")
        rosa = cast.rosa

        def say(text: str, days: int, barriers: list[str], about: Objective | None) -> None:
            make.report(author=rosa, objective=about, text=text, barriers=barriers, now=ago(days))

        say("one", 3, ["market", "tools"], objective)
        say("two", 2, ["tools"], objective)
        say("three", 1, [], objective)
        say("four", 9, ["skill"], other)
        say("five", 5, [], None)
        assert groups(cast.lena) == [
            ("B1 Sell service", [("I have not learned how", ["four"])]),
            ("Something the strategy does not cover", [("No barrier named", ["five"])]),
            (
                "A4 Price on guaranteed uptime",
                [("Our tools", ["one", "two"]), ("No barrier named", ["three"])],
            ),
        ]

    def test_filters_are_in_the_address(
        self, cast: make.Cast, plan: Strategy, objective: Objective
    ) -> None:
        rosa = cast.rosa
        make.report(author=rosa, objective=objective, text="red valve", barriers=["tools"])
        make.report(author=rosa, objective=objective, text="blue", stance=Stance.CHANGES)
        make.report(author=rosa, objective=None, text="green 100%")

        def texts(**asked: str) -> set[str]:
            return {
                text for _, some in groups(cast.lena, **asked) for _, row in some for text in row
            }

        assert texts() == {"red valve", "blue", "green 100%"}
        assert texts(objective=str(objective.pk)) == {"red valve", "blue"}
        assert texts(objective="none") == {"green 100%"}
        assert texts(stance="changes") == {"blue"}
        assert texts(barrier="tools") == {"red valve"}
        assert texts(q="VALVE") == {"red valve"}
        assert texts(q="0%") == {"green 100%"}
        assert texts(state="decided") == set()
        assert texts(state="received", q="blue") == {"blue"}

    def test_that_it_works_waits_for_no_answer_once_it_was_read(
        self, cast: make.Cast, objective: Objective
    ) -> None:
        report = make.report(
            author=cast.rosa, objective=objective, stance=Stance.WORKS, text="fine"
        )
        assert groups(cast.lena)
        feedback.acknowledge(report=report, by=cast.lena, now=timezone.now())
        assert groups(cast.lena) == []
        assert groups(cast.lena, state="all")

    @pytest.mark.parametrize(
        "query",
        [
            "objective=x&stance=x&barrier=x&state=x&page=x",
            "objective=99999999999999999999999999",
            "page=0",
            "page=-4",
            "page=99999",
            "q=%00",
            "q=%F0%9F%92%A5&page=2",
            "objective=777777",
        ],
    )
    def test_a_strange_address_is_a_page_too(
        self, cast: make.Cast, objective: Objective, client: Client, query: str
    ) -> None:
        make.report(author=cast.rosa, objective=objective)
        client.force_login(cast.lena)
        assert client.get(f"/voice/?{query}").status_code == 200

    def test_a_long_inbox_has_pages(
        self, cast: make.Cast, objective: Objective, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox, "A_PAGE", 2)
        for number in range(3):
            make.report(
                author=cast.rosa, objective=objective, text=str(number), now=ago(9 - number)
            )
        first = inbox.page(cast.lena, forms.Asked(), today=timezone.localdate())
        assert (first.reports, first.people, first.after) == (3, 1, "/voice/?page=2")
        assert first.groups[0].count == 3
        second = inbox.page(cast.lena, forms.Asked(page=2), today=timezone.localdate())
        assert [row.report.text for row in second.groups[0].bunches[0].rows] == ["2"]
        assert (second.before, second.after) == ("/voice/", "")

    def test_it_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, plan: Strategy, objective: Objective, client: Client
    ) -> None:
        def queries(user: User) -> int:
            client.force_login(user)
            client.get("/voice/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/voice/")
            return len(asked)

        make.report(author=cast.rosa, objective=objective)
        few = [queries(user) for user in (cast.lena, cast.tom, cast.mia)]
        for number in range(5):
            other = make.objective(strategy_=plan, by=cast.lena, code=f"E{number}")
            make.report(author=cast.rosa, objective=other, barriers=["tools"])
        assert [queries(user) for user in (cast.lena, cast.tom, cast.mia)] == few
        assert max(few) <= 20


class TestOneReport:
    def test_it_shows_the_words_of_the_day_and_how_late_it_is(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        behavior = make.behavior(objective)
        report, _ = feedback.submit(
            author=cast.rosa,
            client_key=uuid.uuid4(),
            stance=Stance.CANNOT,
            barriers=["tools"],
            text="The sheet has <no> price.",
            occasion="The offer",
            objective=objective,
            behavior=behavior,
            module=None,
            for_manager=False,
            now=ago(30),
        )
        changed = make.behavior_words(sales_role=cast.role, statement="Says another thing")
        make.revise(Objective.objects.get(), by=cast.lena, behaviors=[changed])
        client.force_login(cast.lena)
        page = client.get(report.get_absolute_url()).content.decode()
        assert "The sheet has &lt;no&gt; price." in page
        assert "Opens the price talk" in page
        assert "Says another thing" not in page
        assert "revision 2 is in force now" in page
        assert "days late" in page

    def test_acknowledging_tells_its_author(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective, now=ago(0))
        client.force_login(cast.lena)
        address = f"/voice/reports/{report.ref}/acknowledge/"
        assert client.get(address).status_code == 405
        assert client.post(address).status_code == 302
        report.refresh_from_db()
        assert report.state == Report.State.ACKNOWLEDGED
        client.force_login(cast.rosa)
        assert "Read " in client.get("/tell/mine/").content.decode()

    def test_only_who_answers_it_acknowledges_it(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective)
        Report.objects.update(for_manager=True)
        for who, status in [(cast.rosa, 403), (cast.mia, 403), (cast.tom, 404), (cast.ada, 404)]:
            client.force_login(who)
            address = f"/voice/reports/{report.ref}/acknowledge/"
            assert client.post(address).status_code == status
        assert Report.objects.get().state == Report.State.RECEIVED

    def test_others_that_name_the_same_are_answered_together(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        first, second = (
            make.report(author=cast.rosa, objective=objective, barriers=["tools"]) for _ in range(2)
        )
        make.report(author=cast.rosa, objective=objective, barriers=["market"])
        client.force_login(cast.lena)
        page = client.get(first.get_absolute_url())
        assert page.context["similar"] == [second]
        assert str(second.ref) in page.context["together"]

    def test_it_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective, barriers=["tools"])
        make.report(author=cast.rosa, objective=objective, barriers=["tools"])
        client.force_login(cast.lena)
        client.get(report.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            client.get(report.get_absolute_url())
        assert len(asked) <= 20


class TestPromises:
    @pytest.mark.parametrize(
        ("sent", "due"),
        [
            (datetime(2026, 11, 16, 9, tzinfo=timezone.get_default_timezone()), (2026, 11, 19)),
            (datetime(2026, 11, 18, 9, tzinfo=timezone.get_default_timezone()), (2026, 11, 23)),
            (datetime(2026, 11, 21, 9, tzinfo=timezone.get_default_timezone()), (2026, 11, 25)),
        ],
    )
    def test_three_working_days_skip_the_weekend(
        self, sent: datetime, due: tuple[int, int, int]
    ) -> None:
        assert promises.read_by(sent) == date(*due)

    def test_lateness_counts_from_the_promise_that_is_next(
        self, cast: make.Cast, objective: Objective
    ) -> None:
        monday = datetime(2026, 11, 2, 9, tzinfo=timezone.get_default_timezone())
        report = make.report(author=cast.rosa, objective=objective, now=monday)

        def late(day: int, month: int = 11) -> str:
            return promises.clock(report, today=date(2026, month, day)).late

        assert (late(5), late(6), late(9)) == ("", "1 day late", "4 days late")
        report.state = Report.State.ACKNOWLEDGED
        assert (late(16), late(18)) == ("", "2 days late")
        report.state = Report.State.DECIDED
        assert late(30) == ""
