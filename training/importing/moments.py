"""The dates and scores of other systems."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

EARLIEST = 1990
CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + CLOCK, re.ASCII)
OTHER = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})[-/.](?P<year>\d{4})" + CLOCK, re.ASCII
)


class Unclear(Exception):
    """This cell says nothing that can be used; the text says why."""


@dataclass(frozen=True)
class Moment:
    at: datetime
    day: date  # as it was written


def moment(text: str, *, day_first: bool, zone: tzinfo, now: datetime) -> Moment:
    """Read when something was; without a time it is noon, without a zone that of who imports.

    A day with dots begins with the day, whatever was chosen. Raises Unclear.
    """
    found = ISO.fullmatch(text) or OTHER.fullmatch(text)
    if found is None:
        raise Unclear(f"“{text[:40]}” is not a date such as 2026-12-31 or 31.12.2026.")
    try:
        day = _day(found.groupdict(), day_first=day_first)
        clock = _clock(found.groupdict())
        here = _zone(found.groupdict()) or zone
        at = datetime.combine(day, clock or time(12), tzinfo=here).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unclear(f"“{text[:40]}” is not a day of the calendar.") from error
    if clock is None and day == now.astimezone(here).date():
        at = min(at, now)  # today, and it is not noon yet
    if at > now:
        raise Unclear(f"“{text[:40]}” is still to come.")
    if day.year < EARLIEST:
        raise Unclear(f"“{text[:40]}” is before {EARLIEST}.")
    return Moment(at=at, day=day)


def _day(found: dict[str, str | None], *, day_first: bool) -> date:
    year = int(found["year"] or 0)
    if "month" in found:
        return date(year, int(found["month"] or 0), int(found["day"] or 0))
    one, two = int(found["one"] or 0), int(found["two"] or 0)
    if day_first or found["mark"] == ".":
        return date(year, two, one)
    return date(year, one, two)


def _clock(found: dict[str, str | None]) -> time | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("hours of half a day go to 12")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def _zone(found: dict[str, str | None]) -> tzinfo | None:
    text = found["zone"]
    if not text:
        return None
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo


def score(text: str) -> Decimal | None:
    """Read “85”, “85 %”, “85,5” or “17/20” as per cent. Raises Unclear."""
    bare = text.strip().removesuffix("%").strip().replace(",", ".")
    if bare in {"", "-", "–", "n/a", "N/A"}:
        return None
    try:
        part, slash, whole = bare.partition("/")
        number = Decimal(part.strip())
        if slash:
            number = number * 100 / Decimal(whole.strip())
    except (InvalidOperation, ZeroDivisionError) as error:
        raise Unclear(f"“{text[:40]}” is not a score such as 85.") from error
    if not number.is_finite() or not 0 <= number <= 100:
        raise Unclear(f"“{text[:40]}” is not between 0 and 100.")
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
