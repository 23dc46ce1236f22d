"""The coverage page of 200 objectives and 300 modules is as light as that of a few."""

import gzip
import os
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from strategy import engine
from tests.make import NOW
from tests.scale import company
from tests.scale.company import Company, Size

pytestmark = pytest.mark.django_db

QUERIES, ELEMENTS, BYTES = 15, 3000, 30_000
ROWS, COLUMNS = 40, 24
# The page draws objectives and modules, not people: fewer completions look the same. The full
# size is looked at with ALIGN_SCALE=1.
PART = Size(objectives=200, modules=300, people=2000, completions=20_000, observations=10_000)
SIZE = company.FULL if os.environ.get("ALIGN_SCALE") == "1" else PART


@pytest.fixture
def grown() -> Iterator[Company]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        made = company.build(SIZE)
        engine.judge_all(now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            cursor.execute("ANALYZE")
        yield made


def elements(page: str) -> int:
    return len(re.findall(r"<[a-zA-Z]", page))


def test_every_zoom_keeps_within_its_budget(client: Client, grown: Company) -> None:
    client.force_login(grown.cast.lena)
    theme = grown.objectives[0].theme_id
    program = grown.modules[0].program_id
    team = grown.teams[0].parent_id
    too_much = {}
    for query in (
        "",
        "rows=themes",
        "rows=objectives",
        "rows=objectives&across=2",
        "cols=modules",
        "rows=objectives&cols=modules",
        "cols=behaviors",
        f"theme={theme}",
        f"program={program}",
        f"theme={theme}&program={program}",
        "rows=gaps",
        f"team={team}",
        f"as_of={(NOW - timedelta(days=40)).date()}",
        f"rows=objectives&team={team}&as_of={(NOW - timedelta(days=40)).date()}",
    ):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"/coverage/?{query}")
        page = response.content.decode()
        assert response.status_code == 200, query
        # What starts and ends a part of a transaction, and how it is to be planned, reads no rows.
        read = [row["sql"] for row in asked if not re.match(r"SAVEPOINT|RELEASE|SET ", row["sql"])]
        weight = len(gzip.compress(response.content, 6))
        found = (len(read), elements(page), weight)
        if any(part > most for part, most in zip(found, (QUERIES, ELEMENTS, BYTES), strict=True)):
            too_much[query] = found
        assert page.count("<tr") <= ROWS + 12, query  # and a head, and one row a theme
    assert not too_much
