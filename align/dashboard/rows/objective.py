"""One objective's whole story."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from align.dashboard import words as plain_words
from align.dashboard.rows import figures, reaching, snapshot
from align.dashboard.rows.cell import CellRow, cell_rows
from align.dashboard.rows.coverage import coverage_of, voice_of
from align.dashboard.rows.figures import Coverage, Link, Share, Voice
from align.dashboard.rows.flags import FlagRow, open_flags
from align.dashboard.rows.reaching import TeamReach
from align.dashboard.rows.snapshot import Snapshot
from align.people.models import User
from feedback.models import Decision, ObjectiveVoice, Report
from strategy import text
from strategy.config import Config
from strategy.models import BehaviorRevision, Depth, Flag, Objective, Revision
from training.coverage import Cell
from training.models import Mapping

QUOTES = 3
REVISIONS = 6
TEAMS = 9  # drawn at once, with the line of everybody


@dataclass(frozen=True, kw_only=True)
class BehaviorRow:
    """One behavior in the words in force, by its weakest audience."""

    pk: int
    code: str
    statement: str
    sales_role: str
    critical: bool
    required: int
    depth: int | None  # None: not judged yet
    shown: int | None
    suspect: bool
    reach: Share
    seen: Share

    @property
    def required_word(self) -> str:
        return str(Depth(self.required).label)

    @property
    def only_claimed(self) -> bool:
        return (self.depth or 0) > (self.shown or 0)


@dataclass(frozen=True, kw_only=True)
class Quote:
    text: str
    stance: str
    negative: bool
    who: str
    link: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that came of what the field said: a revision or an answer."""

    title: str
    at: datetime
    text: str
    link: str = ""
    zone: str = ""  # whose day it is; empty: the reader's


@dataclass(frozen=True, kw_only=True)
class ObjectivePage:
    objective: Objective
    words: Revision
    in_force: bool
    retired: bool
    chain: tuple[Link, ...]
    coverage: Coverage
    voice: Voice
    behaviors: tuple[BehaviorRow, ...]
    cells: tuple[CellRow, ...]
    teams: tuple[TeamReach, ...]
    taught_by: str
    flags: tuple[FlagRow, ...]
    quotes: tuple[Quote, ...]
    changes: tuple[Change, ...]
    may_edit: bool
    has_draft: bool
    may_map: bool
    may_answer: bool
    may_see_coverage: bool
    may_tell: bool

    @property
    def behaviors_counted(self) -> str:
        return f"{plain_words.counted(len(self.behaviors), 'behavior')} a manager can see"

    @property
    def without_training(self) -> tuple[CellRow, ...]:
        """Return the cells people do although nothing here has reached them."""
        return tuple(row for row in self.cells if row.seen_without_reached)

    @property
    def flags_counted(self) -> str:
        count = len(self.flags)
        said = plain_words.start(plain_words.number(count))
        return f"{said} {'flag' if count == 1 else 'flags'} open"

    @property
    def widest(self) -> tuple[TeamReach, ...]:
        """Return everybody and the teams furthest behind."""
        return self.teams[:TEAMS]

    @property
    def narrower(self) -> tuple[TeamReach, ...]:
        return self.teams[TEAMS:]

    @property
    def anybody_planned(self) -> bool:
        return any(row.planned.part for row in self.teams)

    @property
    def measure(self) -> str:
        """Return “Uptime contracts: from 12 to 30 % by 31 December 2026”, as far as it is known."""
        return text.measured(self.words)


def page(
    *, user: User, objective: Objective, words: Revision, now: datetime, config: Config
) -> ObjectivePage:
    """Read one objective in ten queries; the words are those in force, or the writer's draft."""
    found = snapshot.of_one(objective, words, now=now, config=config)
    coverage = coverage_of(found, objective.pk)
    behaviors = tuple(behavior_rows(words, found))
    cells = tuple(cell_rows(found.cells, found)) if found.cells else ()
    sees = sees_figures(user)
    if not sees:
        coverage = replace(coverage, seen=coverage.seen.guarded)
        behaviors = tuple(replace(row, seen=row.seen.guarded) for row in behaviors)
        cells = tuple(guarded(row) for row in cells)
    voice = voice_of(ObjectiveVoice.objects.filter(objective=objective).first())
    flags = tuple(open_flags(user, objective_id=objective.pk))
    in_force = objective.state == Objective.State.IN_FORCE
    may_edit = Objective.objects.editable_by(user).filter(pk=objective.pk).exists()
    return ObjectivePage(
        objective=objective,
        words=words,
        in_force=in_force,
        retired=objective.state == Objective.State.RETIRED,
        chain=figures.chain(
            why=bool(words.why),
            behaviors=len(behaviors),
            coverage=coverage,
            voice=voice,
            rules=[flag.rule for flag in flags] if flags else _rules(objective),
            config=config,
        ),
        coverage=coverage,
        voice=voice,
        behaviors=behaviors,
        cells=cells,
        teams=tuple(reaching.by_team(objective.pk, now=now, config=config))
        if sees and in_force
        else (),
        taught_by=", ".join(_teachers(objective)),
        flags=flags,
        quotes=tuple(_quotes(user, objective)),
        changes=tuple(_changes(user, objective, now)),
        may_edit=may_edit and objective.state != Objective.State.RETIRED,
        has_draft=may_edit and objective.revisions.drafts().exists(),
        may_map=in_force and user.is_trainer,
        may_answer=user.is_lead or objective.owner_id == user.pk or user.is_trainer,
        may_see_coverage=sees_figures(user),
        may_tell=in_force and user.is_rep,
    )


