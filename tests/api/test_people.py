"""Who sees whom, and what Align tells them."""

from align.notices.models import Notice
from align.people.models import Role
from tests import make
from tests.api.caller import Caller


def names(caller: Caller, **query: object) -> list[str]:
    return [row["name"] for row in caller.rows("people/", **query)]


def test_each_sees_the_people_of_their_place(
    cast: make.Cast, rosa: Caller, mia: Caller, lena: Caller, ada: Caller
) -> None:
    south = make.team("South")
    make.user("Remo", Role.REP, team=south, sales_role=cast.role)
    assert names(rosa) == ["Rosa"]
    assert names(mia) == ["Mia", "Rosa"]
    assert names(lena) == ["Lena"]
    assert names(ada) == ["Ada", "Lena", "Mia", "Remo", "Rosa", "Tom"]


def test_people_are_found_by_role_team_and_state(cast: make.Cast, ada: Caller) -> None:
    assert names(ada, role="manager") == ["Mia"]
    assert names(ada, team=cast.team.pk) == ["Mia", "Rosa"]
    assert names(ada, active="false") == []


def test_a_person_is_shown_with_the_place_of_today(cast: make.Cast, mia: Caller) -> None:
    assert mia.get(f"people/{cast.rosa.pk}/").json() == {
        "id": cast.rosa.pk,
        "name": "Rosa",
        "email": "rosa@example.com",
        "roles": ["rep"],
        "active": True,
        "team": cast.team.pk,
        "sales_role": cast.role.pk,
    }


def test_me(cast: make.Cast, lena: Caller) -> None:
    me = lena.get("me/").json()
    assert (me["name"], me["roles"], me["team"], me["token_since"]) == (
        "Lena",
        ["lead"],
        None,
        None,
    )


def notice(cast: make.Cast, key: str) -> Notice:
    return Notice.objects.create(
        person=cast.rosa, key=key, text="Answered.", link="/", created_at=make.NOW
    )


def test_a_notice_is_read_once(cast: make.Cast, rosa: Caller) -> None:
    one = notice(cast, "a")
    first = rosa.post(f"notices/{one.pk}/read/").json()["read_at"]
    assert first is not None
    assert rosa.post(f"notices/{one.pk}/read/").json()["read_at"] == first


def test_all_notices_are_read_at_once(cast: make.Cast, rosa: Caller, lena: Caller) -> None:
    notice(cast, "a")
    notice(cast, "b")
    assert lena.post("notices/read/").json() == {"read": 0}
    assert len(rosa.rows("notices/", unread="true")) == 2
    assert rosa.post("notices/read/").json() == {"read": 2}
    assert rosa.rows("notices/", unread="true") == []
    assert len(rosa.rows("notices/", unread="false")) == 2


def test_times_are_in_utc_whatever_zone_the_person_shows(cast: make.Cast, rosa: Caller) -> None:
    cast.rosa.zone = "Asia/Tokyo"
    cast.rosa.save()
    notice(cast, "a")
    assert rosa.rows("notices/")[0]["created_at"] == "2026-11-18T09:00:00Z"
