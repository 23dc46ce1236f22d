"""What went wrong is said in plain words, and never needs the database to say it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

from align.people.middleware import unavailable

PAGES = {
    "400": "This could not be read",
    "403": "This page is not for you",
    "403_csrf": "The form was open too long",
    "404": "Nothing here",
    "413": "This is too large",
    "429": "Too many attempts",
    "500": "Something broke",
    "503": "Back in a moment",
}


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    return rf.get("/somewhere/")


# None of these tests may touch the database: without the mark, pytest-django refuses.
@pytest.mark.parametrize(("page", "heading"), PAGES.items())
def test_each_error_has_a_page_of_its_own(page: str, heading: str) -> None:
    html = render_to_string(f"{page}.html")

    assert f"<h1>{heading}</h1>" in html
    assert f"<title>{heading} - Align</title>" in html
    assert 'id="main"' in html


def test_a_refusal_says_for_whom_the_page_is(request_: HttpRequest) -> None:
    answer = defaults.permission_denied(request_, PermissionDenied("This is for <managers>."))

    assert answer.status_code == 403
    assert "This is for &lt;managers&gt;." in answer.content.decode()


def test_what_is_not_there_does_not_say_why(request_: HttpRequest) -> None:
    answer = defaults.page_not_found(request_, Exception("No Objective matches"))

    assert answer.status_code == 404
    assert "Objective" not in answer.content.decode()


def test_the_server_and_the_database_may_be_broken(request_: HttpRequest) -> None:
    assert "Something broke" in defaults.server_error(request_).content.decode()
    assert "Back in a moment" in unavailable(request_).content.decode()


def test_a_stale_form_is_explained(request_: HttpRequest) -> None:
    answer = csrf_failure(request_)

    assert answer.status_code == 403
    assert "The form was open too long" in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_page_is_friendly_from_the_front_door(client: Client) -> None:
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
