"""`manage.py add_admin`: the first admin of an installation."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from align.people.models import Role, User
from tests import make

pytestmark = pytest.mark.django_db


def add_admin(*arguments: str) -> str:
    out = StringIO()
    call_command("add_admin", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_admin_gets_a_link_that_sets_a_password(client: Client) -> None:
    said = add_admin("Grace@Company.example", "--name", "Grace")

    grace = User.objects.get(email="grace@company.example")
    assert grace.name == "Grace"
    assert grace.is_admin
    assert not grace.has_usable_password()
    link = re.search(rf"{re.escape(settings.BASE_URL)}(/\S+)", said)
    assert link is not None
    page = client.get(link[1], follow=True)
    password = "a new long password 9"
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    grace.refresh_from_db()
    assert grace.check_password(password)


def test_somebody_who_is_here_becomes_an_admin_and_keeps_the_rest() -> None:
    cast = make.cast()

    said = add_admin(cast.tom.email)

    cast.tom.refresh_from_db()
    assert cast.tom.roles == [Role.TRAINER, Role.ADMIN]
    assert "the password they have" in said


def test_doing_it_twice_changes_nothing() -> None:
    add_admin("grace@company.example")
    add_admin("grace@company.example")

    assert User.objects.get().roles == [Role.ADMIN]


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="is not an e-mail address"):
        add_admin("grace")


def test_somebody_of_the_example_cannot_be_the_admin_of_a_real_company() -> None:
    User.objects.create(email="ada@example.com", name="Ada", example=True)

    with pytest.raises(CommandError, match="belongs to the example company"):
        add_admin("ada@example.com")
