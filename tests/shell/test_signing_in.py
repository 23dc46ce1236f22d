"""The pages around signing in are ours, in our words, and clean under the policy."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from align.people.models import User
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


@pytest.fixture
def lena() -> User:
    lena = make.cast().lena
    lena.set_password(PASSWORD)
    lena.save()
    return lena


def sign_in(client: Client, user: User, password: str = PASSWORD) -> HttpResponse:
    answer: HttpResponse = client.post(
        "/accounts/login/", {"login": user.email, "password": password}
    )  # type: ignore[assignment]
    return answer


def text(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def clean(html: str) -> bool:
    """Whether a page holds nothing the content security policy would refuse."""
    scripts = re.findall(r"<script\b([^>]*)>", html)
    data = all(" src=" in each or 'type="application/json"' in each for each in scripts)
    return data and not re.search(r"<style|\sstyle=|\son[a-z]+=", html)


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/password/reset/", "Set a new password"),
        ("/accounts/password/reset/done/", "Look into your mail"),
        ("/accounts/password/reset/key/done/", "Your password is set"),
        ("/accounts/password/reset/key/1-nothing/", "This link no longer works"),
        ("/accounts/signup/", "By invitation only"),
        ("/accounts/inactive/", "You may not sign in"),
    ],
)
def test_strangers_read_our_pages(client: Client, address: str, heading: str) -> None:
    answer = client.get(address)

    assert f"<h1>{heading}</h1>" in text(answer)
    assert f"<title>{heading} - Align</title>" in text(answer)
    assert clean(text(answer))


def test_whoever_signs_in_lands_on_today_with_a_word(client: Client, lena: User) -> None:
    answer = sign_in(client, lena)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "You are signed in." in text(client.get("/settings/"))


def test_a_wrong_password_is_a_problem_that_is_named(client: Client, lena: User) -> None:
    answer = sign_in(client, lena, password="wrong")

    assert "<title>Problem: Sign in - Align</title>" in text(answer)
    assert "There is a problem" in text(answer)
    assert lena.email in text(answer)


def test_a_forgotten_password_is_set_by_mail(client: Client, lena: User) -> None:
    client.post("/accounts/password/reset/", {"email": lena.email})
    assert mail.outbox[0].subject == "Align: set a new password"
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    form = client.get(found[1], follow=True)
    assert "<h1>Choose your password</h1>" in text(form)

    new = "another long pass phrase"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert sign_in(client, lena, password=new).status_code == 302


def test_an_unknown_address_learns_nothing_on_the_page(client: Client, lena: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": lena.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "no@example.com"}, follow=True)

    assert "Look into your mail" in text(known)
    assert "Look into your mail" in text(unknown)
    assert "It is not known there" in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/accounts/logout/", "Sign out"),
        ("/accounts/password/change/", "Change your password"),
        ("/accounts/2fa/", "Second factor"),
        ("/accounts/2fa/totp/activate/", "Set up an app"),
        ("/accounts/2fa/webauthn/", "Passkeys and security keys"),
        ("/accounts/2fa/webauthn/add/", "Add a passkey"),
    ],
)
def test_people_find_how_they_sign_in(
    client: Client, lena: User, address: str, heading: str
) -> None:
    sign_in(client, lena)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(address)

    assert f"<h1>{heading}</h1>" in text(answer)
    assert clean(text(answer))
    assert 'aria-label="Main"' in text(answer)


def test_what_changes_the_sign_in_asks_once_more(client: Client, lena: User) -> None:
    sign_in(client, lena)
    answer = client.get("/accounts/2fa/totp/activate/", follow=True)

    assert "<h1>Is it you?</h1>" in text(answer)
    assert clean(text(answer))


def test_a_second_factor_is_asked_for(client: Client, lena: User) -> None:
    TOTP.activate(lena, generate_totp_secret())
    code, other, *_ = RecoveryCodes.activate(lena).get_unused_codes()
    sign_in(client, lena)
    asked = client.get("/accounts/2fa/authenticate/")
    assert "<h1>One more step</h1>" in text(asked)
    assert clean(text(asked))

    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "There is a problem" in text(wrong)

    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    client.post("/accounts/2fa/reauthenticate/", {"code": other})
    assert "<h1>Recovery codes</h1>" in text(client.get("/accounts/2fa/recovery-codes/"))


def test_signing_out_takes_one_button(client: Client, lena: User) -> None:
    sign_in(client, lena)

    assert "You are signed out." in text(client.post("/accounts/logout/", follow=True))
