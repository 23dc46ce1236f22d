"""Completions recorded by a trainer, learning by a rep."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from align.people.models import Role
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Completion, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill")
    make.mapping(module=module, behavior=place.behavior)
    return module


def completions(module: Module) -> str:
    return f"{module.get_absolute_url()}completions/"


# Completions


@pytest.mark.parametrize("who", ["lena", "mia", "rosa", "ada"])
def test_completions_are_recorded_by_trainers(
    cast: make.Cast, drill: Module, read: Read, who: str
) -> None:
    read(getattr(cast, who), completions(drill), status=403)


def test_a_trainer_ticks_the_people_of_a_team(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    reps = make.reps(3, team=cast.team, sales_role=cast.role)
    there = f"{completions(drill)}?group=team-{cast.team.pk}"
    client.force_login(cast.tom)
    page = client.get(there).content.decode()
    assert all(rep.name in page for rep in [*reps, cast.rosa])
    offered = client.get(there).context["form"].fields["people"].queryset
    assert set(offered) == {*reps, cast.rosa}  # Mia manages, she does not sell
    answer = client.post(
        there, {"day": "2026-11-12", "people": [rep.pk for rep in reps[:2]]}, follow=True
    )
    assert "Recorded for 2 people." in answer.content.decode()
    assert {row.user for row in Completion.objects.all()} == set(reps[:2])
    assert "took it 12 Nov 2026" in client.get(there).content.decode()


def test_a_trainer_pastes_addresses(cast: make.Cast, drill: Module, client: Client) -> None:
    client.force_login(cast.tom)
    pasted = "Rosa <ROSA@example.com>;\n\nmia@example.com"
    client.post(completions(drill), {"day": "2026-11-18", "emails": pasted})
    assert {row.user for row in Completion.objects.all()} == {cast.rosa, cast.mia}
    assert all(row.completed_at <= NOW for row in Completion.objects.all())


def test_what_is_recorded_for_today_happened_now_and_counts_at_once(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    """At noon it would lie before an objective that was published this afternoon."""
    afternoon = NOW.replace(hour=15)
    client.force_login(cast.tom)
    with time_machine.travel(afternoon, tick=False):
        client.post(completions(drill), {"day": "2026-11-18", "emails": "rosa@example.com"})
    assert Completion.objects.get().completed_at == afternoon


def test_each_wrong_line_is_named_and_what_was_typed_stays(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    client.force_login(cast.tom)
    there = f"{completions(drill)}?group=team-{cast.team.pk}"
    answer = client.post(
        there,
        {
            "day": "2026-11-12",
            "people": [cast.rosa.pk],
            "emails": "rosa@example.com\nnobody@x.com\nred",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2: nobody here has the address “nobody@x.com”." in page
    assert "Line 3: nobody here has the address “red”." in page
    assert "nobody@x.com\nred</textarea>" in page
    assert f'value="{cast.rosa.pk}" id="id_people_0" checked' in page or "checked" in page
    assert not Completion.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"day": "2026-11-19", "emails": "rosa@example.com"}, "cannot lie in the future"),
        ({"day": "2026-11-18"}, "Tick who took it"),
        ({"day": "yesterday", "emails": "rosa@example.com"}, "Enter a valid date"),
        ({"day": "2026-11-18", "people": ["999999"]}, "Select a valid choice"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    cast: make.Cast, drill: Module, client: Client, typed: dict[str, Any], message: str
) -> None:
    client.force_login(cast.tom)
    answer = client.post(completions(drill), typed)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_nobody_completes_a_draft(cast: make.Cast, drill: Module, read: Read) -> None:
    actions.retire_module(module=drill, now=NOW)
    read(cast.tom, completions(drill), status=404)


@pytest.mark.parametrize("people", [1, 60])
def test_the_list_of_people_costs_the_same_however_long(
    cast: make.Cast, drill: Module, client: Client, people: int, django_assert_max_num_queries: Any
) -> None:
    make.reps(people, team=cast.team, sales_role=cast.role)
    client.force_login(cast.tom)
    with django_assert_max_num_queries(16):
        client.get(f"{completions(drill)}?group=team-{cast.team.pk}")


# Learning


def test_a_rep_takes_what_is_asked_of_their_sales_role(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    other = make.module(owner=cast.tom, title="Something else")
    client.force_login(cast.rosa)
    page = client.get("/training/learn/")
    assert [lesson.version for lesson in page.context["page"].to_take] == [drill.current]
    there = f"/training/learn/{drill.pk}/"
    assert "Say it out loud" in client.get(there).content.decode()
    client.post(there)
    client.post(there)
    completion = Completion.objects.get()
    assert (completion.user, completion.version, completion.team) == (
        cast.rosa,
        drill.current,
        cast.team,
    )
    learning = client.get("/training/learn/").context["page"]
    assert not learning.to_take
    assert [lesson.version for lesson in learning.done] == [drill.current]
    assert client.get(f"/training/learn/{other.pk}/").status_code == 200


def test_a_new_rep_learns_from_the_first_day(cast: make.Cast, drill: Module, read: Read) -> None:
    new = make.user("Nils", Role.REP, team=cast.team, sales_role=cast.role, begins=NOW.date())
    assert "The drill" in read(new, "/training/learn/")


def test_a_changed_behavior_brings_its_training_back(
    cast: make.Cast, place: Place, drill: Module, read: Read
) -> None:
    make.completion(user=cast.rosa, module=drill)
    assert "You have taken everything" in read(cast.rosa, "/training/learn/")
    make.revise(
        place.objective,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, statement="Opens with the stop")],
    )
    assert "changed since you took it" in read(cast.rosa, "/training/learn/")


def test_who_sells_nothing_is_asked_nothing(cast: make.Cast, drill: Module, read: Read) -> None:
    assert "nothing is asked of you" in read(cast.tom, "/training/learn/")


def test_drafts_and_retired_modules_are_not_taken(
    cast: make.Cast, drill: Module, read: Read
) -> None:
    actions.retire_module(module=drill, now=NOW)
    read(cast.rosa, f"/training/learn/{drill.pk}/", status=404)


def test_learning_costs_few_queries(
    cast: make.Cast,
    place: Place,
    drill: Module,
    client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(10):
        make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)
    client.force_login(cast.rosa)
    with django_assert_max_num_queries(12):
        client.get("/training/learn/")
