"""What stands between a draft and its publication.

The database asks the same before it lets a revision be published: see the migration
``0005_history_and_gate``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from strategy.models import Concern, Position, Revision


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Who cannot teach it as written, and which concerns have no answer. Empty when clear."""

    cannot: Sequence[Position]
    unanswered: Sequence[Concern]

    def __bool__(self) -> bool:
        return bool(self.cannot or self.unanswered)

    @property
    def sentence(self) -> str:
        parts = []
        if self.cannot:
            names = ", ".join(str(position.participant.person) for position in self.cannot)
            parts.append(f"{names} cannot teach it as written")
        if self.unanswered:
            count = len(self.unanswered)
            what = "concern has" if count == 1 else "concerns have"
            parts.append(f"{count} {what} no answer")
        return (
            f"{'; '.join(parts)}. Revise and ask again, answer, or let the owner write why it is "
            "published all the same."
        )


def gate(revision: Revision) -> Gate:
    """Read what stands in the way, in two queries.

    Where a person stands is their newest position on this draft: an earlier “cannot teach” stands
    until they take it back themselves, whatever rounds were opened since.
    """
    newest = Position.objects.newest(revision).select_related(
        "participant__person", "participant__round"
    )
    return Gate(
        cannot=[row for row in newest if row.stance == Position.Stance.CANNOT],
        unanswered=list(
            Concern.objects.of(revision).unanswered().select_related("raised_by", "round")
        ),
    )
