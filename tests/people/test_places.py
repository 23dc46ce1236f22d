from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from align.people import actions
from align.people.models import Membership, Role, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def places(user: User) -> list[tuple[str, object, object]]:
    rows = Membership.objects.filter(user=user).order_by("begins").select_related("team")
    return [(row.team.name, row.begins, row.ends) for row in rows]


def test_a_move_ends_one_place_and_begins_the_next(cast: make.Cast) -> None:
    now = timezone.now()
    south, today = make.team("South"), now.date()
    actions.move(user=cast.rosa, team=south, sales_role=cast.role, on=today, now=now)
    assert places(cast.rosa) == [
        ("North", make.FIRST_DAY, today),
        ("South", today, None),
    ]


def test_a_second_move_on_the_same_day_takes_the_first_back(cast: make.Cast) -> None:
    now = timezone.now()
    south, west, today = make.team("South"), make.team("West"), now.date()
    later = today + timedelta(days=9)
    actions.move(user=cast.rosa, team=make.team("East"), sales_role=cast.role, on=later, now=now)
    actions.move(user=cast.rosa, team=south, sales_role=cast.role, on=today, now=now)
    actions.move(user=cast.rosa, team=west, sales_role=cast.role, on=today, now=now)
    assert places(cast.rosa) == [("North", make.FIRST_DAY, today), ("West", today, None)]


def test_history_does_not_move(cast: make.Cast) -> None:
    now = timezone.now()
    with pytest.raises(actions.Invalid) as refused:
        actions.move(
            user=cast.rosa,
            team=make.team("South"),
            sales_role=None,
            on=now.date() - timedelta(days=1),
            now=now,
        )
    assert set(refused.value.errors) == {"on", "sales_role"}
    assert places(cast.rosa) == [("North", make.FIRST_DAY, None)]


def test_the_page_moves_somebody(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.ada)
    south = make.team("South")
    answer = client.post(
        f"/settings/people/{cast.rosa.pk}/move/",
        {"team": south.pk, "sales_role": cast.role.pk, "on": timezone.localdate().isoformat()},
    )
    assert answer.status_code == 302
    assert places(cast.rosa)[-1][0] == "South"


def test_the_page_says_why_a_move_is_refused(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.ada)
    answer = client.post(
        f"/settings/people/{cast.rosa.pk}/move/", {"team": cast.team.pk, "on": "2020-01-01"}
    )
    assert answer.status_code == 422
    assert "What was stays as it was" in answer.content.decode()
    assert "2020-01-01" in answer.content.decode()


def test_roles_change_on_the_page(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.ada)
    client.post(f"/settings/people/{cast.tom.pk}/roles/", {"roles": ["trainer", "lead"]})
    cast.tom.refresh_from_db()
    assert cast.tom.roles == ["lead", "trainer"]


@pytest.mark.parametrize(
    ("who", "roles", "sentence"),
    [
        ("ada", ["lead"], "the only admin"),
        ("tom", [], "at least one role"),
        ("tom", ["rep"], "need a team"),
        ("tom", ["king"], "not one of the available choices"),
    ],
)
def test_roles_that_cannot_be_are_refused(
    cast: make.Cast, client: Client, who: str, roles: list[str], sentence: str
) -> None:
    client.force_login(cast.ada)
    person: User = getattr(cast, who)
    answer = client.post(f"/settings/people/{person.pk}/roles/", {"roles": roles})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    before = person.roles
    person.refresh_from_db()
    assert person.roles == before


def test_the_last_admin_stays(cast: make.Cast) -> None:
    with pytest.raises(actions.Invalid):
        actions.deactivate(user=cast.ada, by=cast.ada, now=timezone.now())
    second = make.user("Ada Two", Role.ADMIN)
    actions.deactivate(user=cast.ada, by=second, now=timezone.now())
    assert not User.objects.get(pk=cast.ada.pk).is_active


def test_deactivating_ends_session_token_passkey_and_place(cast: make.Cast, client: Client) -> None:
    phone = Client()
    phone.force_login(cast.rosa)
    Token.objects.create(user=cast.rosa)
    Authenticator.objects.create(user=cast.rosa, type="totp", data={})
    assert phone.get("/settings/").status_code == 200

    client.force_login(cast.ada)
    client.post(f"/settings/people/{cast.rosa.pk}/deactivate/")

    assert phone.get("/settings/").status_code == 302
    assert not Token.objects.exists()
    assert not Authenticator.objects.exists()
    assert places(cast.rosa) == [("North", make.FIRST_DAY, timezone.now().date())]


def test_an_old_session_does_not_come_back_with_its_person(cast: make.Cast) -> None:
    phone = Client()
    phone.force_login(cast.rosa)
    actions.deactivate(user=cast.rosa, by=cast.ada, now=timezone.now())
    actions.invite_again(user=cast.rosa, by=cast.ada, now=timezone.now())
    assert phone.get("/settings/").status_code == 302
