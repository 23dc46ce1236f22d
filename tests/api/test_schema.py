"""The schema, and the page that people read instead."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.api.caller import Caller


def test_the_schema_is_valid_and_complete() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_the_handbook_names_every_kind_of_object(rosa: Caller) -> None:
    handbook = (settings.BASE_DIR / "docs" / "api.md").read_text()
    paths = rosa.client.get("/api/schema/").json()["paths"]
    kinds = {address.split("/")[3] for address in paths}
    assert {kind for kind in kinds if f"`{kind}/`" not in handbook} == set()


def test_the_schema_is_served_to_those_who_signed_in(rosa: Caller) -> None:
    answer = rosa.client.get("/api/schema/")
    assert answer.status_code == 200
    assert "/api/v1/reports/" in answer.json()["paths"]
    assert Client().get("/api/schema/").status_code == 401


def test_what_goes_in_is_closed_and_every_refusal_has_one_shape(rosa: Caller) -> None:
    schema = rosa.client.get("/api/schema/").json()
    shapes = schema["components"]["schemas"]
    taken = [name for name in shapes if name.endswith("Request")]
    assert taken
    assert all(shapes[name]["additionalProperties"] is False for name in taken)
    refusals = {
        operation["responses"]["default"]["content"]["application/json"]["schema"]["$ref"]
        for operations in schema["paths"].values()
        for operation in operations.values()
    }
    assert refusals == {"#/components/schemas/Error"}


@pytest.mark.parametrize("person", ["rosa", "ada"])
def test_the_page_names_every_operation(person: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(person).client
    page = client.get("/api/").content.decode()
    for address, operations in client.get("/api/schema/").json()["paths"].items():
        for method in operations:
            assert f"{method.upper()} {address}" in page


def test_the_page_needs_nothing_from_elsewhere(rosa: Caller) -> None:
    page = rosa.client.get("/api/").content.decode()
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page)
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_page_is_for_those_who_signed_in(db: None) -> None:
    answer = Client().get("/api/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