def _rules(objective: Objective) -> list[str]:
    """Return the rules that hold: the chain is the same for who may not see the flags."""
    return list(Flag.objects.open().filter(objective=objective).values_list("rule", flat=True))


def sees_figures(user: User) -> bool:
    """Whether the coverage page is for this person: leads, trainers and managers."""
    return user.is_lead or user.is_trainer or user.is_manager


def behavior_rows(words: Revision, found: Snapshot) -> Iterable[BehaviorRow]:
    """Return the behaviors under one revision, with the figures of their cells."""
    named = words.behaviors.select_related("behavior", "sales_role")
    cells: dict[int, list[Cell]] = defaultdict(list)
    for cell in found.cells:
        cells[cell.behavior_id].append(cell)
    return [_behavior(row, cells[row.behavior_id]) for row in named]


def _behavior(row: BehaviorRevision, cells: Sequence[Cell]) -> BehaviorRow:
    """Take the weakest audience of a behavior, for each figure the one it is weakest in."""
    return BehaviorRow(
        pk=row.behavior_id,
        code=row.behavior.code,
        statement=row.statement,
        sales_role=row.sales_role.name,
        critical=row.critical,
        required=row.required_depth,
        depth=min((cell.depth for cell in cells), default=None),
        shown=min((cell.shown for cell in cells), default=None),
        suspect=any(cell.suspect_depth > cell.depth for cell in cells),
        reach=_least(Share(cell.reached, cell.people) for cell in cells),
        seen=_least(Share(cell.at_standard, cell.observed) for cell in cells),
    )


def _least(shares: Iterable[Share]) -> Share:
    """Return the smallest share; none while there is none of any one."""
    found = list(shares)
    if not found or not all(share.whole for share in found):
        return Share(0, 0)
    return min(found, key=lambda share: (share.part / share.whole, share.whole))


def guarded(row: CellRow) -> CellRow:
    """Return a cell as colleagues see it: of a few observed people nothing."""
    return replace(row, seen=row.seen.guarded)


def _teachers(objective: Objective) -> list[str]:
    owners = (
        Mapping.objects.alive()
        .filter(behavior__objective=objective)
        .order_by("version__module__owner__name")
        .values_list("version__module__owner__name", flat=True)
    )
    return list(owners.distinct())


def _quotes(user: User, objective: Objective) -> Iterable[Quote]:
    """Return the newest words of the field that this person may read. A rep reads their own."""
    reports = (
        Report.objects.visible_to(user)
        .filter(objective=objective)
        .exclude(text="")
        .select_related("author", "team")
    )
    return [
        Quote(
            text=report.text,
            stance=report.get_stance_display(),
            negative=report.stance in ("wont", "cannot"),
            who=report.author.name + (f", {report.team.name}" if report.team else ""),
            link=report.get_absolute_url(),
            at=report.created_at,
        )
        for report in reports[:QUOTES]
    ]


def _changes(user: User, objective: Objective, now: datetime) -> list[Change]:
    """Return published revisions in effect and answers given, newest first."""
    revisions = objective.revisions.published().filter(effective_from__lte=now)
    changes = [_revision(row, objective.strategy.time_zone) for row in revisions]
    decisions = Decision.objects.visible_to(user).filter(objective=objective)
    changes += [
        Change(
            title=row.get_kind_display(),
            at=row.decided_at,
            text=row.reason,
            link=row.get_absolute_url(),
        )
        for row in decisions[:REVISIONS]
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:REVISIONS]


def _revision(row: Revision, zone: str) -> Change:
    at = row.effective_from or row.created_at
    if row.number == 1:
        return Change(title="In force", at=at, text=row.reason, zone=zone)
    answered = "After reports from the field. " if row.answers else ""
    return Change(title=f"Revision {row.number}", at=at, text=f"{answered}{row.reason}", zone=zone)
