"""Every list costs a fixed number of queries, however long it is."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from align.people.models import Role
from tests.api.caller import Caller
from tests.strangers import world

LISTS = {
    "strategies/": 5,
    "objectives/": 8,
    "drafts/": 6,
    "revisions/": 5,
    "consultations/": 3,
    "concerns/": 4,
    "comments/": 4,
    "suggestions/": 3,
    "briefs/": 3,
    "acknowledgments/": 3,
    "recall/": 3,
    "teach-backs/": 3,
    "history/": 3,
    "behaviors/": 4,
    "coverage/": 12,
    "modules/": 4,
    "versions/": 3,
    "mappings/": 3,
    "completions/": 3,
    "drivers/": 3,
    "waivers/": 3,
    "barriers/": 5,
    "deliveries/": 3,
    "seats/": 3,
    "assignments/": 3,
    "imports/": 3,
    "observations/": 3,
    "assessments/": 3,
    "reports/": 3,
    "decisions/": 7,
    "flags/": 5,
    "notices/": 3,
    "people/": 4,
    "teams/": 3,
    "sales-roles/": 3,
    "audiences/": 3,
}


@pytest.fixture
def small(db: None) -> world.World:
    """Build the world twice over, so that a query a row shows."""
    return world.build()


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_whatever_its_length(address: str, small: world.World) -> None:
    lena = small.people["lead"]
    assert lena is not None
    lena.roles = list(Role.values)
    lena.save()
    caller = Caller(lena)
    caller.get(address)
    few = cost(caller, address, page_size=1)
    many = cost(caller, address)
    assert few <= many <= LISTS[address]


def cost(caller: Caller, address: str, **query: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(address, **query).status_code == 200
    return len(queries)
