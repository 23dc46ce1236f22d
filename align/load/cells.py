"""Reading the cells of one row into values, with every mistake of the row named at once."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from align.load.problems import Refused
from align.load.reading import Row

T = TypeVar("T")

YES = {"yes", "y", "true", "1", "x"}
NO = {"no", "n", "false", "0", ""}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Cells:
    """One row while it is read. Every reader returns a value to go on with; ``check`` raises."""

    def __init__(self, row: Row) -> None:
        if row.trouble:
            raise Refused({"": row.trouble})
        self._row = row
        self._errors: dict[str, str] = {}

    def refuse(self, column: str, reason: str) -> None:
        self._errors.setdefault(column, reason)

    def check(self) -> None:
        if self._errors:
            raise Refused(self._errors)

    def text(self, column: str, *, most: int | None, needed: bool = True) -> str:
        value = self._row[column]
        if needed and not value:
            self.refuse(column, "This cell is empty.")
        if most is not None and len(value) > most:
            self.refuse(column, f"This is {len(value)} characters long; at most {most} fit.")
        if CONTROL.search(value):
            self.refuse(column, "There is a control character in it.")
        return value

    def said(self, column: str, *, most: int | None) -> str | None:
        """Return the text of an optional column; None where the file has not got it."""
        return self.text(column, most=most, needed=False) if self._row.has(column) else None

    def parts(self, column: str, *, most: int | None = None) -> tuple[str, ...]:
        """Return what stands between semicolons."""
        parts = tuple(part.strip() for part in self._row[column].split(";") if part.strip())
        if most is not None and any(len(part) > most for part in parts):
            self.refuse(column, f"Each part may have at most {most} characters.")
        return parts

    def said_parts(self, column: str, *, most: int) -> tuple[str, ...] | None:
        return self.parts(column, most=most) if self._row.has(column) else None

    def email(self, column: str) -> str:
        value = self.text(column, most=254).lower()
        try:
            if value:
                validate_email(value)
        except ValidationError:
            self.refuse(column, f"“{value}” is not an e-mail address.")
        return value

    def yes(self, column: str) -> bool:
        value = self._row[column].lower()
        if value not in YES | NO:
            self.refuse(column, f"“{self._row[column]}” is neither yes nor no.")
        return value in YES

    def one_of(self, column: str, known: Mapping[str, T], *, otherwise: T) -> T:
        """Return what a word stands for; the words are those people see."""
        value = self._row[column].lower()
        if value not in known:
            self.refuse(column, self._not_among(column, known))
            return otherwise
        return known[value]

    def each_of(self, column: str, known: Mapping[str, T]) -> tuple[T, ...]:
        words = [part.lower() for part in self.parts(column)]
        for word in words:
            if word not in known:
                self.refuse(column, f"“{word}” is not one of: {_listed(known)}.")
        return tuple(dict.fromkeys(known[word] for word in words if word in known))

    def _not_among(self, column: str, known: Collection[str]) -> str:
        value = self._row[column]
        return f"“{value}” is not one of: {_listed(known)}." if value else "This cell is empty."

    def day(self, column: str, *, needed: bool = False) -> date | None:
        value = self.text(column, most=10, needed=needed)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(column, f"“{value}” is not a date such as 2026-02-28.")
            return None

    def moment(self, column: str, *, now: datetime) -> datetime:
        """Return a moment that has been; without a zone it is UTC, without a time midnight."""
        value = self.text(column, most=40)
        try:
            moment = datetime.fromisoformat(value) if value else now
        except ValueError:
            self.refuse(column, f"“{value}” is not a time such as 2026-02-28 14:30.")
            return now
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if moment > now:
            self.refuse(column, f"“{value}” is still to come.")
        return moment.astimezone(UTC)

    def number(
        self,
        column: str,
        *,
        least: Decimal | None = None,
        most: Decimal,
        places: int = 2,
        needed: bool = False,
    ) -> Decimal | None:
        value = self.text(column, most=30, needed=needed)
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.refuse(column, f"“{value}” is not a number such as 12.5.")
            return None
        if not number.is_finite() or number > most or (least is not None and number < least):
            low = f"{least} to " if least is not None else "at most "
            self.refuse(column, f"“{value}” is out of range; {low}{most} is possible.")
            return None
        if number != round(number, places):
            self.refuse(column, f"“{value}” has more than {places} places after the point.")
        return number


def _listed(known: Collection[str]) -> str:
    return ", ".join(known)
