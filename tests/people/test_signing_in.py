import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from align.people import actions, cache
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
LOGIN = "/accounts/login/"


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def sign_in(
    client: Client, login: str, password: str = PASSWORD, *, to: str = "", **extra: Any
) -> Any:
    return client.post(
        LOGIN + (f"?next={to}" if to else ""), {"login": login, "password": password}, **extra
    )


def test_the_address_and_the_password_sign_in(cast: make.Cast, client: Client) -> None:
    answer = sign_in(client, "Lena@Example.com")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/settings/").status_code == 200


def test_nobody_signs_up(client: Client) -> None:
    assert "password1" not in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "new@example.com", "password1": "seven green pumps"})
    assert client.get("/settings/").status_code == 302


def test_the_address_is_not_changed_by_its_person(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa)
    assert client.get("/accounts/email/").status_code == 404


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/flags/?mine=1", "/flags/?mine=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("http://testserver/flags/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_on_is_local(cast: make.Cast, client: Client, to: str, location: str) -> None:
    assert sign_in(client, "lena@example.com", to=to)["Location"] == location


def test_a_wrong_password_and_an_unknown_address_look_the_same(
    cast: make.Cast, client: Client
) -> None:
    def shown(login: str) -> str:
        page = sign_in(client, login, "wrong").content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
        return page.replace(login, "")

    assert shown("lena@example.com") == shown("nobody@example.com")


def test_ten_wrong_passwords_lock_that_person_out_and_nobody_else(
    cast: make.Cast, client: Client, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    for _ in range(9):
        assert sign_in(client, "rosa@example.com", "wrong").status_code == 200
    assert sign_in(client, "rosa@example.com", "wrong").status_code == 429
    assert sign_in(client, "Rosa@Example.com").status_code == 429, "the right one has to wait too"
    assert sign_in(Client(), "rosa@example.com", REMOTE_ADDR="10.0.0.9").status_code == 302
    assert sign_in(client, "lena@example.com").status_code == 302


def test_a_right_password_begins_the_count_again(
    cast: make.Cast, client: Client, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    for _ in range(2):
        for _ in range(9):
            sign_in(Client(), "rosa@example.com", "wrong")
        assert sign_in(Client(), "rosa@example.com").status_code == 302


class TestWithoutTheCache:
    @pytest.fixture(autouse=True)
    def nothing_listens(self, settings: Settings) -> Any:
        settings.ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/5m/key"}
        away = {
            "BACKEND": "align.people.cache.ForgivingCache",
            "LOCATION": "redis://127.0.0.1:9",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        settings.CACHES = {"default": away, "broker": away}
        cache.breaker.reset()
        yield
        cache.breaker.reset()

    def test_people_still_sign_in(self, cast: make.Cast, client: Client) -> None:
        assert sign_in(client, "rosa@example.com").status_code == 302

    def test_guessing_is_still_slowed_down(
        self, cast: make.Cast, client: Client, settings: Settings
    ) -> None:
        settings.AXES_ENABLED = True
        answers = [sign_in(client, "rosa@example.com", "wrong").status_code for _ in range(10)]
        assert answers[-1] == 429

    def test_it_is_asked_once_and_then_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        empty = caches["default"]
        assert empty.get("key", "otherwise") == "otherwise"
        assert cache.breaker.open

        def asked(*args: object) -> None:
            raise AssertionError("the cache was asked again")

        monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", asked)
        assert empty.get("key") is None
        assert empty.add("key", 1) is True
        assert empty.delete("key") is False
        assert empty.touch("key") is False
        empty.set("key", 1)


def test_the_cache_keeps_what_it_is_given() -> None:
    cache.breaker.reset()
    kept = caches["default"]
    kept.set("tests:people", 3, 5)
    assert kept.get("tests:people") == 3
    assert kept.add("tests:people", 4, 5) is False
    assert kept.touch("tests:people", 5) is True
    assert kept.delete("tests:people") is True


def test_a_forgotten_password_is_set_anew(cast: make.Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "rosa@example.com"})
    [letter] = mail.outbox
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert found
    form = client.get(found.group(1), follow=True)
    chosen = {"password1": "seven green pumps", "password2": "seven green pumps"}
    client.post(form.request["PATH_INFO"], chosen)
    assert sign_in(Client(), "rosa@example.com", "seven green pumps").status_code == 302
    assert sign_in(Client(), "rosa@example.com").status_code == 200


def test_asking_for_a_password_tells_nothing(cast: make.Cast, client: Client) -> None:
    known = client.post("/accounts/password/reset/", {"email": "rosa@example.com"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_somebody_disabled_gets_no_new_password(cast: make.Cast, client: Client) -> None:
    actions.deactivate(user=cast.rosa, by=cast.ada, now=NOW)
    client.post("/accounts/password/reset/", {"email": "rosa@example.com"})
    assert not any("password/reset/key" in letter.body for letter in mail.outbox)


def test_a_second_factor_can_be_added_after_a_reset(cast: make.Cast, client: Client) -> None:
    """allauth notes the address as unverified with a reset, and would refuse from then on."""
    client.post("/accounts/password/reset/", {"email": "rosa@example.com"})
    assert EmailAddress.objects.filter(user=cast.rosa, verified=False).exists()
    sign_in(client, "rosa@example.com")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for page in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/"):
        assert client.get(page).status_code == 200, page


def test_who_was_away_proves_the_password_again(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa, backend="allauth.account.auth_backends.AuthenticationBackend")
    away = client.get("/accounts/2fa/totp/activate/")
    assert away["Location"].startswith("/accounts/reauthenticate/")
    wrong = client.post(away["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    right = client.post(away["Location"], {"password": PASSWORD})
    assert right["Location"] == "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize(
    "page",
    ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"],
)
def test_the_pages_before_the_sign_in_open(client: Client, page: str) -> None:
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/accounts/logout/"])
def test_the_pages_behind_it_open(cast: make.Cast, client: Client, page: str) -> None:
    client.force_login(cast.rosa)
    assert client.get(page).status_code == 200


def test_signing_out_takes_a_post(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa)
    client.get("/accounts/logout/")
    assert client.get("/settings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/settings/").status_code == 302
