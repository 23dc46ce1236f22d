"""One load while it runs: what it has read, refused and counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from align.load.problems import Problem, Refused
from align.load.reading import Folder, Row
from strategy.models import Strategy

TENURE_PASSED = timedelta(days=31)  # people count from their 30th day on
STEPS = 10  # progress lines a file, about


@dataclass
class Tally:
    """What became of the rows of one file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0


@dataclass
class Run:
    """The state the stages share. The strategy is there from the second stage on."""

    folder: Folder
    now: datetime
    say: Callable[[str], None]
    problems: list[Problem] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    # What was refused, by file and code, so that what depends on it can say so.
    refused: dict[tuple[str, str], Problem] = field(default_factory=dict)
    strategy: Strategy | None = None

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of a file, telling how far it is."""
        rows = self.folder.of(name)
        self.tallies[name] = Tally()
        step = max(1, len(rows) // STEPS)
        for number, row in enumerate(rows, start=1):
            yield row
            if number % step == 0 or number == len(rows):
                self.say(f"{name} {number} of {len(rows)}")

    @contextmanager
    def taking(self, row: Row, code: str = "") -> Iterator[None]:
        """Take one row whole or not at all; what is refused is noted and the rest goes on."""
        try:
            with transaction.atomic():
                yield
        except Refused as refusal:
            self.refuse(row, refusal, code)

    def refuse(self, row: Row, refusal: Refused, code: str = "") -> None:
        for column, reason in refusal.errors.items():
            problem = Problem(row.file, row.number, column, reason)
            self.problems.append(problem)
            if code:
                self.refused.setdefault((row.file, code), problem)
        self.tally(row).refused += 1

    def tally(self, row: Row) -> Tally:
        return self.tallies[row.file.removesuffix(".csv")]

    def count(self, row: Row, *, new: bool, changed: bool = False) -> None:
        tally = self.tally(row)
        if new:
            tally.new += 1
        elif changed:
            tally.changed += 1
        else:
            tally.same += 1

    def why_missing(self, kind: str, file: str, code: str) -> str:
        """Say why something another row names is not there."""
        problem = self.refused.get((file, code))
        if problem:
            return f"{kind} {code} is refused: {problem}"
        return f"There is no {kind.lower()} {code}; {file} does not name it."

    @property
    def chosen(self) -> Strategy:
        if self.strategy is None:
            raise RuntimeError("The strategy is chosen before its rows are read.")
        return self.strategy

    def default_begins(self) -> date:
        """The day people began where the file does not say: with the first objective.

        Without any date long enough ago for everybody to count.
        """
        days = [_day(row["effective_from"]) for row in self.folder.of("objectives")]
        known = [day for day in days if day is not None]
        return min(known) if known else (self.now - TENURE_PASSED).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
