"""A share and its base, and the six links of the chain. Page, export and print read these."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from strategy.config import Config
from strategy.models import Depth
from training.coverage import BROKEN, HOLDS, NOT_YET, PARTLY, Sum, seeing
from training.models import CellState

NAMES = ("Why", "Behaviors", "Training", "Reach", "Adoption", "Field voice")

HIDDEN = "too few"  # people to show a figure of
FEW = 5  # fewer people than this could be told apart, and a percentage of them misleads


@dataclass(frozen=True)
class Share:
    """A part of a whole. It never goes without its base."""

    part: int
    whole: int
    hidden: bool = False  # there is a figure, of too few people to show it

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
        if self.hidden:
            return HIDDEN
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
    """The narrow row of one objective in force, with its shares ready.

    ``hidden`` says that too few people stand behind it to show what is known of them; what is
    claimed does not depend on people and stays.
    """

    cells: int = 0
    covered: int = 0
    suspect: int = 0
    depth: int | None = None
    shown: int | None = None
    evidence: int | None = None
    reach: Share = Share(0, 0)
    planned: Share = Share(0, 0)
    seen: Share = Share(0, 0)  # of the cell that is seen least
    seen_people: int = 0  # of that cell
    looked: int = 0  # cells somebody looked at
    change: Share = Share(0, 0)  # covered cells among those the last revision touched
    hidden: bool = False

    @classmethod
    def of(cls, row: Sum | None, *, hidden: bool = False) -> "Coverage":
        if row is None:
            return cls(hidden=hidden)
        claimed = cls(
            cells=row.cells,
            covered=row.covered,
            suspect=row.suspect,
            depth=row.depth,
            change=Share(row.touched_covered, row.touched),
            hidden=hidden,
        )
        if hidden:
            veil = Share(0, 0, hidden=True)
            return replace(claimed, reach=veil, planned=veil, seen=veil)
        return replace(
            claimed,
            shown=row.shown,
            evidence=row.evidence,
            reach=Share(row.reached, row.people),
            planned=Share(row.planned, row.people),
            seen=Share(row.at_standard, row.observed),
            seen_people=row.seen_people,
            looked=row.looked,
        )

    @property
    def depth_word(self) -> str:
        """“undefined” where there is nothing to cover: that is not None."""
        return _word(self.depth)

    @property
    def shown_word(self) -> str:
        return HIDDEN if self.untold else _word(self.shown)

    @property
    def evidence_word(self) -> str:
        if self.untold:
            return HIDDEN
        return "undefined" if self.evidence is None else evidence_word(self.evidence)

    @property
    def only_claimed(self) -> bool:
        return not self.untold and (self.depth or 0) > (self.shown or 0)

    @property
    def untold(self) -> bool:
        """Whether there are cells, and too few people to tell how deep they are shown."""
        return self.shown is None and bool(self.cells)

    @property
    def sustained(self) -> bool:
        return self.evidence == CellState.Evidence.SUSTAINED

    @property
    def gap(self) -> bool:
        return self.covered < self.cells or not self.cells

    @property
    def change_said(self) -> str:
        """“2 of 3”, or in words that the last revision left all cells as they were."""
        return str(self.change) if self.change.whole else "nothing changed"

    @property
    def looked_said(self) -> str:
        """“2 of 5 looked at”: how many cells anybody was seen in."""
        return f"{self.looked} of {self.cells} looked at"


def evidence_word(evidence: int) -> str:
    return str(CellState.Evidence(evidence).label)


def _base(share: Share, what: str, *, none: str) -> str:
    if not share.whole:
        return none
    return what if share.few else f"{share} {what}"


def _word(depth: int | None) -> str:
    return "undefined" if depth is None else str(Depth(depth).label)


def training_state(coverage: Coverage) -> str:
    """A claim is not proof: all cells covered holds only where the depth is shown too."""
    if not coverage.cells:
        return NOT_YET
    if coverage.untold:
        return PARTLY if coverage.depth or coverage.covered else BROKEN
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
    looked = coverage.looked_said if coverage.looked else "no visit has looked for this"
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
            "#training",
        ),
        Link(
            "Reach",
            reach_state(coverage, config),
            reach.said,
            _base(reach, "people", none="" if coverage.hidden else "nobody is asked"),
            "#reach",
        ),
        Link(
            "Adoption",
            seeing.seen_state(
                people=coverage.seen_people,
                observed=seen.whole,
                at_standard=seen.part,
                config=config,
            ),
            seen.said,
            _base(seen, "seen at standard", none="" if coverage.hidden else looked),
            "#seen",
        ),
        Link(
            "Field voice",
            voice_state(voice, rules, config),
            f"{voice.negative} of {voice.people}" if voice.people else "not yet",
            quiet,
            "#voice",
        ),
    )
