import re

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from align.people.models import User
from tests import make
from tests.api.caller import BASE, Caller


def with_token(key: str) -> Client:
    return Client(headers={"authorization": f"Token {key}"})


@pytest.fixture
def key(rosa: Caller) -> str:
    answer = rosa.post("me/token/")
    assert answer.status_code == 201
    made: str = answer.json()["token"]
    return made


def test_a_token_signs_its_person_in(key: str) -> None:
    assert with_token(key).get(f"{BASE}me/").json()["name"] == "Rosa"


def test_the_table_holds_no_token_only_its_hash(key: str) -> None:
    assert Token.objects.get().key != key
    assert with_token(Token.objects.get().key).get(f"{BASE}me/").status_code == 401


def test_a_new_token_ends_the_one_before(key: str, rosa: Caller) -> None:
    fresh = rosa.post("me/token/").json()["token"]
    assert with_token(key).get(f"{BASE}me/").status_code == 401
    assert with_token(fresh).get(f"{BASE}me/").status_code == 200


def test_a_token_is_revoked(key: str, rosa: Caller) -> None:
    assert rosa.delete("me/token/").status_code == 204
    assert with_token(key).get(f"{BASE}me/").status_code == 401
    assert rosa.get("me/").json()["token_since"] is None


def test_a_token_cannot_make_tokens(key: str) -> None:
    assert with_token(key).post(f"{BASE}me/token/").status_code in {401, 403}
    assert Token.objects.count() == 1


def test_a_token_ends_with_the_right_to_sign_in(key: str, cast: make.Cast) -> None:
    User.objects.filter(pk=cast.rosa.pk).update(is_active=False)
    assert with_token(key).get(f"{BASE}me/").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token \xff", "Token " + "x" * 4000])
def test_a_broken_token_is_401(db: None, header: str) -> None:
    answer = Client(headers={"authorization": header}).get(f"{BASE}me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["code"] == "not_authenticated"


def test_a_session_writes_only_with_its_csrf_token(cast: make.Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rosa)
    assert client.post(f"{BASE}me/token/").status_code == 403
    assert not Token.objects.exists()


def test_a_token_needs_no_csrf(key: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Token {key}"})
    answer = client.post(f"{BASE}notices/read/", content_type="application/json")
    assert answer.status_code == 200


def test_a_person_makes_and_ends_a_token_on_a_page(rosa: Caller) -> None:
    assert "No token of yours works" in rosa.client.get("/api/token/").content.decode()
    page = rosa.client.post("/api/token/").content.decode()
    [key] = re.findall(r"<code>([0-9a-f]{40})</code>", page)
    assert with_token(key).get(f"{BASE}me/").json()["name"] == "Rosa"
    again = rosa.client.get("/api/token/").content.decode()
    assert key not in again
    assert "Make another" in again
    assert rosa.client.post("/api/token/end/", follow=True).status_code == 200
    assert with_token(key).get(f"{BASE}me/").status_code == 401


def test_a_page_that_was_only_looked_at_makes_no_token(rosa: Caller) -> None:
    rosa.client.get("/api/token/")
    assert not Token.objects.exists()


def test_nobody_is_401(db: None) -> None:
    answer = Caller().get("objectives/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
