"""The brief: two signed slots, read by who is asked, on one page to print."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role
from strategy import owning
from strategy.models import Acknowledgment, Brief, History, Objective
from tests import make
from tests.make import NOW
from tests.strategy import carried

pytestmark = pytest.mark.django_db

WORD = "A pump is bought once. An hour is bought every year."
FOR_US = "In the dairies we begin with the night shift."


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> carried.World:
    return carried.world()


def address(objective: Objective, rest: str = "") -> str:
    return f"/objectives/{objective.pk}/brief/{rest}"


def look(client: Client, user: Any, path: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def send(client: Client, user: Any, path: str, status: int = 302, **data: Any) -> str:
    client.force_login(user)
    answer = client.post(path, data)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def sign_both(world: carried.World, client: Client) -> None:
    send(client, world.cast.lena, address(world.objective, "reason/"), text=WORD)
    north = address(world.objective, f"teams/{world.cast.team.pk}/")
    send(client, world.cast.mia, north, text=FOR_US, question="With whom first?")


class TestSigning:
    def test_the_lead_signs_the_reason_and_the_manager_what_it_means(
        self, world: carried.World, client: Client
    ) -> None:
        sign_both(world, client)
        page = look(client, world.cast.rosa, address(world.objective))
        assert WORD in page
        assert "Signed by Lena" in page
        assert FOR_US in page
        assert "Signed by Mia" in page

    def test_until_then_the_business_case_itself_stands_there(
        self, world: carried.World, client: Client
    ) -> None:
        page = look(client, world.cast.rosa, address(world.objective))
        assert "Discounts cost us margin" in page
        assert "Nobody has signed a shorter reason yet." in page

    def test_signing_again_replaces_the_words_and_the_history_keeps_both(
        self, world: carried.World, client: Client
    ) -> None:
        for text in (WORD, "Shorter."):
            send(client, world.cast.lena, address(world.objective, "reason/"), text=text)
        assert Brief.objects.get().text == "Shorter."
        row = History.objects.filter(what="brief signed").first()
        assert row is not None
        assert (row.before["text"], row.after["text"], row.actor) == (
            WORD,
            "Shorter.",
            world.cast.lena,
        )

    def test_a_chief_signs_for_the_teams_below(self, world: carried.World, client: Client) -> None:
        chief = make.user("Cleo", Role.MANAGER, team=world.field)
        for team in (world.field, world.south):
            path = address(world.objective, f"teams/{team.pk}/")
            send(client, chief, path, text=f"For {team}")
        assert Brief.objects.count() == 2

    def test_nobody_signs_for_whom_they_do_not_answer(
        self, world: carried.World, client: Client
    ) -> None:
        south = address(world.objective, f"teams/{world.south.pk}/")
        for person in (world.cast.mia, world.cast.tom, world.cast.rosa, world.cast.lena):
            look(client, person, south, 403)
            send(client, person, south, 403, text=FOR_US)
        for person in (world.otto, world.cast.mia, world.cast.tom, world.cast.rosa):
            look(client, person, address(world.objective, "reason/"), 403)
            send(client, person, address(world.objective, "reason/"), 403, text=WORD)
        assert not Brief.objects.exists()

    def test_the_action_asks_the_same_as_the_page(self, world: carried.World) -> None:
        assert world.objective.current
        for by, team in [(world.otto, None), (world.cast.mia, world.south)]:
            with pytest.raises(PermissionDenied):
                owning.sign_brief(
                    revision=world.objective.current, team=team, text=WORD, by=by, now=NOW
                )

    def test_an_empty_word_is_no_word(self, world: carried.World, client: Client) -> None:
        page = send(client, world.cast.lena, address(world.objective, "reason/"), 422, text=" ")
        assert "Say why the company does this." in page
        path = address(world.objective, f"teams/{world.cast.team.pk}/")
        page = send(client, world.cast.mia, path, 422, question="With whom first?")
        assert "Say what it means for them." in page
        assert "With whom first?" in page

    def test_a_revision_meanwhile_is_shown_and_the_words_are_kept(
        self, world: carried.World, client: Client
    ) -> None:
        before = world.objective.current_id
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        path = address(world.objective, "reason/")
        page = send(client, world.cast.lena, path, 409, text=WORD, revision=before)
        assert WORD in page
        assert carried.OTHER_WHY in page
        assert not Brief.objects.exists()

    def test_a_substantive_revision_asks_for_new_words_an_editorial_one_does_not(
        self, world: carried.World, client: Client
    ) -> None:
        sign_both(world, client)
        make.revise(world.objective, by=world.cast.lena, words=make.words("Other title"))
        assert WORD in look(client, world.cast.rosa, address(world.objective))
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        page = look(client, world.cast.rosa, address(world.objective))
        assert WORD not in page
        assert FOR_US not in page

    def test_each_team_reads_the_word_nearest_to_it(
        self, world: carried.World, client: Client
    ) -> None:
        chief = make.user("Cleo", Role.MANAGER, team=world.field)
        for team in (world.field, world.cast.team):
            path = address(world.objective, f"teams/{team.pk}/")
            send(client, chief, path, text=f"Meant for {team}.")
        rosas = look(client, world.cast.rosa, address(world.objective))
        assert "Meant for North." in rosas
        assert "Meant for Field." not in rosas
        souths = look(client, world.south_reps[0], address(world.objective))
        assert "Meant for Field." in souths
        leads = look(client, world.cast.lena, address(world.objective))
        assert "Meant for Field." in leads
        assert "Meant for North." in leads


class TestReading:
    def test_reading_is_noted_once(self, world: carried.World, client: Client) -> None:
        path = address(world.objective, "read/")
        for _ in range(2):
            send(client, world.cast.rosa, path, revision=world.objective.current_id)
        row = Acknowledgment.objects.get()
        assert (row.person, row.at) == (world.cast.rosa, NOW)
        assert "You read it on" in look(client, world.cast.rosa, address(world.objective))

    def test_an_editorial_revision_leaves_it_read(
        self, world: carried.World, client: Client
    ) -> None:
        send(client, world.cast.rosa, address(world.objective, "read/"))
        make.revise(world.objective, by=world.cast.lena, words=make.words("Other title"))
        assert "You read it on" in look(client, world.cast.rosa, address(world.objective))
        send(client, world.cast.rosa, address(world.objective, "read/"))
        assert Acknowledgment.objects.count() == 1

    def test_a_substantive_one_asks_again(self, world: carried.World, client: Client) -> None:
        send(client, world.cast.rosa, address(world.objective, "read/"))
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        assert "I have read it" in look(client, world.cast.rosa, address(world.objective))
        send(client, world.cast.rosa, address(world.objective, "read/"))
        assert Acknowledgment.objects.count() == 2

    def test_what_changed_meanwhile_is_shown_instead_of_noted(
        self, world: carried.World, client: Client
    ) -> None:
        before = world.objective.current_id
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        page = send(
            client, world.cast.rosa, address(world.objective, "read/"), 409, revision=before
        )
        assert "It changed since you opened this page." in page
        assert not Acknowledgment.objects.exists()

    def test_retired_it_is_read_by_nobody_any_more(
        self, world: carried.World, client: Client
    ) -> None:
        Objective.objects.filter(pk=world.objective.pk).update(
            state=Objective.State.RETIRED, retired_at=NOW
        )
        page = look(client, world.cast.rosa, address(world.objective))
        assert "I have read it" not in page
        send(client, world.cast.rosa, address(world.objective, "read/"))
        assert not Acknowledgment.objects.exists()

    def test_a_draft_has_no_brief(self, world: carried.World, client: Client) -> None:
        hidden = make.draft(strategy_=world.plan, by=world.cast.lena, code="D1")
        for person in (world.cast.rosa, world.cast.tom, world.otto, world.cast.lena):
            look(client, person, address(hidden), 404)
            send(client, person, address(hidden, "read/"), 404)
            look(client, person, f"/objectives/{hidden.pk}/huddle/", 404)

    def test_a_published_override_is_read_by_everybody(
        self, world: carried.World, client: Client
    ) -> None:
        carried.published_all_the_same(world, override="The season begins on Monday.")
        mended = replace(carried.other_why(), title="Mended")
        make.revise(world.objective, by=world.cast.lena, words=mended)
        page = look(client, world.cast.rosa, address(world.objective))
        assert "The season begins on Monday." in page


class TestHuddle:
    def test_it_holds_why_us_one_behavior_and_one_question(
        self, world: carried.World, client: Client
    ) -> None:
        sign_both(world, client)
        page = look(client, world.cast.rosa, f"/objectives/{world.objective.pk}/huddle/")
        for words in (WORD, FOR_US, "Opens the price talk", "With whom first?"):
            assert words in page
        assert 'class="a4"' in page

    def test_without_signed_words_it_still_can_be_printed(
        self, world: carried.World, client: Client
    ) -> None:
        path = f"/objectives/{world.objective.pk}/huddle/?paper=a5"
        page = look(client, world.cast.mia, path)
        assert "Discounts cost us margin" in page
        assert "What would a customer have to say" in page
        assert 'class="a5"' in page

    def test_a_team_without_words_has_no_kit_of_its_own(
        self, world: carried.World, client: Client
    ) -> None:
        sign_both(world, client)
        path = f"/objectives/{world.objective.pk}/huddle/?team="
        assert FOR_US in look(client, world.cast.lena, f"{path}{world.cast.team.pk}")
        for wrong in (world.south.pk, "x", "-1", "9999999999999"):
            look(client, world.cast.lena, f"{path}{wrong}", 404)


def test_every_page_costs_a_fixed_number_of_queries(
    world: carried.World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_both(world, client)
    carried.read(world.objective, world.north_reps, now=carried.long_ago())
    everything = make.user("Eve", Role.LEAD, Role.TRAINER, Role.MANAGER, Role.REP, team=world.field)
    for person in (world.cast.lena, world.cast.tom, world.cast.mia, world.cast.rosa, everything):
        client.force_login(person)
        with django_assert_max_num_queries(20):
            assert client.get(address(world.objective)).status_code == 200
        with django_assert_max_num_queries(14):
            client.get(f"/objectives/{world.objective.pk}/huddle/")
