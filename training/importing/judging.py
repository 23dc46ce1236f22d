"""What is good, what is known and what is wrong with the rows of a file.

Pure in (table, columns, rows of the database, now). The order of the rows does not matter.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from align.people.models import User
from training import elsewhere
from training.importing.columns import FIELDS, Columns
from training.importing.moments import Moment, Unclear, moment, score
from training.importing.reading import Row, Table
from training.models import Completion, ModuleVersion

STEP = 1000  # rows between two signs of life, and ids a query
LONGEST_ID = Completion._meta.get_field("external_id").max_length or 120
DONE = {
    "completed", "complete", "passed", "pass", "done", "finished", "yes", "true", "1", "100",
    "100%", "achieved", "successful", "attended", "satisfied",
}  # fmt: skip
SAME = timedelta(hours=26)  # a day without a time, read by people in other zones, is one day


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Good:
    """A row that says something usable."""

    row: int
    user: User
    module_id: int
    version: ModuleVersion
    at: datetime
    score: Decimal | None
    external_id: str
    own_id: bool  # the file names it

    def says_the_same(self, other: "Good") -> bool:
        return (self.user.pk, self.module_id, self.at, self.score) == (
            other.user.pk,
            other.module_id,
            other.at,
            other.score,
        )


@dataclass(frozen=True)
class Judged:
    new: tuple[Good, ...]
    known: int  # there already, or said before in the same file
    problems: tuple[Problem, ...]

    @property
    def bad(self) -> int:
        return len({problem.row for problem in self.problems})


def judge(
    table: Table,
    columns: Columns,
    *,
    source: str,
    zone: tzinfo,
    now: datetime,
    looked_at: Callable[[int], None] = lambda rows: None,
) -> Judged:
    """Judge every row; ``looked_at`` hears from time to time how many are done."""
    reader = _Reader(columns, zone=zone, now=now)
    good: list[Good] = []
    problems: list[Problem] = []
    for some in _batches(table.rows):
        reader.meet(row[columns.person] for row in some)
        for row in some:
            found = reader.read(row, problems)
            if found is not None:
                good.append(found)
        looked_at(some[-1].number)
    single, said_twice, conflicts = _once(good)
    problems += conflicts
    new, known, collisions = _against_kept(single, source=source)
    problems += collisions
    problems.sort(key=lambda problem: (problem.row, problem.column))
    return Judged(new=tuple(new), known=said_twice + known, problems=tuple(problems))


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), STEP):
        yield rows[start : start + STEP]


class _Reader:
    """Reads rows one by one; people and modules are looked up many at once."""

    def __init__(self, columns: Columns, *, zone: tzinfo, now: datetime) -> None:
        self._columns, self._zone, self._now = columns, zone, now
        self._modules = elsewhere.Modules()
        self._people: dict[str, User] = {}

    def meet(self, addresses: Iterable[str]) -> None:
        new = {address.lower() for address in addresses} - self._people.keys()
        self._people |= elsewhere.people(new)

    def read(self, row: Row, problems: list[Problem]) -> Good | None:
        """Return what a row says, or add everything that is wrong with it."""
        columns, wrong = self._columns, len(problems)

        def refuse(field: str, reason: str) -> None:
            problems.append(Problem(row=row.number, column=FIELDS[field], reason=reason))

        address, name = row[columns.person].lower(), row[columns.module]
        user, module = self._people.get(address), self._modules.named(name)
        if user is None:
            refuse("person", _unknown("Nobody here has the address", address))
        if module is None:
            refuse("module", _unknown("No published module is called", name))
        if reason := _not_done(row[columns.status]):
            refuse("status", reason)
        when, marks = self._when(row, refuse), _score(row[columns.score], refuse)
        given = row[columns.external_id]
        if len(given) > LONGEST_ID:
            refuse("external_id", f"An id has {LONGEST_ID} characters at most.")
        if len(problems) > wrong or user is None or module is None or when is None:
            return None
        return Good(
            row=row.number,
            user=user,
            module_id=module.module_id,
            version=module.at(when.at),
            at=when.at,
            score=marks,
            external_id=given or made_id(user.pk, module.module_id, when.day),
            own_id=bool(given),
        )

    def _when(self, row: Row, refuse: Callable[[str, str], None]) -> Moment | None:
        text = row[self._columns.completed]
        if not text:
            refuse("completed", "This cell is empty.")
            return None
        try:
            return moment(text, day_first=self._columns.day_first, zone=self._zone, now=self._now)
        except Unclear as unclear:
            refuse("completed", str(unclear))
            return None


def _unknown(said: str, text: str) -> str:
    return f"{said} “{text[:80]}”." if text else "This cell is empty."


def _not_done(status: str) -> str:
    if not status or status.lower() in DONE:
        return ""
    return f"“{status[:40]}” is not completed."


def _score(text: str, refuse: Callable[[str, str], None]) -> Decimal | None:
    try:
        return score(text)
    except Unclear as unclear:
        refuse("score", str(unclear))
        return None


def made_id(user_id: int, module_id: int, day: date) -> str:
    """Name a completion that has no id of its own: a person takes a module once a day."""
    said = f"{user_id}|{module_id}|{day.isoformat()}"
    return f"row:{hashlib.sha256(said.encode()).hexdigest()[:48]}"


def _once(rows: Sequence[Good]) -> tuple[list[Good], int, list[Problem]]:
    """Take what is said twice once. Rows that use one id for different things are all refused.

    Without an id the best try of a day counts, whichever row comes first.
    """
    by_id: dict[str, list[Good]] = {}
    for row in rows:
        by_id.setdefault(row.external_id, []).append(row)
    single: list[Good] = []
    twice, problems = 0, []
    for same in by_id.values():
        first = same[0]
        if first.own_id and not all(first.says_the_same(row) for row in same):
            numbers = ", ".join(str(row.row) for row in same[:5])
            reason = f"Rows {numbers} have the same id and say different things."
            problems += [_about_id(row, reason) for row in same]
            continue
        twice += len(same) - 1
        single.append(max(same, key=lambda row: (row.score is not None, row.score or 0, row.at)))
    return single, twice, problems


def _about_id(row: Good, reason: str) -> Problem:
    return Problem(row=row.row, column=FIELDS["external_id"], reason=reason)


def _against_kept(rows: Sequence[Good], *, source: str) -> tuple[list[Good], int, list[Problem]]:
    """Part the new from the known; an id that is another completion here is refused."""
    new: list[Good] = []
    known, problems = 0, []
    for start in range(0, len(rows), STEP):
        some = rows[start : start + STEP]
        kept = {
            row.external_id: row
            for row in Completion.objects.filter(
                source=source, external_id__in=[row.external_id for row in some]
            ).select_related("version")
        }
        for row in some:
            there = kept.get(row.external_id)
            if there is None:
                new.append(row)
            elif not row.own_id or _is_kept_by(row, there):
                known += 1
            else:
                reason = f"“{row.external_id[:40]}” is another completion here already."
                problems.append(_about_id(row, reason))
    return new, known, problems


def _is_kept_by(row: Good, there: Completion) -> bool:
    same = (there.user_id, there.version.module_id, there.score)
    mine = (row.user.pk, row.module_id, row.score)
    return same == mine and abs(there.completed_at - row.at) < SAME
