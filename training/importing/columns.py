"""Which column says what: guessed from its name, confirmed by a person."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from training.importing.reading import Table

FIELDS = {
    "person": "Person, by e-mail address",
    "module": "Module, by code, title or address",
    "completed": "Completed on",
    "score": "Score in per cent",
    "status": "Status",
    "external_id": "Its id in the other system",
}
NEEDED = ("person", "module", "completed")

# As learning platforms name them in their exports, in the order in which to prefer them.
NAMES = {
    "person": (
        "email address", "email", "e mail", "user email", "learner email", "employee email",
        "username", "user name", "login", "user", "learner", "person",
    ),
    "module": (
        "module code", "course code", "course id", "course short name", "module", "course",
        "course name", "course title", "course full name", "activity", "training", "learning item",
        "content", "item id", "title", "code",
    ),
    "completed": (
        "completed at", "completed on", "completion date", "date completed", "completion time",
        "time completed", "completed", "finished at", "finished on", "end date", "date",
        "timestamp",
    ),
    "score": (
        "score", "score percent", "final score", "grade", "result", "percent", "points", "mark",
    ),
    "status": ("status", "completion status", "state", "enrollment status", "progress status"),
    "external_id": (
        "completion id", "transcript id", "enrollment id", "external id", "record id", "attempt id",
        "id",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The place of each field in a line, and how days are written."""

    person: int
    module: int
    completed: int
    score: int | None = None
    status: int | None = None
    external_id: int | None = None
    day_first: bool = True

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def guess(table: Table) -> dict[str, int]:
    """Return which column looks like which field; no column is guessed twice."""
    words = [_words(name) for name in table.header]
    found: dict[str, int] = {}
    for field, names in NAMES.items():
        for name in names:
            place = next((at for at, word in enumerate(words) if word == name), None)
            if place is not None and place not in found.values():
                found[field] = place
                break
    if "person" not in found:
        place = _with_addresses(table)
        if place is not None:
            found["person"] = place
    return found


def _words(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9%]+", name.lower().replace("%", " percent ")))


def _with_addresses(table: Table) -> int | None:
    for at in range(len(table.header)):
        sample = table.sample(at)
        if sample and all("@" in cell for cell in sample):
            return at
    return None


def order_of_days(cells: list[str]) -> bool | None:
    """Say whether days such as 03/04/2026 begin with the day; None where nothing tells."""
    pairs = [
        (int(match[1]), int(match[2]))
        for cell in cells
        if (match := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b", cell.strip(), re.ASCII))
    ]
    if any(first > 12 for first, _ in pairs):
        return True
    if any(second > 12 for _, second in pairs):
        return False
    return None
