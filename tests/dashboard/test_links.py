"""No link on these pages leads a person to a closed door."""

import html
import re

import pytest
from django.test import Client

from tests import make
from tests.dashboard.conftest import World

pytestmark = pytest.mark.django_db


def links(page: str) -> set[str]:
    """Return the addresses a page's own content leads to."""
    content = page.partition("<main")[2]
    found = {html.unescape(link) for link in re.findall(r'href="([^"]+)"', content)}
    return {link.partition("#")[0] for link in found if link.startswith("/")}


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa"])
def test_every_link_opens_for_who_sees_it(
    client: Client, cast: make.Cast, world: World, who: str
) -> None:
    client.force_login(getattr(cast, who))
    pages = ["/", world.refused.get_absolute_url(), "/search/?q=price"]
    found = set().union(*(links(client.get(page).content.decode()) for page in pages))
    assert len(found) > 5
    closed = {link: client.get(link).status_code for link in found}
    assert not {link: code for link, code in closed.items() if code not in (200, 302)}
