"""One number everywhere: page and print, export and API agree to the digit, on any day.

``ALIGN_WORLDS=500`` looks at so many worlds instead of the few of an ordinary run.
"""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategy.config import Config
from tests.make import NOW
from tests.training import worlds
from training import coverage

pytestmark = pytest.mark.django_db

some = settings(
    max_examples=max(int(os.environ.get("ALIGN_WORLDS", "0")) // 4, 12),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
days = st.sampled_from([0, 0, 1, 10, 40, 91])
WHOM = st.sampled_from([None, None, 0, 1, 3])


@pytest.fixture
def ground() -> Iterator[worlds.Ground]:
    with time_machine.travel(NOW, tick=False):
        yield worlds.ground()


@dataclass
class Table(HTMLParser):
    """The rows of the matrix as a person reads them, by the code of the objective."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    row: dict[str, str] = field(default_factory=dict)
    cell: str = ""
    unseen: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "tr":
            self.row = {}
        elif tag in ("td", "th"):
            self.cell = known.get("data-l") or known.get("class") or ""
        elif self.cell == "obj" and known.get("class") == "code":
            self.cell = "code"

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.row[self.cell] = f"{self.row.get(self.cell, '')} {data}".strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") or (tag == "span" and self.cell == "code"):
            self.cell = ""
        elif tag == "tr" and "code" in self.row:
            self.rows[self.row["code"]] = self.row


def read(page: str) -> dict[str, dict[str, str]]:
    table = Table()
    table.feed(page.partition('<table class="mx matrix')[2].partition("</table>")[0])
    return table.rows


@some
@given(world=worlds.worlds(), ago=days, whom=WHOM)
def test_page_export_and_api_say_the_same_digits(
    ground: worlds.Ground, client: Client, world: worlds.World, ago: int, whom: int | None
) -> None:
    with worlds.built(world, ground) as rows:
        coverage.judge(None, NOW, Config())
        client.force_login(ground.lena)
        asked: dict[str, Any] = {}
        if ago:
            asked["as_of"] = (NOW - timedelta(days=ago)).date().isoformat()
        if whom is not None:
            asked["team"] = rows.teams[whom].pk
        page = read(client.get("/coverage/", asked).content.decode())
        export = client.get("/coverage.csv", asked).content.decode("utf-8-sig")
        lines = {line["code"]: line for line in csv.DictReader(io.StringIO(export))}
        shown = {
            row["code"]: row for row in client.get("/api/v1/coverage/", asked).json()["results"]
        }
        assert page.keys() == lines.keys() == shown.keys()
        for code, row in shown.items():
            same(page[code], lines[code], row)
            cells = client.get(f"/api/v1/coverage/{row['objective']}/cells/", asked).json()["cells"]
            assert len(cells) == row["cells"]
            assert sum(cell["covered"] for cell in cells) == row["covered"]
        summary = client.get("/api/v1/coverage/summary/", asked).json()
        gaps = client.get("/coverage/gaps.csv", asked).content.decode("utf-8-sig")
        missing = summary["covered"]["whole"] - summary["covered"]["part"]
        assert len(list(csv.DictReader(io.StringIO(gaps)))) == missing
        whole = client.get("/coverage/", asked).content.decode()
        if page:
            covered = summary["covered"]
            assert f"{covered['part']:,} of {covered['whole']:,}</b> cells" in whole
            assert f"{summary['hours']['said']}</b> of the hours" in whole


def same(page: dict[str, str], line: dict[str, str], row: dict[str, Any]) -> None:
    """Compare the three for one objective."""
    assert line["depth"].lower() == (row["depth"] or "undefined")
    if line["shown"] not in ("too few", "undefined"):
        assert line["shown"].lower() == row["shown"]
    assert line["evidence"] == row["evidence"]
    assert (line["cells covered"], line["cells"]) == (str(row["covered"]), str(row["cells"]))
    if row["cells"]:
        assert f"{row['covered']} of {row['cells']} covered" in page["dp"]
    for name, column, part, whole in (
        ("reach", "Reach", "people reached", "people"),
        ("seen", "Seen", "seen at standard", "people observed"),
    ):
        figure = row[name]
        assert line[f"{name} %"] == figure["said"].removesuffix("%")
        assert page[column].startswith(figure["said"])
        if not figure["hidden"]:
            assert (line[part], line[whole]) == (str(figure["part"]), str(figure["whole"]))
        if figure["percent"] is not None:
            assert f"{figure['part']} of {figure['whole']}" in page[column]
    planned = row["planned"]
    if planned["part"]:
        assert f"{planned['part']} planned" in page["Reach"]
    assert line["people planned"] == ("" if planned["hidden"] else str(planned["part"]))
    change = row["change"]
    assert line["changed cells"] == str(change["whole"])
    if change["whole"]:
        assert page["Change"] == f"{change['part']} of {change['whole']}"
