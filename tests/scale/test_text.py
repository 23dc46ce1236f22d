"""However much has been written, a page of text costs the same and stays light."""

import gzip
import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from tests.scale import grown
from tests.scale.grown import Grown

pytestmark = pytest.mark.django_db

KB = 1000
QUERIES_AT_MOST = 20
ELEMENTS_AT_MOST = 3000


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Grown]:
    """Build it once for all tests here, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield grown.grow()
        transaction.set_rollback(True)


def small(large: Grown) -> Grown:
    """Three objectives of two revisions each, beside the large ones, with the same people."""
    return grown.grow(cast=large.cast, name="Small", objectives=3, revisions=2)


def pages(found: Grown) -> dict[str, str]:
    objective = found.objective
    return {
        "strategy": found.strategy.get_absolute_url(),
        "objective": objective.get_absolute_url(),
        "compare": f"/objectives/{objective.pk}/compare/",
        "history": f"/objectives/{objective.pk}/history/",
    }


def test_it_is_as_large_as_it_says(large: Grown) -> None:
    objectives = large.strategy.objectives
    assert objectives.count() == 200
    assert objectives.values("behaviors").count() == 1000
    assert objectives.values("revisions").count() == 8000


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa"])
def test_pages_cost_what_they_cost_for_a_small_strategy(
    large: Grown, client: Client, who: str
) -> None:
    client.force_login(getattr(large.cast, who))
    few, many = pages(small(large)), pages(large)
    for page, address in many.items():
        cost = queries(client, address)
        assert cost == queries(client, few[page]), page
        assert cost <= QUERIES_AT_MOST, page


@pytest.mark.parametrize("who", ["lena", "rosa"])
def test_pages_stay_light(large: Grown, client: Client, who: str) -> None:
    client.force_login(getattr(large.cast, who))
    for page, address in pages(large).items():
        light(client, address, page)


def test_every_theme_and_page_of_the_text_stays_light(large: Grown, client: Client) -> None:
    client.force_login(large.cast.lena)
    address = large.strategy.get_absolute_url()
    shown = set[str]()
    for theme in large.strategy.themes.all():
        more = f"?theme={theme.pk}"
        while more:
            body = light(client, address + more, theme.name)
            shown |= set(re.findall(r'<section id="(a\d+)"', body))
            found = re.search(r'href="([^"]+)">More of this theme', body)
            more = found[1].replace("&amp;", "&") if found else ""
    assert len(shown) == 200, "every objective is on one of the pages"


def test_the_outline_leads_to_the_place_of_every_objective(large: Grown, client: Client) -> None:
    client.force_login(large.cast.rosa)
    address = large.strategy.get_absolute_url()
    links = re.findall(r'<li><a href="(\?theme=[^"]+)"', client.get(address).content.decode())
    assert len(links) == 200
    for link in links[::17]:
        place = link.partition("#")[2]
        body = client.get(address + link.replace("&amp;", "&")).content.decode()
        assert f'<section id="{place}"' in body


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def light(client: Client, address: str, page: str) -> str:
    """Open a page, hold it to the budget of the design, and return it."""
    body: bytes = client.get(address).content
    assert len(gzip.compress(body, 6)) <= 30 * KB, page
    assert len(re.findall(rb"<[a-z]", body)) <= ELEMENTS_AT_MOST, page
    return body.decode()
