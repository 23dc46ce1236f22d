import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.test import Client

from align.jobs.models import Heartbeat
from align.people import admin
from align.people.models import Audience, Membership, SalesRole, Team, User
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def ada(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def test_only_people_and_signs_of_life_are_there() -> None:
    shown = set(admin.site._registry)
    assert shown == {User, Team, SalesRole, Membership, Audience, Heartbeat}


def test_what_other_apps_register_is_not_there(ada: Client) -> None:
    elsewhere = set(django_admin.site._registry) | set(apps.get_models())
    for model in elsewhere - set(admin.site._registry):
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert ada.get(path).status_code == 404, path


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa"])
def test_it_is_for_admins(cast: make.Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))
    for path in ("/admin/", "/admin/people/user/", f"/admin/people/user/{cast.rosa.pk}/change/"):
        assert client.get(path, follow=True).status_code == 403, path


def test_its_own_sign_in_is_the_one_of_the_product(cast: make.Cast, client: Client) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/people/user/"):
        assert client.get(path, follow=True).request["PATH_INFO"] == "/accounts/login/", path
    given = {"username": "ada@example.com", "password": "a long password"}
    client.post("/admin/login/", given)
    assert client.get("/settings/").status_code == 302, "that was no way past the second factor"


@pytest.mark.parametrize("model", ["user", "team", "salesrole", "membership", "audience"])
def test_the_lists_open_and_search(cast: make.Cast, ada: Client, model: str) -> None:
    Audience.objects.of(sales_roles=[cast.role], teams=[cast.team])
    assert ada.get(f"/admin/people/{model}/").status_code == 200
    assert ada.get(f"/admin/people/{model}/?q=north").status_code == 200


def test_signs_of_life_are_only_read(ada: Client) -> None:
    Heartbeat.objects.beat(name="worker", now=NOW)
    assert ada.get("/admin/jobs/heartbeat/").status_code == 200
    assert ada.get("/admin/jobs/heartbeat/add/").status_code == 403
    assert ada.post("/admin/jobs/heartbeat/worker/change/", {"name": "x"}).status_code == 403


def test_nothing_is_deleted(cast: make.Cast, ada: Client) -> None:
    for path in (
        f"/admin/people/user/{cast.rosa.pk}/delete/",
        f"/admin/people/team/{cast.team.pk}/delete/",
        f"/admin/people/salesrole/{cast.role.pk}/delete/",
    ):
        assert ada.post(path, {"post": "yes"}).status_code == 403


def test_roles_passwords_and_access_are_not_changed_here(cast: make.Cast, ada: Client) -> None:
    given = {
        "email": "Rosa.Ruiz@Example.com",
        "name": "Rosa Ruiz",
        "zone": "UTC",
        "roles": "admin",
        "is_active": "",
        "password": "x",
    }
    before = cast.rosa.password
    assert ada.post(f"/admin/people/user/{cast.rosa.pk}/change/", given).status_code == 302
    cast.rosa.refresh_from_db()
    assert (cast.rosa.email, cast.rosa.name) == ("rosa.ruiz@example.com", "Rosa Ruiz")
    assert (cast.rosa.roles, cast.rosa.is_active) == (["rep"], True)
    assert cast.rosa.password == before
    assert ada.get("/admin/people/user/add/").status_code == 403


def test_a_team_below_itself_is_refused_at_its_field(cast: make.Cast, ada: Client) -> None:
    north = cast.team
    below = make.team("Far North", parent=north)
    answer = ada.post(
        f"/admin/people/team/{north.pk}/change/", {"name": "North", "parent": below.pk}
    )
    assert "A team cannot stand below itself." in answer.content.decode()


def test_two_teams_on_one_day_are_refused_with_a_sentence(cast: make.Cast, ada: Client) -> None:
    answer = ada.post(
        "/admin/people/membership/add/",
        {"user": cast.rosa.pk, "team": cast.team.pk, "begins": "2026-03-01", "ends": ""},
    )
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert Membership.objects.filter(user=cast.rosa).count() == 1
