"""What happened to an objective, in words: the rows of its history page."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import formats, timezone
from django.utils.text import Truncator

from align.people.models import User
from strategy import compare, text
from strategy.models import History, Objective, Revision
from strategy.pages import texts

EVENTS_A_PAGE = 50
REVISIONS_A_PAGE = 20
# Of a long text the history shows where it changed; all of it is a comparison away.
CHARACTERS = 200
LEAD = 40
NAMES = {name: head for name, (head, _) in text.FIELDS.items()}
PLACES = {name: at for at, name in enumerate(NAMES)}
DAY = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d")
MOMENT = re.compile(DAY.pattern + r"T[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?[+-][0-2]\d:[0-5]\d")


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value that changed: what was struck and what was inserted."""

    name: str
    pieces: Sequence[compare.Piece]


@dataclass(frozen=True, kw_only=True)
class Event:
    what: str
    who: str
    at: datetime
    link: str
    values: Sequence[Value]


@dataclass(frozen=True, kw_only=True)
class Revised:
    """One published revision, with the key of the one before it to compare it with."""

    words: Revision
    before: str


def revisions(objective: Objective, *, user: User, page: str = "") -> Page[Revised]:
    """Return a page of the published revisions, newest first, in two queries."""
    rows = texts.revisions(objective, user=user).select_related("author")
    pages: Paginator[Any] = Paginator(rows, REVISIONS_A_PAGE)
    found = pages.get_page(page)
    revised = [
        Revised(words=row, before=f"r{row.number - 1}" if row.number > 1 else "") for row in found
    ]
    return Page(revised, found.number, pages)


def events(objective: Objective, *, user: User, page: str = "") -> Page[Event]:
    """Return a page of what this person may know of, newest first, in two queries."""
    rows = (
        History.objects.visible_to(user)
        .filter(objective=objective)
        .select_related("actor", "round")
        .defer("round__text")
    )
    pages: Paginator[Any] = Paginator(rows, EVENTS_A_PAGE)
    found = pages.get_page(page)
    return Page([_event(row) for row in found], found.number, pages)


def _event(row: History) -> Event:
    for_all = row.shown_to == History.ShownTo.EVERYONE  # who may not know of any round
    return Event(
        what=sentence(row.what),
        who=row.actor.name if row.actor else "",
        at=row.at,
        link=row.round.get_absolute_url() if row.round and not for_all else "",
        values=list(_values(row.before, row.after)),
    )


def _values(before: dict[str, Any], after: dict[str, Any]) -> Iterable[Value]:
    """Yield what differs, in reading order; what had no value before is simply said."""
    for name in sorted({*before, *after}, key=lambda name: (PLACES.get(name, len(PLACES)), name)):
        old, new = readable(before.get(name)), readable(after.get(name))
        if old != new:
            said = [compare.Piece(kind="same", text=_short(new, 0))]
            pieces = compare.words(*_around(old, new)) if name in before else said
            yield Value(name=NAMES.get(name, sentence(name.replace("_", " "))), pieces=pieces)


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def readable(value: Any) -> str:
    """Say a kept value: yes and no, days as days, a list with commas, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(readable(item) for item in value)
    return _day(str(value))


def _day(said: str) -> str:
    """Say a day or a moment as people do; what only looks like one stays as it is."""
    with suppress(ValueError):
        if DAY.fullmatch(said):
            return formats.date_format(date.fromisoformat(said), "j M Y")
        if MOMENT.fullmatch(said):
            at = timezone.localtime(datetime.fromisoformat(said))
            return formats.date_format(at, "j M Y, H:i")
    return said


def _around(old: str, new: str) -> tuple[str, str]:
    """Cut both to where they begin to differ, with a little before it."""
    start = max(compare.alike(old, new) - LEAD, 0)
    return _short(old, start), _short(new, start)


def _short(said: str, start: int) -> str:
    return f"{'…' if start else ''}{Truncator(said[start:]).chars(CHARACTERS)}"
