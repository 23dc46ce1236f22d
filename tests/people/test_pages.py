from typing import Any

import pytest
from django.test import Client

from align.people.models import User
from tests import make

pytestmark = pytest.mark.django_db

ADMINS = ["/settings/people/", "/settings/people/invite/", "/settings/people/{rosa}/"]
VERBS = ["roles", "move", "invite", "deactivate"]


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.mark.parametrize("path", ADMINS)
@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa"])
def test_people_are_for_admins(cast: make.Cast, client: Client, who: str, path: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(path.format(rosa=cast.rosa.pk))
    assert answer.status_code == 403
    assert "This is for admins." in answer.content.decode()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa"])
def test_nobody_else_changes_people(cast: make.Cast, client: Client, who: str, verb: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.post(f"/settings/people/{cast.rosa.pk}/{verb}/", {"roles": ["admin"]})
    assert answer.status_code == 403
    cast.rosa.refresh_from_db()
    assert (cast.rosa.is_active, cast.rosa.roles) == (True, ["rep"])


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_changes_by_a_get(cast: make.Cast, client: Client, verb: str) -> None:
    client.force_login(cast.ada)
    assert client.get(f"/settings/people/{cast.rosa.pk}/{verb}/").status_code == 405 or (
        verb == "invite"
    )


@pytest.mark.parametrize("people", [0, 40])
def test_the_list_costs_the_same_however_long(
    cast: make.Cast, client: Client, people: int, django_assert_max_num_queries: Any
) -> None:
    make.reps(people, team=cast.team, sales_role=cast.role)
    client.force_login(cast.ada)
    with django_assert_max_num_queries(8):
        page = client.get("/settings/people/").content.decode()
    assert "rosa@example.com" in page
    assert "Account executive" in page


def test_the_list_is_searched_and_narrowed(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.ada)

    def found(query: str) -> set[str]:
        page = client.get(f"/settings/people/{query}").context["page"]
        return {person.name for person in page}

    assert found("?q=ros") == {"Rosa"}
    assert found("?q=north") == {"Rosa", "Mia"}
    assert found("?q=TOM@example") == {"Tom"}
    assert found("?role=lead") == {"Lena"}
    assert found("?role=king&page=nine&q=%00") == {"Lena", "Tom", "Mia", "Rosa", "Ada"}
    assert found("?q=nobody") == set()


def test_the_second_page_goes_on(cast: make.Cast, client: Client) -> None:
    make.reps(60, team=cast.team, sales_role=cast.role)
    client.force_login(cast.ada)
    first = {person.pk for person in client.get("/settings/people/").context["page"]}
    second = {person.pk for person in client.get("/settings/people/?page=2").context["page"]}
    assert len(first | second) == 65


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa", "ada"])
def test_everybody_has_settings(
    cast: make.Cast, client: Client, who: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(getattr(cast, who))
    with django_assert_max_num_queries(6):
        page = client.get("/settings/").content.decode()
    assert getattr(cast, who).email in page
    assert ("/settings/people/" in page) == (who == "ada")


def test_the_own_name_and_zone_change(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa)
    given = {"name": "Rosa Ruiz", "zone": "Europe/Madrid", "roles": "admin", "email": "x@y.zz"}
    assert client.post("/settings/", given).status_code == 302
    rosa = User.objects.get(pk=cast.rosa.pk)
    assert (rosa.name, rosa.zone) == ("Rosa Ruiz", "Europe/Madrid")
    assert (rosa.roles, rosa.email) == (["rep"], "rosa@example.com")


def test_a_zone_nobody_lives_in_is_refused(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa)
    answer = client.post("/settings/", {"name": "Rosa Ruiz", "zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "Rosa Ruiz" in answer.content.decode()
    assert User.objects.get(pk=cast.rosa.pk).name == "Rosa"


def test_an_unusual_zone_is_kept(cast: make.Cast, client: Client) -> None:
    User.objects.filter(pk=cast.rosa.pk).update(zone="Etc/GMT+5")
    client.force_login(cast.rosa)
    assert client.post("/settings/", {"name": "R", "zone": "Etc/GMT+5"}).status_code == 302


@pytest.mark.parametrize("path", ["/settings/people/invite/", "/settings/people/{rosa}/"])
def test_the_forms_cost_little(
    cast: make.Cast, client: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.ada)
    with django_assert_max_num_queries(9):
        client.get(path.format(rosa=cast.rosa.pk))
