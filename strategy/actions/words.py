"""The words of a draft, and what can be wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from align.people.models import Audience, SalesRole
from strategy.models import Depth, Revision


class Invalid(Exception):
    """Something is missing or wrong. ``errors`` names each field with a sentence.

    A behavior's own fields are named ``behaviors.<code>``.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)


class StaleDraft(Exception):
    """Somebody saved this draft meanwhile. ``revision`` has their text."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Draft {revision.pk} was saved meanwhile.")
        self.revision = revision


class NotADraft(Exception):
    """This revision is published, or gone."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """The text of an objective, as a revision holds it."""

    title: str
    we_will: str = ""
    we_stop: str = ""
    segment: str = ""
    hypothesis: str = ""
    why: str = ""
    measure: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    measure_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class BehaviorWords:
    """One behavior of a draft. The code is its identity within the objective."""

    code: str
    sales_role: SalesRole
    statement: str
    occasion: str = ""
    standard: str = ""
    levels: tuple[str, str, str, str] = ("", "", "", "")
    critical: bool = False
    required_depth: Depth | None = None
    audiences: tuple[Audience, ...] = ()
    needs: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    @property
    def depth(self) -> Depth:
        """What is required: Practiced for a critical behavior, Explained otherwise."""
        if self.required_depth is not None:
            return Depth(self.required_depth)
        return Depth.PRACTICED if self.critical else Depth.EXPLAINED


WORDS = [field.name for field in fields(Words)]
MUST_SAY = {
    "title": "Give the objective a title.",
    "we_will": "Say what we will do.",
    "we_stop": "Say what we stop doing. A choice that stops nothing is a wish.",
    "segment": "Say for which customers.",
    "hypothesis": "Say why it should work: because …",
    "why": "Write the business case, so that people can carry it on.",
}


def behavior_words(revision: Revision) -> list[BehaviorWords]:
    """Read the behaviors of a revision as they would be written again."""
    rows = revision.behaviors.select_related("behavior", "sales_role").prefetch_related("audiences")
    return [
        BehaviorWords(
            code=row.behavior.code,
            sales_role=row.sales_role,
            statement=row.statement,
            occasion=row.occasion,
            standard=row.standard,
            levels=(row.level_1, row.level_2, row.level_3, row.level_4),
            critical=row.critical,
            required_depth=Depth(row.required_depth),
            audiences=tuple(row.audiences.all()),
            needs=tuple(row.needs),
            stops=tuple(row.stops),
        )
        for row in rows
    ]
