"""What the address of the coverage page asks for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from strategy.models import Depth

DEPTHS = {label.lower(): value for value, label in Depth.choices}
SLIDE = "slide"  # no deeper than a slide: None or Named
UNDEFINED = "undefined"
WORST, CODE = "worst", "code"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for. Whatever it says that we do not know is left out."""

    theme: int | None = None
    depth: str = ""
    flag: str = ""
    gaps: bool = False
    order: str = WORST
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        depth, order = query.get("depth", ""), query.get("order", "")
        return cls(
            theme=whole(query.get("theme", "")),
            depth=depth if depth in {*DEPTHS, SLIDE, UNDEFINED} else "",
            flag=plain(query.get("flag", ""))[:40],
            gaps=query.get("gaps") == "1",
            order=order if order in {WORST, CODE} else WORST,
            q=plain(query.get("q", "")),
            page=whole(query.get("page", "")) or 1,
        )

    @property
    def query(self) -> str:
        """Return the address these filters stand for, without what is the default."""
        said = {
            "theme": self.theme,
            "depth": self.depth,
            "flag": self.flag,
            "gaps": "1" if self.gaps else "",
            "order": "" if self.order == WORST else self.order,
            "q": self.q,
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.theme or self.depth or self.flag or self.gaps or self.q)


def whole(text: str) -> int | None:
    """Return the number a person typed into an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def plain(text: str) -> str:
    """Return a search text the database can take: no NUL, not endless."""
    return text.replace("\x00", "").strip()[:100]


def deep(depth: int | None, asked: str) -> bool:
    if not asked:
        return True
    if asked == UNDEFINED or depth is None:
        return asked == UNDEFINED and depth is None
    return depth <= Depth.NAMED if asked == SLIDE else depth == DEPTHS[asked]
