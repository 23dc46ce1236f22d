"""The addresses that Django's admin site and allauth bring: walked whole, by a rule each."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.strangers import world
from tests.strangers.test_strangers import named, session_of

ARGUMENTS = {
    "app_label": "people",
    "content_type_id": "1",
    "key": "x",
    "object_id": "1",
    "uidb36": "1",
    "url": "nothing/",
}
PUBLIC = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_login_webauthn",
}


def addresses(*prefixes: str) -> dict[str, str]:
    """Return an address of every name, each argument filled with something."""
    found = {}
    for name, pattern in named(get_resolver().url_patterns, ""):
        if name.startswith(prefixes) and not name.endswith(":None"):
            found[name] = address_of(name, arguments=[*pattern.pattern.regex.groupindex])
    return found


def address_of(name: str, *, arguments: list[str]) -> str:
    try:
        return reverse(name, kwargs={key: ARGUMENTS[key] for key in arguments})
    except NoReverseMatch:  # an argument of the address it is included at
        return reverse(name, kwargs={"pk": 1})


def walk(role: str, found: dict[str, str], *, method: str = "GET") -> dict[str, int]:
    small = world.build()
    client = Client(raise_request_exception=False)
    cookie = session_of(small, role)
    statuses = {}
    for name, address in found.items():
        client.cookies.clear()
        if cookie:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        with transaction.atomic():
            statuses[name] = client.generic(method, address).status_code
            transaction.set_rollback(True)
    return statuses


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["nobody", "rep", "trainer", "manager", "lead"])
def test_the_admin_site_is_for_admins(role: str, method: str) -> None:
    statuses = walk(role, addresses("admin:"), method=method)
    assert len(statuses) > 30
    assert {name: code for name, code in statuses.items() if code not in {302, 403}} == {}


@pytest.mark.django_db
def test_the_admin_site_shows_people_to_admins() -> None:
    statuses = walk("admin", addresses("admin:"))
    assert statuses["admin:index"] == statuses["admin:people_user_changelist"] == 200
    assert statuses["admin:people_user_add"] == 403
    assert not [name for name, code in statuses.items() if code >= 500]


@pytest.mark.django_db
def test_what_is_about_an_account_asks_for_the_sign_in() -> None:
    statuses = walk("nobody", addresses("account_", "mfa_"))
    opened = {name for name, code in statuses.items() if code == 200}
    assert opened <= PUBLIC
    assert not [name for name, code in statuses.items() if code >= 500]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["rep", "admin"])
def test_an_own_account_never_breaks(role: str) -> None:
    statuses = walk(role, addresses("account_", "mfa_"))
    assert not [name for name, code in statuses.items() if code >= 500]
