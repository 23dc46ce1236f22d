"""A share and its base, and the six links of the chain. Page, export and print read these."""

from collections.abc import Iterable
from dataclasses import dataclass

from strategy import statistics
from strategy.config import Config
from strategy.models import Depth
from training.models import ObjectiveCoverage

HOLDS, PARTLY, BROKEN, NOT_YET = "ok", "partly", "broken", "not yet"
NAMES = ("Why", "Behaviors", "Training", "Reach", "Adoption", "Field voice")

SEEN_PEOPLE = 5  # DOMAIN section 4: Seen needs max(5, 20 %) of the people observed
SEEN_PERCENT = 20
SEEN_SHARE = 0.50
SEEN_Z = 1.282
FEW = 5  # fewer people than this could be told apart, and a percentage of them misleads


@dataclass(frozen=True)
class Share:
    """A part of a whole. It never goes without its base."""

    part: int
    whole: int

    @property
    def few(self) -> bool:
        """Whether a percentage would say more than is known."""
        return self.whole < FEW

    @property
    def percent(self) -> int | None:
        """Return whole per cent, half up, or None where there are too few to say."""
        return None if self.few else (200 * self.part + self.whole) // (2 * self.whole)

    @property
    def said(self) -> str:
        """Return “61%”, “3 of 4” for fewer than five, “not yet” for nobody."""
        if not self.whole:
            return "not yet"
        return str(self) if self.percent is None else f"{self.percent}%"

    @property
    def guarded(self) -> "Share":
        """Return the share, or nothing at all where so few people could be told apart."""
        return Share(0, 0) if self.few else self

    def __str__(self) -> str:
        return f"{self.part:,} of {self.whole:,}"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What the field says of one objective now, one voice a person."""

    people: int = 0
    works: int = 0
    changes: int = 0
    wont: int = 0
    cannot: int = 0
    share: float | None = None
    souring: bool = False

    @property
    def negative(self) -> int:
        return self.wont + self.cannot


@dataclass(frozen=True)
class Link:
    """One link of the chain: its name, how it holds, and the figure under it."""

    name: str
    state: str
    figure: str
    base: str = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The narrow row of one objective in force, with its shares ready."""

    cells: int = 0
    covered: int = 0
    suspect: int = 0
    depth: int | None = None
    shown: int | None = None
    reach: Share = Share(0, 0)
    seen: Share = Share(0, 0)

    @classmethod
    def of(cls, row: ObjectiveCoverage | None) -> "Coverage":
        if row is None:
            return cls()
        return cls(
            cells=row.cells,
            covered=row.covered,
            suspect=row.suspect,
            depth=row.depth,
            shown=row.shown,
            reach=Share(row.reached, row.people),
            seen=Share(row.at_standard, row.observed),
        )

    @property
    def depth_word(self) -> str:
        """“undefined” where there is nothing to cover: that is not None."""
        return _word(self.depth)

    @property
    def shown_word(self) -> str:
        return _word(self.shown)

    @property
    def only_claimed(self) -> bool:
        return (self.depth or 0) > (self.shown or 0)

    @property
    def gap(self) -> bool:
        return self.covered < self.cells or not self.cells


def _base(share: Share, what: str, *, none: str) -> str:
    if not share.whole:
        return none
    return what if share.few else f"{share} {what}"


def _word(depth: int | None) -> str:
    return "undefined" if depth is None else str(Depth(depth).label)


def seen_state(*, seen: Share, asked: int) -> str:
    """Judge adoption as DOMAIN does: enough observed, and the share's bounds beside a half.

    ``asked`` counts people once for each thing they are asked for: one behavior that everybody
    was seen doing does not speak for the others.
    """
    if not seen.whole:
        return NOT_YET
    enough = max(SEEN_PEOPLE, -(-asked * SEEN_PERCENT // 100)) if asked >= SEEN_PEOPLE else asked
    bounds = statistics.wilson(seen.part / seen.whole, seen.whole, SEEN_Z)
    if seen.whole < enough:
        return PARTLY
    if bounds.lower >= SEEN_SHARE:
        return HOLDS
    return BROKEN if bounds.upper < SEEN_SHARE else PARTLY


def training_state(coverage: Coverage) -> str:
    """A claim is not proof: all cells covered holds only where the depth is shown too."""
    if not coverage.cells:
        return NOT_YET
    if coverage.covered == coverage.cells and not coverage.only_claimed:
        return HOLDS
    return PARTLY if coverage.depth or coverage.covered else BROKEN


def reach_state(coverage: Coverage, config: Config) -> str:
    reach = coverage.reach
    if not reach.whole or not (reach.part or coverage.depth):
        return NOT_YET
    if reach.part >= config.reached_share * reach.whole:
        return HOLDS
    return PARTLY if reach.part else BROKEN


def voice_state(voice: Voice, rules: Iterable[str], config: Config) -> str:
    """Broken only where the rule has opened a flag; silence never reads as healthy."""
    if "negative" in rules:
        return BROKEN
    if not voice.people:
        return NOT_YET
    quiet = voice.people < config.negative_people
    sour = voice.souring or (voice.share or 0) >= config.negative_clear_share
    return PARTLY if quiet or sour else HOLDS


def chain(
    *,
    why: bool,
    behaviors: int,
    coverage: Coverage,
    voice: Voice,
    rules: Iterable[str],
    config: Config,
) -> tuple[Link, ...]:
    """Return the six links of one objective, with a figure and its base under each."""
    seen, reach = coverage.seen, coverage.reach
    quiet = "nobody has said" if not voice.people else "say it will not work"
    return (
        Link("Why", HOLDS if why else BROKEN, "Stated" if why else "Missing", "", "#why"),
        Link(
            "Behaviors",
            HOLDS if behaviors else BROKEN,
            str(behaviors),
            "a manager can see" if behaviors else "nobody could see this yet",
            "#behaviors",
        ),
        Link(
            "Training",
            training_state(coverage),
            coverage.depth_word.capitalize(),
            f"{coverage.covered} of {coverage.cells} covered"
            + (", only claimed" if coverage.cells and coverage.only_claimed else ""),
            "#behaviors",
        ),
        Link(
            "Reach",
            reach_state(coverage, config),
            reach.said,
            _base(reach, "people", none="nobody is asked"),
            "#behaviors",
        ),
        Link(
            "Adoption",
            seen_state(seen=seen, asked=reach.whole * coverage.cells),
            seen.said,
            _base(seen, "seen at standard", none="no visit has looked for this"),
            "#behaviors",
        ),
        Link(
            "Field voice",
            voice_state(voice, rules, config),
            f"{voice.negative} of {voice.people}" if voice.people else "not yet",
            quiet,
            "#voice",
        ),
    )
