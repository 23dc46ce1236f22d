from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.people.models import Audience, Role
from strategy import actions as strategy
from strategy.models import Depth
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training.models import Kind, Mapping, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom, title="The drill")


def address(place: Place, module: Module) -> str:
    return f"/training/map/?behavior={place.behavior.pk}&version={module.current_id}"


@pytest.mark.parametrize("who", ["lena", "mia", "rosa", "ada"])
def test_mapping_is_for_trainers(
    cast: make.Cast, place: Place, drill: Module, read: Read, who: str
) -> None:
    assert "This is for trainers." in read(getattr(cast, who), address(place, drill), 403)


def test_what_the_address_leaves_open_is_asked_first(
    cast: make.Cast, place: Place, drill: Module, read: Read
) -> None:
    from_behavior = read(cast.tom, f"/training/map/?behavior={place.behavior.pk}")
    assert "The drill (practice, you)" in from_behavior
    assert f'name="behavior" value="{place.behavior.pk}"' in from_behavior
    from_module = read(cast.tom, f"/training/map/?version={drill.current_id}")
    assert "Opens the price talk" in from_module
    assert "Which module teaches which behavior?" in read(cast.tom, "/training/map/?version=x")


def test_a_trainer_maps_somebody_elses_module(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    tess = make.user("Tess", Role.TRAINER)
    client.force_login(tess)
    answer = client.post(address(place, drill), {"depth": "3", "rationale": "The drill."})
    assert answer.headers["Location"] == drill.get_absolute_url()
    mapping = Mapping.objects.get()
    assert (mapping.depth, mapping.rationale, mapping.author) == (3, "The drill.", tess)


def test_depth_ends_where_the_kind_ends(cast: make.Cast, place: Place, client: Client) -> None:
    slide = make.module(owner=cast.tom, kind=Kind.EXPLANATION)
    client.force_login(cast.tom)
    page = client.get(address(place, slide)).content.decode()
    assert "Explanation modules can claim Explained at most." in page
    assert "This behavior needs Practiced." in page
    assert "3 Practiced" not in page
    answer = client.post(address(place, slide), {"depth": "3"})
    assert answer.status_code == 422
    assert not Mapping.objects.exists()


def test_mapping_twice_is_refused_with_what_was_typed(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    client.force_login(cast.tom)
    answer = client.post(address(place, drill), {"depth": "2", "rationale": "Once more."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "is mapped to this behavior already" in page
    assert "Once more." in page


def test_one_audience_can_be_chosen_of_several(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    south = make.team("South")
    north, other = (
        Audience.objects.of(sales_roles=[cast.role], teams=[team]) for team in (cast.team, south)
    )
    words = strategy.BehaviorWords(
        code="B1",
        sales_role=cast.role,
        statement="Sends the offer within a day",
        audiences=(north, other),
    )
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=[words])
    there = address(
        Place(plan=place.plan, objective=objective, behavior=make.behavior(objective)), drill
    )
    client.force_login(cast.tom)
    assert "None chosen: everyone it is asked of." in client.get(there).content.decode()
    client.post(there, {"depth": "2", "audiences": [north.pk]})
    assert [mapping.audience for mapping in Mapping.objects.all()] == [north]
    stranger = Audience.objects.of(sales_roles=[make.sales_role("Hunter")], teams=[south])
    assert client.post(there, {"depth": "2", "audiences": [stranger.pk]}).status_code == 422


def test_drafts_are_neither_offered_nor_mapped(
    cast: make.Cast, place: Place, drill: Module, read: Read
) -> None:
    hidden = make.draft(strategy_=place.plan, by=cast.lena, title="Not said yet")
    page = read(
        cast.tom,
        f"/training/map/?behavior={make.behavior(hidden).pk}&version={drill.current_id}",
    )
    assert "What does “The drill” teach?" in page
    assert "Not said yet" not in page


def test_what_comes_can_be_mapped_before_it_is_in_force(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    coming = make.draft(strategy_=place.plan, by=cast.lena, now=NOW)
    revision = coming.revisions.get()
    strategy.publish(
        revision=revision,
        edits=revision.edits,
        by=cast.lena,
        now=NOW,
        effective_from=NOW + timedelta(days=5),
    )
    there = address(Place(plan=place.plan, objective=coming, behavior=make.behavior(coming)), drill)
    client.force_login(cast.tom)
    client.post(there, {"depth": "3"})
    page = client.get(drill.get_absolute_url()).content.decode()
    assert "Opens the price talk" in page
    assert "Out of date" not in page


# Checking and withdrawing


@pytest.fixture
def outdated(cast: make.Cast, place: Place, drill: Module) -> Mapping:
    mapping = make.mapping(module=drill, behavior=place.behavior)
    make.revise(
        place.objective,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, statement="Opens with the stop")],
    )
    return mapping


def test_checking_shows_what_changed(cast: make.Cast, outdated: Mapping, read: Read) -> None:
    page = read(cast.tom, f"/training/mappings/{outdated.pk}/clear/")
    assert "<del>Opens the price talk with the cost of an hour of downtime</del>" in page
    assert "<ins>Opens with the stop</ins>" in page


def test_a_mapping_is_cleared_with_a_reason(
    cast: make.Cast, outdated: Mapping, client: Client
) -> None:
    there = f"/training/mappings/{outdated.pk}/clear/"
    client.force_login(cast.tom)
    assert client.post(there, {"reason": " "}).status_code == 422
    assert client.post(there, {"reason": "The drill is the same."}).status_code == 302
    [mapping] = Mapping.objects.with_suspect()
    told: Any = mapping
    assert (told.suspect, told.cleared_reason) == (False, "The drill is the same.")


def test_a_claim_is_withdrawn(cast: make.Cast, outdated: Mapping, client: Client) -> None:
    client.force_login(cast.tom)
    assert client.get(f"/training/mappings/{outdated.pk}/retire/").status_code == 405
    client.post(f"/training/mappings/{outdated.pk}/retire/")
    outdated.refresh_from_db()
    assert outdated.state == Mapping.State.RETIRED
    assert client.get(f"/training/mappings/{outdated.pk}/clear/").status_code == 404


def test_its_owner_and_who_made_it_answer_for_a_claim(
    cast: make.Cast, place: Place, drill: Module, client: Client, read: Read
) -> None:
    tess, theo = (make.user(name, Role.TRAINER) for name in ("Tess", "Theo"))
    client.force_login(tess)
    client.post(address(place, drill), {"depth": Depth.NAMED.value})
    there = f"/training/mappings/{Mapping.objects.get().pk}/clear/"
    read(tess, there)
    read(cast.tom, there)
    assert "Tom can open it for you." in read(theo, there, status=403)
    read(cast.rosa, there, status=403)


def test_an_unknown_mapping_is_not_there(cast: make.Cast, read: Read) -> None:
    read(cast.tom, "/training/mappings/999999/clear/", status=404)


def test_the_forms_cost_few_queries(
    cast: make.Cast,
    place: Place,
    drill: Module,
    outdated: Mapping,
    client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(12):
        make.objective(strategy_=place.plan, by=cast.lena, now=NOW)
        make.module(owner=cast.tom)
    client.force_login(cast.tom)
    for there in (
        "/training/map/",
        address(place, drill),
        f"/training/mappings/{outdated.pk}/clear/",
    ):
        with django_assert_max_num_queries(18):
            assert client.get(there).status_code == 200


def test_a_cell_names_the_audience_it_is_mapped_for(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    south = make.team("South")
    north, other = (
        Audience.objects.of(sales_roles=[cast.role], teams=[team]) for team in (cast.team, south)
    )
    words = strategy.BehaviorWords(
        code="B1",
        sales_role=cast.role,
        statement="Sends the offer within a day",
        audiences=(north, other),
    )
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=[words])
    behavior = make.behavior(objective)
    client.force_login(cast.tom)
    chooser = client.get(f"/training/map/?behavior={behavior.pk}&audience={other.pk}")
    page = chooser.content.decode()
    assert f'name="audience" value="{other.pk}"' in page
    assert "Likely modules" in page
    assert f"version={drill.current_id}&amp;audience={other.pk}" in page
    there = f"/training/map/?behavior={behavior.pk}&audience={other.pk}&version={drill.current_id}"
    assert client.get(there).context["form"]["audiences"].value() == [other.pk]
    stranger = there.replace(f"audience={other.pk}", "audience=999999")
    assert client.get(stranger).context["form"]["audiences"].value() is None


def test_a_suspect_claim_is_checked_beside_the_module(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    mapping = make.mapping(module=drill, behavior=place.behavior)
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the last stop")]
    make.revise(place.objective, by=cast.lena, behaviors=words)
    client.force_login(cast.tom)
    page = client.get(f"/training/mappings/{mapping.pk}/clear/").content.decode()
    assert "<ins>Opens with the last stop</ins>" in page
    assert "Say it out loud, three times." in page
    assert "The second half is the drill." in page
    assert "Make a new version" in page
    answer = client.post(f"{drill.get_absolute_url()}versions/new/")
    assert answer.headers["Location"] == f"{drill.get_absolute_url()}edit/"
    assert Mapping.objects.with_suspect().get(pk=mapping.pk).suspect  # type: ignore[attr-defined]
