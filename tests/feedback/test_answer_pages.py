"""Answering, several at once; and “You said, we did”."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from align.people.models import Role, User
from feedback import actions as feedback
from feedback import views
from feedback.models import Decision, Report
from strategy.models import Objective, Revision, Strategy
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
def lena(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.lena)
    return client


def some(cast: make.Cast, objective: Objective | None, count: int = 3) -> list[Report]:
    people = make.reps(count, team=cast.team, sales_role=cast.role)
    return [
        make.report(author=rep, objective=objective, text=f"Voice of {rep.name}") for rep in people
    ]


def given(reports: list[Report], **changes: Any) -> dict[str, Any]:
    return {
        "report": [str(report.ref) for report in reports],
        "kind": "keep",
        "reason": "The pilot says otherwise.",
    } | changes


def asked(reports: list[Report]) -> str:
    return "/voice/decide/?" + "&".join(f"report={report.ref}" for report in reports)


class TestDeciding:
    def test_several_are_answered_at_once(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        reports = some(cast, objective)
        page = lena.get(asked(reports)).content.decode()
        assert all(f'value="{report.ref}"' in page for report in reports)
        answer = lena.post("/voice/decide/", given(reports))
        decision = Decision.objects.get()
        assert answer.headers["Location"] == decision.get_absolute_url()
        assert set(decision.reports.all()) == set(reports)
        shown = lena.get(answer.headers["Location"]).content.decode()
        assert "3 people are told." in shown

    def test_a_change_of_the_strategy_leads_to_its_draft(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        answer = lena.post("/voice/decide/", given(some(cast, objective), kind="strategy"))
        page = lena.get(answer.headers["Location"]).content.decode()
        assert f"/objectives/{objective.pk}/draft/" in page
        assert Revision.objects.drafts().get().answers == [Decision.objects.get().ref]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"kind": ""}, "Choose what will happen."),
            ({"kind": "shrug"}, "Choose what will happen."),
            ({"reason": ""}, "Write the answer; everybody who reported reads it."),
            ({"reason": "a\x00"}, "Null characters are not allowed."),
            ({"kind": "support"}, "Say what will be done."),
            ({"kind": "duplicate"}, "Choose the answer this repeats."),
            ({"kind": "training", "version": "7777"}, "Select a valid choice."),
        ],
    )
    def test_what_is_missing_is_said_at_its_field_and_the_text_is_kept(
        self,
        cast: make.Cast,
        objective: Objective,
        lena: Client,
        changes: dict[str, Any],
        message: str,
    ) -> None:
        reports = some(cast, objective)
        answer = lena.post("/voice/decide/", given(reports) | changes)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count(message) == 2
        assert all(f'value="{report.ref}"' in page for report in reports)
        if "reason" not in changes:
            assert "The pilot says otherwise." in page
        assert not Decision.objects.exists()

    def test_reports_about_two_things_are_refused(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        reports = [*some(cast, objective, 1), make.report(author=cast.rosa, objective=None)]
        answer = lena.post("/voice/decide/", given(reports))
        assert answer.status_code == 422
        assert "Answer reports about one objective at a time." in answer.content.decode()

    def test_training_alone_is_refused_with_the_reason(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective, barriers=["incentives"])
        assert "Training alone cannot change that." in lena.get(asked([report])).content.decode()
        answer = lena.post("/voice/decide/", given([report], kind="training", action="A drill"))
        assert answer.status_code == 422
        assert "change the support or the strategy" in answer.content.decode()

    def test_what_was_answered_meanwhile_is_left_out_and_the_text_is_kept(
        self, cast: make.Cast, objective: Objective, lena: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reports = some(cast, objective)
        chosen = views.chosen_reports

        def too_late(*args: Any) -> list[Report]:
            found = chosen(*args)
            feedback.decide(
                reports=reports[:1], kind="keep", reason="Mine.", by=cast.lena, now=timezone.now()
            )
            return found

        monkeypatch.setattr(views, "chosen_reports", too_late)
        answer = lena.post("/voice/decide/", given(reports))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody answered 1 of these meanwhile" in page
        assert "The pilot says otherwise." in page
        assert [f'value="{report.ref}"' in page for report in reports] == [False, True, True]

    def test_answering_again_finds_nothing_left(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        reports = some(cast, objective)
        lena.post("/voice/decide/", given(reports))
        answer = lena.post("/voice/decide/", given(reports))
        assert answer.status_code == 409
        assert Decision.objects.count() == 1
        assert "Nothing here is left to answer." in answer.content.decode()
        assert lena.get(asked(reports)).status_code == 200

    def test_nothing_chosen_leads_back_to_the_inbox(self, lena: Client) -> None:
        answer = lena.get("/voice/decide/", follow=True)
        assert answer.redirect_chain == [("/voice/", 302)]
        assert "Choose the reports first." in answer.content.decode()

    def test_what_is_hidden_is_answered_like_what_is_not_there(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        [report] = some(cast, objective, 1)
        client.force_login(cast.tom)
        for address in (asked([report]), f"/voice/decide/?report={uuid.uuid4()}"):
            assert client.get(address).status_code == 404
        assert client.get("/voice/decide/?report=x").status_code == 404

    def test_who_reads_it_does_not_answer_it(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        report = make.report(author=cast.rosa, objective=objective)
        Report.objects.update(for_manager=True)
        for who in (cast.rosa, cast.mia):
            client.force_login(who)
            assert client.get(asked([report])).status_code == 403
            assert client.post("/voice/decide/", given([report])).status_code == 403
        assert not Decision.objects.exists()

    def test_a_trainer_is_offered_training_only(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        module = make.module(owner=cast.tom)
        make.mapping(module=module, behavior=make.behavior(objective))
        report = make.report(author=cast.rosa, objective=objective, barriers=["skill"])
        client.force_login(cast.tom)
        page = client.get(asked([report]))
        assert [option.value for option in page.context["kinds"]] == ["training"]
        refused = client.post("/voice/decide/", given([report], kind="keep"))
        assert refused.status_code == 422
        assert "a strategy lead decides the rest" in refused.content.decode()
        assert module.current is not None
        sent = given([report], kind="training", version=module.current.pk)
        assert client.post("/voice/decide/", sent).status_code == 302
        assert Decision.objects.get().version == module.current

    def test_a_lead_who_does_not_write_it_is_not_offered_to_change_it(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        client.force_login(make.user("Otto", Role.LEAD))
        page = client.get(asked(some(cast, objective)))
        assert "strategy" not in [option.value for option in page.context["kinds"]]

    def test_it_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        def queries(reports: list[Report]) -> int:
            with CaptureQueriesContext(connection) as made:
                lena.get(asked(reports))
            return len(made)

        reports = some(cast, objective, 8)
        lena.get(asked(reports))
        assert queries(reports[:1]) == queries(reports) <= 20


class TestYouSaidWeDid:
    def answered(self, cast: make.Cast, reports: list[Report], **changes: Any) -> Decision:
        said: dict[str, Any] = {
            "reports": reports,
            "kind": "keep",
            "reason": "The pilot says otherwise.",
            "by": cast.lena,
            "now": timezone.now(),
        }
        return feedback.decide(**(said | changes))

    def test_everybody_reads_what_was_answered_and_only_the_author_their_words(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        reports = some(cast, objective)
        decision = self.answered(cast, reports)
        for who in (cast.rosa, cast.mia, cast.tom, cast.ada):
            client.force_login(who)
            for address in ("/voice/answers/", decision.get_absolute_url()):
                page = client.get(address).content.decode()
                assert "The pilot says otherwise." in page
                assert "3 people said this" in page
                assert "Voice of" not in page
                assert reports[0].author.name not in page
        client.force_login(reports[0].author)
        page = client.get(decision.get_absolute_url()).content.decode()
        assert "You and 2 others said this" in page
        assert reports[0].text in page
        assert reports[1].text not in page
        client.force_login(cast.lena)
        page = client.get(decision.get_absolute_url()).content.decode()
        assert all(report.text in page for report in reports)

    def test_an_answer_about_no_objective_is_for_who_asked_and_the_leads(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        decision = self.answered(cast, [make.report(author=cast.rosa, objective=None)])

        def status(user: User) -> int:
            client.force_login(user)
            return client.get(decision.get_absolute_url()).status_code

        assert [status(user) for user in (cast.rosa, cast.lena)] == [200, 200]
        assert [status(user) for user in (cast.tom, cast.mia, cast.ada)] == [404, 404, 404]

    def test_a_promised_change_does_not_show_its_draft(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        decision = self.answered(cast, some(cast, objective), kind="strategy")
        Revision.objects.drafts().update(title="A secret title")
        client.force_login(cast.rosa)
        page = client.get(decision.get_absolute_url()).content.decode()
        assert "The change is being written." in page
        assert "secret title" not in page
        assert "/draft/" not in page

    def test_what_came_of_it_is_named(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        first = self.answered(cast, some(cast, objective), kind="strategy")
        make.revise(Objective.objects.get(pk=objective.pk), by=cast.lena)
        module = make.module(owner=cast.tom, title="The drill")
        taught = self.answered(cast, some(cast, objective), kind="training", version=module.current)
        supported = self.answered(
            cast, some(cast, objective), kind="support", action="A price desk by May"
        )
        again = self.answered(cast, some(cast, objective), kind="duplicate", same_as=first)
        client.force_login(cast.rosa)
        pages = [
            client.get(one.get_absolute_url()).content.decode()
            for one in (first, taught, supported, again)
        ]
        assert "Changed with revision 2 of A4." in pages[0]
        assert module.get_absolute_url() in pages[1]
        assert "A price desk by May" in pages[2]
        assert first.get_absolute_url() in pages[3]

    def test_the_newest_comes_first_on_pages_of_their_own(
        self, cast: make.Cast, objective: Objective, lena: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "A_PAGE", 2)
        for number, report in enumerate(some(cast, objective)):
            self.answered(cast, [report], reason=f"Answer {number}")
        first = lena.get("/voice/answers/")
        assert [entry.decision.reason for entry in first.context["entries"]] == [
            "Answer 2",
            "Answer 1",
        ]
        second = lena.get("/voice/answers/?page=2")
        assert [entry.decision.reason for entry in second.context["entries"]] == ["Answer 0"]
        for strange in ("x", "0", "-1", "99999999999"):
            assert lena.get(f"/voice/answers/?page={strange}").status_code == 200

    def test_it_costs_a_fixed_number_of_queries(
        self, cast: make.Cast, plan: Strategy, objective: Objective, lena: Client
    ) -> None:
        def queries(address: str) -> int:
            lena.get(address)
            with CaptureQueriesContext(connection) as made:
                lena.get(address)
            return len(made)

        decision = self.answered(cast, some(cast, objective))
        few = queries("/voice/answers/")
        for number in range(4):
            other = make.objective(strategy_=plan, by=cast.lena, code=f"E{number}")
            self.answered(cast, some(cast, other, 1))
        assert queries("/voice/answers/") == few <= 20
        assert queries(decision.get_absolute_url()) <= 20

    def test_no_answer_yet_says_what_will_be_here(self, lena: Client) -> None:
        assert "Nothing is answered yet." in lena.get("/voice/answers/").content.decode()
