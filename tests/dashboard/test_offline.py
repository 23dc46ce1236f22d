"""What lets the forms of the field work without a connection, on the side of the server."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests import make
from tests.dashboard.conftest import Read

pytestmark = pytest.mark.django_db

QUEUE = {"X-Align-Queue": "1"}
REPORT = {"about": "none", "stance": "works", "text": "They signed."}


def test_the_service_worker_comes_from_the_root_to_everybody(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_service_worker_stores_no_other_page(client: Client) -> None:
    text = client.get("/sw.js").content.decode()
    assert re.findall(r"const FORMS = \[(.*)\];", text) == ['"/tell/", "/team/visits/new/"']


def test_a_script_is_told_where_a_form_led(client: Client, cast: make.Cast) -> None:
    client.force_login(cast.rosa)
    sent = client.post("/tell/", REPORT, headers=QUEUE)
    assert sent.status_code == 204
    assert sent.headers["X-Align-Location"].startswith("/tell/sent/")
    assert "Location" not in sent.headers
    assert client.get(sent.headers["X-Align-Location"]).status_code == 200


def test_a_script_is_told_that_somebody_has_to_sign_in(client: Client) -> None:
    for answer in (
        client.get("/tell/", headers=QUEUE),
        client.post("/tell/", REPORT, headers=QUEUE),
    ):
        assert answer.status_code == 401
        assert "X-Align-Location" not in answer.headers


def test_what_is_wrong_is_answered_as_ever(client: Client, cast: make.Cast) -> None:
    client.force_login(cast.rosa)
    assert client.post("/tell/", {}, headers=QUEUE).status_code == 422


def test_without_a_script_it_is_a_redirect(client: Client, cast: make.Cast) -> None:
    client.force_login(cast.rosa)
    assert client.post("/tell/", REPORT).status_code == 302


def test_a_phone_knows_people_by_a_key_that_says_nothing(read: Read, cast: make.Cast) -> None:
    keys = {}
    for person in (cast.rosa, cast.mia):
        page = read(person, "/")
        [keys[person.pk]] = re.findall(r'data-person="([0-9a-f]{32})"', page)
        assert read(person, "/settings/").count(keys[person.pk]) == 1
    assert len(set(keys.values())) == 2
    assert settings.SECRET_KEY not in keys.values()


def test_before_the_sign_in_nobody_is_named(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "data-person" not in page
    assert "data-kept" in page
