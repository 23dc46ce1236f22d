"""What the address of the coverage page asks for."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import formats

from strategy.models import Depth

DEPTHS = {label.lower(): value for value, label in Depth.choices}
SLIDE = "slide"  # shown no deeper than a slide: None or Named
CLAIMED = "claimed"  # no deeper than a slide is shown, deeper is claimed
UNTRAINED = "untrained"  # a cell has no training that counts
UNDEFINED = "undefined"
UNTOLD = "too few"  # people to tell
WORST, CODE = "worst", "code"
THEMES, OBJECTIVES, GAPS = "themes", "objectives", "gaps"
PROGRAMS, MODULES, BEHAVIORS = "programs", "modules", "behaviors"
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for. Whatever it says that we do not know is left out.

    A day that cannot be asked for is the exception: figures of another day must not pass for it,
    so ``wrong`` says what is wrong with it.
    """

    theme: int | None = None
    depth: str = ""
    flag: str = ""
    gaps: bool = False
    order: str = WORST
    q: str = ""
    page: int = 1
    team: int | None = None
    as_of: date | None = None
    wrong: str = ""
    rows: str = ""
    cols: str = ""
    program: int | None = None
    across: int = 1  # the page of columns

    @classmethod
    def of(cls, query: QueryDict, *, today: date | None = None) -> "Filters":
        depth, order = query.get("depth", ""), query.get("order", "")
        rows, cols = query.get("rows", ""), query.get("cols", "")
        as_of, wrong = past_day(query.get("as_of", ""), today=today or date.max)
        return cls(
            theme=whole(query.get("theme", "")),
            depth=depth if depth in {*DEPTHS, SLIDE, CLAIMED, UNTRAINED, UNDEFINED, UNTOLD} else "",
            flag=plain(query.get("flag", ""))[:40],
            gaps=query.get("gaps") == "1",
            order=order if order in {WORST, CODE} else WORST,
            q=plain(query.get("q", "")),
            page=whole(query.get("page", "")) or 1,
            team=whole(query.get("team", "")),
            as_of=as_of,
            wrong=wrong,
            rows=rows if rows in {THEMES, OBJECTIVES, GAPS} else "",
            cols=cols if cols in {PROGRAMS, MODULES, BEHAVIORS} else "",
            program=whole(query.get("program", "")),
            across=whole(query.get("across", "")) or 1,
        )

    @property
    def query(self) -> str:
        """Return the address these filters stand for, without what is the default."""
        said: dict[str, Any] = {
            "theme": self.theme,
            "depth": self.depth,
            "flag": self.flag,
            "gaps": "1" if self.gaps else "",
            "order": "" if self.order == WORST else self.order,
            "q": self.q,
            "team": self.team,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "rows": self.rows,
            "cols": self.cols,
            "program": self.program,
            "across": "" if self.across == 1 else self.across,
            "page": "" if self.page == 1 else self.page,
        }
        return urlencode({name: value for name, value in said.items() if value})

    def to(self, **changes: Any) -> str:
        """Return the address of the same filters but for these, from its first page on."""
        return "?" + replace(self, **{"page": 1, **changes}).query

    @property
    def narrowed(self) -> bool:
        return bool(
            self.theme or self.depth or self.flag or self.gaps or self.q or self.team or self.as_of
        )

    @property
    def moment(self) -> datetime | None:
        """The last moment of the day asked for; None is now."""
        return end_of(self.as_of) if self.as_of else None


def end_of(day: date) -> datetime:
    """Return the last microsecond of a day in UTC."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def past_day(text: str, *, today: date) -> tuple[date | None, str]:
    """Return the day a person asked for, or what is wrong with it. Today is now: no day."""
    text = plain(text)
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, f"“{text[:20]}” is not a day; write it like 2026-03-31."
    if day > today:
        return None, f"{formats.date_format(day, 'j M Y')} has not come yet."
    if day < EARLIEST:
        return None, f"{text[:20]} is before anything was recorded here."
    return (None, "") if day == today else (day, "")


def whole(text: str) -> int | None:
    """Return the number a person typed into an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def plain(text: str) -> str:
    """Return a search text the database can take: no NUL, not endless."""
    return text.replace("\x00", "").strip()[:100]


def deep(shown: int | None, claimed: int | None, asked: str) -> bool:
    """Whether an objective of these depths is one of those the address asks for."""
    if not asked:
        return True
    if asked == UNTRAINED:
        return claimed == Depth.NONE
    if claimed is None or shown is None:
        return asked == (UNDEFINED if claimed is None else UNTOLD)
    if asked in (UNDEFINED, UNTOLD):
        return False
    if asked == CLAIMED:
        return shown <= Depth.NAMED < claimed
    return shown <= Depth.NAMED if asked == SLIDE else shown == DEPTHS[asked]
