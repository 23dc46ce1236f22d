"""The pages of docs/ name everything there is, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from align.celery import app
from strategy import engine

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OURS = ("align.", "strategy.", "training.", "feedback.", "notices.", "people.")


def tasks() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if name.startswith(OURS))


@pytest.mark.parametrize("rule", engine.rules())
def test_every_rule_has_its_section(rule: str) -> None:
    assert f"### {rule}\n" in (ROOT / "docs/flags.md").read_text()


def test_every_job_stands_in_the_table_with_its_reason() -> None:
    text = (ROOT / "docs/jobs.md").read_text()
    assert len(tasks()) >= 5
    assert [name for name in tasks() if f"| `{name}` |" not in text] == []


def test_every_job_has_a_place_in_the_timetable() -> None:
    planned = {row["task"] for row in app.conf.beat_schedule.values()}
    assert set(tasks()) == planned


def test_every_folder_of_the_house_is_on_the_map() -> None:
    text = (ROOT / "docs/map.md").read_text()
    folders = [
        path.parent.relative_to(ROOT)
        for pattern in ("*/__init__.py", "align/*/__init__.py")
        for path in ROOT.glob(pattern)
        if not str(path.relative_to(ROOT)).startswith(("tests", ".", "align/__init__"))
    ]
    assert [str(folder) for folder in folders if f"`{folder}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_decision_is_numbered_once_and_short() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(set(numbers)) == len(numbers) > 0
    assert [path.name for path in decisions if len(path.read_text().splitlines()) > 60] == []
