"""The text in force as people read it: by theme, every paragraph with its permanent number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from django.utils.text import slugify

from align.people.models import User
from strategy import text
from strategy.models import BehaviorRevision, Objective, Revision, Round, Strategy

OBJECTIVES_A_PAGE = 40
# What a page may hold in characters, so that it stays light on the wire however much people
# write. A behavior weighs something by itself: its number, its code, its link.
WEIGHT_A_PAGE = 40_000
BEHAVIOR_WEIGHS = 100
OTHERS_A_PAGE = 20
READ = ("we_will", "we_stop", "segment", "hypothesis")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One paragraph where it stands on the page. ``head`` is said once for several of them."""

    number: int
    anchor: str
    head: str
    text: str
    change: str  # where to propose another wording; empty for who may not


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One objective as the text of a strategy shows it."""

    objective: Objective
    anchor: str
    title: Place
    places: Sequence[Place]


@dataclass(frozen=True, kw_only=True)
class Section:
    theme: str
    choices: Sequence[Choice]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the outline."""

    pk: int
    code: str
    title: str
    theme: int
    theme_name: str
    anchor: str
    weight: int
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Theme:
    name: str
    is_open: bool
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A page of the text; where it has more than one page, the outline leads to all of it."""

    outline: Sequence[Theme]
    sections: Sequence[Section]
    back: str
    more: str


def read(found: Strategy, *, user: User, theme: str = "", page: str = "") -> Reading:
    """Read a strategy in four queries, and what this person may change in a fifth for a lead.

    What is too long for one page opens one theme at a time, from the address: ``theme`` and
    ``page``. Anything else there means the beginning.
    """
    entries = _entries(found)
    if _fits(entries):
        return Reading(outline=[], sections=_sections(found, entries, user=user), back="", more="")
    pages = {key: _pages(list(rows)) for key, rows in groupby(entries, lambda row: row.theme)}
    key = int(theme) if theme.isdecimal() and int(theme) in pages else entries[0].theme
    last = len(pages[key])
    number = min(max(int(page) if page.isdecimal() else 1, 1), last)
    return Reading(
        outline=[_theme(rows, is_open=one == key) for one, rows in pages.items()],
        sections=_sections(found, pages[key][number - 1], user=user),
        back=_address(key, number - 1) if number > 1 else "",
        more=_address(key, number + 1) if number < last else "",
    )


def _entries(found: Strategy) -> list[Entry]:
    """Return every objective in force, light: no text, but how much of it there is."""
    words = ("title", *READ)
    behaviors = (
        BehaviorRevision.objects.filter(revision=OuterRef("current"))
        .order_by()
        .values("revision")
        .annotate(weight=Sum(Length("statement")) + Count("pk") * BEHAVIOR_WEIGHS)
    )
    rows = found.objectives.in_force().annotate(
        weight=sum((Length(f"current__{name}") for name in words), Value(0))
        + Coalesce(Subquery(behaviors.values("weight"), output_field=IntegerField()), Value(0))
    )
    named = rows.values("pk", "code", "current__title", "theme", "theme__name", "weight")
    return _anchored([dict(row) for row in named])


def _anchored(found: Sequence[dict[str, Any]]) -> list[Entry]:
    """Name each objective in the page's addresses by its code, or by its number."""
    taken = Counter(slugify(row["code"]) for row in found)
    return [
        Entry(
            pk=row["pk"],
            code=row["code"],
            title=row["current__title"],
            theme=row["theme"],
            theme_name=row["theme__name"],
            anchor=slug if (slug := slugify(row["code"])) and taken[slug] == 1 else f"o{row['pk']}",
            weight=row["weight"],
        )
        for row in found
    ]


def _fits(entries: Sequence[Entry]) -> bool:
    weight = sum(entry.weight for entry in entries)
    return len(entries) <= OBJECTIVES_A_PAGE and weight <= WEIGHT_A_PAGE


def _pages(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Cut a theme into pages; what is heavier than a page has one for itself."""
    pages: list[list[Entry]] = [[]]
    for entry in entries:
        if pages[-1] and not _fits([*pages[-1], entry]):
            pages.append([])
        pages[-1].append(entry)
    return pages


def _theme(pages: Sequence[Sequence[Entry]], *, is_open: bool) -> Theme:
    return Theme(
        name=pages[0][0].theme_name,
        is_open=is_open,
        entries=[
            replace(entry, link=f"{_address(entry.theme, at)}#{entry.anchor}")
            for at, entries in enumerate(pages, start=1)
            for entry in entries
        ],
    )


def _address(theme: int, page: int) -> str:
    asked = {"theme": theme} | ({"page": page} if page > 1 else {})
    return f"?{urlencode(asked)}"


def _sections(found: Strategy, entries: Sequence[Entry], *, user: User) -> list[Section]:
    """Read the words of these objectives."""
    named = BehaviorRevision.objects.select_related("behavior").order_by("position", "pk")
    objectives = (
        Objective.objects.select_related("current")
        .prefetch_related(Prefetch("current__behaviors", named))
        .defer("current__why", "current__reason")
        .in_bulk([entry.pk for entry in entries])
    )
    mine = Objective.objects.editable_by(user).filter(strategy=found).values_list("pk", flat=True)
    writes = set(mine) if user.is_lead else set()
    return [
        Section(
            theme=name,
            choices=[
                _choice(objectives[entry.pk], entry, writes=entry.pk in writes) for entry in rows
            ],
        )
        for name, rows in groupby(entries, lambda entry: entry.theme_name)
    ]


def _choice(objective: Objective, entry: Entry, *, writes: bool) -> Choice:
    words = objective.current
    assert words is not None  # a constraint: what is in force has a revision
    places = _places(words, draft=reverse("strategy:draft", kwargs={"pk": objective.pk}))
    title, *rest = [
        replace(place, anchor=f"{entry.anchor}-{place.number}", change=place.change * writes)
        for place in places
    ]
    return Choice(objective=objective, anchor=entry.anchor, title=title, places=rest)


def _places(words: Revision, *, draft: str) -> Iterable[Place]:
    """Yield the title, the choice, and what a manager can see; each block heads its first."""
    before = ""
    for row in text.field_paragraphs(words, ["title", *READ]):
        head = row.head if row.head != before else ""
        link = f"{draft}#id_{row.part}"
        yield Place(number=row.number, anchor="", head=head, text=row.text, change=link)
        before = row.head
    for at, behavior in enumerate(words.behaviors.all()):
        number = behavior.behavior.paragraph
        yield Place(
            number=number,
            anchor="",
            head="" if at else text.SEEN,
            text=behavior.statement,
            change=f"{draft}#p{number}",
        )


# What else stands beside the text


def drafts(found: Strategy, *, user: User, page: str = "") -> Page[Revision]:
    """Return the drafts this lead writes."""
    mine = Objective.objects.editable_by(user).filter(strategy=found)
    rows = (
        Revision.objects.drafts()
        .filter(objective__in=mine)
        .select_related("objective", "objective__theme")
        .order_by("objective__theme__position", "objective__code")
    )
    return Paginator(rows, OTHERS_A_PAGE).get_page(page)


def consultations(found: Strategy, *, user: User, now: datetime) -> QuerySet[Round]:
    """Return the open rounds this person is asked in or leads, the first to close first."""
    return (
        Round.objects.visible_to(user)
        .open(now=now)
        .filter(revision__objective__strategy=found)
        .select_related("revision__objective__strategy")
        .defer("text")
        .annotate(title=KT("text__0__text"))
        .order_by("closes_at", "pk")[:OTHERS_A_PAGE]
    )
