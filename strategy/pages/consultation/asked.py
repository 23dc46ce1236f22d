"""What the address of a consultation asks for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from strategy.forms.parts import whole

CONCERNS, COMMENTS, CHANGES = "concerns", "comments", "changes"
SHOWN = (CONCERNS, COMMENTS, CHANGES)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A paragraph, the pages of its threads, a remark to reply to, and what is to be shown."""

    paragraph: int = 0
    concerns: int = 1
    comments: int = 1
    reply: int = 0
    show: frozenset[str] = frozenset(SHOWN)

    def link(self, paragraph: int, *, at: str = "", **pages: int) -> str:
        """The address of a paragraph that keeps what is shown."""
        pairs = [("show", name) for name in ("", *sorted(self.show))]
        kept = pairs if self.show != frozenset(SHOWN) else []
        query = urlencode([*kept, ("p", paragraph), *pages.items()])
        return f"?{query}#{at or f'p{paragraph}'}"


def asked_for(query: QueryDict) -> Asked:
    """Read the address; what it does not say, or says wrongly, is left at its beginning."""
    shown = query.getlist("show")
    return Asked(
        paragraph=whole(query.get("p", "")),
        concerns=whole(query.get("concerns", "")) or 1,
        comments=whole(query.get("comments", "")) or 1,
        reply=whole(query.get("reply", "")),
        show=frozenset(shown) & frozenset(SHOWN) if shown else frozenset(SHOWN),
    )
