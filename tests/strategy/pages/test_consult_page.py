"""Sharing a draft with those who are to teach it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from align.people.models import Role
from strategy.models import Objective, Round
from tests import make
from tests.strategy.pages import rounds
from tests.strategy.pages.rounds import as_, main

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name="Uptime")
    return make.draft(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def lena(cast: make.Cast, client: Client) -> Client:
    return as_(client, cast.lena)


def page_of(objective: Objective) -> str:
    return f"/objectives/{objective.pk}/consult/"


def in_days(n: int) -> date:
    return (timezone.now() + timedelta(days=n)).date()


def sent(cast: make.Cast, objective: Objective, **changes: Any) -> dict[str, Any]:
    draft = objective.revisions.drafts().get()
    given = {
        "edits": draft.edits,
        "people": [cast.tom.pk, cast.mia.pk],
        "closes_on": in_days(5).isoformat(),
    }
    return given | changes


class TestWho:
    @pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
    def test_a_draft_is_hidden_from_others(
        self, cast: make.Cast, objective: Objective, client: Client, who: str
    ) -> None:
        as_(client, getattr(cast, who))
        assert client.get(page_of(objective)).status_code == 404
        assert client.post(page_of(objective)).status_code == 404

    def test_what_is_in_force_is_asked_about_by_its_lead_only(
        self, cast: make.Cast, objective: Objective, client: Client
    ) -> None:
        make.publish(objective, by=cast.lena)
        answer = as_(client, make.user("Lars", Role.LEAD)).get(page_of(objective))
        assert answer.status_code == 403
        assert "Lena can open it for you." in answer.content.decode()

    def test_without_a_draft_there_is_nothing_to_ask_about(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        make.publish(objective, by=cast.lena)
        assert lena.get(page_of(objective)).status_code == 404

    def test_the_draft_leads_there(self, objective: Objective, lena: Client) -> None:
        assert page_of(objective) in main(lena.get(f"/objectives/{objective.pk}/draft/"))


class TestOffer:
    def test_the_usual_people_are_chosen_and_others_can_be(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        make.user("Far", Role.TRAINER, team=make.team("South"))
        answer = lena.get(page_of(objective))
        form = answer.context["form"]
        assert form["people"].value() == [cast.mia.pk, cast.tom.pk]
        page = main(answer)
        assert "Far, trainer" in page
        assert "Rosa" not in page
        assert f'value="{in_days(10).isoformat()}"' in page

    def test_those_who_were_asked_before_are_asked_again(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        far = make.user("Far", Role.TRAINER, team=make.team("South"))
        make.round_(objective, by=cast.lena, people=[far], now=timezone.now())
        answer = lena.get(page_of(objective))
        assert far.pk in answer.context["form"]["people"].value()
        assert "Sharing this closes it: from then on they answer draft 2." in main(answer)

    def test_everything_that_is_missing_is_named_with_its_place(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        objective.revisions.update(we_stop="", why="")
        Objective.objects.filter(pk=objective.pk).update(owner=None)
        for answer in (lena.get(page_of(objective)), share(lena, cast, objective)):
            page = main(answer)
            assert f'href="/objectives/{objective.pk}/draft/#id_we_stop"' in page
            assert f'href="/objectives/{objective.pk}/draft/#id_why"' in page
            assert f'href="/objectives/{objective.pk}/owner/"' in page
        assert not Round.objects.exists()

    @pytest.mark.parametrize("people", [0, 10])
    def test_it_costs_the_same_however_many_there_are(
        self,
        cast: make.Cast,
        objective: Objective,
        lena: Client,
        people: int,
        django_assert_num_queries: Any,
    ) -> None:
        for n in range(people):
            make.user(f"Trainer {n}", Role.TRAINER)
            make.draft(strategy_=objective.strategy, by=cast.lena, code=f"B{n}")
        with django_assert_num_queries(18):
            lena.get(page_of(objective))


def share(client: Client, cast: make.Cast, objective: Objective, **changes: Any) -> Any:
    return client.post(page_of(objective), sent(cast, objective, **changes))


class TestSharing:
    def test_it_opens_a_round(self, cast: make.Cast, objective: Objective, lena: Client) -> None:
        answer = share(lena, cast, objective)
        made = Round.objects.get()
        assert answer["Location"] == made.get_absolute_url()
        assert {row.person for row in made.participants.all()} == {cast.tom, cast.mia}
        assert "Open for consultation until" in main(lena.get(answer["Location"]))

    def test_others_are_asked_too(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        far = make.user("Far", Role.TRAINER, team=make.team("South"))
        share(lena, cast, objective, people=[], more=[far.pk])
        assert [row.person for row in Round.objects.get().participants.all()] == [far]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"people": []}, "Name at least one person to ask."),
            ({"closes_on": "2020-01-01"}, "Choose a day to come."),
            ({"closes_on": "soon"}, "Enter a valid date."),
            ({"closes_on": "9999-12-31"}, "Choose a day within ten years."),
            ({"closes_on": ""}, "This field is required."),
            ({"people": ["999999"]}, "Select a valid choice."),
            ({"people": ["x"]}, "Select a valid choice."),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self,
        cast: make.Cast,
        objective: Objective,
        lena: Client,
        changes: dict[str, Any],
        said: str,
    ) -> None:
        answer = share(lena, cast, objective, **changes)
        assert answer.status_code == 422
        assert said in main(answer)
        assert "<title>Problem:" in answer.content.decode()
        assert not Round.objects.exists()

    def test_reps_cannot_be_asked(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        assert share(lena, cast, objective, more=[cast.rosa.pk]).status_code == 422

    def test_a_draft_that_was_saved_meanwhile_is_not_shared(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        old = sent(cast, objective, people=[cast.mia.pk])
        objective.revisions.update(edits=7)
        answer = lena.post(page_of(objective), old)
        assert answer.status_code == 409
        page = main(answer)
        assert "The draft changed meanwhile" in page
        assert 'name="edits" value="7"' in page
        assert answer.context["form"]["people"].value() == [str(cast.mia.pk)]
        assert not Round.objects.exists()

    def test_several_drafts_are_shared_at_once(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        other = make.draft(strategy_=objective.strategy, by=cast.lena, code="A5")
        pk = other.revisions.get().pk
        page = main(lena.get(page_of(objective)))
        assert "Ask about these drafts, too" in page
        answer = share(lena, cast, objective, also=[pk], others_edits=f"{pk}:0")
        made = Round.objects.get(revision__objective=objective)
        assert answer["Location"] == made.get_absolute_url()
        assert set(Round.objects.values_list("revision__objective__code", flat=True)) == {
            "A4",
            "A5",
        }

    def test_of_several_drafts_all_are_shared_or_none(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        other = make.draft(strategy_=objective.strategy, by=cast.lena, code="A5")
        other.revisions.update(we_stop="")
        pk = other.revisions.get().pk
        answer = share(lena, cast, objective, also=[pk], others_edits=f"{pk}:0")
        assert answer.status_code == 422
        page = main(answer)
        assert "A5: <a" in page
        assert f'href="/objectives/{other.pk}/draft/#id_we_stop"' in page
        assert share(lena, cast, objective, also=[pk], others_edits="x").status_code == 409
        assert not Round.objects.exists()

    def test_somebody_elses_draft_cannot_be_shared_along(
        self, cast: make.Cast, objective: Objective, lena: Client
    ) -> None:
        otto = make.user("Otto", Role.LEAD)
        plan = make.active_strategy(lead=otto, teams=[cast.team], name="Other")
        other = make.draft(strategy_=plan, by=otto, code="S1")
        assert "S1" not in main(lena.get(page_of(objective)))
        assert share(lena, cast, objective, also=[other.revisions.get().pk]).status_code == 422

    @pytest.mark.parametrize("edits", ["", "x", "-1", "9" * 30])
    def test_nonsense_is_refused(
        self, cast: make.Cast, objective: Objective, lena: Client, edits: str
    ) -> None:
        assert share(lena, cast, objective, edits=edits).status_code == 422


class TestPeople:
    def test_a_lead_asks_more_people(self, client: Client) -> None:
        world = rounds.build()
        lena = as_(client, world.cast.lena)
        address = f"{world.address}people/"
        assert "Tess, trainer" in main(lena.get(address))
        assert lena.post(address, {"people": [world.tess.pk]}).status_code == 302
        assert world.round.participants.filter(person=world.tess).exists()
        assert as_(client, world.tess).get(world.address).status_code == 200

    def test_somebody_must_be_named(self, client: Client) -> None:
        world = rounds.build()
        answer = as_(client, world.cast.lena).post(f"{world.address}people/", {})
        assert answer.status_code == 422
        assert "Name at least one person to ask." in main(answer)

    def test_who_is_asked_reads_who_else_is_and_asks_nobody(self, client: Client) -> None:
        world = rounds.build()
        tom = as_(client, world.cast.tom)
        page = main(tom.get(f"{world.address}people/"))
        assert "Mia" in page
        assert "Ask them" not in page
        answer = tom.post(f"{world.address}people/", {"people": [world.tess.pk]})
        assert answer.status_code == 403

    def test_nobody_is_asked_once_it_is_over(self, client: Client) -> None:
        world = rounds.build()
        world.end()
        lena = as_(client, world.cast.lena)
        assert "Ask them" not in main(lena.get(f"{world.address}people/"))
        answer = lena.post(f"{world.address}people/", {"people": [world.tess.pk]})
        assert answer.status_code == 409
